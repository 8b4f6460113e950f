/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole program whose memory runs out: linked with its main(), and with the allocations of its
 * own code wrapped. Of those, the first fails, then the second, ... until none fails any more. Each
 * attempt is a child process. It must leave nothing allocated and no descriptor open, and either
 *
 * - report that it is out of memory, with status 8, with the files as they were (or with a message
 *   that the image is complete); or
 * - do without that memory: with the status, the output and the files of a run without a failure.
 *
 * nomem OLD WORK PARTIAL ARGV...    ARGV is run in a copy of the directory OLD, called WORK.
 *                                   PARTIAL: a name in it that may be incomplete, or "-"; then
 *                                   the status may be 4
 * Prints the number of failures. Exits with 1, and a description, if something is wrong.
 */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/failing_alloc.h"

#undef main
int program_main(int argc, char **argv);
#ifdef CRX_COVERAGE
void __gcov_dump(void);
#endif

/* What a child leaves for its parent. */
struct trace {
	long count; /* allocations */
	long live;  /* of these, not freed */
	int fds;    /* open descriptors, more than before */
};

/* What came of one attempt. */
struct outcome {
	int status;
	uint64_t out, files, whole_files; /* hashes; whole_files leaves out what may be partial */
	struct trace trace;
	char err[2000];
};

static struct {
	const char *old, *work, *partial;
	char **argv;
	int argc, out_fd, err_fd;
	struct trace *trace; /* shared */
} run;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

/* --- hashes --- */

static uint64_t hash_bytes(uint64_t h, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len--)
		h = (h ^ *p++) * 0x100000001b3;
	return h;
}

static uint64_t hash_fd(uint64_t h, int fd)
{
	char buf[65536];
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return h;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		h = hash_bytes(h, buf, (size_t)n);
	return h;
}

/* Of a directory and all that is in it, except the entry called without. */
static uint64_t hash_dir(uint64_t h, int at, const char *without)
{
	struct dirent **entry;
	struct stat st;
	char dir[64];
	int i, fd, n;

	/* musl has no scandirat() */
	snprintf(dir, sizeof(dir), "/proc/self/fd/%d", at);
	n = scandir(dir, &entry, NULL, alphasort);
	for (i = 0; i < n; i++) {
		const char *name = entry[i]->d_name;

		if (!strcmp(name, ".") || !strcmp(name, "..") ||
		    (without && !strcmp(name, without)) ||
		    fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
			free(entry[i]);
			continue;
		}
		h = hash_bytes(h, name, strlen(name) + 1);
		h = hash_bytes(h, &st.st_mode, sizeof(st.st_mode));
		if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) {
			fd = openat(at, name, O_RDONLY | O_CLOEXEC);
			h = S_ISDIR(st.st_mode) ? hash_dir(h, fd, NULL) : hash_fd(h, fd);
			close(fd);
		}
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	return h;
}

static uint64_t hash_files(const char *without)
{
	int fd = open(run.work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint64_t h = hash_dir(1, fd, without);

	close(fd);
	return h;
}

/* --- attempts --- */

static int open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

static void child(long fail_at, bool for_good)
{
	int fds, ret;
	long live;

	lseek(0, 0, SEEK_SET);
	if (chdir(run.work) < 0 || dup2(run.out_fd, 1) < 0 || dup2(run.err_fd, 2) < 0)
		_exit(99);
	fds = open_fds();
	live = alloc_live();
	alloc_fail(fail_at, for_good);
	ret = program_main(run.argc, run.argv);
	alloc_succeed();
	fflush(NULL);
	*run.trace = (struct trace){ alloc_count(), alloc_live() - live, open_fds() - fds };
#ifdef CRX_COVERAGE
	__gcov_dump();
#endif
	_exit(ret);
}

/* Copies OLD to WORK. */
static void restore(void)
{
	char command[4096];

	snprintf(command, sizeof(command), "rm -rf '%s' && cp -a '%s' '%s'", run.work, run.old,
		 run.work);
	if (system(command) != 0)
		die(command);
}

static void attempt(long fail_at, bool for_good, struct outcome *o)
{
	ssize_t n;
	pid_t pid;

	*o = (struct outcome){ 0 };
	*run.trace = (struct trace){ 0 };
	if (ftruncate(run.out_fd, 0) < 0 || ftruncate(run.err_fd, 0) < 0)
		die("truncating");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		child(fail_at, for_good);
	if (waitpid(pid, &o->status, 0) < 0)
		die("waitpid");
	o->status = WIFEXITED(o->status) ? WEXITSTATUS(o->status) : -WTERMSIG(o->status);
	o->trace = *run.trace;
	o->out = hash_fd(1, run.out_fd);
	o->files = hash_files(NULL);
	o->whole_files = hash_files(run.partial);
	n = pread(run.err_fd, o->err, sizeof(o->err) - 1, 0);
	o->err[n > 0 ? n : 0] = '\0';
}

/* Why it is wrong, or NULL. ref: without a failure; old: before. */
static const char *judge(const struct outcome *o, const struct outcome *ref, uint64_t old)
{
	if (o->trace.live)
		return "memory is left allocated";
	if (o->trace.fds)
		return "a descriptor is left open";
	if (o->status == ref->status && o->out == ref->out && o->files == ref->files)
		return NULL;
	if (o->status != 8 && !(run.partial && o->status == 4))
		return "the status is wrong";
	if (!strstr(o->err, ": out of memory"))
		return "no message says that it is out of memory";
	if (strstr(o->err, ": the image is complete;") && o->whole_files == ref->whole_files)
		return NULL;
	return o->whole_files == old ? NULL : "a file was changed, or is left";
}

/* Returns the number of failures, or -1. */
static long fail_each(bool for_good)
{
	uint64_t old, old_whole;
	struct outcome ref, o;
	const char *why;
	long n;

	restore();
	old = hash_files(NULL);
	old_whole = hash_files(run.partial);
	attempt(0, false, &ref);
	restore();
	for (n = 1;; n++) {
		attempt(n, for_good, &o);
		if (o.files != old)
			restore();
		why = judge(&o, &ref, old_whole);
		if (why) {
			printf("allocation %ld%s: %s (status %d, %ld left): %s\n", n,
			       for_good ? " and all after it" : "", why, o.status, o.trace.live,
			       o.err);
			return -1;
		}
		if (o.trace.count < n && o.trace.count)
			return n - 1;
	}
}

static int output(void)
{
	FILE *f = tmpfile();
	int fd = f ? fcntl(fileno(f), F_DUPFD_CLOEXEC, 10) : -1;

	if (fd < 0 || fcntl(fd, F_SETFL, O_APPEND) < 0)
		die("tmpfile");
	fclose(f);
	return fd;
}

int main(int argc, char **argv)
{
	long one, rest;

	if (argc < 5)
		return 2;
	run.old = argv[1];
	run.work = argv[2];
	run.partial = strcmp(argv[3], "-") ? argv[3] : NULL;
	run.argv = argv + 4;
	run.argc = argc - 4;
	run.out_fd = output();
	run.err_fd = output();
	run.trace = mmap(NULL, sizeof(*run.trace), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (run.trace == MAP_FAILED)
		die("mmap");
	one = fail_each(false);
	rest = one < 0 ? -1 : fail_each(true);
	if (rest < 0)
		return 1;
	printf("%ld\n", one + rest);
	return 0;
}
