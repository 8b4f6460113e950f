/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report as JSON, described in cramfsck-xip(8). Adding a member does not change "version";
 * removing one, or changing its meaning, raises it.
 */
#include "config.h"

#include <string.h>

#include "report.h"

enum { JSON_VERSION = 1 };

static void put_page_sizes(struct crx_cli_json *j, const struct subject *s)
{
	uint32_t i;

	crx_cli_json_open(j, "page_sizes_that_fit", '[', true);
	for (i = 1; i <= CRX_PAGE_MAX / CRX_PAGE_MIN; i *= 2)
		if (s->detected && (s->candidates & i))
			crx_cli_json_uint(j, NULL, (uint64_t)i * CRX_PAGE_MIN);
	crx_cli_json_close(j);
}

static void put_image(struct crx_cli_json *j, const struct report *r)
{
	const struct crx_image *img = &r->s->img;
	char name[CRX_NAME_LEN + 1] = "";

	crx_cli_json_open(j, "image", '{', false);
	crx_cli_json_string(j, "path", r->o->image);
	crx_cli_json_uint(j, "offset", r->s->offset);
	crx_cli_json_bool(j, "found", r->s->mapped);
	if (r->s->mapped) {
		memcpy(name, img->super.name, CRX_NAME_LEN);
		crx_cli_json_uint(j, "bytes_there", img->len);
		crx_cli_json_uint(j, "size", img->super.size);
		crx_cli_json_uint(j, "version", img->super.flags & CRX_FLAG_FSID_VERSION_2 ? 2 : 1);
		crx_cli_json_uint(j, "flags", img->super.flags);
		crx_cli_json_string(j, "name", name);
		crx_cli_json_uint(j, "edition", img->super.edition);
		crx_cli_json_uint(j, "crc", img->super.crc);
		crx_cli_json_string(j, "endian", img->order == CRX_ORDER_BIG ? "big" : "little");
		crx_cli_json_bool(j, "extended", img->super.flags & CRX_FLAG_EXT_BLOCK_POINTERS);
		crx_cli_json_bool(j, "boot_pad", img->super_off != 0);
		crx_cli_json_uint(j, "page_size", img->page_size);
		crx_cli_json_bool(j, "page_size_detected", r->s->detected);
		put_page_sizes(j, r->s);
	}
	crx_cli_json_close(j);
}

void json_begin(struct report *r)
{
	struct crx_cli_json *j = &r->json;
	char kernel[CRX_KERNEL_NAME_MAX];

	if (!j->out)
		return;
	crx_kernel_name(&r->o->kernel, kernel);
	crx_cli_json_open(j, NULL, '{', false);
	crx_cli_json_uint(j, "version", JSON_VERSION);
	crx_cli_json_string(j, "generator", PROGRAM " " PACKAGE_VERSION);
	crx_cli_json_string(j, "kernel", r->o->kernel.version ? kernel : NULL);
	put_image(j, r);
	crx_cli_json_open(j, "findings", '[', false);
}

void json_finding(struct report *r, const struct crx_finding *f)
{
	const struct crx_finding_info *info = crx_finding_info(f->kind);
	struct crx_cli_json *j = &r->json;

	if (!j->out)
		return;
	crx_cli_json_open(j, NULL, '{', true);
	crx_cli_json_string(j, "severity", SEVERITY[info->severity]);
	crx_cli_json_string(j, "id", info->id);
	crx_cli_json_string(j, "path", *f->path ? f->path : NULL);
	crx_cli_json_known(j, "offset", f->has_off, f->off);
	crx_cli_json_string(j, "text", f->text);
	crx_cli_json_uint(j, "count", f->count);
	crx_cli_json_string(j, "kernel", info->kernel);
	crx_cli_json_string(j, "effect", info->effect);
	crx_cli_json_string(j, "todo", info->todo);
	crx_cli_json_close(j);
}

static void put_counts(struct crx_cli_json *j, const struct crx_check_result *c)
{
	crx_cli_json_open(j, "entries", '{', false);
	crx_cli_json_uint(j, "directories", c->dirs);
	crx_cli_json_uint(j, "files", c->files);
	crx_cli_json_uint(j, "symlinks", c->symlinks);
	crx_cli_json_uint(j, "devices", c->devices);
	crx_cli_json_uint(j, "others", c->others);
	crx_cli_json_close(j);
	crx_cli_json_open(j, "blocks", '{', false);
	crx_cli_json_uint(j, "all", c->blocks);
	crx_cli_json_uint(j, "hole", c->holes);
	crx_cli_json_uint(j, "compressed", c->compressed);
	crx_cli_json_uint(j, "stored", c->stored);
	crx_cli_json_uint(j, "in_place", c->in_place);
	crx_cli_json_close(j);
}

void json_end(struct report *r)
{
	struct crx_cli_json *j = &r->json;

	if (!j->out)
		return;
	crx_cli_json_close(j);
	crx_cli_json_open(j, "counts", '{', false);
	crx_cli_json_uint(j, "errors", r->check.errors);
	crx_cli_json_uint(j, "warnings", r->check.warnings);
	crx_cli_json_uint(j, "notes", r->check.notes);
	crx_cli_json_uint(j, "listed", r->listed);
	crx_cli_json_close(j);
	put_counts(j, &r->check);
	if (r->extracted) {
		crx_cli_json_open(j, "extracted", '{', false);
		crx_cli_json_string(j, "to", r->o->extract);
		crx_cli_json_bool(j, "complete",
				  !r->extract_code && !crx_extract_in_part(&r->extract));
		crx_cli_json_uint(j, "made", r->extract.made);
		crx_cli_json_uint(j, "not_set", r->extract.not_set);
		crx_cli_json_uint(j, "denied", r->extract.denied);
		crx_cli_json_uint(j, "failed", r->extract.failed);
		crx_cli_json_close(j);
	} else {
		crx_cli_json_string(j, "extracted", NULL);
	}
	crx_cli_json_bool(j, "clean", !r->check.errors);
	crx_cli_json_close(j);
}
