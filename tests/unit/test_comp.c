/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "comp/comp.h"
#include "guard.h"

enum { LONGEST = 70000 };

/* xorshift: the same bytes everywhere */
static uint32_t next_random(uint32_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 17;
	*s ^= *s << 5;
	return *s;
}

enum pattern { ZEROS, RANDOM, TEXT, MIXED, CODE, PATTERNS };

static const char *const pattern_name[PATTERNS] = { "zeros", "random", "text", "mixed", "code" };

static void fill(enum pattern p, uint32_t seed, uint8_t *buf, size_t len)
{
	static const char *const words[8] = { "mount ", "cramfs ", "the page ", "at offset ",
					      "\n",     "of ",     "block ",    "0x" };
	uint32_t s = seed * 2654435761u + 1;
	const char *w = words[0];
	size_t i;

	for (i = 0; i < len; i++) {
		switch (p) {
		case ZEROS:
			buf[i] = 0;
			break;
		case RANDOM:
			buf[i] = (uint8_t)(next_random(&s) >> 11);
			break;
		case TEXT:
			if (!*w)
				w = words[next_random(&s) >> 29];
			buf[i] = (uint8_t)*w++;
			break;
		case MIXED:
			buf[i] = i / 512 % 2 ? (uint8_t)(next_random(&s) >> 11) : (uint8_t)(i / 64);
			break;
		default: /* words whose high bytes repeat, as in a fixed-length code */
			buf[i] = i % 4 == 3   ? 0xe5
				 : i % 4 == 2 ? 0x9f
					      : (uint8_t)(next_random(&s) >> (i % 4 ? 29 : 25));
			break;
		}
	}
}

static const struct crx_comp_backend *backend(const char *name)
{
	const struct crx_comp_backend *const *b;

	for (b = crx_comp_backends(); *b; b++) {
		if (!strcmp((*b)->name, name))
			return *b;
	}
	return NULL;
}

/* zopfli takes long: one level, and no long inputs. */
static bool is_slow(const struct crx_comp_backend *b)
{
	return !strcmp(b->name, "zopfli");
}

static bool level_tested(const struct crx_comp_backend *b, int level)
{
	return !is_slow(b) || level == 1;
}

/* Long inputs at the levels that people use. */
static bool len_tested(const struct crx_comp_backend *b, int level, size_t len)
{
	if (len <= 4096)
		return true;
	return !is_slow(b) &&
	       (level == b->level_min || level == b->level_default || level == b->level_best);
}

static void test_table(void **state)
{
	const struct crx_comp_backend *const *b = crx_comp_backends();
	size_t n;

	(void)state;
	assert_string_equal(b[0]->name, HAVE_LIBDEFLATE ? "libdeflate" : "zlib");
	for (n = 0; b[n]; n++) {
		assert_ptr_equal(backend(b[n]->name), b[n]);
		assert_true(b[n]->level_min <= b[n]->level_default);
		assert_true(b[n]->level_default <= b[n]->level_best);
		assert_true(b[n]->level_best <= b[n]->level_max);
	}
	assert_int_equal(n, 2 + HAVE_LIBDEFLATE + HAVE_ZOPFLI);
	assert_non_null(backend("store"));
	assert_non_null(backend("zlib"));
	assert_int_equal(backend("zopfli") != NULL, HAVE_ZOPFLI);
	assert_string_equal(crx_comp_license(), HAVE_ZOPFLI
							? "GPL-3.0-or-later (zopfli is Apache-2.0)"
							: "GPL-2.0-or-later");
}

