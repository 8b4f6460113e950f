/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a tool says on standard error: messages, and one line of progress that
 * gives way to them.
 *
 *   PROGRAM: PATH: what is wrong: system text
 *   PROGRAM: warning: PATH: text
 */
#ifndef CRX_CLI_CONSOLE_H
#define CRX_CLI_CONSOLE_H

#include <pthread.h>
#include <stdio.h>

#include "base/err.h"

struct crx_cli_console {
	const char *program;
	FILE *err;
	bool quiet;               /* notes are held back */
	bool live;                /* there may be a progress line */
	uint64_t (*now_ms)(void); /* a clock that never goes back */
	uint64_t started_ms, drawn_ms;
	unsigned columns; /* of the progress line that stands there, 0: none */
	char **note;      /* held back: shown if there is an error */
	size_t nnotes, cap;
	pthread_mutex_t lock;
};

/* Progress is shown if err is a terminal and quiet is not set. */
void crx_cli_console_init(struct crx_cli_console *c, const char *program, FILE *err, bool quiet);

/* Erases the progress line. */
void crx_cli_console_free(struct crx_cli_console *c);

/* The error; before it, with quiet, the notes that were held back. */
void crx_cli_console_error(struct crx_cli_console *c, const struct crx_err *e);

/* For struct crx_log: ctx is the console. Any thread. */
void crx_cli_console_log(void *ctx, enum crx_level level, const char *path, const char *text);

/*
 * Work goes on: what, and how far (total 0: not known). Any thread, any number
 * of times; draws after the first second, and 10 times a second at most.
 */
void crx_cli_console_progress(struct crx_cli_console *c, const char *what, uint64_t done,
			      uint64_t total);

/* The line goes, if there is one. Before anything is written elsewhere on the
 * same terminal. */
void crx_cli_console_clear(struct crx_cli_console *c);

#endif
