/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Block compression: zlib streams by one of several back ends. The only user
 * of zlib, libdeflate and zopfli.
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
	const char *license; /* SPDX of the library, "" for our own */
	/* An instance for one thread; NULL when memory is short. */
	void *(*create)(int level);
	/* A whole zlib stream of src into dst of cap bytes; its length, or 0 if it
	 * does not fit. What came before never matters. */
	size_t (*compress)(void *self, const void *src, size_t len, void *dst, size_t cap);
	void (*destroy)(void *self);
};

/* The back ends of this build, the default first; NULL at the end. */
const struct crx_comp_backend *const *crx_comp_backends(void);

/* "NAME[:LEVEL]", or NULL for the default; best picks the back end's best
 * level where none is given. CRX_EARG with the names that exist. */
int crx_comp_parse(const char *text, bool best, struct crx_comp_spec *out, struct crx_err *err)
	CRX_MUST_CHECK;

/* An upper bound of every back end's output for len bytes. */
size_t crx_comp_bound(size_t len);

/* A zlib stream of stored deflate blocks: len + 11 bytes up to 65535 bytes of
 * input, 5 more for each further 65535. dst has crx_comp_stored_len(len) bytes. */
size_t crx_comp_stored_len(size_t len);
void crx_comp_stored(const void *src, size_t len, void *dst);

/*
 * Inflate one whole zlib stream as cramfs_uncompress_block() does: at most
 * dst_cap bytes, Adler sum checked, bytes behind the stream ignored. One
 * instance per thread. Returns the length, or -1 for a stream that the kernel
 * would refuse.
 */
struct crx_inflate;
struct crx_inflate *crx_inflate_new(void); /* NULL when memory is short */
long crx_inflate_run(struct crx_inflate *z, const void *src, size_t len, void *dst, size_t dst_cap);
void crx_inflate_free(struct crx_inflate *z);

/* zlib's CRC-32; begin with 0. */
uint32_t crx_crc32(uint32_t crc, const void *data, size_t len);

/* The CRC of a and b one after the other, from those of each and b's length. */
uint32_t crx_crc32_combine(uint32_t a, uint32_t b, uint64_t b_len);

/* The licence of the binary that results, with these libraries linked in. */
const char *crx_comp_license(void);

#endif
