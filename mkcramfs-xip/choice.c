/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "summary.h"

#include <inttypes.h>

#include "cli/number.h"
#include "cli/text.h"

/* Of what just missed. */
enum { SHOWN = 3 };

/* Buffers for one line's numbers. */
struct numbers {
	char a[CRX_CLI_NUMBER_MAX], b[CRX_CLI_NUMBER_MAX], c[CRX_CLI_NUMBER_MAX];
};

bool costs_known(const struct options *o)
{
	const struct crx_build_opts *b = &o->build;

	return b->want_costs || b->want_curve || b->flash_budget || b->ram_goal;
}

uint64_t share_of_million(double share)
{
	uint64_t n;

	if (!(share > 0))
		return 0;
	if (share >= 1)
		return 1000000;
	n = (uint64_t)(share * 1e6);
	return (double)n < share * 1e6 ? n + 1 : n;
}

static void put_rules(FILE *out, const struct options *o, const struct crx_build_result *r)
{
	uint64_t decided = 0;
	struct numbers n;
	size_t i;

	if (!o->build.policy.n)
		return;
	for (i = 0; i < r->nrules; i++)
		decided += r->rule[i].decides;
	summary_row(out, "rules", "%s rule%s about %s file%s; %s", crx_cli_count_text(r->nrules, n.a), r->nrules == 1 ? " decides" : "s decide", crx_cli_count_text(decided, n.b), decided == 1 ? "" : "s",
		    o->build.xip ? "others are treated as by -X alone" : "nothing of others is in place");
}

static void put_ram(FILE *out, const struct crx_build_result *r)
{
	struct numbers n;
	char hot[CRX_CLI_NUMBER_MAX];

	if (r->profiled)
		summary_row(out, "RAM", "%s saved: %s of %s pages that were in use are in place (%s)", crx_cli_size_text(r->ram_len, n.a), crx_cli_count_text(r->hot_in_place, n.b),
			    crx_cli_count_text(r->hot_pages, n.c), crx_cli_percent_text(r->hot_in_place, r->hot_pages, hot));
	else if (r->in_place_pages)
		summary_row(out, "RAM", "up to %s saved, if every page in place is used", crx_cli_size_text(r->ram_len, n.a));
}

/* "within 0.02 % of the best possible", rounded up. */
static void gap_text(const struct crx_build_result *r, char *buf, size_t cap)
{
	uint64_t hundredths = (share_of_million(r->budget.gap) + 99) / 100;

	if (hundredths)
		snprintf(buf, cap, "within %" PRIu64 ".%02" PRIu64 " %% of the best possible", hundredths / 100, hundredths % 100);
	else
		snprintf(buf, cap, "the best possible");
}

static void put_limits(FILE *out, const struct crx_build_result *r)
{
	struct numbers n;
	char gap[80];

	gap_text(r, gap, sizeof(gap));
	if (r->budget.flash_len)
		summary_row(out, "flash budget", "%s, of which %s are left; %s", crx_cli_size_text(r->budget.flash_len, n.a),
			    crx_cli_size_text(r->budget.flash_len > r->image_size ? r->budget.flash_len - r->image_size : 0, n.b), gap);
	if (r->budget.ram_len)
		summary_row(out, "RAM goal", "%s, and %s more than that; %s", crx_cli_size_text(r->budget.ram_len, n.a),
			    crx_cli_size_text(r->ram_len > r->budget.ram_len ? r->ram_len - r->budget.ram_len : 0, n.b), gap);
	summary_row(out, "range", "from %s, the least, to %s with everything in place, which saves %s", crx_cli_size_text(r->budget.least_size, n.a),
		    crx_cli_size_text(r->budget.most_size, n.b), crx_cli_size_text(r->budget.ram_len_max, n.c));
}

static void put_missed(FILE *out, const struct crx_build_result *r)
{
	struct numbers n;
	size_t i;

	for (i = 0; i < r->budget.nmissed && i < SHOWN; i++) {
		const struct crx_result_step *s = &r->budget.missed[i];

		fprintf(out, "  %-13s ", i ? "" : "just missed");
		crx_cli_put_path(out, s->path);
		if (s->segment >= 0)
			fprintf(out, ", segment %" PRId64, s->segment);
		fprintf(out, ": %s page%s more, %s of RAM for %s\n", crx_cli_count_text(s->pages, n.a), s->pages == 1 ? "" : "s", crx_cli_size_text(s->ram_len, n.b), crx_cli_size_text(s->flash_len, n.c));
	}
}

static void put_next(FILE *out, const struct crx_build_result *r)
{
	struct numbers n;
	char label[CRX_CLI_NUMBER_MAX + 8];

	if (r->image_size >= r->budget.most_size)
		return;
	snprintf(label, sizeof(label), "%s more", crx_cli_size_text(r->budget.next_len, n.a));
	if (r->budget.next_pages)
		summary_row(out, label, "of flash would save %s more of RAM, with %s page%s", crx_cli_size_text(r->budget.next_ram_len, n.a), crx_cli_count_text(r->budget.next_pages, n.b),
			    r->budget.next_pages == 1 ? "" : "s");
	else
		summary_row(out, label, "of flash would save no more RAM");
}

void choice_put(FILE *out, const struct options *o, const struct crx_build_result *r)
{
	put_rules(out, o, r);
	if (r->candidate_pages)
		put_ram(out, r);
	if (!r->budget.used)
		return;
	put_limits(out, r);
	put_missed(out, r);
	put_next(out, r);
}
