/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages were chosen, and by which rules.
 */
#include "config.h"

#include "json_parts.h"

static void put_step(struct crx_cli_json *j, const struct crx_result_step *s)
{
	crx_cli_json_open(j, NULL, '{', true);
	crx_cli_json_string(j, "path", s->path);
	crx_cli_json_known(j, "segment", s->segment >= 0, (uint64_t)s->segment);
	crx_cli_json_uint(j, "file_page", s->first_pg);
	crx_cli_json_uint(j, "pages", s->pages);
	crx_cli_json_uint(j, "ram_bytes", s->ram_len);
	crx_cli_json_uint(j, "flash_bytes", s->flash_len);
	crx_cli_json_close(j);
}

void json_put_budget(struct crx_cli_json *j, const struct options *o, const struct crx_result *r)
{
	const struct crx_build_opts *b = &o->build;
	size_t i;

	if (!b->flash_budget && !b->ram_goal) {
		crx_cli_json_string(j, "budget", NULL);
		return;
	}
	crx_cli_json_open(j, "budget", '{', false);
	crx_cli_json_known(j, "flash_bytes", b->flash_budget != 0, b->flash_budget);
	crx_cli_json_known(j, "ram_bytes", b->ram_goal != 0, b->ram_goal);
	crx_cli_json_uint(j, "least_size", r->budget.least_size);
	crx_cli_json_uint(j, "most_size", r->budget.most_size);
	crx_cli_json_uint(j, "most_ram_bytes", r->budget.ram_len_max);
	crx_cli_json_uint(j, "gap_ppm", share_of_million(r->budget.gap));
	crx_cli_json_open(j, "missed", '[', false);
	for (i = 0; i < r->budget.nmissed; i++)
		put_step(j, &r->budget.missed[i]);
	crx_cli_json_close(j);
	crx_cli_json_open(j, "next", '{', true);
	crx_cli_json_uint(j, "flash_bytes", r->budget.next_len);
	crx_cli_json_uint(j, "ram_bytes", r->budget.next_ram_len);
	crx_cli_json_uint(j, "pages", r->budget.next_pages);
	crx_cli_json_close(j);
	crx_cli_json_close(j);
}

void json_put_rules(struct crx_cli_json *j, const struct crx_result *r)
{
	char place[RULE_PLACE_MAX];
	size_t i;

	crx_cli_json_open(j, "rules", '[', false);
	for (i = 0; i < r->nrules; i++) {
		const struct crx_result_rule *rule = &r->rule[i];

		crx_cli_json_open(j, NULL, '{', true);
		crx_cli_json_string(j, "place", rule_place(r, i, place));
		crx_cli_json_string(j, "text", rule->text);
		crx_cli_json_uint(j, "matches", rule->matches);
		crx_cli_json_uint(j, "decides", rule->decides);
		crx_cli_json_uint(j, "pages", rule->pages);
		crx_cli_json_known(j, "cost", r->costs_known, rule->cost);
		crx_cli_json_close(j);
	}
	crx_cli_json_close(j);
}
