/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cli/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Static, because a signal handler has no other way to reach it. path is written while set is 0,
 * and is complete before set becomes 1.
 */
static struct temp {
	volatile sig_atomic_t set;
	char path[PATH_MAX];
} TEMP[CRX_CLI_PROCESS_SLOTS];

static const char *PROGRAM_NAME = "";
static const char *volatile MAPPED;
static const char *volatile NOTE;
static struct sigaction PIPE_BEFORE;
static bool RUNNING; /* between crx_cli_process_init() and crx_cli_process_done() */

static const struct {
	int number;
	const char *name;
} FATAL[] = {
	{ SIGHUP, "SIGHUP" },
	{ SIGINT, "SIGINT" },
	{ SIGQUIT, "SIGQUIT" },
	{ SIGTERM, "SIGTERM" },
};

enum { NFATAL = sizeof(FATAL) / sizeof(FATAL[0]) };

/* Only async-signal-safe calls from here to end(). A line is one write, so that other programs'
 * output cannot get into it. */
static void put_line(const char *a, const char *b)
{
	const char *const part[] = { PROGRAM_NAME, ": ", a, b, "\n" };
	char line[512];
	size_t len = 0, n, i;
	ssize_t ignored;

	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		n = strlen(part[i]);
		if (n > sizeof(line) - len)
			n = sizeof(line) - len;
		memcpy(line + len, part[i], n);
		len += n;
	}
	ignored = write(STDERR_FILENO, line, len);
	(void)ignored;
}

static void remove_temps(void)
{
	static bool ending;
	unsigned i;

	/* several workers can fault at once: one of them reports it and ends the process */
	if (__atomic_test_and_set(&ending, __ATOMIC_SEQ_CST))
		for (;;)
			pause();
	for (i = 0; i < CRX_CLI_PROCESS_SLOTS; i++)
		if (TEMP[i].set)
			unlink(TEMP[i].path);
}

static void end(int number)
{
	unsigned i;

	remove_temps();
	for (i = 0; i < NFATAL; i++)
		if (FATAL[i].number == number)
			put_line("ended by ", FATAL[i].name);
	if (number == SIGBUS && MAPPED)
		put_line(MAPPED, " became shorter or unreadable while it was being read");
	if (NOTE)
		put_line(NOTE, "");
	_exit(CRX_CLI_EXIT_FAILED);
}

/* By atexit(). Without memory, libarchive calls exit(1) in places: __archive_errx(). */
static void end_of_exit(void)
{
	if (!RUNNING)
		return;
	remove_temps();
	put_line("ended by a library (see the message above)", "");
	if (NOTE)
		put_line(NOTE, "");
	_exit(CRX_CLI_EXIT_FAILED);
}

static void remember(void *ctx, const char *path)
{
	struct temp *t = ctx;
	size_t len = strlen(path);

	t->set = 0;
	if (len >= sizeof(t->path))
		return;
	memcpy(t->path, path, len + 1);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	t->set = 1;
}

static void forget(void *ctx)
{
	((struct temp *)ctx)->set = 0;
}

const struct crx_io_hooks *crx_cli_process_hooks(unsigned slot)
{
	static const struct crx_io_hooks hooks[CRX_CLI_PROCESS_SLOTS] = {
		{ remember, forget, &TEMP[0] },
		{ remember, forget, &TEMP[1] },
		{ remember, forget, &TEMP[2] },
		{ remember, forget, &TEMP[3] },
	};

	return &hooks[slot];
}

void crx_cli_process_on_end(const char *note)
{
	NOTE = note;
}

static struct sigaction ending_action(void)
{
	struct sigaction a;

	memset(&a, 0, sizeof(a));
	a.sa_handler = end;
	sigfillset(&a.sa_mask); /* no second signal meanwhile */
	return a;
}

void crx_cli_process_on_sigbus(const char *what)
{
	struct sigaction ours = ending_action();

	MAPPED = what;
	sigaction(SIGBUS, &ours, NULL);
}

void crx_cli_process_end_closed(void)
{
	sigaction(SIGPIPE, &PIPE_BEFORE, NULL);
	raise(SIGPIPE);
}

/* A fully buffered stream writes parts of lines, and a message on the other stream could get into
 * the middle of one. */
static void buffer_lines(void)
{
	struct stat out, err;

	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	if (!fstat(STDOUT_FILENO, &out) && !fstat(STDERR_FILENO, &err) &&
	    out.st_dev == err.st_dev && out.st_ino == err.st_ino)
		setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

bool crx_cli_process_init(const char *program)
{
	struct sigaction ours = ending_action(), before;
	static bool registered;
	unsigned i;
	int fd;

	PROGRAM_NAME = program;
	if (!registered && atexit(end_of_exit) != 0)
		return false;
	registered = true;
	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    crx_io_open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			return false;
	buffer_lines();
	for (i = 0; i < NFATAL; i++) {
		/* ignored on purpose, by nohup or by a shell's '&' */
		if (sigaction(FATAL[i].number, NULL, &before) == 0 && before.sa_handler == SIG_IGN)
			continue;
		sigaction(FATAL[i].number, &ours, NULL);
	}
	ours.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &ours, &PIPE_BEFORE);
	sigaction(SIGXFSZ, &ours, NULL);
	RUNNING = true;
	return true;
}

void crx_cli_process_done(void)
{
	RUNNING = false;
}
