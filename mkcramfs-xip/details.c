/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "cli/text.h"
#include "summary.h"
#include "text.h"

/* "  3/5 in place, 4 used, 1 compressed": pages and blocks. */
static void put_blocks(FILE *out, const struct crx_result_file *f, bool profiled)
{
	static const enum crx_result_kind order[] = { CRX_RESULT_COMPRESSED, CRX_RESULT_STORED,
						      CRX_RESULT_HOLE };
	uint32_t in_place = f->blocks[CRX_RESULT_IN_PLACE], n;
	const char *separator = "  ";
	size_t i;

	if (f->candidates || in_place) {
		fprintf(out, "%s%" PRIu32 "/%" PRIu32 " in place", separator, in_place,
			f->candidates);
		separator = ", ";
	}
	if (profiled && f->hot) {
		fprintf(out, "%s%" PRIu32 " used", separator, f->hot);
		separator = ", ";
	}
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		n = f->blocks[order[i]];
		if (!n)
			continue;
		fprintf(out, "%s%" PRIu32 " %s%s", separator, n, crx_result_kind_text(order[i]),
			order[i] == CRX_RESULT_HOLE ? crx_plural(n) : "");
		separator = ", ";
	}
}

/* As in ls -l. */
static char type_letter(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return 'd';
	case S_IFLNK:
		return 'l';
	case S_IFCHR:
		return 'c';
	case S_IFBLK:
		return 'b';
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 's';
	default:
		return '-';
	}
}

static void put_file(FILE *out, const struct crx_result *r, const struct crx_result_file *f)
{
	char place[RULE_PLACE_MAX], size[CRX_CLI_NUMBER_MAX];

	if (S_ISCHR(f->mode) || S_ISBLK(f->mode))
		snprintf(size, sizeof(size), "%" PRIu32 ",%" PRIu32, f->dev_major, f->dev_minor);
	else
		snprintf(size, sizeof(size), "%" PRIu64, f->size);
	fprintf(out, "%c %04" PRIo32 " %5" PRIu32 ":%-3" PRIu32 " %9s %9" PRIu64 "  ",
		type_letter(f->mode), f->mode & 07777, f->uid, f->gid, size, f->image_bytes);
	crx_cli_put_path(out, f->path);
	if (same_as(r, f)) {
		fputs("  same as ", out);
		crx_cli_put_path(out, same_as(r, f));
	} else {
		put_blocks(out, f, r->in_place.profiled);
	}
	if (f->skip)
		fprintf(out, "  (compressed: %s)", crx_skip_text(f->skip));
	if (rule_place(r, f->rule, place)) {
		fprintf(out, "  [%s, ", crx_action_text(f->action));
		crx_cli_put_path(out, place);
		fputc(']', out);
	}
	fputc('\n', out);
}

static void put_segments(FILE *out, const struct options *o, const struct crx_result_file *f)
{
	const char *reason;
	char flags[4];
	size_t i;

	for (i = 0; i < f->nsegs; i++) {
		const struct crx_result_segment *s = &f->seg[i];

		fprintf(out,
			"    segment %" PRIu32 "  %s  file pages %" PRIu32 " to %" PRIu64
			": %" PRIu32 " of %" PRIu32 " in place",
			s->index, crx_exec_flags_name(s->flags, flags), s->file_page,
			(uint64_t)s->file_page + s->pages - (s->pages != 0), s->in_place, s->pages);
		reason = segment_reason(&o->build, f, s);
		if (reason)
			fprintf(out, "  (%s)", reason);
		fputc('\n', out);
	}
}

static void put_block_list(FILE *out, const struct crx_result_file *f)
{
	size_t i;

	for (i = 0; i < f->nblocks; i++) {
		const struct crx_result_block *b = &f->block[i];

		fprintf(out, "    block %5zu  %-10s", i, crx_result_kind_text(b->kind));
		if (b->len)
			fprintf(out, "  offset 0x%08" PRIx64 "  %6" PRIu32 " bytes%s", b->off,
				b->len, b->shared ? "  shared" : "");
		fputc('\n', out);
	}
}

void details_put(FILE *out, const struct options *o, const struct crx_result *r)
{
	size_t i;

	if (!r->nfiles)
		return;
	fprintf(out, "  %4s %9s %9s %9s  %s\n", "mode", "owner", "size", "in image", "path");
	for (i = 0; i < r->nfiles; i++) {
		put_file(out, r, &r->file[i]);
		if (o->verbose > 1) {
			put_segments(out, o, &r->file[i]);
			put_block_list(out, &r->file[i]);
		}
	}
	fputc('\n', out);
}
