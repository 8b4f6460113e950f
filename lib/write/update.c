/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The difference from the old image, in erase blocks.
 */
#include "config.h"
#include "write/writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"

struct compare {
	const struct crx_layout *l;
	const struct crx_write_opts *o;
	struct crx_update *out;
	int fd;
	uint8_t *block;
	size_t piece; /* the first piece that does not end before the block */
	uint64_t off, len;
};

static int read_block(struct compare *c, uint64_t off, struct crx_err *err)
{
	uint64_t left = c->l->image_size - off;

	c->off = off;
	c->len = left < c->o->erase_len ? left : c->o->erase_len;
	return crx_io_pread(c->fd, c->block, (size_t)c->len, off, c->o->path, err);
}

static bool is_changed(const struct compare *c)
{
	const struct crx_old *old = c->o->old;

	return c->off + c->len > old->size ||
	       memcmp(c->block, old->data + c->off, (size_t)c->len) != 0;
}

/* Of the block, the part of what is free from begin to end; padding is left alone. */
static bool erase_gap(struct compare *c, uint64_t begin, uint64_t end)
{
	bool is_free = end >= begin + CRX_LAYOUT_FREE_MIN;

	begin = begin > c->off ? begin : c->off;
	end = end < c->off + c->len ? end : c->off + c->len;
	if (!is_free || begin >= end)
		return false;
	memset(c->block + (begin - c->off), CRX_ERASED, (size_t)(end - begin));
	return true;
}

/* Blocks come in ascending order, but the first one again at the end. What lies before the first
 * run or at the end of the image is free, too. */
static int erase_free_space(struct compare *c, struct crx_err *err)
{
	const struct crx_piece *p = c->l->piece;
	uint64_t at;
	bool any = false;
	size_t i;

	if (!c->off)
		c->piece = 0;
	while (c->piece < c->l->npieces && p[c->piece].off + p[c->piece].len <= c->off)
		c->piece++;
	i = c->piece;
	while (i && p[i - 1].kind == CRX_PIECE_FREE)
		i--;
	at = i ? p[i - 1].off + p[i - 1].len : c->l->bytes.head;
	for (; i < c->l->npieces && at < c->off + c->len; i++) {
		if (p[i].kind == CRX_PIECE_FREE)
			continue;
		any |= erase_gap(c, at, p[i].off);
		at = p[i].off + p[i].len;
	}
	if (i == c->l->npieces)
		any |= erase_gap(c, at, c->l->image_size);
	return any ? crx_io_pwrite(c->fd, c->block, (size_t)c->len, c->off, c->o->path, err) : 0;
}

static void count(struct compare *c)
{
	c->out->changed_blocks++;
	c->out->changed_bytes += c->len;
}

/* All blocks but the first. *crc is theirs. */
static int compare_rest(struct compare *c, uint32_t *crc, struct crx_err *err)
{
	uint64_t off;
	bool changed;
	int ret = 0;

	*crc = 0;
	for (off = c->o->erase_len; off < c->l->image_size && !ret; off += c->o->erase_len) {
		ret = read_block(c, off, err);
		if (!ret && c->o->wipe)
			ret = erase_free_space(c, err);
		changed = !ret && is_changed(c);
		if (changed)
			count(c);
		if (changed && !c->o->wipe)
			ret = erase_free_space(c, err);
		if (!ret)
			*crc = crx_crc32(*crc, c->block, (size_t)c->len);
	}
	return ret;
}

/* The block with the superblock differs if any other does, because of the CRC. */
static int compare_first(struct compare *c, uint32_t rest, uint32_t *crc, struct crx_err *err)
{
	uint64_t from = c->l->super_off, field = from + CRX_SUPER_OFF_CRC;
	static const uint8_t zero[4];
	uint8_t expected[4];
	bool changed;
	int ret = read_block(c, 0, err);

	if (!ret && c->o->wipe)
		ret = erase_free_space(c, err);
	if (ret < 0)
		return ret;
	/* with the CRC that it would have, if nothing else has changed */
	*crc = crx_crc32(0, c->block + from, (size_t)(c->len - from));
	*crc = crx_crc32_combine(*crc, rest, c->l->image_size - c->len);
	crx_put32(expected, *crc, c->o->order);
	memcpy(c->block + field, expected, sizeof(expected));
	changed = c->out->changed_blocks || is_changed(c);
	memcpy(c->block + field, zero, sizeof(zero));
	if (!changed)
		return 0;
	count(c);
	if (!c->o->wipe)
		ret = erase_free_space(c, err);
	*crc = crx_crc32(0, c->block + from, (size_t)(c->len - from));
	*crc = crx_crc32_combine(*crc, rest, c->l->image_size - c->len);
	return ret;
}

int crx_write_update(int fd, const struct crx_layout *l, const struct crx_write_opts *o,
		     uint32_t *crc, struct crx_update *out, struct crx_err *err)
{
	struct compare c = { .l = l, .o = o, .out = out, .fd = fd };
	uint32_t rest = 0;
	int ret;

	*out = (struct crx_update){ .blocks = (l->image_size + o->erase_len - 1) / o->erase_len };
	c.block = crx_alloc(o->erase_len, 1);
	if (!c.block)
		return crx_err_nomem(err, "comparing with the old image");
	ret = compare_rest(&c, &rest, err);
	if (!ret)
		ret = compare_first(&c, rest, crc, err);
	free(c.block);
	return ret;
}
