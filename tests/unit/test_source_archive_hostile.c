/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/source: archives that are too large, too deep, cut off or damaged.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "input/source/source.h"
#include "tar_make.h"
#include "tree_show.h"
#include "archive_tree.h"

#if HAVE_LIBARCHIVE

/* --- sizes --- */

static void too_large_files(void **state)
{
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	static char big[1 << 24];
	struct result r;

	big[0] = big[(1 << 24) - 2] = 'x';
	tar_put(&m, '0', "fits", NULL, big, (1 << 24) - 1);
	tar_put(&m, '0', "not", NULL, big, 1 << 24);
	tar_file(&m, "z", "1");
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	assert_int_equal(r.t.root->child[0]->size, (1 << 24) - 1);
	assert_int_equal(r.t.root->child[1]->size, 1 << 24);
	assert_null(r.t.root->child[1]->content.ops);
	{
		char *got = tree_contents(r.t.root->child[0]);

		assert_memory_equal(got, big, (1 << 24) - 1);
		free(got);
	}
	end(&r);
	free(m.bytes);
}

static void bombs(void **state)
{
	struct crx_source_opts o = { .max_size = 16384, .page_size = 4096 };
	struct tar_make m = { 0 };
	static char zeros[8 << 20];
	char name[32];
	struct result r;
	int i;

	/* 4,096 pages are as many as 16,384 bytes hold pointers for */
	tar_put(&m, '0', "a", NULL, zeros, 8 << 20);
	tar_put(&m, '0', "b", NULL, zeros, 8 << 20);
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	end(&r);
	m.len -= 2 * TAR_BLOCK;
	tar_file(&m, "c", "1");
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, CRX_EBIG);
	assert_non_null(strstr(r.err.text, "16384 bytes"));
	end(&r);
	o.page_size = 65536;
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	end(&r);
	free(m.bytes);
	/* one file of which nothing is kept: its size is enough, and its data need not be there */
	o.page_size = 4096;
	m = (struct tar_make){ 0 };
	tar_put(&m, '0', "huge", NULL, NULL, (16 << 20) + 1);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, CRX_EBIG);
	end(&r);
	o.lossy = true;
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, CRX_EFORMAT);
	end(&r);
	o.lossy = false;
	free(m.bytes);
	m = (struct tar_make){ 0 };
	for (i = 0; i < 1025; i++) {
		if (i == 1024) {
			tar_end(&m);
			unpack_with(*state, &m, &o, &r);
			assert_int_equal(r.ret, 0);
			end(&r);
			m.len -= 2 * TAR_BLOCK;
		}
		snprintf(name, sizeof(name), "%d", i);
		tar_dir(&m, name);
	}
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, CRX_EBIG);
	end(&r);
	free(m.bytes);
}

/* What patterns take is not counted, however often it comes, and as what. */
static void excluded_bombs(void **state)
{
	static char files[] = "*.o", dirs[] = "d*/", *patterns[] = { files, dirs };
	struct crx_source_opts o = { .max_size = 16384,
				     .exclude = { .pattern = patterns, .n = 2 } };
	struct tar_make m = { 0 };
	struct result r;
	char name[32];
	int i, too_many;

	for (too_many = 0; too_many < 2; too_many++) {
		for (i = 0; i < 2000; i++) {
			snprintf(name, sizeof(name), i % 2 ? "%d.o" : "d%d/x", i * 3 / 4);
			tar_file(&m, name, "1");
		}
		for (i = 0; i < 1023; i++) {
			tar_file(&m, "d", "");
			tar_dir(&m, "d");
			snprintf(name, sizeof(name), "%d", i);
			tar_file(&m, name, "");
		}
		tar_file(&m, "d", "");
		if (too_many)
			tar_file(&m, "e", "");
		tar_end(&m);
		unpack_with(*state, &m, &o, &r);
		assert_int_equal(r.ret, too_many ? CRX_EBIG : 0);
		end(&r);
		free(m.bytes);
		m = (struct tar_make){ 0 };
	}
}

