/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zlib streams of one dynamic deflate block, which may break the rules of RFC 1951: for tests and
 * for seeds of the fuzz targets.
 */
#ifndef CRX_TESTS_DEFLATE_MAKE_H
#define CRX_TESTS_DEFLATE_MAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

enum { DEFLATE_MAX = 600 };

enum deflate_lengths {
	DEFLATE_SINGLE,  /* one after the other */
	DEFLATE_REPEAT,  /* all of the distances repeat a literal's */
	DEFLATE_NOTHING, /* the first one repeats the one before */
	DEFLATE_OVERRUN  /* the last ones repeat more zeros than announced */
};

struct deflate_block {
	const char *name;
	unsigned literals, distances; /* code lengths that the header announces */
	uint8_t distance_len[4];      /* of the first distances; 0: no code */
	uint8_t code, code_len;       /* the bits that stand for the distance */
	bool deep;                    /* codes of up to 15 bits, not 2 */
	enum deflate_lengths lengths;
	long inflated; /* what zlib's inflate() makes of it: a length, or -1 */
};

/* The block is "a", a repetition of 3 bytes, and the end. */
static const struct deflate_block deflate_blocks[] = {
	{ "complete codes", 258, 2, { 1, 1 }, 0, 1, false, DEFLATE_SINGLE, 4 },
	{ "codes of 15 bits", 258, 2, { 1, 1 }, 0, 1, true, DEFLATE_SINGLE, 4 },
	{ "one distance", 258, 1, { 1 }, 0, 1, false, DEFLATE_SINGLE, 4 },
	{ "one distance, the other code", 258, 1, { 1 }, 1, 1, false, DEFLATE_SINGLE, -1 },
	{ "no distance", 258, 1, { 0 }, 0, 1, false, DEFLATE_SINGLE, -1 },
	{ "an incomplete distance code", 258, 2, { 2, 2 }, 0, 2, false, DEFLATE_SINGLE, -1 },
	{ "an over-full distance code", 258, 3, { 1, 1, 1 }, 0, 1, false, DEFLATE_SINGLE, -1 },
	{ "286 literals, 30 distances", 286, 30, { 1, 1 }, 0, 1, false, DEFLATE_SINGLE, 4 },
	{ "287 literals", 287, 2, { 1, 1 }, 0, 1, false, DEFLATE_SINGLE, -1 },
	{ "31 distances", 258, 31, { 1, 1 }, 0, 1, false, DEFLATE_SINGLE, -1 },
	{ "a repetition from literals to distances",
	  258,
	  4,
	  { 2, 2, 2, 2 },
	  0,
	  2,
	  false,
	  DEFLATE_REPEAT,
	  4 },
	{ "a repetition of nothing", 258, 2, { 1, 1 }, 0, 1, false, DEFLATE_NOTHING, -1 },
	{ "a repetition past the end", 258, 30, { 1, 1 }, 0, 1, false, DEFLATE_OVERRUN, -1 },
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

/* The code lengths, each as its own code says, which has 4 bits for 0 ... 12 and 5 for the others.
 */
static inline void deflate_put_lengths(struct deflate_bits *b, const struct deflate_block *d,
				       const uint8_t *len)
{
	static const uint8_t order[19] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
					   11, 4,  12, 3, 13, 2, 14, 1, 15 };
	uint8_t own[19];
	unsigned i = 0, n = d->literals + d->distances;

	for (i = 0; i < 19; i++)
		own[i] = i < 13 ? 4 : 5;
	for (i = 0; i < 19; i++)
		deflate_put(b, own[order[i]], 3);
	i = 0;
	if (d->lengths == DEFLATE_NOTHING) {
		deflate_put_symbol(b, own, 19, 16);
		deflate_put(b, 0, 2);
		i = 3;
	}
	if (d->lengths == DEFLATE_REPEAT)
		n -= 5; /* the last literal and four distances */
	if (d->lengths == DEFLATE_OVERRUN)
		n -= 10;
	for (; i < n; i++)
		deflate_put_symbol(b, own, 19, len[i]);
	if (d->lengths == DEFLATE_REPEAT) {
		deflate_put_symbol(b, own, 19, 16);
		deflate_put(b, 5 - 3, 2);
	}
	if (d->lengths == DEFLATE_OVERRUN) {
		deflate_put_symbol(b, own, 19, 18);
		deflate_put(b, 0, 7);
	}
}

/* Makes the stream in out, which has DEFLATE_MAX bytes; returns its length. */
static inline size_t deflate_make(const struct deflate_block *d, uint8_t *out)
{
	uint8_t len[288 + 32] = { 0 };
	struct deflate_bits b = { out, 16 };
	uint32_t adler = (uint32_t)adler32_z(1, (const uint8_t *)"aaaa", 4);
	unsigned i;
	size_t n;

	memset(out, 0, DEFLATE_MAX);
	memcpy(out, "\x78\xda", 2);
	len['a'] = 1;
	len[256] = len[257] = 2;
	if (d->deep) {
		len[256] = len[257] = 15;
		for (i = 2; i < 15; i++)
			len[i] = (uint8_t)i;
	}
	for (i = 0; i < d->distances && i < 4; i++)
		len[d->literals + i] = d->distance_len[i];
	deflate_put(&b, 5, 3);
	deflate_put(&b, d->literals - 257, 5);
	deflate_put(&b, d->distances - 1, 5);
	deflate_put(&b, 15, 4);
	deflate_put_lengths(&b, d, len);
	deflate_put_symbol(&b, len, d->literals, 'a');
	deflate_put_symbol(&b, len, d->literals, 257);
	deflate_put(&b, d->code, d->code_len);
	deflate_put_symbol(&b, len, d->literals, 256);
	n = (b.n + 7) / 8;
	for (i = 0; i < 4; i++)
		out[n + i] = (uint8_t)(adler >> (24 - 8 * i));
	return n + 4;
}

#endif
