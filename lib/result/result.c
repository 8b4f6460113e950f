/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "build/stages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static uint64_t run_pages(const struct crx_plan *p, const struct crx_run *r)
{
	const struct crx_file_fact *file = &p->facts->file[p->table[r->table].file];
	uint64_t n = r->nblks;
	uint32_t i;

	for (i = r->first_blk + r->nblks; i < r->first_blk + r->nblks + r->nbehind; i++)
		n += p->block[file->first_blk + i].kind != CRX_KIND_HOLE;
	return n;
}

uint64_t crx_builder_table_bytes(const struct crx_builder *b, size_t t)
{
	const struct crx_table *table = &b->plan.table[t];
	uint64_t n = (uint64_t)b->facts.file[table->file].nblks * CRX_BLKPTR_LEN;
	size_t i;

	for (i = table->first_record; i < (size_t)table->first_record + table->nrecords; i++)
		n += b->plan.record[i].len + (b->plan.record[i].direct ? CRX_DIRECT_HDR_LEN : 0);
	for (i = table->first_run; i < (size_t)table->first_run + table->nruns; i++)
		n += run_pages(&b->plan, &b->plan.run[i]) * b->facts.page_size;
	return n;
}

static void count_entries(const struct crx_builder *b, struct crx_build_result *r)
{
	size_t i;

	for (i = 1; i < b->tree.nnodes; i++) {
		const struct crx_node *n = b->tree.node[i];

		switch (n->mode & S_IFMT) {
		case S_IFDIR:
			r->dirs++;
			break;
		case S_IFREG:
			r->files++;
			break;
		case S_IFLNK:
			r->symlinks++;
			break;
		case S_IFCHR:
		case S_IFBLK:
			r->devices++;
			break;
		default:
			r->others++;
		}
		r->content_bytes += n->size;
	}
}

static void count_sharing(const struct crx_builder *b, struct crx_build_result *r)
{
	size_t i;

	for (i = 0; i < b->facts.nfiles; i++) {
		if (crx_plan_owner(&b->plan, i) == i)
			continue;
		r->shared_tables++;
		r->shared_table_bytes += b->facts.file[i].node->size;
	}
	for (i = 0; i < b->plan.nrecords; i++) {
		const struct crx_record *rec = &b->plan.record[i];

		if (rec->users < 2)
			continue;
		r->shared_blocks += rec->users - 1;
		r->shared_block_bytes += (uint64_t)(rec->users - 1) * rec->len;
	}
}

int crx_builder_result(const struct crx_builder *b, struct crx_build_result *r, struct crx_err *err)
{
	const struct crx_layout *l = &b->layout;
	int ret;

	count_entries(b, r);
	count_sharing(b, r);
	r->image_size = l->image_size;
	r->file_size = b->o->pad_to ? b->o->pad_to : l->image_size;
	r->edition = b->o->edition;
	r->blocks = l->blocks;
	r->nodes = l->files;
	r->bytes.head = l->bytes.head;
	r->bytes.dirs = l->bytes.dirs;
	r->bytes.tables = l->bytes.tables;
	r->bytes.compressed = l->bytes.compressed;
	r->bytes.stored = l->bytes.stored;
	r->bytes.headers = l->bytes.headers;
	r->bytes.in_place = l->bytes.in_place;
	r->bytes.tails = l->bytes.tails;
	r->bytes.padding = l->bytes.padding;
	r->comp_name = b->comp.backend->name;
	r->comp_level = b->comp.level;
	r->squashed = b->squashed;
	ret = crx_builder_tell_choice(b, r, err);
	if (!ret && b->o->want_files)
		ret = crx_builder_tell_files(b, r, err);
	if (!ret && b->rules.nrules)
		ret = crx_builder_tell_rules(b, r, err);
	return ret;
}

void crx_build_result_free(struct crx_build_result *r)
{
	size_t i;

	for (i = 0; r->file && i < r->nfiles; i++) {
		free(r->file[i].path);
		free(r->file[i].same_as);
		free(r->file[i].rule);
		free(r->file[i].rule_text);
		free(r->file[i].seg);
		free(r->file[i].block);
	}
	for (i = 0; r->budget.missed && i < r->budget.nmissed; i++)
		free(r->budget.missed[i].path);
	for (i = 0; r->rule && i < r->nrules; i++) {
		free(r->rule[i].place);
		free(r->rule[i].text);
	}
	free(r->budget.missed);
	free(r->rule);
	free(r->point);
	free(r->file);
	free(r->skip);
	free(r->machines);
	*r = (struct crx_build_result){ 0 };
}
