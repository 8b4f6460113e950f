/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RAM that starting a program takes, as JSON.
 */
#include "config.h"

#include "maps_ram.h"

#include "inode.h"

static void put_block(const struct crx_memory_block *b, struct crx_cli_json *j)
{
	char path[PATH_CAP];

	crx_cli_json_open(j, NULL, '{', true);
	crx_cli_json_string(j, "use", maps_ram_use(&b->b));
	crx_cli_json_string(j, "file", crx_entry_path(b->file->entry, path, sizeof(path)));
	crx_cli_json_bool(j, "mapped", b->b.mapped);
	if (b->b.mapped)
		crx_cli_json_uint(j, "segment", b->file->seg[b->b.seg].index);
	crx_cli_json_bool(j, "in_place", b->in_place);
	crx_cli_json_bool(j, "shared", b->b.shared);
	crx_cli_json_uint(j, "bytes", b->b.len);
	crx_cli_json_uint(j, "text", b->b.text);
	crx_cli_json_uint(j, "data", b->b.data);
	crx_cli_json_uint(j, "bss", b->b.bss);
	crx_cli_json_uint(j, "stack", b->b.stack);
	crx_cli_json_uint(j, "arguments", b->b.arguments);
	crx_cli_json_uint(j, "relocations", b->b.relocs);
	crx_cli_json_uint(j, "pages", b->take.npg);
	crx_cli_json_uint(j, "order", b->take.order);
	crx_cli_json_uint(j, "trimmed",
			  b->take.npg ? (UINT64_C(1) << b->take.order) - b->take.npg : 0);
	crx_cli_json_close(j);
}

void maps_ram_put_json(const struct maps *m, const struct crx_explain_file *f,
		       struct crx_cli_json *j)
{
	const struct maps_ram_file *r = &m->ram->file[f - m->x.file];
	size_t i;

	crx_cli_json_open(j, "ram", '{', false);
	crx_cli_json_uint(j, "pages", r->m.pages);
	crx_cli_json_uint(j, "another_instance", r->m.another);
	crx_cli_json_uint(j, "order", r->m.order);
	crx_cli_json_open(j, "blocks", '[', false);
	for (i = 0; i < r->m.n; i++)
		put_block(&r->m.block[i], j);
	crx_cli_json_close(j);
	crx_cli_json_string(j, "missing_interpreter", f->interp_missing ? f->exec.interp : NULL);
	if (m->ram->judge && f->role == CRX_EXPLAIN_PROGRAM && r->m.n) {
		crx_cli_json_bool(j, "fits", r->fits);
		crx_cli_json_uint(j, "instances", r->instances);
		crx_cli_json_string(j, "next_fails",
				    r->instances < MAPS_INSTANCES_MOST
					    ? maps_ram_answer(r->failure.answer)
					    : NULL);
		if (r->instances < MAPS_INSTANCES_MOST)
			crx_cli_json_uint(j, "next_fails_at", r->failure.block);
	}
	crx_cli_json_close(j);
}

void maps_ram_put_json_totals(const struct maps *m, struct crx_cli_json *j)
{
	const struct maps_ram *r = m->ram;
	unsigned i;

	if (!r->judge)
		return;
	crx_cli_json_open(j, "ram", '{', true);
	crx_cli_json_open(j, "free_blocks", '[', true);
	for (i = 0; i < r->free.norders; i++)
		crx_cli_json_uint(j, NULL, r->free.n[i]);
	crx_cli_json_close(j);
	crx_cli_json_uint(j, "free_pages", crx_buddy_pages(&r->free));
	crx_cli_json_uint(j, "kept_pages", r->free.min_pg);
	crx_cli_json_uint(j, "programs", r->programs);
	crx_cli_json_uint(j, "fit", r->fit);
	if (r->together)
		crx_cli_json_bool(j, "together", r->all_fit);
	crx_cli_json_close(j);
}
