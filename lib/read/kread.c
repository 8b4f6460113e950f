/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cramfs_read_folio() in pieces. Image offsets wrap at 32 bits, as they do in the kernel.
 */
#include "config.h"
#include "read/kcore.h"

#include <string.h>

#include "comp/comp.h"

static enum crx_k_why read_u32(const struct crx_image *img, uint32_t off, uint32_t *v)
{
	const uint8_t *p;
	enum crx_k_why why = crx_k_direct_read(img, off, 4, &p);

	*v = p ? crx_get32(p, img->order) : 0;
	return why;
}

static enum crx_k_why read_u16(const struct crx_image *img, uint32_t off, uint16_t *v)
{
	const uint8_t *p;
	enum crx_k_why why = crx_k_direct_read(img, off, 2, &p);

	*v = p ? crx_get16(p, img->order) : 0;
	return why;
}

/* block_ptr << CRAMFS_BLK_DIRECT_PTR_SHIFT, which shifts the flags out at the top */
static uint32_t direct_start(uint32_t ptr)
{
	return (ptr & ~CRX_BLK_FLAGS) << CRX_BLK_DIRECT_SHIFT;
}

/* "The block pointer is an absolute start pointer" */
static enum crx_k_why find_direct(const struct crx_image *img, const struct crx_inode *inode,
				  uint32_t i, uint32_t ptr, uint32_t *start, uint32_t *len)
{
	enum crx_k_why why;
	uint16_t stored;

	*start = direct_start(ptr);
	if (ptr & CRX_BLK_UNCOMPRESSED) {
		*len = img->page_size;
		/* "if last block: cap to file length" by offset_in_page(), which is 0 if the size
		 * is a multiple of the page */
		if (i == crx_k_max_pages(img, inode) - 1)
			*len = crx_k_i_size(inode) % img->page_size;
		return CRX_K_OK;
	}
	why = read_u16(img, *start, &stored);
	*len = stored;
	*start += CRX_DIRECT_HDR_LEN;
	return why;
}

/* "Beware... previous ptr might be a direct ptr": where that block ends. If it is uncompressed, the
 * kernel always takes it for a whole page. */
static enum crx_k_why end_of_direct(const struct crx_image *img, uint32_t prev, uint32_t *end)
{
	enum crx_k_why why;
	uint16_t stored;

	*end = direct_start(prev);
	if (prev & CRX_BLK_UNCOMPRESSED) {
		*end += img->page_size;
		return CRX_K_OK;
	}
	why = read_u16(img, *end, &stored);
	*end += CRX_DIRECT_HDR_LEN + (uint32_t)stored;
	return why;
}

/* "The block pointer indicates one past the end of the current block" */
static enum crx_k_why find_plain(const struct crx_image *img, const struct crx_inode *inode,
				 uint32_t i, uint32_t ptr, uint32_t *start, uint32_t *len)
{
	enum crx_k_why why = CRX_K_OK;

	*start = inode->off + crx_k_max_pages(img, inode) * CRX_BLKPTR_LEN;
	if (i)
		why = read_u32(img, inode->off + (i - 1) * CRX_BLKPTR_LEN, start);
	if (!why && (*start & CRX_BLK_DIRECT))
		why = end_of_direct(img, *start, start);
	/* this also applies to the end of a direct block: the kernel drops the bits above 1 GiB */
	*start &= ~CRX_BLK_FLAGS;
	*len = (ptr & ~CRX_BLK_FLAGS) - *start;
	return why;
}

enum crx_k_why crx_k_find_block(const struct crx_image *img, const struct crx_inode *inode,
				uint32_t i, struct crx_k_block *out)
{
	uint32_t ptr, start, len;
	enum crx_k_why why;

	*out = (struct crx_k_block){ .hole = true };
	if (i >= crx_k_max_pages(img, inode))
		return CRX_K_OK;
	why = read_u32(img, inode->off + i * CRX_BLKPTR_LEN, &ptr);
	if (why)
		return why;
	out->uncompressed = ptr & CRX_BLK_UNCOMPRESSED;
	out->direct = ptr & CRX_BLK_DIRECT;
	if (out->direct)
		why = find_direct(img, inode, i, ptr, &start, &len);
	else
		why = find_plain(img, inode, i, ptr, &start, &len);
	if (why)
		return why;
	out->hole = !len;
	out->start = start;
	out->len = len;
	if (len > 2 * img->page_size || (out->uncompressed && len > img->page_size))
		return CRX_K_BAD_BLOCKSIZE;
	return CRX_K_OK;
}

/* Puts the bytes of a block that is not a hole into page; *filled is their number. */
static enum crx_k_why fill_page(const struct crx_image *img, const struct crx_k_block *b,
				struct crx_inflate *z, uint8_t *page, size_t *filled)
{
	const uint8_t *p;
	enum crx_k_why why = crx_k_direct_read(img, (uint32_t)b->start, (uint32_t)b->len, &p);
	long n;

	if (why)
		return why;
	if (b->uncompressed) {
		if (p)
			memcpy(page, p, (size_t)b->len);
		*filled = p ? (size_t)b->len : 0;
		return CRX_K_OK;
	}
	/* the zero page is not a zlib stream: cramfs_uncompress_block() fails */
	n = p ? crx_inflate_run(z, p, (size_t)b->len, page, img->page_size) : -1;
	if (n < 0)
		return CRX_K_DECOMPRESSION;
	*filled = (size_t)n;
	return CRX_K_OK;
}

enum crx_k_why crx_k_read_folio(const struct crx_image *img, const struct crx_inode *inode,
				uint32_t i, struct crx_inflate *z, uint8_t *page)
{
	struct crx_k_block b;
	enum crx_k_why why = crx_k_find_block(img, inode, i, &b);
	size_t filled = 0;

	if (!why && !b.hole)
		why = fill_page(img, &b, z, page, &filled);
	if (why)
		return why;
	memset(page + filled, 0, img->page_size - filled);
	return CRX_K_OK;
}

/* The bytes of a stream; NULL if the block is not one. */
static const uint8_t *find_stream(const struct crx_image *img, const struct crx_inode *inode,
				  uint32_t i, uint32_t *len)
{
	const uint8_t *p = NULL;
	struct crx_k_block b;

	if (crx_k_find_block(img, inode, i, &b) || b.hole || b.uncompressed)
		return NULL;
	*len = (uint32_t)b.len;
	return crx_k_direct_read(img, (uint32_t)b.start, *len, &p) ? NULL : p;
}

bool crx_k_is_same_stream(const struct crx_image *img, const struct crx_inode *a, uint32_t i,
			  const struct crx_inode *b, uint32_t j)
{
	uint32_t a_len, b_len;
	const uint8_t *p = find_stream(img, a, i, &a_len), *q = find_stream(img, b, j, &b_len);

	return p && q && a_len == b_len && (p == q || !memcmp(p, q, a_len));
}
