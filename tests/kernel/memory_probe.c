/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /init of the test of what programs take without an MMU: starts them and shows what the kernel has
 * allocated. It judges nothing; the host does (memory_compare.py). Built by memory.sh for the
 * target; no config.h.
 *
 * /jobs, line by line:
 *
 *   trace                   the kernel has tracepoints: show its allocations
 *   bank BASE SIZE          physical address of the bank, which is mtd0
 *   image START LENGTH      mount this part of it
 *   start PATH              a program of the image, twice at the same time
 *   keep PATH               one, which stays until
 *   end                     all of these end
 *   regions                 /proc/maps
 *   split ORDER             divide the RAM: no free block has this order or a larger one
 *   join                    the opposite
 *   try PATH                does it start?
 *   fill PATH               how often, at the same time?
 *   wait SECONDS
 *   own NAME ARG...         a program of ours
 *
 * It prints
 *
 *   J WORD...                     the job
 *   P WHICH TEXT                  a line of /proc/PID/maps, of the first or second instance
 *   V WHICH TEXT                  what it has written first
 *   R TEXT                        a line of /proc/maps
 *   A FRAME ORDER                 an allocation of GFP_KERNEL while programs started; 0: it failed
 *   F KIB TEXT                    vm.min_free_kbytes, and a line of /proc/buddyinfo
 *   Y STATUS                      it has started (0), or how it ended
 *   N COUNT                       so many have started
 *   O TEXT, X STATUS              output of a program of ours, and its exit status
 *   K LEVEL TEXT                  the kernel's log
 *   END
 */
#include "board.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 16, PIECES_MAX = 16384, FILL_MAX = 200, KEPT_MAX = 8 };

#define TRACING "/sys/kernel/tracing/"

struct instance {
	pid_t pid;
	int in; /* its standard input: it ends when this is closed */
	int status;
	bool started;
	char said[512];
};

static void *piece[PIECES_MAX];
static size_t piece_len;
static struct instance kept[KEPT_MAX];
static bool tracing;

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		printf("B error %s %d\n", path, errno);
	if (fd >= 0)
		close(fd);
}

static void print_file(const char *path, const char *what)
{
	char line[1024];
	FILE *f = fopen(path, "re");

	while (f && fgets(line, sizeof(line), f))
		printf("%s %s", what, line);
	if (f)
		fclose(f);
}

/* The program's path is its only argument, and the environment is empty. */
static struct instance start(char *path)
{
	struct instance s = { .in = -1 };
	char *argv[] = { path, NULL }, *env[] = { NULL };
	int in[2], out[2];
	ssize_t n;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return s;
	s.pid = vfork();
	if (!s.pid) {
		if (chroot(BOARD_ROOT) || chdir("/") || dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0)
			_exit(126);
		execve(path, argv, env);
		_exit(errno);
	}
	close(in[0]);
	close(out[1]);
	s.in = in[1];
	n = read(out[0], s.said, sizeof(s.said) - 1);
	s.started = n > 0;
	s.said[s.started ? n : 0] = '\0';
	close(out[0]);
	return s;
}

static void end(struct instance *s)
{
	close(s->in);
	if (s->pid > 0)
		waitpid(s->pid, &s->status, 0);
}

static void set_up_tracing(void)
{
	if (mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL))
		printf("B error tracefs %d\n", errno);
	write_file(TRACING "tracing_on", "0");
	write_file(TRACING "events/kmem/mm_page_alloc/enable", "1");
}

static void trace_begin(void)
{
	if (!tracing)
		return;
	write_file(TRACING "trace", "\n");
	write_file(TRACING "tracing_on", "1");
}

static void trace_end(void)
{
	char line[1024], *at;
	unsigned long long frame, order;
	FILE *f;

	if (!tracing)
		return;
	write_file(TRACING "tracing_on", "0");
	f = fopen(TRACING "trace", "re");
	while (f && fgets(line, sizeof(line), f)) {
		at = strstr(line, "mm_page_alloc: ");
		if (!at || !strstr(at, "gfp_flags=GFP_KERNEL\n"))
			continue;
		frame = strtoull(strstr(at, "pfn=") + 4, &at, 16);
		order = strtoull(strstr(at, "order=") + 6, NULL, 10);
		printf("A %lx %u\n", (unsigned long)frame, (unsigned)order);
	}
	if (f)
		fclose(f);
}

static void show_two(char *path)
{
	struct instance s[2];
	char name[64], what[8];
	int i;

	trace_begin();
	for (i = 0; i < 2; i++) {
		s[i] = start(path);
		if (!s[i].started)
			end(&s[i]);
		printf("Y %d\n", s[i].started ? 0 : s[i].status);
	}
	trace_end();
	for (i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "/proc/%d/maps", (int)s[i].pid);
		snprintf(what, sizeof(what), "P %d", i);
		print_file(name, what);
		printf("V %d %s\n", i, s[i].said);
	}
	print_file("/proc/maps", "R");
	for (i = 0; i < 2; i++) {
		if (s[i].started)
			end(&s[i]);
	}
}

