/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The header of a dynamic deflate block (RFC 1951, 3.2.7), with the conditions of zlib's inflate().
 */
#include "config.h"
#include "comp/backend.h"

#if HAVE_LIBDEFLATE

enum {
	FINAL_DYNAMIC = 5, /* the first three bits: the last block, type 2 */
	LITERALS_MAX = 286,
	DISTANCES_MAX = 30,
	END_OF_BLOCK = 256,
	LENGTH_CODES = 19, /* code lengths, and three ways to repeat them */
	LENGTH_CODE_MAX = 7,
	CODE_MAX = 15,
	COMPLETE = 1 << CODE_MAX /* the sum of 2^(CODE_MAX - length) over a complete code */
};

struct bits {
	const uint8_t *p;
	size_t at, len;
	uint32_t hold;
	unsigned n; /* bits in hold */
};

/* The next n <= 16 bits, of which those after the end are zeros. */
static unsigned peek(struct bits *b, unsigned n)
{
	while (b->n < n) {
		b->hold |= (b->at < b->len ? (uint32_t)b->p[b->at] : 0) << b->n;
		b->at++;
		b->n += 8;
	}
	return b->hold & ((1u << n) - 1);
}

static unsigned take(struct bits *b, unsigned n)
{
	unsigned v = peek(b, n);

	b->hold >>= n;
	b->n -= n;
	return v;
}

/* The code by which code lengths are stored. */
struct length_code {
	uint8_t symbol[1 << LENGTH_CODE_MAX]; /* by the next bits */
	uint8_t len[LENGTH_CODES];
};

/* Canonical codes, which are stored from their most significant bit on. False if the code is not
 * complete: then not all of symbol is filled in. */
static bool fill_length_code(struct length_code *c)
{
	unsigned len, symbol, bit, reversed, i, code = 0;

	for (len = 1; len <= LENGTH_CODE_MAX; len++) {
		for (symbol = 0; symbol < LENGTH_CODES; symbol++) {
			if (c->len[symbol] != len)
				continue;
			reversed = 0;
			for (bit = 0; bit < len; bit++)
				reversed |= (code >> bit & 1) << (len - 1 - bit);
			for (i = reversed; i < 1 << LENGTH_CODE_MAX; i += 1u << len)
				c->symbol[i] = (uint8_t)symbol;
			code++;
		}
		code <<= 1;
	}
	return code == 2 << LENGTH_CODE_MAX;
}

static bool read_length_code(struct bits *b, unsigned n, struct length_code *c)
{
	static const uint8_t order[LENGTH_CODES] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
						     11, 4,  12, 3, 13, 2, 14, 1, 15 };
	unsigned i;

	for (i = 0; i < LENGTH_CODES; i++)
		c->len[order[i]] = i < n ? (uint8_t)take(b, 3) : 0;
	return fill_length_code(c);
}

/* One code length and how often it occurs; for a repetition, *len is the length before. */
static unsigned read_length(struct bits *b, const struct length_code *c, unsigned *len)
{
	unsigned symbol = c->symbol[peek(b, LENGTH_CODE_MAX)];

	take(b, c->len[symbol]);
	if (symbol == 16)
		return 3 + take(b, 2);
	*len = symbol < 16 ? symbol : 0;
	if (symbol < 16)
		return 1;
	return symbol == 17 ? 3 + take(b, 3) : 11 + take(b, 7);
}

/* Both codes are complete, and there is one for the end of the block. */
static bool has_complete_codes(struct bits *b, const struct length_code *c, unsigned literals,
			       unsigned distances)
{
	uint32_t sum[2] = { 0, 0 };
	unsigned i = 0, n, len = 0;
	bool ends = false;

	while (i < literals + distances) {
		if (!i && c->symbol[peek(b, LENGTH_CODE_MAX)] == 16)
			return false;
		n = read_length(b, c, &len);
		if (n > literals + distances - i)
			return false;
		for (; n; n--, i++) {
			if (len)
				sum[i >= literals] += COMPLETE >> len;
			ends = ends || (len && i == END_OF_BLOCK);
		}
	}
	return ends && sum[0] == COMPLETE && sum[1] == COMPLETE && b->at <= b->len;
}

/* A method of deflate, a window of at most 32 KiB, no dictionary, and the check bits. */
static bool has_plain_header(const uint8_t *src)
{
	return (src[0] << 8 | src[1]) % 31 == 0 && (src[0] & 0x0f) == 8 && src[0] >> 4 <= 7 &&
	       !(src[1] & 0x20);
}

bool crx_comp_is_plain_dynamic(const uint8_t *src, size_t len)
{
	struct bits b = { .p = src, .at = CRX_COMP_ZLIB_HDR, .len = len };
	struct length_code c;
	unsigned literals, distances;

	if (len < CRX_COMP_ZLIB_HDR + CRX_COMP_ZLIB_TRAILER || !has_plain_header(src) ||
	    take(&b, 3) != FINAL_DYNAMIC)
		return false;
	literals = 257 + take(&b, 5);
	distances = 1 + take(&b, 5);
	return literals <= LITERALS_MAX && distances <= DISTANCES_MAX &&
	       read_length_code(&b, 4 + take(&b, 4), &c) &&
	       has_complete_codes(&b, &c, literals, distances);
}

#endif
