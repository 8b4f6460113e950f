/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside comp: the back ends and what they share.
 */
#ifndef CRX_COMP_BACKEND_H
#define CRX_COMP_BACKEND_H

#include "comp/comp.h"

/* The longest input that a back end must serve exactly up to the given
 * capacity: the largest block of cramfs. */
enum { CRX_COMP_BLOCK_MAX = 65536 };

#if HAVE_LIBDEFLATE
extern const struct crx_comp_backend crx_comp_libdeflate;
#endif
extern const struct crx_comp_backend crx_comp_zlib;
#if HAVE_ZOPFLI
extern const struct crx_comp_backend crx_comp_zopfli;
#endif
extern const struct crx_comp_backend crx_comp_store;

/* Adler-32 of one piece, as at the end of a zlib stream. */
uint32_t crx_comp_adler32(const void *data, size_t len);

/* zlib's zalloc and zfree: all memory comes from base/mem, zeroed, so that
 * nothing a stream holds depends on what was there before. */
void *crx_comp_zalloc(void *opaque, unsigned items, unsigned size);
void crx_comp_zfree(void *opaque, void *p);

#endif
