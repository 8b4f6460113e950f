/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "result/parts.h"

#include <stdlib.h>
#include <sys/stat.h>

static void count_entries(const struct crx_tree *t, struct crx_result *r)
{
	size_t i;

	for (i = 1; i < t->nnodes; i++) {
		const struct crx_node *n = t->node[i];

		switch (n->mode & S_IFMT) {
		case S_IFDIR:
			r->entries.dirs++;
			break;
		case S_IFREG:
			r->entries.files++;
			break;
		case S_IFLNK:
			r->entries.symlinks++;
			break;
		case S_IFCHR:
		case S_IFBLK:
			r->entries.devices++;
			break;
		default:
			r->entries.others++;
		}
		r->entries.content_bytes += n->size;
	}
}

static void count_sharing(const struct crx_facts *f, const struct crx_plan *p, struct crx_result *r)
{
	size_t i;

	for (i = 0; i < f->nfiles; i++) {
		if (crx_plan_owner(p, i) == i)
			continue;
		if (S_ISLNK(f->file[i].node->mode))
			r->shared.symlinks++;
		else
			r->shared.files++;
		r->shared.content_bytes += f->file[i].node->size;
	}
	for (i = 0; i < p->nrecords; i++) {
		const struct crx_record *rec = &p->record[i];

		if (rec->users < 2)
			continue;
		r->shared.blocks += rec->users - 1;
		r->shared.saved_bytes += (uint64_t)(rec->users - 1) * rec->len;
	}
}

static void copy_layout(const struct crx_layout *l, struct crx_result *r)
{
	r->image_size = l->image_size;
	r->blocks = l->blocks;
	r->nodes = l->files;
	r->bytes = l->bytes;
	r->update.fresh_size = l->fresh_size;
}

int crx_result_fill(const struct crx_result_stages *s, struct crx_result *r, struct crx_err *err)
{
	uint64_t *cost = crx_zalloc(s->plan->ntables, sizeof(*cost));
	int ret = cost ? 0 : crx_err_nomem(err, "summing up");

	count_entries(s->tree, r);
	count_sharing(s->facts, s->plan, r);
	copy_layout(s->layout, r);
	r->costs_known = s->all_packed;
	if (!ret && s->all_packed)
		ret = crx_result_costs(s, cost, err);
	if (!ret)
		ret = crx_result_fill_choice(s, cost, r, err);
	if (!ret && s->rules->nrules)
		ret = crx_result_fill_rules(s, cost, r, err);
	if (!ret && s->want_files)
		ret = crx_result_fill_files(s, cost, r, err);
	free(cost);
	return ret;
}

void crx_result_free(struct crx_result *r)
{
	size_t i;

	for (i = 0; r->file && i < r->nfiles; i++) {
		free(r->file[i].path);
		free(r->file[i].seg);
		free(r->file[i].block);
	}
	for (i = 0; r->budget.missed && i < r->budget.nmissed; i++)
		free(r->budget.missed[i].path);
	for (i = 0; r->rule && i < r->nrules; i++) {
		free(r->rule[i].file);
		free(r->rule[i].text);
	}
	free(r->budget.missed);
	free(r->rule);
	free(r->point);
	free(r->file);
	free(r->machine);
	*r = (struct crx_result){ 0 };
}

const char *crx_result_kind_text(enum crx_result_kind k)
{
	static const char *const text[CRX_RESULT_KINDS] = {
		[CRX_RESULT_HOLE] = "hole",
		[CRX_RESULT_COMPRESSED] = "compressed",
		[CRX_RESULT_STORED] = "stored",
		[CRX_RESULT_IN_PLACE] = "in place",
	};

	return text[k];
}
