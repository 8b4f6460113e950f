/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cli/console.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/text.h"

enum { FIRST_MS = 1000, EVERY_MS = 100, NOTES_MAX = 1000 };

static const char INDENT[] = "  ";

static const char *const LABEL[] = {
	[CRX_LEVEL_NOTE] = "note: ",
	[CRX_LEVEL_WARNING] = "warning: ",
	[CRX_LEVEL_ERROR] = "",
};

static uint64_t monotonic_ms(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return 0;
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void crx_cli_console_init(struct crx_cli_console *c, const char *program, FILE *err, bool quiet)
{
	memset(c, 0, sizeof(*c));
	c->program = program;
	c->err = err;
	c->quiet = quiet;
	c->live = !quiet && isatty(fileno(err));
	c->now_ms = monotonic_ms;
	c->started_ms = c->now_ms();
	pthread_mutex_init(&c->lock, NULL);
}

/* Blanks, unlike escape sequences, work on every terminal. */
static void clear_locked(struct crx_cli_console *c)
{
	if (c->columns) {
		fprintf(c->err, "\r%*s\r", (int)c->columns, "");
		fflush(c->err);
	}
	c->columns = 0;
}

static void put_message(const struct crx_cli_console *c, FILE *out, const char *label,
			const char *path, const char *text)
{
	fprintf(out, "%s: %s", c->program, label);
	if (path && *path) {
		crx_cli_put_path(out, path);
		fputs(": ", out);
	}
	crx_cli_put_text(out, text, INDENT);
}

static void put_line(struct crx_cli_console *c, FILE *out, enum crx_level level, const char *path,
		     const char *text)
{
	put_message(c, out, LABEL[level], path, text);
	fputc('\n', out);
}

/* Keeps a note in case of an error. Without memory for it, it is lost. */
static void keep_note(struct crx_cli_console *c, const char *path, const char *text)
{
	if (!c->notes)
		c->notes = open_memstream(&c->notes_text, &c->notes_len);
	if (c->notes && c->nnotes++ < NOTES_MAX)
		put_line(c, c->notes, CRX_LEVEL_NOTE, path, text);
}

void crx_cli_console_log(void *ctx, enum crx_level level, const char *path, const char *text)
{
	struct crx_cli_console *c = ctx;

	pthread_mutex_lock(&c->lock);
	if (level == CRX_LEVEL_NOTE && c->quiet) {
		keep_note(c, path, text);
	} else {
		clear_locked(c);
		put_line(c, c->err, level, path, text);
	}
	pthread_mutex_unlock(&c->lock);
}

static void end_notes(struct crx_cli_console *c, bool show)
{
	if (!c->notes)
		return;
	if (fclose(c->notes) == 0 && show)
		fputs(c->notes_text, c->err);
	free(c->notes_text);
	c->notes = NULL;
	c->nnotes = 0;
}

void crx_cli_console_error(struct crx_cli_console *c, const struct crx_err *e)
{
	pthread_mutex_lock(&c->lock);
	clear_locked(c);
	end_notes(c, true);
	put_message(c, c->err, LABEL[CRX_LEVEL_ERROR], e->path, e->text[0] ? e->text : "failed");
	if (e->has_off)
		fprintf(c->err, " (image offset 0x%" PRIx64 ")", e->off);
	if (e->sys_errno)
		fprintf(c->err, ": %s", strerror(e->sys_errno));
	fputc('\n', c->err);
	pthread_mutex_unlock(&c->lock);
}

static unsigned percent(uint64_t done, uint64_t total)
{
	if (done >= total)
		return 100;
	return (unsigned)(done < UINT64_MAX / 100 ? done * 100 / total : done / (total / 100));
}

void crx_cli_console_progress(struct crx_cli_console *c, const char *what, uint64_t done,
			      uint64_t total)
{
	uint64_t now;
	char line[72];
	int len;

	if (!c->live)
		return;
	pthread_mutex_lock(&c->lock);
	now = c->now_ms();
	if (now - c->started_ms >= FIRST_MS && (!c->drawn_ms || now - c->drawn_ms >= EVERY_MS)) {
		if (total)
			len = snprintf(line, sizeof(line), "%s: %s %3u %%", c->program, what,
				       percent(done, total));
		else
			len = snprintf(line, sizeof(line), "%s: %s", c->program, what);
		if (len >= (int)sizeof(line))
			len = (int)sizeof(line) - 1;
		fprintf(c->err, "\r%s%*s", line, (int)c->columns > len ? (int)c->columns - len : 0,
			"");
		fflush(c->err);
		if (c->columns < (unsigned)len)
			c->columns = (unsigned)len;
		c->drawn_ms = now;
	}
	pthread_mutex_unlock(&c->lock);
}

void crx_cli_console_clear(struct crx_cli_console *c)
{
	pthread_mutex_lock(&c->lock);
	clear_locked(c);
	pthread_mutex_unlock(&c->lock);
}

void crx_cli_console_free(struct crx_cli_console *c)
{
	crx_cli_console_clear(c);
	end_notes(c, false);
	pthread_mutex_destroy(&c->lock);
}
