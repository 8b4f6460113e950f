/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../nasty/cases.h"
#include "comp/comp.h"
#include "read/order.h"
#include "read/paths.h"
#include "read/walk.h"

enum { PAGE = 4096 };

struct scene {
	struct forge g;
	struct forge_base b;
	struct crx_image img;
	struct crx_listing l;
	struct crx_inflate *z;
};

static void read_listing(struct scene *s)
{
	struct crx_err err = CRX_ERR_INIT;

	crx_listing_free(&s->l);
	assert_int_equal(forge_view(&s->g, &s->img, &err), 0);
	assert_int_equal(crx_listing_read(&s->img, &s->l, &err), 0);
}

static void make(struct scene *s, enum crx_order order)
{
	*s = (struct scene){ .z = crx_inflate_new() };
	assert_non_null(s->z);
	forge_base(&s->g, &s->b, order, PAGE);
	read_listing(s);
}

static void drop(struct scene *s)
{
	crx_listing_free(&s->l);
	crx_inflate_free(s->z);
	forge_free(&s->g);
}

static const char *path_of(const struct crx_entry *e)
{
	static char path[4096];

	return crx_entry_path(e, path, sizeof(path));
}

static void test_breadth_first(void **state)
{
	static const char *const paths[] = { "/",      "/dir", "/hole",      "/link",
					     "/plain", "/run", "/dir/direct" };
	struct scene s;
	size_t i;

	(void)state;
	make(&s, CRX_ORDER_BIG);
	assert_int_equal(s.l.n, FORGE_ENTRIES);
	assert_false(s.l.truncated);
	for (i = 0; i < s.l.n; i++) {
		assert_string_equal(path_of(&s.l.entry[i]), paths[i]);
		assert_int_equal(s.l.entry[i].index, i);
		assert_int_equal(s.l.entry[i].de.name_len, strlen(s.l.entry[i].de.name));
		assert_true(s.l.entry[i].entered);
		assert_false(s.l.entry[i].damaged);
	}
	assert_int_equal(s.l.entry[0].first_child, 1);
	assert_int_equal(s.l.entry[0].nchildren, 5);
	assert_null(s.l.entry[0].parent);
	assert_ptr_equal(s.l.entry[6].parent, &s.l.entry[1]);
	assert_int_equal(s.l.entry[6].de.off, s.b.sub_entry);
	assert_int_equal(s.l.entry[6].de.inode.size, 4 * PAGE);
	drop(&s);
}

static void test_path_is_cut_in_front(void **state)
{
	char buf[32];
	struct scene s;

	(void)state;
	make(&s, CRX_ORDER_LITTLE);
	assert_string_equal(crx_entry_path(&s.l.entry[6], buf, 12), "/dir/direct");
	assert_string_equal(crx_entry_path(&s.l.entry[6], buf, 11), ".../direct");
	assert_string_equal(crx_entry_path(&s.l.entry[6], buf, 10), "...direct");
	assert_string_equal(crx_entry_path(&s.l.entry[6], buf, 6), "...ct");
	assert_string_equal(crx_entry_path(&s.l.entry[6], buf, 4), "...");
	assert_string_equal(crx_entry_path(&s.l.entry[6], buf, 3), "");
	strcpy(buf, "x");
	assert_string_equal(crx_entry_path(&s.l.entry[6], buf, 0),
			    "x"); /* no room: nothing is written */
	assert_string_equal(crx_entry_path(&s.l.entry[0], buf, 4), "/");
	drop(&s);
}

static void test_damage_and_cycles(void **state)
{
	struct crx_inode in = {
		.mode = S_IFDIR | 0755, .namelen4 = 1, .off = FORGE_ROOT, .size = 80
	};
	struct scene s;

	(void)state;
	make(&s, CRX_ORDER_LITTLE);
	/* "dir" is the root */
	crx_inode_encode(&in, CRX_ORDER_LITTLE, s.g.data + s.b.entry[0]);
	read_listing(&s);
	assert_int_equal(s.l.n, 6);
	assert_false(s.l.entry[1].entered);
	assert_false(s.l.truncated);
	/* the third name is invalid: those before it are found */
	memset(s.g.data + s.b.entry[2] + 12, 0, 4);
	read_listing(&s);
	assert_int_equal(s.l.n, 3);
	assert_true(s.l.truncated);
	assert_true(s.l.entry[0].damaged);
	assert_true(s.l.entry[0].entered);
	drop(&s);
}

