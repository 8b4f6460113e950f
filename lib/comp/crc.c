/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checksums of zlib, computed by libdeflate if available, which is several times faster.
 */
#include "config.h"
#include "comp/backend.h"

#define ZLIB_CONST
#include <zlib.h>

uint32_t crx_crc32_combine(uint32_t a, uint32_t b, uint64_t b_len)
{
	return (uint32_t)crc32_combine(a, b, (z_off_t)b_len);
}

#if HAVE_LIBDEFLATE
#include <libdeflate.h>

uint32_t crx_crc32(uint32_t crc, const void *data, size_t len)
{
	/* for a null pointer, libdeflate returns the initial value */
	return len ? libdeflate_crc32(crc, data, len) : crc;
}

uint32_t crx_comp_adler32(const void *data, size_t len)
{
	return len ? libdeflate_adler32(1, data, len) : 1;
}

#else
/* zlib's lengths are unsigned int */
enum { STEP = 1 << 30 };

uint32_t crx_crc32(uint32_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;
	uLong c = crc;
	uInt n;

	for (; len; p += n, len -= n) {
		n = len < STEP ? (uInt)len : STEP;
		c = crc32(c, p, n);
	}
	return (uint32_t)c;
}

uint32_t crx_comp_adler32(const void *data, size_t len)
{
	const uint8_t *p = data;
	uLong c = 1;
	uInt n;

	for (; len; p += n, len -= n) {
		n = len < STEP ? (uInt)len : STEP;
		c = adler32(c, p, n);
	}
	return (uint32_t)c;
}
#endif
