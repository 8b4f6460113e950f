/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /init of the test of xipstat: runs programs of an image and xipstat beside
 * them, and looks itself at what xipstat relies on. It judges nothing; the host
 * does. Built by stat.sh, static; no config.h.
 *
 * /jobs, line by line (words escaped):
 *
 *   bank BASE SIZE               physical address of the bank, which is mtd0
 *   mtd NAME START LENGTH        mount this part of it: as mtd1,
 *   mtdblock NAME START LENGTH   as /dev/mtdblock1,
 *   loop NAME START LENGTH       and through a loop device
 *   pages PATH                   of the image above: which pages come to RAM with what
 *   direct PATH                  the same of a file that begins with pages in place
 *   cached PATH PAGE PAGES       of the image above: how many of these pages are in RAM,
 *                                wherever a mapping would find them
 *   run ARG...                   a program of the image, in it, until it ends
 *   keep ARG...                  the same, and it stays when it waits for input
 *   own NAME ARG...              xipstat
 *   memory NAME                  what /proc/meminfo says
 *
 * Beyond the lines of walk.h it prints
 *
 *   J WORD...        the job
 *   O TEXT           a line of standard output of a program
 *   W TEXT           and of standard error
 *   X STATUS         its exit status
 *   I KEY PAGES      of /proc/meminfo
 *   T STEP RANGE...  pages in RAM by then: stat_pages.c
 *   C PAGES          in RAM
 *   K LEVEL TEXT     the kernel's log
 *   END
 */
#include "stat_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "walk.h"

enum { LINE_MAX_LEN = 16384, WORDS_MAX = 64, KEPT_MAX = 16 };

struct probe {
	struct board b;
	struct {
		pid_t pid;
		int in;
	} kept[KEPT_MAX];
	int nkept;
};

/* ---- programs ---- */

static void print_lines(FILE *f, char kind)
{
	char line[LINE_MAX_LEN];

	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		printf("%c %s\n", kind, line);
	}
}

/* Standard error goes to a file, so that it is not mixed with the output. */
static void run(char **argv, bool in_image)
{
	int out[2], err, in = open("/dev/null", O_RDONLY | O_CLOEXEC), status = -1;
	pid_t child;
	FILE *f;

	err = open("/err", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (in < 0 || err < 0 || pipe2(out, O_CLOEXEC)) {
		printf("X %d\n", errno);
		return;
	}
	fflush(stdout);
	child = fork();
	if (!child) {
		dup2(err, 2);
		if (in_image)
			board_exec(argv[0], argv, in, out[1]);
		dup2(in, 0);
		dup2(out[1], 1);
		execv("/xipstat", argv);
		_exit(127);
	}
	close(out[1]);
	close(in);
	f = fdopen(out[0], "r");
	print_lines(f, 'O');
	fclose(f);
	waitpid(child, &status, 0);
	lseek(err, 0, SEEK_SET);
	f = fdopen(err, "r");
	print_lines(f, 'W');
	fclose(f);
	printf("X %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status);
}

/* Does it wait, and has it not used any time since it was asked last? */
static bool at_rest(pid_t pid, unsigned long *time)
{
	unsigned long user = 0, sys = 0, last = *time;
	char name[64], line[1024] = "", state = '?', *at;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/stat", (int)pid);
	f = fopen(name, "re");
	if (f && !fgets(line, sizeof(line), f))
		*line = '\0';
	if (f)
		fclose(f);
	at = strrchr(line, ')');
	if (!at || sscanf(at, ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &state, &user,
			  &sys) != 3)
		return false;
	*time = user + sys;
	return state == 'S' && *time == last;
}

static void keep(struct probe *p, char **argv)
{
	int in[2], null = open("/dev/null", O_WRONLY | O_CLOEXEC), rest = 0, tries;
	unsigned long time = 0;
	pid_t child;

	if (p->nkept == KEPT_MAX || null < 0 || pipe2(in, O_CLOEXEC)) {
		puts("X 1000");
		return;
	}
	fflush(stdout);
	child = fork();
	if (!child) {
		dup2(null, 2);
		board_exec(argv[0], argv, in[0], null);
	}
	close(in[0]);
	close(null);
	for (tries = 0; child > 0 && rest < 5 && tries < 1000; tries++) {
		usleep(20000);
		rest = at_rest(child, &time) ? rest + 1 : 0;
	}
	p->kept[p->nkept].pid = child;
	p->kept[p->nkept++].in = in[1];
	/* a process that has ended is useless */
	printf("X %d\n", rest == 5 ? 0 : 1001);
}

static void end_kept(struct probe *p)
{
	while (p->nkept) {
		close(p->kept[--p->nkept].in);
		waitpid(p->kept[p->nkept].pid, NULL, 0);
	}
}

/* ---- jobs ---- */

/* Free pages on the lists of the processors, which MemFree leaves out: up to some hundred. */
static unsigned long pages_on_cpu_lists(void)
{
	FILE *f = fopen("/proc/zoneinfo", "re");
	unsigned long n, sum = 0;
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, " count: %lu", &n) == 1)
			sum += n;
	if (f)
		fclose(f);
	return sum;
}