/* The listing has no more bytes than the image, whatever it claims. */
static void test_hostile(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_listing l;
	struct crx_image img;
	struct forge g;
	size_t i, k;

	(void)state;
	for (i = 0; i < nasty_ncases; i++) {
		uint64_t bytes = 0;

		nasty_make(&nasty_cases[i], i & 1 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, &g);
		if (forge_view(&g, &img, &err) == 0) {
			assert_int_equal(crx_listing_read(&img, &l, &err), 0);
			for (k = 1; k < l.n; k++)
				bytes += 12 + l.entry[k].de.name_len;
			assert_true(bytes <= img.len);
			for (k = 1; k < l.n; k++)
				assert_true(l.entry[k].parent < &l.entry[k]);
			crx_listing_free(&l);
		}
		err = (struct crx_err)CRX_ERR_INIT;
		forge_free(&g);
	}
}

/* Each entry is a directory of all that follow it: n * n entries and more. */
static void test_overlapping_directories(void **state)
{
	struct crx_inode root = { .mode = S_IFDIR | 0755, .off = FORGE_ROOT, .size = 60000 },
			 in = root;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_listing l;
	struct crx_image img;
	struct forge g;
	uint64_t bytes = 0;
	uint32_t off;
	size_t i;

	(void)state;
	forge_init(&g, CRX_ORDER_LITTLE, PAGE, 16 * PAGE);
	for (off = 0; off < 60000; off += 20) {
		in.off = FORGE_ROOT + off + 20;
		in.size = 60000 - off - 20;
		forge_entry(&g, FORGE_ROOT + off, "abcdefg", in);
	}
	forge_super(&g, 0, CRX_FLAG_FSID_VERSION_2, &root);
	assert_int_equal(forge_view(&g, &img, &err), 0);
	assert_int_equal(crx_listing_read(&img, &l, &err), 0);
	for (i = 1; i < l.n; i++)
		bytes += 20;
	assert_true(bytes <= img.len);
	assert_true(l.too_many);
	assert_true(l.truncated);
	crx_listing_free(&l);
	forge_free(&g);
}

/* The target of "/link", stored uncompressed. */
static void set_link(struct scene *s, const char *target)
{
	struct crx_inode in = {
		.mode = S_IFLNK | 0777,
		.namelen4 = 1,
		.off = (uint32_t)(s->g.len - PAGE),
		.size = (uint32_t)strlen(target),
	};

	crx_inode_encode(&in, s->g.order, s->g.data + s->b.entry[2]);
	forge_put32(&s->g, s->g.len - PAGE, forge_ptr_stored(s->g.len - PAGE + 4 + strlen(target)));
	forge_bytes(&s->g, s->g.len - PAGE + 4, target, strlen(target));
	read_listing(s);
}

static const char *name_of(int why)
{
	switch (why) {
	case ENOENT:
		return "none";
	case ENOTDIR:
		return "not a directory";
	case ELOOP:
		return "loop";
	case EIO:
		return "unreadable";
	default:
		return "?";
	}
}

static const char *find(const struct scene *s, const char *path, bool follow)
{
	const struct crx_entry *e = crx_listing_find(&s->img, &s->l, path, follow, s->z);
	int why = errno;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_paths *p;

	/* the same by read/paths.h, twice */
	assert_int_equal(crx_paths_open(&s->img, &s->l, s->z, &p, &err), 0);
	assert_ptr_equal(crx_paths_find(p, path, follow), e);
	assert_ptr_equal(crx_paths_find(p, path, follow), e);
	crx_paths_free(p);
	errno = why;
	return e ? path_of(e) : name_of(errno);
}

