/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layout: the regions of the image in order, then sums by use.
 */
#include "config.h"

#include <inttypes.h>

#include "cli/number.h"
#include "extents.h"
#include "inode.h"

/*
 * Tables, blocks and the few bytes of padding between them alternate thousands of times, so
 * together they are one region. Less than a page of padding or free space belongs to the region
 * before it.
 */
enum region_kind {
	REGION_HEAD,
	REGION_DIRS,
	REGION_DATA, /* tables, blocks and padding */
	REGION_IN_PLACE,
	REGION_PADDING,
	REGION_FREE,
	REGION_AFTER
};

static const char *const region_name[] = {
	[REGION_HEAD] = "head",
	[REGION_DIRS] = "directories",
	[REGION_DATA] = "tables and blocks",
	[REGION_IN_PLACE] = "in place",
	[REGION_PADDING] = "padding",
	[REGION_FREE] = "free",
	[REGION_AFTER] = "after the image",
};

/* The value in JSON, which must not change. */
static const char *region_key(enum region_kind kind)
{
	return kind == REGION_AFTER ? "behind the image" : region_name[kind];
}

struct region {
	enum region_kind kind;
	uint64_t off, len;
	uint64_t bytes[USES];
};

static enum region_kind kind_of(const struct piece *p)
{
	static const enum region_kind kind[] = {
		[USE_HEAD] = REGION_HEAD,         [USE_DIRS] = REGION_DIRS,
		[USE_TABLES] = REGION_DATA,       [USE_COMPRESSED] = REGION_DATA,
		[USE_STORED] = REGION_DATA,       [USE_HEADERS] = REGION_DATA,
		[USE_IN_PLACE] = REGION_IN_PLACE, [USE_TAILS] = REGION_IN_PLACE,
		[USE_PADDING] = REGION_PADDING,   [USE_FREE] = REGION_FREE,
		[USE_UNKNOWN] = REGION_PADDING,   [USE_AFTER] = REGION_AFTER,
	};

	return kind[p->use];
}

static bool is_small_gap(const struct piece *p, uint32_t page_size)
{
	enum region_kind kind = kind_of(p);

	return (kind == REGION_PADDING || kind == REGION_FREE) && p->len < page_size;
}

/* The region that begins at piece *i; sets *i to the piece after it. */
static void next_region(const struct pieces *p, size_t *i, uint32_t page_size, struct region *r)
{
	const struct piece *piece = &p->piece[*i];

	*r = (struct region){ .kind = kind_of(piece), .off = piece->off };
	for (; *i < p->n; ++*i, piece++) {
		if (kind_of(piece) != r->kind && !is_small_gap(piece, page_size))
			break;
		r->len += piece->len;
		r->bytes[piece->use] += piece->len;
	}
}

static void put_parts(FILE *out, const struct region *r)
{
	size_t use, n = 0;

	for (use = 0; use < USES; use++)
		n += r->bytes[use] > 0;
	for (use = 0; n > 1 && use < USES; use++)
		if (r->bytes[use])
			fprintf(out, "  %s %" PRIu64, use_name((enum use)use), r->bytes[use]);
	fputc('\n', out);
}

static void put_text(const struct dump *d, const struct pieces *p)
{
	const struct crx_image *img = &d->view->img;
	char percent[CRX_CLI_NUMBER_MAX];
	struct region r;
	size_t i = 0;

	fprintf(d->out, "%10s %10s  %s\n", "offset", "bytes", "region");
	while (i < p->n) {
		next_region(p, &i, img->page_size, &r);
		fprintf(d->out, "0x%08" PRIx64 " %10" PRIu64 "  %s", r.off, r.len,
			region_name[r.kind]);
		put_parts(d->out, &r);
	}
	fprintf(d->out, "\n%10s %8s  %s\n", "bytes", "", "use");
	for (i = 0; i < USES; i++)
		if (p->bytes[i])
			fprintf(d->out, "%10" PRIu64 " %8s  %s\n", p->bytes[i],
				crx_cli_percent_text(p->bytes[i], img->len, percent),
				use_name((enum use)i));
	fprintf(d->out, "%10" PRIu64 " %8s  total\n", img->len, "");
	if (p->shared)
		fprintf(d->out, "%10" PRIu64 " %8s  saved by sharing tables and blocks\n",
			p->shared, "");
}

static void put_json(const struct dump *d, const struct pieces *p)
{
	struct crx_cli_json j = { .out = d->out };
	struct region r;
	size_t i = 0, use;

	crx_cli_json_open(&j, NULL, '{', false);
	crx_cli_json_uint(&j, "page_size", d->view->img.page_size);
	crx_cli_json_uint(&j, "size", d->view->img.super.size);
	crx_cli_json_uint(&j, "file_size", d->view->img.len);
	crx_cli_json_open(&j, "regions", '[', false);
	while (i < p->n) {
		next_region(p, &i, d->view->img.page_size, &r);
		crx_cli_json_open(&j, NULL, '{', true);
		crx_cli_json_string(&j, "region", region_key(r.kind));
		crx_cli_json_uint(&j, "offset", r.off);
		crx_cli_json_uint(&j, "length", r.len);
		for (use = 0; use < USES; use++)
			if (r.bytes[use])
				crx_cli_json_uint(&j, use_key((enum use)use), r.bytes[use]);
		crx_cli_json_close(&j);
	}
	crx_cli_json_close(&j);
	crx_cli_json_open(&j, "bytes", '{', false);
	for (use = 0; use < USES; use++)
		crx_cli_json_uint(&j, use_key((enum use)use), p->bytes[use]);
	crx_cli_json_close(&j);
	crx_cli_json_uint(&j, "shared", p->shared);
	crx_cli_json_close(&j);
}

int command_layout(struct dump *d, struct crx_err *err)
{
	struct pieces p;
	int ret = pieces_find(d->view, &p, err);

	if (ret)
		return ret;
	if (p.truncated)
		dump_incomplete(d, NULL,
				"more tables or blocks than an image of this size can hold: not "
				"all are counted");
	if (d->o->json)
		put_json(d, &p);
	else
		put_text(d, &p);
	pieces_free(&p);
	return 0;
}
