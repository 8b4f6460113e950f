/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The members of the report's data that say what is mapped.
 */
#include "config.h"

#include "base/pool.h"
#include "maps.h"
#include "report.h"

static void put_segment(struct crx_cli_json *j, const struct crx_explain_segment *s)
{
	char flags[4];
	size_t i;

	crx_cli_json_open(j, NULL, '{', true);
	crx_cli_json_uint(j, "index", s->index);
	crx_cli_json_string(j, "flags", crx_exec_flags_name(s->flags, flags));
	crx_cli_json_uint(j, "file_page", s->file_page);
	crx_cli_json_uint(j, "pages", s->pages);
	crx_cli_json_uint(j, "in_place", s->in_place);
	crx_cli_json_string(j, "reason", crx_explain_why_means(s->why));
	crx_cli_json_open(j, "groups", '[', true);
	for (i = 0; i < s->ngroups; i++) {
		if (s->group[i].in_place)
			continue;
		crx_cli_json_uint(j, NULL, s->group[i].npg);
		crx_cli_json_string(j, NULL, crx_explain_why_means(s->group[i].why));
	}
	crx_cli_json_close(j);
	crx_cli_json_close(j);
}

static void put_file(struct crx_cli_json *j, const struct crx_explain_file *f, uint32_t number)
{
	char abi[32];
	size_t i;

	crx_cli_json_open(j, NULL, '{', true);
	crx_cli_json_uint(j, "entry", number);
	crx_cli_json_string(j, "machine", maps_machine(f, abi, sizeof(abi)));
	crx_cli_json_string(j, "role", maps_role(f));
	crx_cli_json_bool(j, "loadable", f->loadable);
	crx_cli_json_uint(j, "pages", f->pages);
	crx_cli_json_uint(j, "in_place", f->in_place);
	crx_cli_json_open(j, "segments", '[', true);
	for (i = 0; i < f->nsegs; i++)
		put_segment(j, &f->seg[i]);
	crx_cli_json_close(j);
	crx_cli_json_close(j);
}

int report_put_maps(const struct dump *d, struct crx_cli_json *j, const uint32_t *number,
		    bool *truncated, struct crx_err *err)
{
	const struct options *o = d->o;
	struct crx_explain_opts opts = {
		.no_mmu = o->no_mmu,
		.has_base = o->has_base,
		.base = o->base,
		.workers = crx_pool_cpus(),
	};
	struct crx_explain x;
	size_t i;
	int ret = crx_explain_image(&d->view->img, &d->view->list, &opts, &x, err);

	if (ret)
		return ret;
	*truncated = *truncated || x.truncated;
	crx_cli_json_bool(j, "mmu", !o->no_mmu);
	crx_cli_json_open(j, "totals", '{', true);
	crx_cli_json_uint(j, "files", x.nfiles);
	crx_cli_json_uint(j, "pages", x.pages);
	crx_cli_json_uint(j, "in_place", x.in_place);
	crx_cli_json_close(j);
	crx_cli_json_open(j, "maps", '[', false);
	for (i = 0; i < x.nfiles; i++)
		put_file(j, &x.file[i], number[x.file[i].entry->index]);
	crx_cli_json_close(j);
	crx_explain_free(&x);
	return 0;
}
