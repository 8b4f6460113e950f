/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/write/stream: position, checksum and bytes, whatever the pieces.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "comp/comp.h"
#include "scratch.h"
#include "skip.h"
#include "write/stream.h"

enum { BUF = 256 * 1024, MOST = 3 * BUF + 1000 };

static uint8_t *bytes;

static int setup(void **state)
{
	size_t i;

	bytes = malloc(MOST);
	if (!bytes)
		return -1;
	for (i = 0; i < MOST; i++)
		bytes[i] = (uint8_t)(i * 13 + i / 509 + 1);
	return scratch_setup(state);
}

static int teardown(void **state)
{
	free(bytes);
	return scratch_teardown(state);
}

static void open_stream(struct crx_stream *w, struct scratch *s, const char *name)
{
	struct crx_err err = CRX_ERR_INIT;
	int fd = open(scratch_at(s, name), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(crx_stream_init(w, fd, name, &err), 0);
	assert_int_equal(w->off, 0);
}

static void close_stream(struct crx_stream *w)
{
	close(w->fd);
	crx_stream_free(w);
	crx_stream_free(w);
}

static void put(struct crx_stream *w, const void *data, size_t len)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_stream_write(w, data, len, &err), 0);
}

static void flush(struct crx_stream *w)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_stream_flush(w, &err), 0);
}

static void pieces_of_any_size(void **state)
{
	static const size_t piece[] = { 1, 3, 4096, BUF - 1, BUF, BUF + 1, 2 * BUF, MOST };
	struct scratch *s = *state;
	struct crx_stream w;
	size_t i, at, n, len;
	char *got;

	for (i = 0; i < sizeof(piece) / sizeof(piece[0]); i++) {
		open_stream(&w, s, "f");
		for (at = 0; at < MOST; at += n) {
			n = MOST - at < piece[i] ? MOST - at : piece[i];
			put(&w, bytes + at, n);
			put(&w, bytes, 0);
			assert_int_equal(w.off, at + n);
		}
		flush(&w);
		flush(&w);
		assert_int_equal(w.off, MOST);
		assert_int_equal(w.crc, crx_crc32(0, bytes, MOST));
		close_stream(&w);
		got = scratch_get(s, "f", &len);
		assert_int_equal(len, MOST);
		assert_memory_equal(got, bytes, MOST);
		free(got);
	}
}

/* A boot pad does not count; nor would one as large as several buffers. */
static void checksum_from(void **state)
{
	static const size_t from[] = { 0,       1,       512,         BUF - 1,  BUF,
				       BUF + 1, 2 * BUF, 2 * BUF + 7, MOST - 1, MOST };
	struct scratch *s = *state;
	struct crx_stream w;
	size_t i;

	for (i = 0; i < sizeof(from) / sizeof(from[0]); i++) {
		open_stream(&w, s, "f");
		w.crc_from = from[i];
		put(&w, bytes, 100);
		flush(&w);
		put(&w, bytes + 100, MOST - 100);
		flush(&w);
		assert_int_equal(w.crc, crx_crc32(0, bytes + from[i], MOST - from[i]));
		close_stream(&w);
	}
	/* the known answer, so that two wrongs do not agree */
	open_stream(&w, s, "f");
	w.crc_from = 4;
	put(&w, "XXXX123456789", 13);
	flush(&w);
	assert_int_equal(w.crc, 0xcbf43926u);
	close_stream(&w);
}

static void zeros(void **state)
{
	static const size_t to[] = { 5, 6, 4100, 4101, 9000, BUF, BUF + 1, MOST };
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_stream w;
	size_t i, len;
	char *got;

	open_stream(&w, s, "f");
	put(&w, "abcde", 5);
	for (i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
		assert_int_equal(crx_stream_zeros_to(&w, to[i], &err), 0);
		assert_int_equal(w.off, to[i]);
	}
	flush(&w);
	got = scratch_get(s, "f", &len);
	assert_int_equal(len, MOST);
	assert_memory_equal(got, "abcde", 5);
	for (i = 5; i < len; i++)
		assert_int_equal(got[i], 0);
	assert_int_equal(w.crc, crx_crc32(0, got, len));
	free(got);
	/* it cannot seek back */
	assert_int_equal(crx_stream_zeros_to(&w, MOST - 1, &err), CRX_EINTERNAL);
	assert_true(err.has_off);
	assert_int_equal(err.off, MOST);
	close_stream(&w);
}

/* Pieces out of turn, as the workers of write have them. */
static void begun_elsewhere(void **state)
{
	struct scratch *s = *state;
	struct crx_stream w;
	size_t len;
	char *got;

	open_stream(&w, s, "f");
	w.crc_from = 1000;
	crx_stream_begin(&w, BUF + 5);
	assert_int_equal(w.off, BUF + 5);
	put(&w, bytes + BUF + 5, MOST - BUF - 5);
	flush(&w);
	assert_int_equal(w.crc, crx_crc32(0, bytes + BUF + 5, MOST - BUF - 5));
	crx_stream_begin(&w, 0);
	put(&w, bytes, BUF + 5);
	flush(&w);
	assert_int_equal(w.crc, crx_crc32(0, bytes, BUF + 5));
	close_stream(&w);
	got = scratch_get(s, "f", &len);
	assert_int_equal(len, MOST);
	assert_memory_equal(got, bytes, MOST);
	free(got);
}

static void expected_places(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_stream w;

	open_stream(&w, s, "f");
	put(&w, bytes, 76);
	assert_int_equal(crx_stream_expect(&w, 76, "the root", &err), 0);
	assert_int_equal(err.code, 0);
	assert_int_equal(crx_stream_expect(&w, 80, "the root", &err), CRX_EINTERNAL);
	assert_true(err.has_off);
	assert_int_equal(err.off, 76);
	assert_non_null(strstr(err.text, "the root"));
	assert_non_null(strstr(err.text, "80"));
	assert_string_equal(err.path, "f");
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_stream_expect(&w, 72, "the root", &err), CRX_EINTERNAL);
	close_stream(&w);
}

static void what_cannot_be_written(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_stream w;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	if (fd < 0)
		SKIP("no /dev/full");
	assert_int_equal(crx_stream_init(&w, fd, "/dev/full", &err), 0);
	put(&w, bytes, BUF - 1);
	assert_int_equal(crx_stream_write(&w, bytes, 1, &err), CRX_EIO);
	assert_int_equal(err.sys_errno, ENOSPC);
	assert_string_equal(err.path, "/dev/full");
	err = (struct crx_err)CRX_ERR_INIT;
	put(&w, bytes, 10);
	assert_int_equal(crx_stream_flush(&w, &err), CRX_EIO);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_stream_zeros_to(&w, w.off + 2 * BUF, &err), CRX_EIO);
	close_stream(&w);
	/* it stops where the first buffer could not be written */
	fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_stream_init(&w, fd, "/dev/full", &err), 0);
	assert_int_equal(crx_stream_write(&w, bytes, MOST, &err), CRX_EIO);
	assert_int_equal(w.off, BUF);
	close_stream(&w);
}

#define STREAM_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	struct CMUnitTest tests[] = {
		STREAM_TEST(pieces_of_any_size),
		STREAM_TEST(checksum_from),
		STREAM_TEST(zeros),
		STREAM_TEST(begun_elsewhere),
		STREAM_TEST(expected_places),
		STREAM_TEST(what_cannot_be_written),
	};

	skip_in(tests);
	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