static void test_parse(void **state)
{
	static const struct {
		const char *text;
		bool best;
		const char *name; /* NULL: an error */
		int level;
		const char *says; /* part of the error */
	} cases[] = {
		{ NULL, false, HAVE_LIBDEFLATE ? "libdeflate" : "zlib", 9, NULL },
		{ NULL, true, HAVE_LIBDEFLATE ? "libdeflate" : "zlib", HAVE_LIBDEFLATE ? 12 : 9,
		  NULL },
		{ "zlib", false, "zlib", 9, NULL },
		{ "zlib", true, "zlib", 9, NULL },
		{ "zlib:1", false, "zlib", 1, NULL },
		{ "zlib:9", true, "zlib", 9, NULL },
		{ "zlib:06", true, "zlib", 6, NULL },
		{ "store", false, "store", 0, NULL },
		{ "store", true, "store", 0, NULL },
		{ "store:3", false, NULL, 0, "store:3" },
		{ "store:0", false, NULL, 0, "has no levels" },
		{ "store:", false, NULL, 0, "has no levels" },
		{ "zlib:", false, NULL, 0, "1 to 9" },
		{ "zlib:0", false, NULL, 0, "not '0'" },
		{ "zlib:10", false, NULL, 0, "not '10'" },
		{ "zlib:-1", false, NULL, 0, "not '-1'" },
		{ "zlib:+1", false, NULL, 0, "not '+1'" },
		{ "zlib: 1", false, NULL, 0, "not ' 1'" },
		{ "zlib:1 ", false, NULL, 0, "not '1 '" },
		{ "zlib:1x", false, NULL, 0, "not '1x'" },
		{ "zlib:1:1", false, NULL, 0, "not '1:1'" },
		{ "zlib:4294967297", false, NULL, 0, "not '4294967297'" },
		{ "", false, NULL, 0, "zlib" },
		{ ":", false, NULL, 0, "zlib" },
		{ ":5", false, NULL, 0, "zlib" },
		{ "zli", false, NULL, 0, "'zli'" },
		{ "zlibx", false, NULL, 0, "'zlibx'" },
		{ "ZLIB", false, NULL, 0, "zlib, " },
		{ "lzma:3", false, NULL, 0, "'lzma'" },
		{ "lzma", false, NULL, 0, "store" },
#if HAVE_LIBDEFLATE
		{ "libdeflate", false, "libdeflate", 9, NULL },
		{ "libdeflate", true, "libdeflate", 12, NULL },
		{ "libdeflate:1", true, "libdeflate", 1, NULL },
		{ "libdeflate:12", false, "libdeflate", 12, NULL },
		{ "libdeflate:13", false, NULL, 0, "1 to 12" },
		{ "libdeflate:0", false, NULL, 0, "1 to 12" },
#else
		{ "libdeflate", false, NULL, 0, "it has zlib" },
#endif
#if HAVE_ZOPFLI
		{ "zopfli", false, "zopfli", 15, NULL },
		{ "zopfli", true, "zopfli", 60, NULL },
		{ "zopfli:1000", true, "zopfli", 1000, NULL },
		{ "zopfli:1001", false, NULL, 0, "1 to 1000" },
		{ "zopfli:10000", false, NULL, 0, "1 to 1000" },
#else
		{ "zopfli", false, NULL, 0, "zlib, store" },
#endif
	};
	struct crx_comp_spec spec;
	struct crx_err err;
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		r = crx_comp_parse(cases[i].text, cases[i].best, &spec, &err);
		if (!cases[i].name) {
			assert_int_equal(r, CRX_EARG);
			assert_int_equal(err.code, CRX_EARG);
			if (!strstr(err.text, cases[i].says))
				fail_msg("'%s': %s", cases[i].text, err.text);
			continue;
		}
		assert_int_equal(r, 0);
		assert_string_equal(spec.backend->name, cases[i].name);
		assert_int_equal(spec.level, cases[i].level);
	}
}

/* Names far too long must not harm the message. */
static void test_parse_long(void **state)
{
	char text[5000];
	struct crx_comp_spec spec;
	struct crx_err err = CRX_ERR_INIT;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(crx_comp_parse(text, false, &spec, &err), CRX_EARG);
	assert_non_null(strstr(err.text, "zlib, "));
	assert_true(strlen(err.text) < 300);
	memset(&err, 0, sizeof(err));
	memcpy(text, "zlib:", 5);
	assert_int_equal(crx_comp_parse(text, false, &spec, &err), CRX_EARG);
	assert_true(strlen(err.text) < 300);
}

