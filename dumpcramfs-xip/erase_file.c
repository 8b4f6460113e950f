/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An update file: a header for a shell script, then the blocks.
 */
#include "config.h"

#include "erase.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/outfile.h"
#include "cli/process.h"

/* The header is longer than its lines can be: newlines fill it. */
enum { HEADER_UNIT = 512, FIRST_LINES_MAX = 640, BLOCK_LINE_MAX = 48, ERASED = 0xff };

struct writer {
	const struct dump *d;
	const struct erase_changes *c;
	uint8_t *block;
	FILE *out;
	uint64_t index; /* of the next line about a block */
};

/* Copies block `off` of the new image into w->block; what is after its end is erased flash. */
static void fill_block(const struct writer *w, uint64_t off)
{
	uint64_t left = w->c->new_len - off, len = w->c->erase_len;
	uint64_t n = left < len ? left : len;

	memcpy(w->block, w->d->view[1].img.data + off, (size_t)n);
	memset(w->block + n, ERASED, (size_t)(len - n));
}

static void put_image(const struct writer *w, const char *name, const struct crx_image *img,
		      uint64_t len)
{
	const struct crx_super *s = &img->super;
	struct cksum sum = { 0 };

	cksum_add(&sum, img->data, len);
	fprintf(w->out, "%s %" PRIu64 " 0x%08" PRIx32 " %" PRIu32 " %" PRIu32 " %" PRIu32 "\n",
		name, len, s->crc, s->edition, s->blocks, s->files);
	fprintf(w->out, "%s-cksum %" PRIu32 " %" PRIu64 "\n", name, cksum_end(&sum), len);
}

/* What is in no block that differs is the same in both images. */
static void put_kept(const struct writer *w)
{
	struct cksum sum = { 0 };
	uint64_t at = 0;
	size_t i;

	for (i = 0; i < w->c->n; i++) {
		cksum_add(&sum, w->d->view[1].img.data + at, w->c->range[i].off - at);
		at = w->c->range[i].off + w->c->range[i].len;
	}
	cksum_add(&sum, w->d->view[1].img.data + at, w->c->new_len - at);
	fprintf(w->out, "kept-cksum %" PRIu32 " %" PRIu64 "\n", cksum_end(&sum), sum.len);
}

/* Calls fn for each block, in the order in which they are to be written. The one with the
 * superblock, which is the first of the image, comes last: until then, the flash has the old one.
 */
static void for_each_block(struct writer *w, void (*fn)(struct writer *w, uint64_t off))
{
	uint64_t off;
	size_t i;

	for (i = 0; i < w->c->n; i++)
		for (off = w->c->range[i].off; off < w->c->range[i].off + w->c->range[i].len;
		     off += w->c->erase_len)
			if (off)
				fn(w, off);
	if (w->c->n && !w->c->range[0].off)
		fn(w, 0);
}

static void put_line(struct writer *w, uint64_t off)
{
	struct cksum sum = { 0 };

	fill_block(w, off);
	cksum_add(&sum, w->block, w->c->erase_len);
	fprintf(w->out, "%" PRIu64 " %" PRIu64 " %" PRIu32 "\n", off, w->index++, cksum_end(&sum));
}

static void put_block(struct writer *w, uint64_t off)
{
	fill_block(w, off);
	fwrite(w->block, 1, w->c->erase_len, w->out);
}

static void put_file(struct writer *w)
{
	uint64_t len = crx_round_up(FIRST_LINES_MAX + w->c->changed * BLOCK_LINE_MAX, HEADER_UNIT);
	long at;

	fprintf(w->out, "cramfs-xip-update 1\nheader %" PRIu64 "\nerase-size %" PRIu32 "\n", len,
		w->c->erase_len);
	put_image(w, "old", &w->d->view[0].img, w->c->old_len);
	put_image(w, "new", &w->d->view[1].img, w->c->new_len);
	put_kept(w);
	fprintf(w->out, "blocks %" PRIu64 "\n", w->c->changed);
	for_each_block(w, put_line);
	fputs("end\n", w->out);
	for (at = ftell(w->out); at >= 0 && (uint64_t)at < len; at++)
		fputc('\n', w->out);
	for_each_block(w, put_block);
}

static int check_outside(const struct dump *d, struct crx_err *err)
{
	bool same = false;
	int i, ret = 0;

	for (i = 0; i < 2 && !ret && !same; i++)
		ret = crx_cli_same_file(d->o->blocks, d->view[i].path, &same, err);
	return ret || !same ? ret
			    : crx_err_set(err, CRX_EARG, 0, d->o->blocks,
					  "--blocks would replace an image (choose another name)");
}

int erase_write(struct dump *d, const struct erase_changes *c, struct crx_err *err)
{
	struct writer w = { .d = d, .c = c, .block = crx_alloc(1, c->erase_len) };
	struct crx_cli_outfile file = { 0 };
	int ret = w.block ? check_outside(d, err) : crx_err_nomem(err, "writing an update");

	if (!ret)
		ret = crx_cli_outfile_open(&file, d->o->blocks, "--blocks",
					   crx_cli_process_hooks(0), err);
	if (!ret) {
		w.out = file.out;
		put_file(&w);
		ret = crx_cli_outfile_close(&file, "the update", false, err);
		crx_cli_outfile_abort(&file);
	}
	free(w.block);
	return ret;
}
