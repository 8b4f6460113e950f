/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "comp/backend.h"
#include "base/mem.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

enum {
	/* 32 KiB, the maximum: a shorter window would exclude distant matches in large blocks */
	WINDOW_BITS = 15,
	/* Measured at level 9 on the files of a Debian root: with blocks of 4 KiB, 7, 8 and 9
	 * differ by about a byte in 12 MB. With 64 KiB, the output of 7 is 0.5 % smaller than
	 * that of 8, which is 0.6 % smaller than that of 9. */
	MEM_LEVEL = 7
};

struct instance {
	z_stream z;
	int level;
	bool reset_is_pure;
};

void *crx_comp_zalloc(void *opaque CRX_UNUSED, unsigned items, unsigned size)
{
	return crx_zalloc(items, size);
}

void crx_comp_zfree(void *opaque CRX_UNUSED, void *p)
{
	free(p);
}

/*
 * Is the output after deflateReset() independent of earlier blocks? It is in zlib, whose
 * longest_match() stops at the end of the input and never sees old data in the window. It
 * was not in some versions of its replacements zlib-ng and zlib-rs (zlib-ng issue 2100),
 * whose version strings have letters. With these, each block gets a new deflate state.
 */
static bool reset_is_pure(void)
{
	const char *v = zlibVersion();

	return v[strspn(v, "0123456789.")] == '\0';
}

static int init(struct instance *i)
{
	memset(&i->z, 0, sizeof(i->z));
	i->z.zalloc = crx_comp_zalloc;
	i->z.zfree = crx_comp_zfree;
	return deflateInit2(&i->z, i->level, Z_DEFLATED, WINDOW_BITS, MEM_LEVEL,
			    Z_DEFAULT_STRATEGY);
}

static int restart(struct instance *i)
{
	if (i->reset_is_pure)
		return deflateReset(&i->z);
	deflateEnd(&i->z);
	return init(i);
}

static void destroy(void *self)
{
	struct instance *i = self;

	if (!i)
		return;
	deflateEnd(&i->z);
	free(i);
}

static void *create(int level)
{
	struct instance *i = crx_zalloc(1, sizeof(*i));

	if (!i)
		return NULL;
	i->level = level;
	i->reset_is_pure = reset_is_pure();
	if (init(i) == Z_OK)
		return i;
	free(i);
	return NULL;
}

static size_t compress_block(void *self, const void *src, size_t len, void *dst, size_t cap)
{
	struct instance *i = self;

	if (len > UINT_MAX || restart(i) != Z_OK)
		return 0;
	i->z.next_in = src;
	i->z.avail_in = (uInt)len;
	i->z.next_out = dst;
	i->z.avail_out = cap < UINT_MAX ? (uInt)cap : UINT_MAX;
	if (deflate(&i->z, Z_FINISH) != Z_STREAM_END)
		return 0;
	return (size_t)i->z.total_out;
}

const struct crx_comp_backend crx_comp_zlib = {
	.name = "zlib",
	.level_min = 1,
	.level_max = 9,
	.level_default = 9,
	.level_best = 9,
	.create = create,
	.compress = compress_block,
	.destroy = destroy,
};
