/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file "Packages" of rpm before 4.16: a hash of Berkeley DB (src/dbinc/db_page.h there), in
 * either byte order. Keys are numbers of headers, values are headers; most are on pages of their
 * own, which form a chain.
 */
#include "config.h"
#include "packages/parts.h"

#include <stdlib.h>

enum { PAGE_HEAD = 26, META = 512, MAGIC_HASH = 0x061561 };
enum page_type { PAGE_UNSORTED = 2, PAGE_OVERFLOW = 7, PAGE_HASH = 13 };
enum item_type { ITEM_INLINE = 1, ITEM_PAGES = 3 };

struct bdb {
	struct crx_packages *p;
	const uint8_t *data;
	size_t len;
	uint32_t page_size, npages;
	bool big;
	uint64_t budget; /* bytes that may still be copied: a sound file needs no more than its
			    length */
	const char *file;
	struct crx_err *err;
};

static uint32_t get32(const struct bdb *b, const uint8_t *p)
{
	return b->big ? packages_be32(p) : packages_le32(p);
}

static uint32_t get16(const struct bdb *b, const uint8_t *p)
{
	return b->big ? packages_be16(p) : packages_le16(p);
}

static bool is(const uint8_t *data, size_t len)
{
	return len >= META &&
	       (packages_le32(data + 12) == MAGIC_HASH || packages_be32(data + 12) == MAGIC_HASH);
}

static int damaged(const struct bdb *b)
{
	return crx_err_set(b->err, CRX_EFORMAT, 0, b->file, "a page is damaged");
}

/* Copies len bytes of the chain of pages that begins at page number at. */
static int copy_chain(struct bdb *b, uint32_t at, uint32_t len, uint8_t *out)
{
	while (len) {
		const uint8_t *page;
		uint32_t n;

		if (at >= b->npages)
			return damaged(b);
		page = b->data + (size_t)at * b->page_size;
		n = get16(b, page + 22);
		if (page[25] != PAGE_OVERFLOW || !n || n > len || n > b->page_size - PAGE_HEAD)
			return damaged(b);
		memcpy(out, page + PAGE_HEAD, n);
		out += n;
		len -= n;
		at = get32(b, page + 16);
	}
	return 0;
}

/* The value at off of a page, which ends at end. */
static int read_value(struct bdb *b, const uint8_t *page, uint32_t off, uint32_t end)
{
	uint32_t len;
	uint8_t *copy;
	int ret;

	if (page[off] == ITEM_INLINE) {
		len = end - off - 1;
		if (len > b->budget)
			return damaged(b);
		b->budget -= len;
		return crx_packages_rpm_header(b->p, page + off + 1, len, b->file, b->err);
	}
	if (page[off] != ITEM_PAGES || end - off < 12)
		return damaged(b);
	len = get32(b, page + off + 8);
	if (len > b->budget)
		return damaged(b);
	b->budget -= len;
	copy = crx_alloc(len, 1);
	if (!copy)
		return crx_err_nomem(b->err, "reading the database of rpm");
	ret = copy_chain(b, get32(b, page + off + 4), len, copy);
	if (!ret)
		ret = crx_packages_rpm_header(b->p, copy, len, b->file, b->err);
	free(copy);
	return ret;
}

/* Key, value, key, value, ... from the end of the page to its beginning. Header 0, of 4 bytes, is
 * a counter. */
static int read_page(struct bdb *b, const uint8_t *page)
{
	uint32_t n = get16(b, page + 20), i, key, value;
	int ret = 0;

	if (n > (b->page_size - PAGE_HEAD) / 2)
		return damaged(b);
	for (i = 0; i + 1 < n && !ret; i += 2) {
		key = get16(b, page + PAGE_HEAD + 2 * i);
		value = get16(b, page + PAGE_HEAD + 2 * i + 2);
		if (key >= b->page_size || value >= key)
			return damaged(b);
		if (page[value] != ITEM_INLINE || key - value != 5)
			ret = read_value(b, page, value, key);
	}
	return ret;
}

static int read_bdb(struct crx_packages *p, const uint8_t *data, size_t len, const char *file,
		    struct crx_err *err)
{
	struct bdb b = {
		.p = p, .data = data, .len = len, .budget = len, .file = file, .err = err
	};
	uint32_t i;
	int ret = 0;

	b.big = packages_be32(data + 12) == MAGIC_HASH;
	b.page_size = get32(&b, data + 20);
	if (b.page_size < META || b.page_size > 65536 || b.page_size & (b.page_size - 1))
		return damaged(&b);
	b.npages = (uint32_t)(len / b.page_size);
	for (i = 1; i < b.npages && !ret; i++) {
		const uint8_t *page = data + (size_t)i * b.page_size;

		if (page[25] == PAGE_HASH || page[25] == PAGE_UNSORTED)
			ret = read_page(&b, page);
	}
	return ret;
}

const struct rpm_kind crx_packages_rpm_bdb = { is, read_bdb };
