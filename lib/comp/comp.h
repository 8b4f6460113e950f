/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compresses blocks to zlib streams, with one of several back ends.
 */
#ifndef CRX_COMP_COMP_H
#define CRX_COMP_COMP_H

#include "base/err.h"

struct crx_comp_spec {
	const struct crx_comp_backend *backend;
	int level; /* within the back end's range */
};

struct crx_comp_backend {
	const char *name; /* "libdeflate", "zlib", "zopfli", "store" */
	int level_min, level_max, level_default, level_best;
	/* An instance for one thread; NULL without memory. */
	void *(*create)(int level);
	/* Compress src to a whole zlib stream in dst, which has cap bytes. Returns its length, or
	 * 0 if it does not fit. The result does not depend on earlier calls. */
	size_t (*compress)(void *self, const void *src, size_t len, void *dst, size_t cap);
	void (*destroy)(void *self); /* self may be NULL */
};

/* The back ends of this build, the default first, followed by NULL. */
const struct crx_comp_backend *const *crx_comp_backends(void);

/* Parse "NAME[:LEVEL]", or NULL for the default. Without a level, best selects the back
 * end's best one. CRX_EARG lists the names that exist. */
int crx_comp_parse(const char *text, bool best, struct crx_comp_spec *out, struct crx_err *err)
	CRX_MUST_CHECK;

/* The longest stream that any back end makes from len bytes. */
size_t crx_comp_bound(size_t len);

/* Make a zlib stream of stored deflate blocks: len + 11 bytes for up to 65535 bytes, and 5
 * more for each further 65535. dst has crx_comp_stored_len(len) bytes. */
size_t crx_comp_stored_len(size_t len);
void crx_comp_stored(const void *src, size_t len, void *dst);

/*
 * Inflate one whole zlib stream as cramfs_uncompress_block() does: to at most dst_cap
 * bytes, with the Adler-32 checked, and bytes after the stream ignored. What zlib's inflate()
 * rejects is rejected, whichever library does the work. Returns the length, or -1 if the kernel
 * would reject the stream. Use one instance per thread.
 */
struct crx_inflate;
struct crx_inflate *crx_inflate_new(void); /* NULL without memory */
long crx_inflate_run(struct crx_inflate *z, const void *src, size_t len, void *dst, size_t dst_cap);
void crx_inflate_free(struct crx_inflate *z);

/* zlib's CRC-32, continued from crc; begin with 0. */
uint32_t crx_crc32(uint32_t crc, const void *data, size_t len);

/* The CRC of two sequences of bytes joined, from their CRCs and the second's length. */
uint32_t crx_crc32_combine(uint32_t a, uint32_t b, uint64_t b_len);

/* SPDX expression for a binary that is linked with the libraries of this build. */
const char *crx_comp_license(void);

#endif