/* One input through one instance: inflates to itself, fits just where it fits. */
static void round_trip(const struct crx_comp_backend *b, int level, void *self, const uint8_t *src,
		       size_t len, const char *what)
{
	struct guard in = guard_new(LONGEST), out = guard_new(2 * LONGEST);
	struct crx_inflate *z = crx_inflate_new();
	size_t bound = crx_comp_bound(len), n;
	uint8_t *p = guard_copy(&in, src, len), *o, *copy = malloc(bound);
	long got;

	assert_non_null(z);
	assert_non_null(copy);
	guard_readonly(&in, 1);
	o = guard_buf(&out, bound);
	n = b->compress(self, p, len, o, bound);
	if (!n || n > bound)
		fail_msg("%s:%d, %s of %zu: %zu bytes, bound %zu", b->name, level, what, len, n,
			 bound);
	memcpy(copy, o, n);
	/* what a kernel takes: deflate, a window of 32 KiB at most, no dictionary */
	assert_int_equal(copy[0] & 0x0f, 8);
	assert_true(copy[0] >> 4 <= 7);
	assert_int_equal((copy[0] << 8 | copy[1]) % 31, 0);
	assert_int_equal(copy[1] & 0x20, 0);

	/* exactly that much room is enough, and the bytes are the same */
	o = guard_buf(&out, n);
	memset(o, 0xaa, n);
	assert_int_equal(b->compress(self, p, len, o, n), n);
	assert_memory_equal(o, copy, n);
	/* one byte less is not; nor is next to nothing */
	assert_int_equal(b->compress(self, p, len, guard_buf(&out, n - 1), n - 1), 0);
	assert_int_equal(b->compress(self, p, len, guard_buf(&out, 1), 1), 0);
	assert_int_equal(b->compress(self, p, len, guard_buf(&out, 0), 0), 0);

	guard_readonly(&in, 0);
	o = guard_copy(&out, copy, n);
	p = guard_buf(&in, len);
	if (len)
		memset(p, 0x55, len);
	got = crx_inflate_run(z, o, n, p, len);
	if (got < 0 || (size_t)got != len || (len && memcmp(p, src, len)))
		fail_msg("%s:%d, %s of %zu: inflates to %ld", b->name, level, what, len, got);
	free(copy);
	crx_inflate_free(z);
	guard_free(&in);
	guard_free(&out);
}

static void test_round_trip(void **state)
{
	static const size_t lens[] = { 0, 1, 2, 31, 4095, 4096, 8192, 16384, 32768, 65535, 65536 };
	const struct crx_comp_backend *const *b;
	static uint8_t src[LONGEST];
	int level, p;
	size_t i;
	void *self;

	(void)state;
	for (b = crx_comp_backends(); *b; b++) {
		for (level = (*b)->level_min; level <= (*b)->level_max && level_tested(*b, level);
		     level++) {
			self = (*b)->create(level);
			assert_non_null(self);
			for (p = 0; p < PATTERNS; p++) {
				for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
					if (!len_tested(*b, level, lens[i]))
						continue;
					fill((enum pattern)p, (uint32_t)i + 1, src, lens[i]);
					round_trip(*b, level, self, src, lens[i], pattern_name[p]);
				}
			}
			(*b)->destroy(self);
		}
		(*b)->destroy(NULL);
	}
}

/*
 * What came before never matters: long, short, odd and failed blocks in
 * between, against an instance that has seen nothing.
 */
