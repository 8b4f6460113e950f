/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "comp/backend.h"
#include "base/mem.h"

#if HAVE_LIBDEFLATE
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

/*
 * libdeflate needs some free bytes after its output (8 in version 1.14). Without them it
 * returns 0, even if the stream would fit. We want every stream that fits, independent of
 * the library's version, so the output goes to a buffer that is always large enough.
 */
struct instance {
	struct libdeflate_compressor *c;
	size_t bound;
	uint8_t *buf; /* bound bytes */
};

static void destroy(void *self)
{
	struct instance *i = self;

	if (!i)
		return;
	libdeflate_free_compressor(i->c);
	free(i->buf);
	free(i);
}

static void *create(int level)
{
	struct instance *i = crx_zalloc(1, sizeof(*i));

	if (!i)
		return NULL;
	i->c = libdeflate_alloc_compressor(level);
	if (i->c) {
		i->bound = libdeflate_zlib_compress_bound(i->c, CRX_COMP_BLOCK_MAX);
		i->buf = crx_alloc(i->bound, 1);
	}
	if (i->buf)
		return i;
	destroy(i);
	return NULL;
}

static size_t compress_block(void *self, const void *src, size_t len, void *dst, size_t cap)
{
	struct instance *i = self;
	size_t n;

	if (cap >= libdeflate_zlib_compress_bound(i->c, len) || len > CRX_COMP_BLOCK_MAX)
		return libdeflate_zlib_compress(i->c, src, len, dst, cap);
	n = libdeflate_zlib_compress(i->c, src, len, i->buf, i->bound);
	if (n > cap)
		return 0;
	memcpy(dst, i->buf, n);
	return n;
}

const struct crx_comp_backend crx_comp_libdeflate = {
	.name = "libdeflate",
	.level_min = 1,
	.level_max = 12,
	.level_default = 9,
	.level_best = 12,
	.create = create,
	.compress = compress_block,
	.destroy = destroy,
};
#endif
