/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "result/parts.h"

/* Pages and costs count for the rule that decided about the first file of each table. */
static void count_by_rule(const struct crx_result_stages *s, const uint64_t *cost,
			  struct crx_result_rule *rule)
{
	const struct crx_file_wish *wish = s->wishes->file;
	const struct crx_plan *p = s->plan;
	uint32_t by;
	size_t i;

	for (i = 0; i < s->facts->nfiles; i++) {
		by = wish[i].rule;
		if (by != CRX_NO_RULE && s->facts->file[i].inode == i)
			rule[by].decides++;
	}
	for (i = 0; i < p->ntables; i++) {
		by = wish[p->table[i].file].rule;
		if (by != CRX_NO_RULE)
			rule[by].cost += cost[i];
	}
	for (i = 0; i < p->nruns; i++) {
		by = wish[p->table[p->run[i].table].file].rule;
		if (by != CRX_NO_RULE)
			rule[by].pages += p->run[i].nblks;
	}
}

int crx_result_fill_rules(const struct crx_result_stages *s, const uint64_t *cost,
			  struct crx_result *r, struct crx_err *err)
{
	size_t i;

	r->rule = crx_zalloc(s->rules->nrules, sizeof(*r->rule));
	if (!r->rule)
		return crx_err_nomem(err, "summing up");
	for (i = 0; i < s->rules->nrules; i++) {
		const struct crx_rule *rule = &s->rules->rule[i];

		r->rule[r->nrules++] = (struct crx_result_rule){
			.file = crx_strdup(rule->at.file),
			.text = crx_strdup(rule->text),
			.line = rule->at.line,
			.matches = s->wishes->hits[i],
		};
		if (!r->rule[i].file || !r->rule[i].text)
			return crx_err_nomem(err, "summing up");
	}
	count_by_rule(s, cost, r->rule);
	return 0;
}
