/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whatever decoder crx_inflate_run() uses, it accepts exactly what zlib's inflate() accepts.
 */
#include "config.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "comp/backend.h"
#include "deflate_make.h"
#include "guard.h"

enum { OUT_MAX = 4096 };

/* zlib itself: the length, or -1 */
static long by_zlib(const uint8_t *src, size_t len, uint8_t *dst, size_t cap)
{
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)src, .avail_in = (uInt)len };
	int ret;

	assert_int_equal(inflateInit(&z), Z_OK);
	z.next_out = dst;
	z.avail_out = (uInt)cap;
	ret = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	return ret == Z_STREAM_END ? (long)z.total_out : -1;
}

static void test_blocks(void **state)
{
	struct guard in = guard_new(DEFLATE_MAX), out = guard_new(OUT_MAX);
	struct crx_inflate *z = crx_inflate_new();
	uint8_t stream[DEFLATE_MAX], want[OUT_MAX], *p, *o;
	const struct deflate_block *d;
	size_t i, n, cap;

	(void)state;
	assert_non_null(z);
	for (i = 0; i < sizeof(deflate_blocks) / sizeof(*deflate_blocks); i++) {
		d = &deflate_blocks[i];
		n = deflate_make(d, stream);
		p = guard_copy(&in, stream, n);
		if (by_zlib(p, n, want, sizeof(want)) != d->inflated)
			fail_msg("%s: the test is wrong", d->name);
		for (cap = 0; cap < 10; cap++) {
			o = guard_buf(&out, cap);
			if (crx_inflate_run(z, p, n, o, cap) != (cap < 4 ? -1 : d->inflated))
				fail_msg("%s, %zu bytes of room", d->name, cap);
		}
		if (d->inflated > 0)
			assert_memory_equal(o, "aaaa", 4);
		/* cut anywhere, it is rejected */
		for (cap = 0; cap < n; cap++)
			if (crx_inflate_run(z, guard_copy(&in, stream, cap), cap, o, 4) != -1)
				fail_msg("%s, cut after %zu bytes", d->name, cap);
	}
	crx_inflate_free(z);
	guard_free(&in);
	guard_free(&out);
}

/* The Adler-32 is that after the block, not that in the last bytes. */
static void test_adler(void **state)
{
	struct crx_inflate *z = crx_inflate_new();
	uint8_t stream[DEFLATE_MAX + 20], out[4];
	size_t n = deflate_make(&deflate_blocks[0], stream);

	(void)state;
	assert_non_null(z);
	memset(stream + n, 0xff, 10);
	memcpy(stream + n + 10, stream + n - 4, 4);
	assert_int_equal(crx_inflate_run(z, stream, n + 14, out, sizeof(out)), 4);
	stream[n - 1] ^= 1;
	assert_int_equal(crx_inflate_run(z, stream, n + 14, out, sizeof(out)), -1);
	crx_inflate_free(z);
}

#if HAVE_LIBDEFLATE
/* What a compressor makes of text is one block with complete codes, which need not go to zlib. */
static void test_plain(void **state)
{
	const struct crx_comp_backend *b = &crx_comp_libdeflate;
	static const uint8_t headers[][2] = {
		{ 0x08, 0x1d }, { 0x77, 0x03 }, { 0x88, 0x1c }, { 0x78, 0xbb }, { 0x78, 0xdb }
	};
	static const uint8_t fixed[] = { 0x78, 0xda, 0x33, 0x04, 0, 0, 0x32, 0, 0x32 };
	uint8_t src[OUT_MAX], stream[2 * OUT_MAX];
	void *self = b->create(9);
	size_t i, n;

	(void)state;
	assert_non_null(self);
	for (i = 0; i < sizeof(src); i++)
		src[i] = (uint8_t)("the kernel serves exactly what went in"[i * i % 37] + i % 3);
	n = b->compress(self, src, sizeof(src), stream, sizeof(stream));
	assert_true(crx_comp_is_plain_dynamic(stream, n));
	/* another method, too large a window, a dictionary, wrong check bits */
	for (i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		memcpy(stream, headers[i], 2);
		assert_int_equal(crx_comp_is_plain_dynamic(stream, n), !i);
	}
	memcpy(stream, headers[0], 2);
	/* the block is not the last */
	stream[2] &= 0xfe;
	assert_false(crx_comp_is_plain_dynamic(stream, n));
	/* stored, and with fixed codes */
	crx_comp_stored(src, sizeof(src), stream);
	assert_false(crx_comp_is_plain_dynamic(stream, n));
	assert_false(crx_comp_is_plain_dynamic(fixed, sizeof(fixed)));
	b->destroy(self);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_adler),
#if HAVE_LIBDEFLATE
		cmocka_unit_test(test_plain),
#endif
	};

	return cmocka_run_group_tests_name("inflate", tests, NULL, NULL);
}
