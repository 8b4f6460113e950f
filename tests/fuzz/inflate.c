/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target: a zlib stream. crx_inflate_run() and zlib's inflate() agree about it, also if its
 * Adler-32 is made right.
 */
#include "config.h"

#include <string.h>
#include <zlib.h>

#include "comp/comp.h"
#include "fuzz.h"

enum { PAGE = 4096, STREAM_MAX = 2 * PAGE };

/* The length, or -1; *used: bytes of the stream. */
static long by_zlib(const uint8_t *data, size_t len, int window, uint8_t *page, size_t *used)
{
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)data, .avail_in = (uInt)len };
	int ret;

	FUZZ_CHECK(inflateInit2(&z, window) == Z_OK);
	z.next_out = page;
	z.avail_out = PAGE;
	ret = inflate(&z, Z_FINISH);
	*used = len - z.avail_in;
	inflateEnd(&z);
	return ret == Z_STREAM_END ? (long)z.total_out : -1;
}

static void compare(struct crx_inflate *z, const uint8_t *data, size_t len)
{
	static uint8_t a[PAGE], b[PAGE];
	size_t used;
	long n = by_zlib(data, len, MAX_WBITS, a, &used);

	FUZZ_CHECK(crx_inflate_run(z, data, len, b, sizeof(b)) == n);
	FUZZ_CHECK(n < 0 || !memcmp(a, b, (size_t)n));
	/* just enough room, and a byte less */
	FUZZ_CHECK(n < 0 || crx_inflate_run(z, data, len, b, (size_t)n) == n);
	FUZZ_CHECK(n < 1 || crx_inflate_run(z, data, len, b, (size_t)n - 1) == -1);
}

/* The length of a raw deflate stream, or -1; *used: its own. libdeflate accepts more than zlib,
 * which is what this is about. */
#if HAVE_LIBDEFLATE
#include <libdeflate.h>

static long by_another(const uint8_t *data, size_t len, uint8_t *page, size_t *used)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	enum libdeflate_result ret;
	size_t n;

	FUZZ_CHECK(d);
	ret = libdeflate_deflate_decompress_ex(d, data, len, page, PAGE, used, &n);
	libdeflate_free_decompressor(d);
	return ret == LIBDEFLATE_SUCCESS ? (long)n : -1;
}
#else
static long by_another(const uint8_t *data, size_t len, uint8_t *page, size_t *used)
{
	return by_zlib(data, len, -MAX_WBITS, page, used);
}
#endif

/* The stream with the Adler-32 that fits its contents; false if it has none. */
static bool repair_adler(const uint8_t *data, size_t len, uint8_t *stream, size_t *stream_len)
{
	static uint8_t page[PAGE];
	size_t used;
	long n = by_another(data + 2, len - 2, page, &used);
	uint32_t adler;
	int i;

	if (n < 0)
		return false;
	memcpy(stream, data, 2 + used);
	adler = (uint32_t)adler32_z(1, page, (size_t)n);
	for (i = 0; i < 4; i++)
		stream[2 + used + (size_t)i] = (uint8_t)(adler >> (24 - 8 * i));
	*stream_len = 2 + used + 4;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t stream[STREAM_MAX];
	struct crx_inflate *z = crx_inflate_new();
	size_t n;

	FUZZ_CHECK(z);
	compare(z, data, len);
	if (len >= 2 && len < STREAM_MAX - 4 && repair_adler(data, len, stream, &n)) {
		compare(z, stream, n);
		/* with what may follow it in an image, and a wrong Adler-32 before a right one */
		memset(stream + n, 0xff, sizeof(stream) - n);
		memcpy(stream + sizeof(stream) - 4, stream + n - 4, 4);
		compare(z, stream, sizeof(stream));
		stream[n - 1] ^= 1;
		compare(z, stream, sizeof(stream));
	}
	crx_inflate_free(z);
	return 0;
}
