/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "summary.h"

#include <inttypes.h>

#include "cli/text.h"
#include "text.h"

/* Lines of "just missed". */
enum { SHOWN = 3 };

static void put_rules(FILE *out, const struct options *o, const struct crx_result *r)
{
	uint64_t decided = 0;
	struct numbers n;
	size_t i;

	if (!o->build.policy.n)
		return;
	for (i = 0; i < r->nrules; i++)
		decided += r->rule[i].decides;
	text_row(out, "rules", "%s rule%s about %s file%s; %s", crx_cli_count_text(r->nrules, n.a),
		 r->nrules == 1 ? " decides" : "s decide", crx_cli_count_text(decided, n.b),
		 crx_plural(decided),
		 o->build.xip ? "-X alone decides about others" : "no others are in place");
}

static void put_ram(FILE *out, const struct crx_result_in_place *in)
{
	char percent[CRX_CLI_NUMBER_MAX];
	struct numbers n;

	if (in->profiled)
		text_row(out, "RAM", "%s saved: %s of %s used page%s in place (%s)",
			 crx_cli_size_text(in->ram_len, n.a),
			 crx_cli_count_text(in->hot_in_place, n.b),
			 crx_cli_count_text(in->hot_pages, n.c), crx_plural(in->hot_pages),
			 crx_cli_percent_text(in->hot_in_place, in->hot_pages, percent));
	else if (in->pages)
		text_row(out, "RAM", "up to %s saved, if every page in place is used",
			 crx_cli_size_text(in->ram_len, n.a));
}

/* "within 0.02 % of the best possible", rounded up. */
static void gap_text(const struct crx_result *r, char *buf, size_t cap)
{
	uint64_t hundredths = (share_of_million(r->budget.gap) + 99) / 100;

	if (hundredths)
		snprintf(buf, cap, "within %" PRIu64 ".%02" PRIu64 " %% of the best possible",
			 hundredths / 100, hundredths % 100);
	else
		snprintf(buf, cap, "the best possible");
}

static uint64_t excess(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static void put_limits(FILE *out, const struct options *o, const struct crx_result *r)
{
	uint64_t budget = o->build.flash_budget, goal = o->build.ram_goal;
	struct numbers n;
	char gap[80];

	gap_text(r, gap, sizeof(gap));
	if (budget)
		text_row(out, "flash budget", "%s, of which %s are left; %s",
			 crx_cli_size_text(budget, n.a),
			 crx_cli_size_text(excess(budget, r->image_size), n.b), gap);
	if (goal)
		text_row(out, "RAM goal", "%s, exceeded by %s; %s", crx_cli_size_text(goal, n.a),
			 crx_cli_size_text(excess(r->in_place.ram_len, goal), n.b), gap);
	text_row(out, "range", "from %s at least to %s with everything in place, which saves %s",
		 crx_cli_size_text(r->budget.least_size, n.a),
		 crx_cli_size_text(r->budget.most_size, n.b),
		 crx_cli_size_text(r->budget.ram_len_max, n.c));
}

static void put_missed(FILE *out, const struct crx_result *r)
{
	struct numbers n;
	size_t i;

	for (i = 0; i < r->budget.nmissed && i < SHOWN; i++) {
		const struct crx_result_step *s = &r->budget.missed[i];

		text_label(out, i ? "" : "just missed");
		crx_cli_put_path(out, s->path);
		if (s->segment >= 0)
			fprintf(out, ", segment %" PRId64, s->segment);
		fprintf(out, ": %s more page%s, %s of RAM for %s of flash\n",
			crx_cli_count_text(s->pages, n.a), crx_plural(s->pages),
			crx_cli_size_text(s->ram_len, n.b), crx_cli_size_text(s->flash_len, n.c));
	}
}

static void put_next(FILE *out, const struct crx_result *r)
{
	const struct crx_result_budget *b = &r->budget;
	char label[CRX_CLI_NUMBER_MAX + 8];
	struct numbers n;

	if (r->image_size >= b->most_size)
		return;
	snprintf(label, sizeof(label), "%s more", crx_cli_size_text(b->next_len, n.a));
	if (b->next_pages)
		text_row(out, label, "of flash would save %s more of RAM, with %s page%s",
			 crx_cli_size_text(b->next_ram_len, n.a),
			 crx_cli_count_text(b->next_pages, n.b), crx_plural(b->next_pages));
	else
		text_row(out, label, "of flash would save no more RAM");
}

void choice_put(FILE *out, const struct options *o, const struct crx_result *r)
{
	put_rules(out, o, r);
	if (r->in_place.candidates)
		put_ram(out, &r->in_place);
	if (!o->build.flash_budget && !o->build.ram_goal)
		return;
	put_limits(out, o, r);
	put_missed(out, r);
	put_next(out, r);
}
