/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Standard error: messages, and a progress line that is erased before each of them.
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
	bool quiet;               /* notes are printed only if there is an error */
	bool live;                /* show progress */
	uint64_t (*now_ms)(void); /* a monotonic clock */
	uint64_t started_ms, drawn_ms;
	unsigned columns; /* width of the visible progress line; 0: none */
	/* Notes kept for an error; notes is NULL if there are none. */
	FILE *notes;
	char *notes_text;
	size_t notes_len;
	unsigned nnotes;
	pthread_mutex_t lock;
};

/* Progress is shown if err is a terminal and quiet is not set. */
void crx_cli_console_init(struct crx_cli_console *c, const char *program, FILE *err, bool quiet);

/* Erases the progress line, and drops notes that were kept. */
void crx_cli_console_free(struct crx_cli_console *c);

/* Prints the error, and before it the notes that were kept. */
void crx_cli_console_error(struct crx_cli_console *c, const struct crx_err *e);

/* For struct crx_log; ctx is the console. May be called from any thread. */
void crx_cli_console_log(void *ctx, enum crx_level level, const char *path, const char *text);

/*
 * Shows what is being done, and how far it is; total is 0 if unknown. May be called from any
 * thread, at any rate: it draws after the first second, and at most 10 times a second.
 */
void crx_cli_console_progress(struct crx_cli_console *c, const char *what, uint64_t done,
			      uint64_t total);

/* Erases the progress line. Call it before anything else is written to the terminal. */
void crx_cli_console_clear(struct crx_cli_console *c);

#endif
