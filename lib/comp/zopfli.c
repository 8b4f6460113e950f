/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "comp/backend.h"
#include "base/mem.h"

#if HAVE_ZOPFLI
#include <stdlib.h>
#include <string.h>
#include <zopfli/zopfli.h>

/* The level is the number of iterations. Without memory, the library exits. */
static void *create(int level)
{
	ZopfliOptions *o = crx_alloc(1, sizeof(*o));

	if (!o)
		return NULL;
	ZopfliInitOptions(o);
	o->numiterations = level;
	return o;
}

static size_t compress_block(void *self, const void *src, size_t len, void *dst, size_t cap)
{
	unsigned char *out = NULL;
	size_t n = 0;

	ZopfliCompress(self, ZOPFLI_FORMAT_ZLIB, src, len, &out, &n);
	if (n > cap)
		n = 0;
	if (n)
		memcpy(dst, out, n);
	free(out);
	return n;
}

const struct crx_comp_backend crx_comp_zopfli = {
	.name = "zopfli",
	.level_min = 1,
	.level_max = 1000,
	.level_default = 15,
	.level_best = 60,
	.create = create,
	.compress = compress_block,
	.destroy = free,
};
#endif
