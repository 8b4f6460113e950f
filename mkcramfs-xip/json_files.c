/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "json_parts.h"

#include <sys/stat.h>

static void put_segments(struct crx_cli_json *j, const struct options *o,
			 const struct crx_result_file *f)
{
	char flags[4];
	size_t i;

	crx_cli_json_open(j, "segments", '[', true);
	for (i = 0; i < f->nsegs; i++) {
		const struct crx_result_segment *s = &f->seg[i];

		crx_cli_json_open(j, NULL, '{', true);
		crx_cli_json_uint(j, "index", s->index);
		crx_cli_json_string(j, "flags", crx_exec_flags_name(s->flags, flags));
		crx_cli_json_uint(j, "file_page", s->file_page);
		crx_cli_json_uint(j, "pages", s->pages);
		crx_cli_json_uint(j, "in_place", s->in_place);
		crx_cli_json_string(j, "reason", segment_reason(&o->build, f, s));
		crx_cli_json_close(j);
	}
	crx_cli_json_close(j);
}

static void put_block_list(struct crx_cli_json *j, const struct crx_result_file *f)
{
	size_t i;

	crx_cli_json_open(j, "block_list", '[', true);
	for (i = 0; i < f->nblocks; i++) {
		crx_cli_json_open(j, NULL, '{', true);
		crx_cli_json_string(j, "kind", crx_result_kind_text(f->block[i].kind));
		crx_cli_json_uint(j, "offset", f->block[i].off);
		crx_cli_json_uint(j, "length", f->block[i].len);
		crx_cli_json_bool(j, "shared", f->block[i].shared);
		crx_cli_json_close(j);
	}
	crx_cli_json_close(j);
}

static void put_file(struct crx_cli_json *j, const struct options *o, const struct crx_result *r,
		     const struct crx_result_file *f)
{
	char place[RULE_PLACE_MAX];

	crx_cli_json_open(j, NULL, '{', true);
	crx_cli_json_string(j, "path", f->path);
	crx_cli_json_string(j, "type", S_ISLNK(f->mode) ? "symlink" : "file");
	crx_cli_json_uint(j, "mode", f->mode & 07777);
	crx_cli_json_uint(j, "uid", f->uid);
	crx_cli_json_uint(j, "gid", f->gid);
	crx_cli_json_uint(j, "size", f->size);
	crx_cli_json_uint(j, "image_bytes", f->image_bytes);
	crx_cli_json_open(j, "blocks", '{', true);
	crx_cli_json_uint(j, "hole", f->blocks[CRX_RESULT_HOLE]);
	crx_cli_json_uint(j, "compressed", f->blocks[CRX_RESULT_COMPRESSED]);
	crx_cli_json_uint(j, "stored", f->blocks[CRX_RESULT_STORED]);
	crx_cli_json_uint(j, "in_place", f->blocks[CRX_RESULT_IN_PLACE]);
	crx_cli_json_close(j);
	crx_cli_json_uint(j, "candidates", f->candidates);
	crx_cli_json_known(j, "hot", r->in_place.profiled, f->hot);
	crx_cli_json_string(j, "action", crx_action_text(f->action));
	crx_cli_json_string(j, "rule", rule_place(r, f->rule, place));
	crx_cli_json_known(j, "cost", r->costs_known, f->cost);
	crx_cli_json_string(j, "same_as", same_as(r, f));
	crx_cli_json_string(j, "skip", crx_skip_text(f->skip));
	put_segments(j, o, f);
	if (o->build.want_blocks)
		put_block_list(j, f);
	crx_cli_json_close(j);
}

void json_put_files(struct crx_cli_json *j, const struct options *o, const struct crx_result *r)
{
	size_t i;

	crx_cli_json_open(j, "files", '[', false);
	for (i = 0; i < r->nfiles; i++)
		if (S_ISREG(r->file[i].mode) || S_ISLNK(r->file[i].mode))
			put_file(j, o, r, &r->file[i]);
	crx_cli_json_close(j);
}
