/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The result as JSON, described in mkcramfs-xip(1). Members may be added; if one changes its
 * meaning or is removed, "version" grows.
 */
#include "config.h"

#include "against.h"
#include "cli/json.h"
#include "json_parts.h"
#include "report.h"

enum { JSON_VERSION = 1 };

static const char *const SOURCE_KIND[CRX_SOURCE_KINDS] = {
	[CRX_SOURCE_DIR] = "directory",
	[CRX_SOURCE_ARCHIVE] = "archive",
	[CRX_SOURCE_MTREE] = "manifest",
	[CRX_SOURCE_IMAGE] = "image",
};

static void put_image(struct crx_cli_json *j, const struct options *o, const struct crx_result *r)
{
	const struct crx_build_opts *b = &o->build;

	crx_cli_json_open(j, "image", '{', false);
	crx_cli_json_string(j, "path", o->check_only ? NULL : b->image);
	crx_cli_json_string(j, "source", b->source);
	crx_cli_json_string(j, "source_kind", SOURCE_KIND[r->source_kind]);
	crx_cli_json_uint(j, "size", r->image_size);
	crx_cli_json_uint(j, "file_size", r->file_size);
	crx_cli_json_string(j, "name", b->name);
	crx_cli_json_uint(j, "edition", b->edition);
	crx_cli_json_uint(j, "crc", r->crc);
	crx_cli_json_uint(j, "blocks", r->blocks);
	crx_cli_json_uint(j, "nodes", r->nodes);
	crx_cli_json_string(j, "endian", b->order == CRX_ORDER_BIG ? "big" : "little");
	crx_cli_json_uint(j, "page_size", b->page_size);
	crx_cli_json_bool(j, "extended", b->ext);
	crx_cli_json_bool(j, "xip", b->xip);
	crx_cli_json_bool(j, "no_mmu", b->no_mmu);
	crx_cli_json_bool(j, "holes", b->holes || b->ext);
	crx_cli_json_bool(j, "boot_pad", b->boot_pad);
	crx_cli_json_string(j, "compressor", crx_build_backend(r->backend));
	crx_cli_json_uint(j, "level", r->level);
	crx_cli_json_bool(j, "written", r->written);
	crx_cli_json_bool(j, "verified", r->verified);
	crx_cli_json_bool(j, "owners_squashed", r->squashed);
	crx_cli_json_close(j);
}

static void put_entries(struct crx_cli_json *j, const struct crx_result *r)
{
	crx_cli_json_open(j, "entries", '{', false);
	crx_cli_json_uint(j, "files", r->entries.files);
	crx_cli_json_uint(j, "directories", r->entries.dirs);
	crx_cli_json_uint(j, "symlinks", r->entries.symlinks);
	crx_cli_json_uint(j, "devices", r->entries.devices);
	crx_cli_json_uint(j, "others", r->entries.others);
	crx_cli_json_uint(j, "content_bytes", r->entries.content_bytes);
	crx_cli_json_close(j);
}

static void put_bytes(struct crx_cli_json *j, const struct crx_result *r)
{
	crx_cli_json_open(j, "bytes", '{', false);
	crx_cli_json_uint(j, "head", r->bytes.head);
	crx_cli_json_uint(j, "directories", r->bytes.dirs);
	crx_cli_json_uint(j, "tables", r->bytes.tables);
	crx_cli_json_uint(j, "compressed", r->bytes.compressed);
	crx_cli_json_uint(j, "stored", r->bytes.stored);
	crx_cli_json_uint(j, "headers", r->bytes.headers);
	crx_cli_json_uint(j, "in_place", r->bytes.in_place);
	crx_cli_json_uint(j, "tails", r->bytes.tails);
	crx_cli_json_uint(j, "padding", r->bytes.padding);
	crx_cli_json_uint(j, "free", r->bytes.free);
	crx_cli_json_close(j);
}

