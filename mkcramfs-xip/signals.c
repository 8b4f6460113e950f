/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "signals.h"

#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/*
 * The only state of the program that a signal handler can reach, hence static.
 * path is written while set is 0, and set before the handler may look.
 */
static struct {
	volatile sig_atomic_t set;
	char path[PATH_MAX];
} TEMP[SIGNALS_SLOTS];

static const struct {
	int number;
	const char *message;
} FATAL[] = {
	{ SIGHUP, "mkcramfs-xip: ended by SIGHUP\n" },
	{ SIGINT, "mkcramfs-xip: ended by SIGINT\n" },
	{ SIGQUIT, "mkcramfs-xip: ended by SIGQUIT\n" },
	{ SIGTERM, "mkcramfs-xip: ended by SIGTERM\n" },
};

enum { NFATAL = sizeof(FATAL) / sizeof(FATAL[0]) };

/* Async-signal-safe calls only. */
static void end(int number)
{
	ssize_t ignored = 0;
	unsigned i;

	for (i = 0; i < SIGNALS_SLOTS; i++)
		if (TEMP[i].set)
			unlink(TEMP[i].path);
	for (i = 0; i < NFATAL; i++)
		if (FATAL[i].number == number)
			ignored = write(STDERR_FILENO, FATAL[i].message, strlen(FATAL[i].message));
	(void)ignored;
	_exit(8);
}

static void remember(void *ctx, const char *path)
{
	unsigned slot = *(const unsigned *)ctx;
	size_t len = strlen(path);

	TEMP[slot].set = 0;
	if (len >= sizeof(TEMP[slot].path))
		return;
	memcpy(TEMP[slot].path, path, len + 1);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	TEMP[slot].set = 1;
}

static void forget(void *ctx)
{
	TEMP[*(const unsigned *)ctx].set = 0;
}

const struct crx_io_hooks *signals_hooks(unsigned slot)
{
	static unsigned number[SIGNALS_SLOTS] = { 0, 1 };
	static const struct crx_io_hooks hooks[SIGNALS_SLOTS] = {
		{ remember, forget, &number[0] },
		{ remember, forget, &number[1] },
	};

	return &hooks[slot];
}

void signals_init(void)
{
	struct sigaction ours, before;
	unsigned i;

	memset(&ours, 0, sizeof(ours));
	ours.sa_handler = end;
	sigfillset(&ours.sa_mask); /* one of them is enough */
	for (i = 0; i < NFATAL; i++) {
		/* nohup and a shell's '&' have their reasons */
		if (sigaction(FATAL[i].number, NULL, &before) == 0 && before.sa_handler == SIG_IGN)
			continue;
		sigaction(FATAL[i].number, &ours, NULL);
	}
	ours.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &ours, NULL);
	sigaction(SIGXFSZ, &ours, NULL);
}
