/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What fs/cramfs/uncompress.c does, with zlib; the kernel's inflate is an older version of
 * the same code.
 */
#include "config.h"
#include "comp/backend.h"
#include "base/mem.h"

#include <limits.h>
#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

struct crx_inflate {
	z_stream s;
};

struct crx_inflate *crx_inflate_new(void)
{
	struct crx_inflate *z = crx_zalloc(1, sizeof(*z));

	if (!z)
		return NULL;
	z->s.zalloc = crx_comp_zalloc;
	z->s.zfree = crx_comp_zfree;
	/* as zlib_inflateInit(): a zlib header, and a window of at most 32 KiB */
	if (inflateInit(&z->s) == Z_OK)
		return z;
	free(z);
	return NULL;
}

long crx_inflate_run(struct crx_inflate *z, const void *src, size_t len, void *dst, size_t dst_cap)
{
	uint8_t none;

	/* as cramfs_uncompress_block(): a single call, which must reach the end of the stream.
	 * Too little space or input, a preset dictionary or a wrong Adler-32 are errors. */
	if (inflateReset(&z->s) != Z_OK)
		return -1;
	/* unlike the kernel's, zlib rejects a null output pointer */
	z->s.next_out = dst_cap ? dst : &none;
	z->s.avail_out = dst_cap < INT_MAX ? (uInt)dst_cap : INT_MAX;
	z->s.next_in = src;
	z->s.avail_in = len < INT_MAX ? (uInt)len : INT_MAX;
	if (inflate(&z->s, Z_FINISH) != Z_STREAM_END)
		return -1;
	return (long)z->s.total_out;
}

void crx_inflate_free(struct crx_inflate *z)
{
	if (!z)
		return;
	inflateEnd(&z->s);
	free(z);
}
