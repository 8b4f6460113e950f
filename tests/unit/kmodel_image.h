/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Forged images for the tests of the kernel model. Include after cmocka.h.
 */
#ifndef CRX_TESTS_KMODEL_IMAGE_H
#define CRX_TESTS_KMODEL_IMAGE_H

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../nasty/forge.h"
#include "comp/comp.h"
#include "read/kmodel.h"

enum {
	P = 4096,
	FLAGS = CRX_FLAG_FSID_VERSION_2 | CRX_FLAG_SORTED_DIRS | CRX_FLAG_HOLES |
		CRX_FLAG_EXT_BLOCK_POINTERS
};

static const struct crx_inode root_inode = { .mode = S_IFDIR | 0700, .off = 76, .size = 16 };

static inline struct crx_inode file_inode(uint64_t off, uint32_t size)
{
	return (struct crx_inode){ .mode = S_IFREG | 0644, .off = (uint32_t)off, .size = size };
}

static inline void forge_begin(struct forge *g, size_t pages)
{
	forge_init(g, CRX_ORDER_LITTLE, P, pages * P);
	forge_super(g, 0, FLAGS, &root_inode);
}

static inline void open_view(struct forge *g, struct crx_image *img)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(forge_view(g, img, &err), 0);
}

/* Block i reads as len bytes of pattern seed, and zeros. */
static inline void assert_block(const struct crx_image *img, const struct crx_inode *in, uint32_t i,
				uint32_t len, unsigned seed)
{
	struct crx_inflate *z = crx_inflate_new();
	uint8_t *page = malloc(img->page_size), *want = calloc(img->page_size, 1);
	enum crx_k_why why;

	assert_non_null(z);
	memset(page, 0xa5, img->page_size);
	forge_pattern(want, len, seed);
	why = crx_k_read_folio(img, in, i, z, page);
	if (why)
		print_error("block %u: %s\n", (unsigned)i, crx_k_why_text(why));
	assert_int_equal(why, CRX_K_OK);
	assert_memory_equal(page, want, img->page_size);
	crx_inflate_free(z);
	free(page);
	free(want);
}

/* The first n pages from page first on: so many are mapped, at off, and then why no more. */
static inline void assert_map(const struct crx_image *img, const struct crx_inode *in,
			      const uint32_t range[2], const struct crx_k_map *want)
{
	struct crx_k_map map;

	map = crx_k_physmem_mmap(img, in, range[0], range[1], false);
	assert_int_equal(map.pages, want->pages);
	assert_int_equal(map.off, want->off);
	assert_int_equal(map.why, want->why);
}

#define ASSERT_MAP(img, in, first, n, ...) \
	assert_map(img, in, (const uint32_t[]){ first, n }, &(struct crx_k_map){ __VA_ARGS__ })

#endif