static void put_update(struct crx_cli_json *j, const struct options *o, const struct crx_result *r)
{
	const struct crx_result_update *u = &r->update;

	if (!u->fresh_size) {
		crx_cli_json_string(j, "update", NULL);
		return;
	}
	crx_cli_json_open(j, "update", '{', false);
	crx_cli_json_string(j, "like", o->build.update.like);
	crx_cli_json_uint(j, "erase_size", o->build.update.erase_len);
	crx_cli_json_known(j, "blocks", r->written, u->blocks);
	crx_cli_json_known(j, "changed_blocks", r->written, u->changed_blocks);
	crx_cli_json_known(j, "bytes_to_write", r->written, u->changed_bytes);
	crx_cli_json_uint(j, "free_bytes", r->bytes.free);
	crx_cli_json_uint(j, "fresh_size", u->fresh_size);
	crx_cli_json_close(j);
}

static void put_machines(struct crx_cli_json *j, const struct crx_result *r)
{
	char name[MACHINE_MAX];
	size_t i;

	crx_cli_json_open(j, "machines", '[', true);
	for (i = 0; i < r->nmachines; i++)
		crx_cli_json_string(j, NULL, crx_exec_abi_name(&r->machine[i], name, sizeof(name)));
	crx_cli_json_close(j);
}

static void put_in_place(struct crx_cli_json *j, const struct crx_result *r)
{
	const struct crx_result_in_place *in = &r->in_place;

	crx_cli_json_open(j, "in_place", '{', false);
	crx_cli_json_uint(j, "pages", in->pages);
	crx_cli_json_uint(j, "candidates", in->candidates);
	crx_cli_json_uint(j, "files", in->files);
	crx_cli_json_uint(j, "cost_bytes", in->cost);
	crx_cli_json_bool(j, "cost_estimated", in->cost_estimated);
	crx_cli_json_uint(j, "ram_bytes", in->ram_len);
	crx_cli_json_bool(j, "profiled", in->profiled);
	crx_cli_json_known(j, "hot_pages", in->profiled, in->hot_pages);
	crx_cli_json_known(j, "hot_in_place", in->profiled, in->hot_in_place);
	put_machines(j, r);
	crx_cli_json_close(j);
}

static void put_skipped(struct crx_cli_json *j, const struct crx_result *r)
{
	int s;

	crx_cli_json_open(j, "skipped", '[', false);
	for (s = CRX_SKIP_NONE + 1; s < CRX_SKIP_KINDS; s++) {
		if (!r->skipped[s])
			continue;
		crx_cli_json_open(j, NULL, '{', true);
		crx_cli_json_string(j, "reason", crx_skip_text((enum crx_skip)s));
		crx_cli_json_uint(j, "files", r->skipped[s]);
		crx_cli_json_close(j);
	}
	crx_cli_json_close(j);
}

static void put_shared(struct crx_cli_json *j, const struct crx_result *r)
{
	crx_cli_json_open(j, "shared", '{', false);
	crx_cli_json_uint(j, "files", r->shared.files);
	crx_cli_json_uint(j, "symlinks", r->shared.symlinks);
	crx_cli_json_uint(j, "content_bytes", r->shared.content_bytes);
	crx_cli_json_uint(j, "blocks", r->shared.blocks);
	crx_cli_json_uint(j, "saved_bytes", r->shared.saved_bytes);
	crx_cli_json_close(j);
}

void json_put(FILE *out, const struct options *o, const struct crx_result *r,
	      const struct against *a)
{
	struct crx_cli_json j = { .out = out };

	crx_cli_json_open(&j, NULL, '{', false);
	crx_cli_json_uint(&j, "version", JSON_VERSION);
	crx_cli_json_string(&j, "generator", PROGRAM " " PACKAGE_VERSION);
	put_image(&j, o, r);
	put_entries(&j, r);
	put_bytes(&j, r);
	put_update(&j, o, r);
	against_put_json(&j, a);
	put_in_place(&j, r);
	put_skipped(&j, r);
	json_put_budget(&j, o, r);
	json_put_rules(&j, r);
	put_shared(&j, r);
	json_put_files(&j, o, r);
	crx_cli_json_close(&j);
}
