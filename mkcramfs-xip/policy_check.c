/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "summary.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/text.h"
#include "text.h"

/* Widths of the column of rules. */
enum { PLACE_LEAST = 4, PLACE_MOST = 64, PAGES_MAX = 24 };

static int place_width(const struct crx_result *r)
{
	size_t width = PLACE_LEAST, len, i;
	char place[RULE_PLACE_MAX];

	for (i = 0; i < r->nrules; i++) {
		len = strlen(rule_place(r, i, place));
		if (len > width)
			width = len;
	}
	return width < PLACE_MOST ? (int)width : PLACE_MOST;
}

static void put_place(FILE *out, const struct crx_result *r, size_t rule, int width)
{
	char buf[RULE_PLACE_MAX];
	const char *place = rule_place(r, rule, buf);
	int len;

	if (!place)
		place = "-";
	len = (int)strlen(place);
	fputs("  ", out);
	crx_cli_put_path(out, place);
	fprintf(out, "%*s", len < width ? width - len : 0, "");
}

static void put_file(FILE *out, const struct crx_result *r, const struct crx_result_file *f,
		     int width)
{
	char pages[PAGES_MAX] = "-", cost[CRX_CLI_NUMBER_MAX] = "-";
	uint32_t in_place = f->blocks[CRX_RESULT_IN_PLACE];

	if (f->candidates || in_place)
		snprintf(pages, sizeof(pages), "%" PRIu32 "/%" PRIu32, in_place, f->candidates);
	if (in_place && !same_as(r, f))
		crx_cli_count_text(f->cost, cost);
	put_place(out, r, f->rule, width);
	fprintf(out, "  %-8s %11s %11s  ", crx_action_text(f->action), pages, cost);
	crx_cli_put_path(out, f->path);
	if (same_as(r, f)) {
		fputs("  same as ", out);
		crx_cli_put_path(out, same_as(r, f));
	}
	if (f->skip)
		fprintf(out, "  (%s)", crx_skip_text(f->skip));
	fputc('\n', out);
}

/* A rule that keeps data compressed changes nothing: it would be compressed anyway. */
static bool rule_matters(const struct crx_result_file *f)
{
	return f->rule != CRX_RESULT_NONE &&
	       (f->skip || f->candidates || f->action != CRX_ACTION_COMPRESS);
}

static void put_files(FILE *out, const struct options *o, const struct crx_result *r, int width)
{
	size_t i, shown = 0, rest = 0;
	struct numbers n;

	for (i = 0; i < r->nfiles; i++) {
		const struct crx_result_file *f = &r->file[i];

		if (!S_ISREG(f->mode) || !(o->verbose || rule_matters(f))) {
			rest += f->rule != CRX_RESULT_NONE;
			continue;
		}
		if (!shown++)
			fprintf(out, "  %-*s  %-8s %11s %11s  %s\n", width, "rule", "action",
				"in place", "cost", "file");
		put_file(out, r, f, width);
	}
	if (rest)
		fprintf(out,
			"  and %s file%s that rules keep compressed and no program would map"
			" (-v lists them)\n",
			crx_cli_count_text(rest, n.a), crx_plural(rest));
	if (shown || rest)
		fputc('\n', out);
}

static void put_rules(FILE *out, const struct crx_result *r, int width)
{
	char cost[CRX_CLI_NUMBER_MAX];
	struct numbers n;
	size_t i;

	if (!r->nrules)
		return;
	fprintf(out, "  %-*s  %8s %8s %8s %11s  %s\n", width, "rule", "matches", "decides", "pages",
		"cost", "text");
	for (i = 0; i < r->nrules; i++) {
		const struct crx_result_rule *rule = &r->rule[i];

		put_place(out, r, i, width);
		fprintf(out, "  %8s %8s %8s %11s  ", crx_cli_count_text(rule->matches, n.a),
			crx_cli_count_text(rule->decides, n.b),
			crx_cli_count_text(rule->pages, n.c), crx_cli_count_text(rule->cost, cost));
		crx_cli_put_text(out, rule->text, "");
		fputc('\n', out);
	}
	fputc('\n', out);
}

void policy_check_put(FILE *out, const struct options *o, const struct crx_result *r)
{
	int width = place_width(r);
	struct numbers n;

	put_files(out, o, r, width);
	put_rules(out, r, width);
	fprintf(out, "An image of %s bytes, ", crx_cli_count_text(r->image_size, n.a));
	fprintf(out,
		"%s of %s candidate page%s in place, at a cost of %s byte%s more than"
		" compressed.\n",
		crx_cli_count_text(r->in_place.pages, n.a),
		crx_cli_count_text(r->in_place.candidates, n.b), crx_plural(r->in_place.candidates),
		crx_cli_count_text(r->in_place.cost, n.c), crx_plural(r->in_place.cost));
}