static void print_memory(void)
{
	unsigned long kib, page = (unsigned long)sysconf(_SC_PAGESIZE) / 1024;
	FILE *f = fopen("/proc/meminfo", "re");
	char key[64];

	while (f && fscanf(f, "%63[^:]: %lu%*[^\n]\n", key, &kib) == 2)
		printf("I %s %lu\n", key,
		       kib / page + (strcmp(key, "MemFree") ? 0 : pages_on_cpu_lists()));
	if (f)
		fclose(f);
}

static void unmount_inner(void)
{
	umount(BOARD_ROOT "/dev");
	umount(BOARD_ROOT "/tmp");
}

/* What programs want to be there; not every image has the directories. */
static void mount_inner(const struct board *b)
{
	if (!b->mounted)
		return;
	mount("devtmpfs", BOARD_ROOT "/dev", "devtmpfs", 0, NULL);
	mount("tmpfs", BOARD_ROOT "/tmp", "tmpfs", 0, NULL);
}

static bool image_job(struct probe *p, char **word, int n)
{
	struct board *b = &p->b;

	end_kept(p);
	unmount_inner();
	board_end_image(b);
	if (n != 4 || !board_number(word[2], &b->start) || !board_number(word[3], &b->len))
		return false;
	snprintf(b->image, sizeof(b->image), "%s", word[1]);
	board_mount(b, !strcmp(word[0], "loop"));
	if (!strcmp(word[0], "mtdblock")) {
		/* the partition is what was wanted; it need not be one that can be pointed at */
		b->mounted = (!b->mounted || !umount(BOARD_ROOT)) &&
			     !mount("/dev/mtdblock1", BOARD_ROOT, "cramfs", MS_RDONLY, NULL);
		board_begun(b, "mtdblock", b->mounted ? 0 : errno);
	}
	mount_inner(b);
	return true;
}

static bool do_job(struct probe *p, char **word, int n)
{
	if (!strcmp(word[0], "bank") && n == 3)
		return board_number(word[1], &p->b.bank_base) &&
		       board_number(word[2], &p->b.bank_size);
	if (!strcmp(word[0], "mtd") || !strcmp(word[0], "mtdblock") || !strcmp(word[0], "loop"))
		return image_job(p, word, n);
	if (n < 2)
		return false;
	if (!strcmp(word[0], "pages"))
		stat_pages(word[1]);
	else if (!strcmp(word[0], "direct"))
		stat_direct(&p->b, word[1]);
	else if (!strcmp(word[0], "cached") && n == 4)
		stat_cached(word[1], strtoul(word[2], NULL, 10), strtoul(word[3], NULL, 10));
	else if (!strcmp(word[0], "run"))
		run(word + 1, true);
	else if (!strcmp(word[0], "keep"))
		keep(p, word + 1);
	else if (!strcmp(word[0], "own"))
		run(word + 1, false);
	else if (!strcmp(word[0], "memory"))
		print_memory();
	else
		return false;
	return true;
}

static void read_job(struct probe *p, char *line)
{
	char *word[WORDS_MAX + 1] = { NULL };
	int n = 0;

	printf("J %s", line);
	for (line = strtok(line, " \n"); line && n < WORDS_MAX; line = strtok(NULL, " \n")) {
		walk_unescape(line);
		word[n++] = line;
	}
	if (n && !do_job(p, word, n))
		printf("probe: not a job: %s\n", word[0]);
	fflush(stdout);
}

int main(void)
{
	static char line[LINE_MAX_LEN], buffer[65536];
	struct probe p = { 0 };
	FILE *jobs;

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	walk_catch_sigbus();
	jobs = board_set_up(&p.b) < 0 ? NULL : fopen("/jobs", "re");
	if (!jobs)
		printf("probe: cannot begin: %s\n", strerror(errno));
	while (jobs && fgets(line, sizeof(line), jobs))
		read_job(&p, line);
	end_kept(&p);
	unmount_inner();
	board_end_image(&p.b);
	puts("END");
	fflush(stdout);
	for (;;)
		pause();
}
