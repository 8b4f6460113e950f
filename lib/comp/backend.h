/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The back ends and what they share. Private to lib/comp.
 */
#ifndef CRX_COMP_BACKEND_H
#define CRX_COMP_BACKEND_H

#include "comp/comp.h"

/* The largest block of cramfs. Up to this length, a back end must find every stream that
 * fits in the capacity. */
enum { CRX_COMP_BLOCK_MAX = 65536 };

#if HAVE_LIBDEFLATE
extern const struct crx_comp_backend crx_comp_libdeflate;
#endif
extern const struct crx_comp_backend crx_comp_zlib;
#if HAVE_ZOPFLI
extern const struct crx_comp_backend crx_comp_zopfli;
#endif
extern const struct crx_comp_backend crx_comp_store;

/* Bytes of a zlib stream before and after the deflate stream (RFC 1950). */
enum { CRX_COMP_ZLIB_HDR = 2, CRX_COMP_ZLIB_TRAILER = 4 };

#if HAVE_LIBDEFLATE
/*
 * Is this a zlib stream without a dictionary, of a single dynamic deflate block whose header zlib's
 * inflate() accepts, and are its codes complete? Then all decoders agree about the stream. They
 * differ about incomplete codes, and about symbols that deflate does not use.
 */
bool crx_comp_is_plain_dynamic(const uint8_t *src, size_t len);
#endif

/* Adler-32, as at the end of a zlib stream. */
uint32_t crx_comp_adler32(const void *data, size_t len);

/* zlib's zalloc and zfree: memory from base/mem.h, zeroed, so that streams do not depend
 * on what it contained before. */
void *crx_comp_zalloc(void *opaque, unsigned items, unsigned size);
void crx_comp_zfree(void *opaque, void *p);

#endif
