/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zlib streams (RFC 1950) of stored deflate blocks (RFC 1951, 3.2.4): for blocks that do
 * not shrink in the classic format, and as a back end whose output no library version
 * changes.
 */
#include "config.h"
#include "comp/backend.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
	STORED_MAX = 65535, /* bytes of one stored deflate block */
	STORED_HDR = 5      /* final bit and type, LEN, NLEN */
};

size_t crx_comp_stored_len(size_t len)
{
	/* an empty input is one empty block */
	size_t blocks = len ? (len - 1) / STORED_MAX + 1 : 1;

	return CRX_COMP_ZLIB_HDR + blocks * STORED_HDR + len + CRX_COMP_ZLIB_TRAILER;
}

void crx_comp_stored(const void *src, size_t len, void *dst)
{
	const uint8_t *in = src;
	uint8_t *out = dst;
	uint32_t adler = crx_comp_adler32(src, len);
	size_t n;

	*out++ = 0x78; /* deflate, 32 KiB window */
	*out++ = 0x01; /* fastest; makes the header a multiple of 31 */
	do {
		n = len < STORED_MAX ? len : STORED_MAX;
		*out++ = n == len; /* is it the final block; type 0 */
		*out++ = (uint8_t)n;
		*out++ = (uint8_t)(n >> 8);
		*out++ = (uint8_t)~n;
		*out++ = (uint8_t)(~n >> 8);
		if (!n)
			break; /* src may be NULL, to which even 0 cannot be added */
		memcpy(out, in, n);
		in += n;
		out += n;
		len -= n;
	} while (len);
	*out++ = (uint8_t)(adler >> 24);
	*out++ = (uint8_t)(adler >> 16);
	*out++ = (uint8_t)(adler >> 8);
	*out = (uint8_t)adler;
}

static void *store_create(int level CRX_UNUSED)
{
	/* no state is needed, but NULL would mean a lack of memory */
	return crx_zalloc(1, 1);
}

static size_t store_compress(void *self CRX_UNUSED, const void *src, size_t len, void *dst,
			     size_t cap)
{
	size_t need = crx_comp_stored_len(len);

	if (need > cap)
		return 0;
	crx_comp_stored(src, len, dst);
	return need;
}

const struct crx_comp_backend crx_comp_store = {
	.name = "store",
	.create = store_create,
	.compress = store_compress,
	.destroy = free,
};
