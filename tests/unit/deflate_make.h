/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zlib streams of one dynamic deflate block, which may break the rules of RFC 1951: for tests and
 * for seeds of the fuzz targets.
 */
#ifndef CRX_TESTS_DEFLATE_MAKE_H
#define CRX_TESTS_DEFLATE_MAKE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

enum { DEFLATE_MAX = 600 };

struct deflate_block {
	const char *name;
	unsigned literals, distances; /* code lengths that the header announces */
	uint8_t distance_len[2];      /* of the first two distances; 0: no code */
	uint8_t distance_code;        /* the bit that stands for the distance */
	uint8_t overrun;              /* lengths more than announced, by a repetition */
	long inflated;                /* what zlib's inflate() makes of it: a length, or -1 */
};

/* The block is "a", a repetition of 3 bytes, and the end. */
static const struct deflate_block deflate_blocks[] = {
	{ "complete codes", 258, 2, { 1, 1 }, 0, 0, 4 },
	{ "one distance", 258, 1, { 1, 0 }, 0, 0, 4 },
	{ "one distance, the other code", 258, 1, { 1, 0 }, 1, 0, -1 },
	{ "no distance", 258, 1, { 0, 0 }, 0, 0, -1 },
	{ "an incomplete distance code", 258, 2, { 2, 2 }, 0, 0, -1 },
	{ "286 literals, 30 distances", 286, 30, { 1, 1 }, 0, 0, 4 },
	{ "287 literals", 287, 2, { 1, 1 }, 0, 0, -1 },
	{ "31 distances", 258, 31, { 1, 1 }, 0, 0, -1 },
	{ "a repetition past the end", 258, 30, { 1, 1 }, 0, 1, -1 },
};

struct deflate_bits {
	uint8_t *p;
	size_t n;
};

static inline void deflate_put(struct deflate_bits *b, unsigned value, unsigned n)
{
	for (; n; n--, value >>= 1, b->n++)
		b->p[b->n / 8] |= (uint8_t)((value & 1) << b->n % 8);
}

/* The canonical code of a symbol, from its most significant bit on. */
static inline void deflate_put_symbol(struct deflate_bits *b, const uint8_t *len, unsigned n,
				      unsigned symbol)
{
	unsigned l, s, code = 0;

	for (l = 1; l <= len[symbol]; l++) {
		code <<= 1;
		for (s = 0; s < n && !(l == len[symbol] && s == symbol); s++)
			code += len[s] == l;
	}
	for (l = len[symbol]; l; l--)
		deflate_put(b, code >> (l - 1), 1);
}

/* Makes the stream in out, which has DEFLATE_MAX bytes; returns its length. */
static inline size_t deflate_make(const struct deflate_block *d, uint8_t *out)
{
	static const uint8_t order[19] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
					   11, 4,  12, 3, 13, 2, 14, 1, 15 };
	static const uint8_t lengths[19] = {
		4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5
	};
	uint8_t len[288 + 32] = { 0 };
	struct deflate_bits b = { out, 16 };
	uint32_t adler = (uint32_t)adler32_z(1, (const uint8_t *)"aaaa", 4);
	unsigned i, n = d->literals + d->distances;

	memset(out, 0, DEFLATE_MAX);
	memcpy(out, "\x78\xda", 2);
	len['a'] = 1;
	len[256] = len[257] = 2;
	len[d->literals] = d->distance_len[0];
	if (d->distances > 1)
		len[d->literals + 1] = d->distance_len[1];
	deflate_put(&b, 5, 3);
	deflate_put(&b, d->literals - 257, 5);
	deflate_put(&b, d->distances - 1, 5);
	deflate_put(&b, 15, 4);
	for (i = 0; i < 19; i++)
		deflate_put(&b, lengths[order[i]], 3);
	for (i = 0; i < (d->overrun ? n - 10 : n); i++)
		deflate_put_symbol(&b, lengths, 19, len[i]);
	if (d->overrun) {
		deflate_put_symbol(&b, lengths, 19, 18);
		deflate_put(&b, d->overrun - 1u, 7);
	}
	deflate_put_symbol(&b, len, d->literals, 'a');
	deflate_put_symbol(&b, len, d->literals, 257);
	deflate_put(&b, d->distance_code, 1);
	deflate_put_symbol(&b, len, d->literals, 256);
	n = (unsigned)(b.n + 7) / 8;
	for (i = 0; i < 4; i++)
		out[n + i] = (uint8_t)(adler >> (24 - 8 * i));
	return n + 4;
}

#endif