static void test_find(void **state)
{
	static const struct {
		const char *path, *found;
	} plain[] = {
		{ "/", "/" },
		{ "", "/" },
		{ "/run", "/run" },
		{ "run", "/run" },
		{ "//dir//direct", "/dir/direct" },
		{ "/dir/", "/dir" },
		{ "/dir/../run", "/run" },
		{ "/../../run", "/run" },
		{ "/./dir/.", "/dir" },
		{ "/ru", "none" },
		{ "/r", "none" },
		{ "/.r", "none" },
		{ "/r.", "none" },
		{ "/...", "none" },
		{ "/runs", "none" },
		{ "/run/", "not a directory" },
		{ "/run/x", "not a directory" },
		{ "/dir/run", "none" },
	};
	static const struct {
		const char *target, *path, *found;
	} link[] = {
		{ "run", "/link", "/run" },
		{ "/run", "/link", "/run" },
		{ "./dir/../run", "/link", "/run" },
		{ "dir", "/link/direct", "/dir/direct" },
		{ "dir/direct", "/link", "/dir/direct" },
		{ "link", "/link", "loop" },
		{ "nowhere", "/link", "none" },
		{ "/", "/link/link/link/run", "/run" },
	};
	struct scene s;
	size_t i;

	(void)state;
	make(&s, CRX_ORDER_LITTLE);
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		assert_string_equal(find(&s, plain[i].path, true), plain[i].found);
	assert_string_equal(find(&s, "/link", true), "none"); /* noise */
	for (i = 0; i < sizeof(link) / sizeof(link[0]); i++) {
		set_link(&s, link[i].target);
		assert_string_equal(find(&s, link[i].path, true), link[i].found);
		assert_string_equal(find(&s, "/link", false), "/link");
	}
	forge_put32(&s.g, s.g.len - PAGE, 0x7fffffff);
	read_listing(&s);
	assert_string_equal(find(&s, "/link", true), "unreadable");
	drop(&s);
}

/* A link in a directory: from there, or from the root. */
static void test_find_from_a_directory(void **state)
{
	struct crx_inode in = { .mode = S_IFLNK | 0777, .namelen4 = 2, .size = 4 };
	struct scene s;

	(void)state;
	make(&s, CRX_ORDER_LITTLE);
	in.off = (uint32_t)(s.g.len - PAGE);
	crx_inode_encode(&in, CRX_ORDER_LITTLE, s.g.data + s.b.sub_entry);
	forge_put32(&s.g, in.off, forge_ptr_stored(in.off + 8));
	forge_bytes(&s.g, in.off + 4, "/run", 4);
	read_listing(&s);
	assert_string_equal(find(&s, "/dir/direct", true), "/run");
	forge_bytes(&s.g, in.off + 4, "/dir", 4);
	read_listing(&s);
	assert_string_equal(find(&s, "/dir/direct/direct/direct", true), "/dir");
	forge_bytes(&s.g, in.off + 4, "run/", 4);
	read_listing(&s);
	assert_string_equal(find(&s, "/dir/direct", true), "none");
	drop(&s);
}

static void test_contents(void **state)
{
	uint8_t want[4 * PAGE], *got;
	struct crx_err err = CRX_ERR_INIT;
	struct scene s;

	(void)state;
	make(&s, CRX_ORDER_BIG);
	/* /run */
	forge_pattern(want, 2 * PAGE + 100, 7);
	assert_int_equal(crx_entry_contents(&s.img, &s.l.entry[5], s.z, &got, &err), 0);
	assert_int_equal(crx_entry_size(&s.l.entry[5]), 2 * PAGE + 100);
	assert_memory_equal(got, want, 2 * PAGE + 100);
	assert_int_equal(got[2 * PAGE + 100], 0);
	free(got);
	/* /hole */
	memset(want, 0, sizeof(want));
	assert_int_equal(crx_entry_contents(&s.img, &s.l.entry[2], s.z, &got, &err), 0);
	assert_memory_equal(got, want, PAGE + 1);
	free(got);
	/* /plain */
	assert_int_equal(crx_entry_contents(&s.img, &s.l.entry[4], s.z, &got, &err), 0);
	forge_pattern(want, PAGE, 2);
	assert_memory_equal(got, want, PAGE);
	memset(want, 0, PAGE);
	assert_memory_equal(got + PAGE, want, PAGE);
	free(got);

	forge_put32(&s.g, s.b.plain_table + 4, 1);
	read_listing(&s);
	assert_int_equal(crx_entry_contents(&s.img, &s.l.entry[4], s.z, &got, &err), CRX_EFORMAT);
	assert_null(got);
	assert_string_equal(err.path, "/plain");
	assert_non_null(strstr(err.text, "block 1 "));
	assert_non_null(strstr(err.text, "bad data blocksize"));
	drop(&s);
}