static void test_history(void **state)
{
	const struct crx_comp_backend *const *b;
	static uint8_t src[LONGEST], used_out[2 * LONGEST], fresh_out[2 * LONGEST];
	uint32_t seed = 7;
	size_t len, n, m, i;
	void *used, *fresh;
	int level;

	(void)state;
	for (b = crx_comp_backends(); *b; b++) {
		for (level = (*b)->level_min; level <= (*b)->level_max && level_tested(*b, level);
		     level++) {
			used = (*b)->create(level);
			assert_non_null(used);
			for (i = 0; i < 40; i++) {
				len = i % 8 == 7 ? 20000 : next_random(&seed) % 5000;
				fill((enum pattern)(next_random(&seed) % PATTERNS),
				     next_random(&seed) % 3, src, len);
				if (i % 3 == 0)
					(void)(*b)->compress(used, src, len, used_out, 20);
				fresh = (*b)->create(level);
				assert_non_null(fresh);
				n = (*b)->compress(used, src, len, used_out, sizeof(used_out));
				m = (*b)->compress(fresh, src, len, fresh_out, sizeof(fresh_out));
				assert_int_equal(n, m);
				assert_memory_equal(used_out, fresh_out, n);
				(*b)->destroy(fresh);
			}
			(*b)->destroy(used);
		}
	}
}

/* The back ends compress: some order of size for a block of each kind. */
static void test_compresses(void **state)
{
	static const struct {
		enum pattern p;
		size_t at_most;
	} cases[] = {
		{ ZEROS, 30 },
		{ TEXT, 1100 },
		{ CODE, 2600 },
		{ MIXED, 2400 },
	};
	const struct crx_comp_backend *const *b;
	uint8_t src[4096], out[8192];
	void *self;
	size_t i, n;

	(void)state;
	for (b = crx_comp_backends(); *b; b++) {
		if (!strcmp((*b)->name, "store"))
			continue;
		self = (*b)->create((*b)->level_default);
		assert_non_null(self);
		for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			fill(cases[i].p, 3, src, sizeof(src));
			n = (*b)->compress(self, src, sizeof(src), out, sizeof(out));
			if (!n || n > cases[i].at_most)
				fail_msg("%s: %s takes %zu bytes", (*b)->name,
					 pattern_name[cases[i].p], n);
		}
		(*b)->destroy(self);
	}
}

static void test_stored(void **state)
{
	static const struct {
		size_t len, stored;
	} lens[] = {
		{ 0, 11 },        { 1, 12 },          { 4096, 4107 },     { 65535, 65546 },
		{ 65536, 65552 }, { 131070, 131086 }, { 131071, 131092 },
	};
	static const uint8_t want[] = {
		0x78, 0x01, 0x01, 0x09, 0x00, 0xf6, 0xff, '1',  '2',  '3',
		'4',  '5',  '6',  '7',  '8',  '9',  0x09, 0x1e, 0x01, 0xde
	};
	static const uint8_t want_empty[] = { 0x78, 0x01, 0x01, 0x00, 0x00, 0xff,
					      0xff, 0x00, 0x00, 0x00, 0x01 };
	struct guard g = guard_new(2 * LONGEST);
	struct crx_inflate *z = crx_inflate_new();
	static uint8_t src[131071], back[131071];
	uint8_t *o;
	size_t i;

	(void)state;
	assert_non_null(z);
	fill(RANDOM, 5, src, sizeof(src));
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		assert_int_equal(crx_comp_stored_len(lens[i].len), lens[i].stored);
		o = guard_buf(&g, lens[i].stored);
		crx_comp_stored(src, lens[i].len, o);
		assert_int_equal(crx_inflate_run(z, o, lens[i].stored, back, sizeof(back)),
				 lens[i].len);
		assert_memory_equal(src, back, lens[i].len);
		assert_true(crx_comp_bound(lens[i].len) >= lens[i].stored);
	}
	o = guard_buf(&g, sizeof(want));
	crx_comp_stored("123456789", 9, o);
	assert_memory_equal(o, want, sizeof(want));
	o = guard_buf(&g, sizeof(want_empty));
	crx_comp_stored(NULL, 0, o);
	assert_memory_equal(o, want_empty, sizeof(want_empty));
	assert_int_equal(crx_comp_bound(SIZE_MAX), SIZE_MAX);
	crx_inflate_free(z);
	guard_free(&g);
}

