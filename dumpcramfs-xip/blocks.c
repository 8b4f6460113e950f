/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "blocks.h"

#include <sys/stat.h>

const char *block_name(enum block_kind kind)
{
	static const char *const name[] = {
		[BLOCK_HOLE] = "hole",     [BLOCK_COMPRESSED] = "compressed",
		[BLOCK_STORED] = "stored", [BLOCK_IN_PLACE] = "in place",
		[BLOCK_BAD] = "bad",
	};

	return name[kind];
}

bool has_blocks(const struct crx_entry *e)
{
	return (S_ISREG(e->de.inode.mode) || S_ISLNK(e->de.inode.mode)) && crx_entry_size(e);
}

uint32_t block_count(const struct crx_image *img, const struct crx_entry *e)
{
	return has_blocks(e) ? (crx_entry_size(e) + img->page_size - 1) / img->page_size : 0;
}

/*
 * A direct, uncompressed block. Its length comes from the size of the file: if the last block is a
 * whole page, the kernel's read() takes 0 bytes of it, but a mapping shows it.
 */
static void set_direct(const struct crx_image *img, const struct crx_entry *e, uint32_t i,
		       struct block *b)
{
	uint32_t left = crx_entry_size(e) - i * img->page_size;

	b->off = b->k.start;
	b->len = left < img->page_size ? left : img->page_size;
	b->kind = b->off % img->page_size ? BLOCK_STORED : BLOCK_IN_PLACE;
}

void block_find(const struct crx_image *img, const struct crx_entry *e, uint32_t i,
		struct block *out)
{
	*out = (struct block){ .kind = BLOCK_HOLE };
	out->why = crx_k_find_block(img, &e->de.inode, i, &out->k);
	if (!out->why && out->k.direct && out->k.uncompressed) {
		set_direct(img, e, i, out);
	} else if (!out->why && !out->k.hole) {
		uint32_t head = out->k.direct ? CRX_DIRECT_HDR_LEN : 0;

		out->kind = out->k.uncompressed ? BLOCK_STORED : BLOCK_COMPRESSED;
		out->off = out->k.start - head;
		out->len = out->k.len + head;
	}
	if (!out->why && (out->off > img->len || out->len > img->len - out->off))
		out->why = CRX_K_OUT_OF_BOUNDS;
	if (out->why) {
		out->kind = BLOCK_BAD;
		out->off = out->k.start;
		out->len = 0;
	}
}

void tally_entry(const struct crx_image *img, const struct crx_entry *e, uint64_t *budget,
		 struct tally *out)
{
	uint32_t n = block_count(img, e), i;
	struct block b;

	*out = (struct tally){ .known = n <= *budget };
	if (!out->known)
		return;
	*budget -= n;
	out->bytes = (uint64_t)n * CRX_BLKPTR_LEN;
	for (i = 0; i < n; i++) {
		block_find(img, e, i, &b);
		out->n[b.kind]++;
		out->bytes += b.len;
	}
}

void json_tally(struct crx_cli_json *j, const struct tally *t)
{
	crx_cli_json_open(j, "blocks", '{', true);
	crx_cli_json_uint(j, "hole", t->n[BLOCK_HOLE]);
	crx_cli_json_uint(j, "compressed", t->n[BLOCK_COMPRESSED]);
	crx_cli_json_uint(j, "stored", t->n[BLOCK_STORED]);
	crx_cli_json_uint(j, "in_place", t->n[BLOCK_IN_PLACE]);
	crx_cli_json_uint(j, "bad", t->n[BLOCK_BAD]);
	crx_cli_json_close(j);
	crx_cli_json_uint(j, "image_bytes", t->bytes);
}
