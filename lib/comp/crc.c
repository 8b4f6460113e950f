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

/* for a null pointer, both libraries return the initial value */
#if HAVE_LIBDEFLATE
#include <libdeflate.h>

uint32_t crx_crc32(uint32_t crc, const void *data, size_t len)
{
	return len ? libdeflate_crc32(crc, data, len) : crc;
}

uint32_t crx_comp_adler32(const void *data, size_t len)
{
	return len ? libdeflate_adler32(1, data, len) : 1;
}
#else

uint32_t crx_crc32(uint32_t crc, const void *data, size_t len)
{
	return len ? (uint32_t)crc32_z(crc, data, len) : crc;
}

uint32_t crx_comp_adler32(const void *data, size_t len)
{
	return len ? (uint32_t)adler32_z(1, data, len) : 1;
}
#endif