/* "123456789" from zlib at level 9, and what the kernel says to variants */
static const uint8_t good[] = { 0x78, 0xda, 0x33, 0x34, 0x32, 0x36, 0x31, 0x35, 0x33,
				0xb7, 0xb0, 0x04, 0x00, 0x09, 0x1e, 0x01, 0xde };

static void test_inflate(void **state)
{
	static const struct {
		const char *name;
		uint8_t bytes[24];
		size_t len, cap;
		long want;
	} cases[] = {
		{ "a dictionary wanted",
		  { 0x78, 0xbb, 0, 0, 0, 1, 0x33, 0x34, 0x04, 0, 0, 0x32, 0, 0x32 },
		  14,
		  20,
		  -1 },
		{ "gzip",
		  { 0x1f, 0x8b, 8,    0,    0,    0,    0, 0, 0, 3, 0x33,
		    4,    0,    0xb7, 0xef, 0xdc, 0x83, 1, 0, 0, 0 },
		  21,
		  20,
		  -1 },
		{ "raw deflate", { 0x33, 0x04, 0x00 }, 3, 20, -1 },
		{ "window of 64 KiB", { 0x88, 0x1c, 0x33, 0x04, 0, 0, 0x32, 0, 0x32 }, 9, 20, -1 },
		{ "window of 256 bytes",
		  { 0x08, 0x1d, 0x33, 0x04, 0, 0, 0x32, 0, 0x32 },
		  9,
		  20,
		  1 },
		{ "header check", { 0x78, 0xdb, 0x33, 0x04, 0, 0, 0x32, 0, 0x32 }, 9, 20, -1 },
		{ "not deflate", { 0x77, 0x03, 0x33, 0x04, 0, 0, 0x32, 0, 0x32 }, 9, 20, -1 },
		{ "block type 3", { 0x78, 0xda, 0x07, 0, 0, 0, 0, 0, 0, 0 }, 10, 20, -1 },
		{ "distance too far", { 0x78, 0xda, 0x03, 0x02, 0x00, 0, 0, 0, 1 }, 9, 20, -1 },
		{ "stored, NLEN wrong",
		  { 0x78, 0x01, 0x01, 1, 0, 0xfe, 0xfe, '1', 0, 0x32, 0, 0x32 },
		  12,
		  20,
		  -1 },
		{ "empty, no room", { 0x78, 0xda, 0x03, 0x00, 0, 0, 0, 1 }, 8, 0, 0 },
		{ "empty, room", { 0x78, 0xda, 0x03, 0x00, 0, 0, 0, 1 }, 8, 20, 0 },
		{ "bytes after it",
		  { 0x78, 0xda, 0x33, 0x04, 0, 0, 0x32, 0, 0x32, 0xff, 0xff },
		  11,
		  20,
		  1 },
		{ "no bytes", { 0 }, 0, 20, -1 },
	};
	struct guard in = guard_new(100), out = guard_new(100);
	struct crx_inflate *z = crx_inflate_new();
	uint8_t *p, *o;
	size_t i, len;

	(void)state;
	assert_non_null(z);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		p = guard_copy(&in, cases[i].bytes, cases[i].len);
		if (crx_inflate_run(z, p, cases[i].len, guard_buf(&out, cases[i].cap),
				    cases[i].cap) != cases[i].want)
			fail_msg("%s", cases[i].name);
		/* whatever it was, the next stream is good */
		p = guard_copy(&in, good, sizeof(good));
		o = guard_buf(&out, 9);
		assert_int_equal(crx_inflate_run(z, p, sizeof(good), o, 9), 9);
		assert_memory_equal(o, "123456789", 9);
	}
	assert_int_equal(crx_inflate_run(z, NULL, 0, o, 9), -1);
	assert_int_equal(crx_inflate_run(z, cases[10].bytes, 8, NULL, 0), 0);
	/* too little room: an error, not a shorter block */
	for (len = 0; len < 9; len++)
		assert_int_equal(crx_inflate_run(z, p, sizeof(good), guard_buf(&out, len), len),
				 -1);
	assert_int_equal(crx_inflate_run(z, p, sizeof(good), guard_buf(&out, 10), 10), 9);
	crx_inflate_free(z);
	crx_inflate_free(NULL);
	guard_free(&in);
	guard_free(&out);
}

