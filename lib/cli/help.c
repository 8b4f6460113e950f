/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "cli/option.h"

enum { TEXT_COLUMN = 29, WIDTH = 79 };

/* Wraps text at WIDTH, in lines that begin at TEXT_COLUMN; *column is the current column. */
static void put_words(FILE *out, const char *text, size_t *column)
{
	while (*text) {
		size_t len;

		text += strspn(text, " ");
		len = strcspn(text, " ");
		if (!len)
			break;
		if (*column > TEXT_COLUMN && *column + 1 + len > WIDTH) {
			fprintf(out, "\n%*s", TEXT_COLUMN, "");
			*column = TEXT_COLUMN;
		} else if (*column > TEXT_COLUMN) {
			fputc(' ', out);
			(*column)++;
		}
		fprintf(out, "%.*s", (int)len, text);
		*column += len;
		text += len;
	}
}

/* "-b, --block-size SIZE", "    --best", "-l, --lock[=MODE]" */
static void option_name(const struct crx_cli_option *o, char *buf, size_t cap)
{
	const char *arg = o->arg_name ? o->arg_name : "";
	const char *blank = *arg && *arg != '[' ? " " : "";

	if (o->short_name && o->long_name)
		snprintf(buf, cap, "-%c, --%s%s%s", o->short_name, o->long_name, blank, arg);
	else if (o->short_name)
		snprintf(buf, cap, "-%c%s%s", o->short_name, blank, arg);
	else
		snprintf(buf, cap, "    --%s%s%s", o->long_name, blank, arg);
}

static void put_option(FILE *out, const struct crx_cli_option *o)
{
	char name[80], fallback[120];
	size_t column;

	option_name(o, name, sizeof(name));
	column = strlen(name) + 2;
	fprintf(out, "  %s", name);
	if (column + 2 > TEXT_COLUMN)
		fprintf(out, "\n%*s", TEXT_COLUMN, "");
	else
		fprintf(out, "%*s", (int)(TEXT_COLUMN - column), "");
	column = TEXT_COLUMN;
	put_words(out, o->help, &column);
	if (o->fallback) {
		snprintf(fallback, sizeof(fallback), "(default: %s)", o->fallback);
		put_words(out, fallback, &column);
	}
	fputc('\n', out);
}

void crx_cli_put_options(FILE *out, const struct crx_cli_table *t)
{
	size_t i;

	for (i = 0; i < t->noptions; i++) {
		const struct crx_cli_option *o = &t->option[i];

		if (o->short_name || o->long_name)
			put_option(out, o);
		else
			fprintf(out, "\n%s:\n", o->help);
	}
}