static void join(void)
{
	int i;

	for (i = 0; i < PIECES_MAX; i++) {
		if (piece[i])
			munmap(piece[i], piece_len);
		piece[i] = NULL;
	}
}

/* All of the RAM in pieces of half that size, and then every second one is free. */
static void split(const struct board *b, unsigned order)
{
	void *p;
	int i, n;

	piece_len = (size_t)b->page << (order - 1);
	for (n = 0; n < PIECES_MAX; n++) {
		p = mmap(NULL, piece_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0);
		if (p == MAP_FAILED)
			break;
		piece[n] = p;
	}
	for (i = 0; i < n; i += 2) {
		munmap(piece[i], piece_len);
		piece[i] = NULL;
	}
	printf("N %d\n", n);
}

static void print_free(void)
{
	char kib[32] = "";
	int fd = open("/proc/sys/vm/min_free_kbytes", O_RDONLY | O_CLOEXEC);
	char what[40];

	if (fd >= 0 && read(fd, kib, sizeof(kib) - 1) > 0)
		kib[strcspn(kib, "\n")] = '\0';
	close(fd);
	write_file("/proc/sys/vm/drop_caches", "3");
	snprintf(what, sizeof(what), "F %s", kib);
	print_file("/proc/buddyinfo", what);
}

static void try(char *path)
{
	struct instance s;

	print_free();
	trace_begin();
	s = start(path);
	trace_end();
	end(&s);
	printf("Y %d\n", s.started ? 0 : s.status);
}

static void fill(char *path)
{
	static struct instance s[FILL_MAX];
	int i, n;

	print_free();
	for (n = 0; n < FILL_MAX; n++) {
		s[n] = start(path);
		if (!s[n].started)
			break;
	}
	for (i = 0; i < n + (n < FILL_MAX); i++)
		end(&s[i]);
	printf("N %d\n", n);
}

static void run_own(char **argv)
{
	int out[2], status = -1;
	char line[4096];
	pid_t child;
	FILE *f;

	if (pipe2(out, O_CLOEXEC))
		return;
	child = vfork();
	if (!child) {
		dup2(out[1], 1);
		dup2(out[1], 2);
		execv(argv[0], argv);
		_exit(125);
	}
	close(out[1]);
	f = fdopen(out[0], "r");
	while (f && fgets(line, sizeof(line), f))
		printf("O %s", line);
	if (f)
		fclose(f);
	waitpid(child, &status, 0);
	printf("X %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void do_job(struct board *b, char **word, int n)
{
	uint64_t a = 0, c = 0;
	int i;

	if (!strcmp(word[0], "bank") || !strcmp(word[0], "image")) {
		if (!board_number(word[1], &a) || !board_number(word[2], &c))
			return;
		if (*word[0] == 'b') {
			b->bank_base = a;
			b->bank_size = c;
		} else {
			strcpy(b->image, "image");
			b->start = a;
			b->len = c;
			board_mount(b, false);
		}
	} else if (!strcmp(word[0], "trace")) {
		tracing = true;
		set_up_tracing();
	} else if (!strcmp(word[0], "start")) {
		show_two(word[1]);
	} else if (!strcmp(word[0], "keep")) {
		for (i = 0; kept[i].pid; i++)
			;
		kept[i] = start(word[1]);
		printf("Y %d\n", kept[i].started ? 0 : -1);
	} else if (!strcmp(word[0], "end")) {
		for (i = 0; i < KEPT_MAX && kept[i].pid; i++) {
			end(&kept[i]);
			kept[i].pid = 0;
		}
	} else if (!strcmp(word[0], "regions")) {
		print_file("/proc/maps", "R");
	} else if (!strcmp(word[0], "split")) {
		board_number(word[1], &a);
		split(b, (unsigned)a);
	} else if (!strcmp(word[0], "join")) {
		join();
	} else if (!strcmp(word[0], "try")) {
		try(word[1]);
	} else if (!strcmp(word[0], "fill")) {
		fill(word[1]);
	} else if (!strcmp(word[0], "wait")) {
		board_number(word[1], &a);
		sleep((unsigned)a);
	} else if (!strcmp(word[0], "own")) {
		word[n] = NULL;
		run_own(word + 1);
	}
}

int main(void)
{
	char line[4096], text[4096], *word[WORDS_MAX + 1];
	struct board b;
	FILE *f;
	int level, n;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (board_set_up(&b))
		printf("B error set-up %d\n", errno);
	f = fopen("/jobs", "re");
	while (f && fgets(line, sizeof(line), f)) {
		printf("J %s", line);
		for (n = 0; n < WORDS_MAX && (word[n] = strtok(n ? NULL : line, " \n")); n++)
			;
		if (n)
			do_job(&b, word, n);
		while (board_log(&b, &level, text, sizeof(text)))
			printf("K %d %s\n", level, text);
		fflush(stdout);
	}
	puts("END");
	fflush(stdout);
	for (;;)
		pause();
}
