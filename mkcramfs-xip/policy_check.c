/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "summary.h"

#include <inttypes.h>
#include <string.h>

#include "cli/number.h"
#include "cli/text.h"

/* Widths of the column of rules. */
enum { PLACE_LEAST = 4, PLACE_MOST = 64, PAGES_MAX = 24 };

static int place_width(const struct crx_build_result *r)
{
	size_t width = PLACE_LEAST, len, i;

	for (i = 0; i < r->nrules; i++) {
		len = strlen(r->rule[i].place);
		if (len > width)
			width = len;
	}
	return width < PLACE_MOST ? (int)width : PLACE_MOST;
}

static void put_place(FILE *out, const char *place, int width)
{
	int len = (int)strlen(place);

	fputs("  ", out);
	crx_cli_put_path(out, place);
	fprintf(out, "%*s", len < width ? width - len : 0, "");
}

static void put_file(FILE *out, const struct crx_result_file *f, int width)
{
	char pages[PAGES_MAX] = "-", cost[CRX_CLI_NUMBER_MAX] = "-";

	if (f->candidates || f->in_place)
		snprintf(pages, sizeof(pages), "%" PRIu32 "/%" PRIu32, f->in_place, f->candidates);
	if (f->in_place && !f->same_as)
		crx_cli_count_text(f->cost, cost);
	put_place(out, f->rule ? f->rule : "-", width);
	fprintf(out, "  %-8s %11s %11s  ", f->action, pages, cost);
	crx_cli_put_path(out, f->path);
	if (f->same_as) {
		fputs("  same as ", out);
		crx_cli_put_path(out, f->same_as);
	}
	if (f->skip)
		fprintf(out, "  (%s)", f->skip);
	fputc('\n', out);
}

/* That a rule keeps data compressed, which it would be without the rule too,
 * is nothing to look at. */
static bool is_news(const struct crx_result_file *f)
{
	return f->rule && (f->skip || f->candidates || strcmp(f->action, "compress") != 0);
}

static void put_files(FILE *out, const struct options *o, const struct crx_build_result *r, int width)
{
	size_t i, shown = 0, rest = 0;
	char n[CRX_CLI_NUMBER_MAX];

	for (i = 0; i < r->nfiles; i++) {
		const struct crx_result_file *f = &r->file[i];

		if (f->type != 'f' || !(o->verbose || is_news(f))) {
			rest += f->rule != NULL;
			continue;
		}
		if (!shown++)
			fprintf(out, "  %-*s  %-8s %11s %11s  %s\n", width, "rule", "action", "in place", "cost", "file");
		put_file(out, f, width);
	}
	if (rest)
		fprintf(out, "  and %s file%s that rules keep compressed and no program would map (-v lists them)\n", crx_cli_count_text(rest, n), rest == 1 ? "" : "s");
	if (shown || rest)
		fputc('\n', out);
}

static void put_rules(FILE *out, const struct crx_build_result *r, int width)
{
	char n[4][CRX_CLI_NUMBER_MAX];
	size_t i;

	if (!r->nrules)
		return;
	fprintf(out, "  %-*s  %8s %8s %8s %11s  %s\n", width, "rule", "matches", "decides", "pages", "cost", "text");
	for (i = 0; i < r->nrules; i++) {
		const struct crx_result_rule *rule = &r->rule[i];

		put_place(out, rule->place, width);
		fprintf(out, "  %8s %8s %8s %11s  ", crx_cli_count_text(rule->matches, n[0]), crx_cli_count_text(rule->decides, n[1]), crx_cli_count_text(rule->pages, n[2]), crx_cli_count_text(rule->cost, n[3]));
		crx_cli_put_text(out, rule->text, "");
		fputc('\n', out);
	}
	fputc('\n', out);
}

void policy_check_put(FILE *out, const struct options *o, const struct crx_build_result *r)
{
	int width = place_width(r);
	char size[CRX_CLI_NUMBER_MAX], pages[CRX_CLI_NUMBER_MAX], all[CRX_CLI_NUMBER_MAX], cost[CRX_CLI_NUMBER_MAX];

	put_files(out, o, r, width);
	put_rules(out, r, width);
	fprintf(out, "An image of %s bytes, ", crx_cli_count_text(r->image_size, size));
	fprintf(out, "%s of %s candidate pages in place, which cost %s bytes more than compressed.\n", crx_cli_count_text(r->in_place_pages, pages), crx_cli_count_text(r->candidate_pages, all), crx_cli_count_text(r->in_place_cost, cost));
}