/* Every length and every value of every byte of a stream with a dynamic
 * Huffman block: no harm, and nothing passes the Adler sum unseen. */
static void test_inflate_damaged(void **state)
{
	struct guard in = guard_new(1000), out = guard_new(600);
	struct crx_inflate *z = crx_inflate_new();
	uint8_t src[600], stream[1000], *p, *o = guard_buf(&out, sizeof(src));
	void *self = backend("zlib")->create(9);
	size_t n, i;
	unsigned v;
	long r;

	(void)state;
	assert_non_null(z);
	assert_non_null(self);
	fill(TEXT, 9, src, sizeof(src));
	n = backend("zlib")->compress(self, src, sizeof(src), stream, sizeof(stream));
	backend("zlib")->destroy(self);
	assert_true(n > 0);
	assert_int_equal(stream[2] & 6, 4);
	for (i = 0; i < n; i++)
		assert_int_equal(crx_inflate_run(z, guard_copy(&in, stream, i), i, o, sizeof(src)),
				 -1);
	p = guard_copy(&in, stream, n);
	for (i = 0; i < n; i++) {
		for (v = 1; v < 256; v++) {
			p[i] = (uint8_t)(stream[i] ^ v);
			r = crx_inflate_run(z, p, n, o, sizeof(src));
			/* other header bytes can be good ones; padding bits do not count */
			if (r != -1 && (r != (long)sizeof(src) || memcmp(o, src, sizeof(src))))
				fail_msg("byte %zu ^ %u: %ld bytes", i, v, r);
		}
		p[i] = stream[i];
	}
	crx_inflate_free(z);
	guard_free(&in);
	guard_free(&out);
}

/* CRC-32 as defined: bit by bit, polynomial 0xedb88320. */
static uint32_t slow_crc(uint32_t crc, const uint8_t *p, size_t len)
{
	int k;

	crc = ~crc;
	for (; len; len--) {
		crc ^= *p++;
		for (k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

static void test_crc(void **state)
{
	struct guard g = guard_new(5000);
	static uint8_t src[LONGEST];
	uint32_t c;
	size_t len;

	(void)state;
	assert_int_equal(crx_crc32(0, "123456789", 9), 0xcbf43926u);
	assert_int_equal(crx_crc32(0, NULL, 0), 0);
	assert_int_equal(crx_crc32(0x12345678u, NULL, 0), 0x12345678u);
	fill(RANDOM, 4, src, sizeof(src));
	for (len = 0; len < 600; len++)
		assert_int_equal(crx_crc32(0xdeadbeefu, guard_copy(&g, src, len), len),
				 slow_crc(0xdeadbeefu, src, len));
	c = slow_crc(0, src, sizeof(src));
	assert_int_equal(crx_crc32(0, src, sizeof(src)), c);
	for (len = 0; len < sizeof(src); len += 997)
		assert_int_equal(crx_crc32(crx_crc32(0, src, len), src + len, sizeof(src) - len),
				 c);
	guard_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),           cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_long),      cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_history),         cmocka_unit_test(test_compresses),
		cmocka_unit_test(test_stored),          cmocka_unit_test(test_inflate),
		cmocka_unit_test(test_inflate_damaged), cmocka_unit_test(test_crc)
	};

	return cmocka_run_group_tests_name("comp", tests, NULL, NULL);
}