/* A path of 60,000 parts; and one that is too long. */
static void deep(void **state)
{
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	static char path[70001];
	struct result r;
	size_t i;

	for (i = 0; i < 60000; i += 2)
		memcpy(path + i, "d/", 2);
	path[59999] = 'f';
	tar_pax(&m, "path", path, 60000);
	tar_file(&m, "x", "1");
	tar_end(&m);
	unpack_with(*state, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	assert_int_equal(r.t.nnodes, 30001);
	end(&r);
	free(m.bytes);
	m = (struct tar_make){ 0 };
	memset(path, 'p', 70000);
	tar_pax(&m, "path", path, 70000);
	tar_file(&m, "x", "1");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "65535", "ppp");
}

/* --- truncation --- */

static void truncated(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 }, cut;
	struct result r;
	char text[1400];
	size_t i;

	memset(text, 't', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	tar_dir(&m, "d");
	tar_file(&m, "d/a", text);
	tar_link(&m, "l", "d");
	tar_pax(&m, "path", "long/er", 7);
	tar_file(&m, "x", text);
	tar_hard(&m, "h", "d/a");
	tar_end(&m);
	for (i = 0; i <= m.len; i += 64) {
		cut = (struct tar_make){ m.bytes, i };
		unpack_with(s, &cut, &o, &r);
		/* one block of the mark of the end is enough to know that all is there */
		assert_int_equal(r.ret, i < m.len - TAR_BLOCK ? CRX_EFORMAT : 0);
		if (!r.ret)
			assert_string_equal(r.k.text, "");
		end(&r);
	}
	free(m.bytes);
}

/* Every byte of a small archive, changed: no crash, no leak. */
static void damaged(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	struct result r;
	size_t i;

	cpio_put(&m, "d", S_IFDIR | 0755, 5, 2, NULL);
	cpio_put(&m, "d/a", S_IFREG | 0755, 6, 2, NULL);
	cpio_put(&m, "b", S_IFREG | 0755, 6, 2, "text");
	cpio_put(&m, "l", S_IFLNK | 0755, 7, 1, "d");
	cpio_put(&m, "l/x", S_IFREG | 0755, 8, 1, "more");
	cpio_end(&m);
	for (i = 0; i < m.len; i++) {
		uint8_t was = m.bytes[i];

		m.bytes[i] = (uint8_t)(was ^ (1u << i % 8));
		unpack_with(s, &m, &o, &r);
		end(&r);
		m.bytes[i] = was;
	}
	free(m.bytes);
}

/* Directories, files with holes, links of both kinds, FIFOs, odd names. */
/* What libarchive would skip, to continue after it */
static void damage_that_is_passed_over(void **state)
{
	struct tar_make m = { 0 };

	cpio_put(&m, "a", S_IFREG | 0755, 6, 1, "1");
	tar_raw(&m, "x", 1, 1);
	cpio_put(&m, "b", S_IFREG | 0755, 7, 1, "2");
	cpio_end(&m);
	refused(*state, &m, CRX_EFORMAT, "b: ", "Skipped");
	tar_pax(&m, "path", "long/er", 7);
	m.bytes[TAR_BLOCK] = 'x';
	tar_file(&m, "x", "1");
	tar_end(&m);
	refused(*state, &m, CRX_EFORMAT, "x: ", "pax");
}

/* A link whose header says that its target has 16 MiB: libarchive's errno is ENOMEM. */
static void too_long_target(void **state)
{
	struct tar_make m = { 0 };
	size_t at;

	cpio_put(&m, "a", S_IFREG | 0755, 6, 1, "1");
	at = m.len;
	cpio_put(&m, "l", S_IFLNK | 0755, 7, 1, "a");
	memcpy(m.bytes + at + 54, "01000000", 8); /* c_filesize */
	cpio_end(&m);
	refused(*state, &m, CRX_EFORMAT, "megabyte", "after a");
}

#define WITH_SCRATCH(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SCRATCH(too_large_files),
		WITH_SCRATCH(bombs),
		WITH_SCRATCH(excluded_bombs),
		WITH_SCRATCH(deep),
		WITH_SCRATCH(truncated),
		WITH_SCRATCH(damaged),
		WITH_SCRATCH(damage_that_is_passed_over),
		WITH_SCRATCH(too_long_target),
	};

	return cmocka_run_group_tests_name("source_archive_hostile", tests, NULL, NULL);
}

#else

int main(void)
{
	puts("1..0 # SKIP without libarchive");
	return 0;
}

#endif