/* A size without data: nothing to be read, but memory for what the size says. */
static void test_contents_without_data(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	uint8_t *got, zero[100] = { 0 };
	struct crx_inode in = { .mode = S_IFREG | 0644, .namelen4 = 1, .size = 100 };
	struct scene s;

	(void)state;
	make(&s, CRX_ORDER_LITTLE);
	crx_inode_encode(&in, CRX_ORDER_LITTLE, s.g.data + s.b.entry[4]);
	read_listing(&s);
	assert_int_equal(crx_entry_size(&s.l.entry[5]), 0);
	assert_int_equal(crx_entry_contents(&s.img, &s.l.entry[5], s.z, &got, &err), 0);
	assert_memory_equal(got, zero, 100);
	free(got);
	drop(&s);
}

/* --- names that occur twice --- */

/* The doubles of a directory with these names, as "name@index ". */
static const char *doubles_of(const char *const *name, size_t n)
{
	struct crx_entry entry[8] = { { .first_child = 1, .nchildren = (uint32_t)n } };
	struct crx_listing l = { .entry = entry, .n = n + 1 };
	struct crx_err err = CRX_ERR_INIT;
	const struct crx_entry **found;
	static char text[200];
	size_t i, used = 0;

	for (i = 1; i <= n; i++) {
		entry[i].de.name = name[i - 1];
		entry[i].de.name_len = (uint8_t)strlen(name[i - 1]);
		entry[i].index = (uint32_t)i;
	}
	assert_int_equal(crx_entry_doubles(&l, entry, &found, &n, &err), 0);
	text[0] = '\0';
	for (i = 0; i < n; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s@%u ",
					 found[i]->de.name, found[i]->index);
	free(found);
	return text;
}

static void test_doubles(void **state)
{
	static const char *const sorted[] = { "a", "ab", "b", "\x80", "\xff" };
	static const char *const all[] = { "x", "x", "x", "x", "x", "x", "x" };
	static const char *const mixed[] = { "b", "a", "\xff", "b", "a", "ab", "a" };
	struct crx_entry a = { .de = { .name = "a", .name_len = 1 } }, b = a;

	(void)state;
	assert_string_equal(doubles_of(sorted, 0), "");
	assert_string_equal(doubles_of(sorted, 1), "");
	assert_string_equal(doubles_of(sorted, 5), "");
	assert_string_equal(doubles_of(all, 2), "x@2 ");
	assert_string_equal(doubles_of(all, 7), "x@2 x@3 x@4 x@5 x@6 x@7 ");
	assert_string_equal(doubles_of(mixed, 3), "");
	assert_string_equal(doubles_of(mixed, 7), "a@5 a@7 b@4 ");
	/* bytes are unsigned, and the longer one of two with the same beginning comes later */
	assert_int_equal(crx_entry_compare_names(&a, &b), 0);
	b.de.name = "\xff";
	assert_true(crx_entry_compare_names(&a, &b) < 0);
	assert_true(crx_entry_compare_names(&b, &a) > 0);
	b.de.name = "a/";
	b.de.name_len = 2;
	assert_true(crx_entry_compare_names(&a, &b) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_breadth_first),
		cmocka_unit_test(test_path_is_cut_in_front),
		cmocka_unit_test(test_damage_and_cycles),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_overlapping_directories),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_from_a_directory),
		cmocka_unit_test(test_contents),
		cmocka_unit_test(test_contents_without_data),
		cmocka_unit_test(test_doubles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
