/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What fs/cramfs/uncompress.c does, with zlib; the kernel's inflate is an older version of
 * the same code.
 *
 * libdeflate takes less than half the time, but accepts streams that zlib and a kernel reject. So
 * it is used only where no difference is possible (crx_comp_is_plain_dynamic()), which is nearly
 * everywhere in practice, and zlib's checksum is the judge: libdeflate may have compressed the
 * stream, too. Whatever libdeflate rejects is left to zlib.
 */
#include "config.h"
#include "comp/backend.h"
#include "base/mem.h"

#include <limits.h>
#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>
#if HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif

struct crx_inflate {
	z_stream s;
#if HAVE_LIBDEFLATE
	struct libdeflate_decompressor *d;
#endif
};

#if HAVE_LIBDEFLATE
static bool start_fast(struct crx_inflate *z)
{
	z->d = libdeflate_alloc_decompressor();
	return z->d != NULL;
}

static void end_fast(struct crx_inflate *z)
{
	libdeflate_free_decompressor(z->d);
}

/* The length, or -1 if zlib must decide. */
static long inflate_fast(struct crx_inflate *z, const void *src, size_t len, void *dst, size_t cap)
{
	const uint8_t *p = src;
	size_t used, n;

	/* not libdeflate_zlib_decompress(): before 1.6 it looked for the Adler-32 in the last bytes
	 */
	if (!crx_comp_is_plain_dynamic(src, len) ||
	    libdeflate_deflate_decompress_ex(z->d, p + CRX_COMP_ZLIB_HDR,
					     len - CRX_COMP_ZLIB_HDR - CRX_COMP_ZLIB_TRAILER, dst,
					     cap, &used, &n) != LIBDEFLATE_SUCCESS)
		return -1;
	p += CRX_COMP_ZLIB_HDR + used;
	if (((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]) !=
	    adler32_z(1, dst, n))
		return -1;
	return (long)n;
}
#else
static bool start_fast(struct crx_inflate *z CRX_UNUSED)
{
	return true;
}

static void end_fast(struct crx_inflate *z CRX_UNUSED)
{
}

static long inflate_fast(struct crx_inflate *z CRX_UNUSED, const void *src CRX_UNUSED,
			 size_t len CRX_UNUSED, void *dst CRX_UNUSED, size_t cap CRX_UNUSED)
{
	return -1;
}
#endif

struct crx_inflate *crx_inflate_new(void)
{
	struct crx_inflate *z = crx_zalloc(1, sizeof(*z));

	if (!z)
		return NULL;
	z->s.zalloc = crx_comp_zalloc;
	z->s.zfree = crx_comp_zfree;
	/* as zlib_inflateInit(): a zlib header, and a window of at most 32 KiB */
	if (inflateInit(&z->s) == Z_OK) {
		if (start_fast(z))
			return z;
		inflateEnd(&z->s);
	}
	free(z);
	return NULL;
}

long crx_inflate_run(struct crx_inflate *z, const void *src, size_t len, void *dst, size_t dst_cap)
{
	long n = inflate_fast(z, src, len, dst, dst_cap);
	uint8_t none;

	if (n >= 0)
		return n;
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
	end_fast(z);
	free(z);
}
