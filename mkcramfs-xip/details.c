/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <inttypes.h>

#include "cli/text.h"
#include "exec/exec.h"
#include "summary.h"

/* "; 3 compressed, 1 hole": blocks by kind. */
static void put_kinds(FILE *out, const struct crx_result_file *f, bool profiled)
{
	const struct {
		uint32_t n;
		const char *name;
	} kind[] = {
		{ f->compressed, "compressed" }, { f->stored, "stored" }, { f->holes, f->holes == 1 ? "hole" : "holes" },
	};
	const char *separator = "  ";
	size_t i;

	if (f->candidates || f->in_place) {
		fprintf(out, "%s%" PRIu32 "/%" PRIu32 " in place", separator, f->in_place, f->candidates);
		separator = ", ";
	}
	if (profiled && f->hot) {
		fprintf(out, "%s%" PRIu32 " hot", separator, f->hot);
		separator = ", ";
	}
	for (i = 0; i < sizeof(kind) / sizeof(kind[0]); i++) {
		if (!kind[i].n)
			continue;
		fprintf(out, "%s%" PRIu32 " %s", separator, kind[i].n, kind[i].name);
		separator = ", ";
	}
}

static void put_file(FILE *out, const struct crx_build_result *r, const struct crx_result_file *f)
{
	fprintf(out, "%c %04" PRIo32 " %5" PRIu32 ":%-3" PRIu32 " %9" PRIu64 " %9" PRIu64 "  ", f->type == 'l' ? 'l' : '-', f->mode & 07777, f->uid, f->gid, f->size, f->image_bytes);
	crx_cli_put_path(out, f->path);
	if (f->same_as) {
		fputs("  same as ", out);
		crx_cli_put_path(out, f->same_as);
	} else {
		put_kinds(out, f, r->profiled);
	}
	if (f->skip)
		fprintf(out, "  (compressed: %s)", f->skip);
	if (f->rule) {
		fprintf(out, "  [%s, ", f->action);
		crx_cli_put_path(out, f->rule);
		fputc(']', out);
	}
	fputc('\n', out);
}

static void put_pieces(FILE *out, const struct crx_result_file *f)
{
	char flags[4];
	size_t i;

	for (i = 0; i < f->nsegs; i++) {
		const struct crx_result_segment *s = &f->seg[i];

		fprintf(out, "    segment %" PRIu32 "  %s  file pages %" PRIu32 " to %" PRIu64
			": %" PRIu32 " of %" PRIu32 " in place\n",
			s->index, crx_exec_flags_name(s->flags, flags), s->file_page,
			(uint64_t)s->file_page + s->pages - (s->pages != 0), s->in_place, s->pages);
	}
	for (i = 0; i < f->nblocks; i++) {
		const struct crx_result_block *b = &f->block[i];

		fprintf(out, "    block %5zu  %-10s", i, b->kind);
		if (b->len)
			fprintf(out, "  offset 0x%08" PRIx64 "  %6" PRIu32 " bytes%s", b->off, b->len, b->shared ? "  shared" : "");
		fputc('\n', out);
	}
}

void details_put(FILE *out, const struct options *o, const struct crx_build_result *r)
{
	size_t i;

	if (!r->nfiles)
		return;
	fprintf(out, "  %4s %9s %9s %9s  %s\n", "mode", "owner", "size", "in image", "path");
	for (i = 0; i < r->nfiles; i++) {
		put_file(out, r, &r->file[i]);
		if (o->verbose > 1)
			put_pieces(out, &r->file[i]);
	}
	fputc('\n', out);
}
