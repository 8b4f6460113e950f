/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * read/kmodel.h: mounting from MTD, listing, looking up. That the kernel
 * answers so is what tests/kernel/test-arm-model.sh shows.
 */
#include "config.h"
#include "read/kmodel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/nasty/forge.h"

enum { PAGE = 4096 };
static const uint32_t V2 = CRX_FLAG_FSID_VERSION_2;

struct scene {
	struct forge g;
	struct crx_image img;
	struct crx_inode root;
	uint64_t end; /* of the entries */
};

static void begin(struct scene *s)
{
	*s = (struct scene){ .end = FORGE_ROOT };
	forge_init(&s->g, CRX_ORDER_LITTLE, PAGE, 2 * PAGE);
}

static void add(struct scene *s, const char *name)
{
	s->end = forge_entry(&s->g, s->end, name, (struct crx_inode){ .mode = S_IFREG | 0644 });
}

static void view(struct scene *s, uint32_t flags)
{
	struct crx_err err = CRX_ERR_INIT;

	s->root = (struct crx_inode){
		.mode = S_IFDIR | 0755,
		.off = FORGE_ROOT,
		.size = (uint32_t)(s->end - FORGE_ROOT),
	};
	forge_super(&s->g, 0, flags, &s->root);
	assert_int_equal(forge_view(&s->g, &s->img, &err), 0);
}

static enum crx_k_why look(const struct scene *s, const char *name)
{
	struct crx_dirent de;

	return crx_k_lookup(&s->img, &s->root, name, strlen(name), &de);
}

/* Names that are listed, and how the listing ends. */
static enum crx_k_why list(const struct scene *s, char *names, size_t size)
{
	struct crx_dirent de;
	uint32_t pos = 0;
	enum crx_k_why why;

	*names = '\0';
	while (!(why = crx_k_readdir(&s->img, &s->root, &pos, &de))) {
		strncat(names, de.name, size - strlen(names) - 1);
		strncat(names, ",", size - strlen(names) - 1);
	}
	return why;
}

#define LISTS(s, want, end)                                             \
	do {                                                            \
		char names_[256];                                       \
		assert_int_equal(list(s, names_, sizeof(names_)), end); \
		assert_string_equal(names_, want);                      \
	} while (0)

static void mounting_from_mtd(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	add(&s, "a");
	view(&s, V2);
	assert_int_equal(crx_k_mtd_fill_super(&s.img), CRX_K_OK);
	s.img.super.size = 2 * PAGE + 1;
	assert_int_equal(crx_k_mtd_fill_super(&s.img), CRX_K_NO_DIRECT_ACCESS);
	s.img.super.size = 1;
	assert_int_equal(crx_k_mtd_fill_super(&s.img), CRX_K_OK);
	s.img.super.size = 0;
	assert_int_equal(crx_k_mtd_fill_super(&s.img), CRX_K_CRASH);
	/* version 1: 256 MiB to the kernel */
	view(&s, 0);
	assert_int_equal(crx_k_mtd_fill_super(&s.img), CRX_K_NO_DIRECT_ACCESS);
	/* its own reasons come first */
	view(&s, V2 | 0x1000);
	s.img.super.size = 0;
	assert_int_equal(crx_k_mtd_fill_super(&s.img), CRX_K_UNSUPPORTED_FEATURES);
	/* but for a partition of less than a page */
	s.img.len = PAGE - 1;
	assert_int_equal(crx_k_mtd_fill_super(&s.img), CRX_K_NO_DIRECT_ACCESS);
	forge_free(&s.g);
}

/* entries that super.size includes, but the image does not */
static void cut_image(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	add(&s, "a");
	view(&s, V2);
	assert_int_equal(look(&s, "a"), CRX_K_OK);
	s.img.len = FORGE_ROOT + CRX_DIRENT_READ_LEN - 1;
	LISTS(&s, "", CRX_K_EMPTY_NAME);
	assert_int_equal(look(&s, "a"), CRX_K_NO_ENTRY);
	s.img.len++;
	LISTS(&s, "a,", CRX_K_NO_ENTRY);
	forge_free(&s.g);
}

static void sound_names(void **state)
{
	struct scene s;
	struct crx_dirent de;

	(void)state;
	begin(&s);
	add(&s, "a");
	add(&s, "abcd");
	add(&s, "abcde");
	view(&s, V2 | CRX_FLAG_SORTED_DIRS);
	LISTS(&s, "a,abcd,abcde,", CRX_K_NO_ENTRY);
	assert_int_equal(look(&s, "a"), CRX_K_OK);
	assert_int_equal(look(&s, "abcd"), CRX_K_OK);
	assert_int_equal(look(&s, "abcdf"), CRX_K_NO_ENTRY);
	assert_int_equal(look(&s, "b"), CRX_K_NO_ENTRY);
	assert_int_equal(crx_k_lookup(&s.img, &s.root, "abcde", 5, &de), CRX_K_OK);
	assert_int_equal(de.off, FORGE_ROOT + 2 * 16);
	assert_string_equal(de.name, "abcde");
	forge_free(&s.g);
}

static void unsorted_names_are_missed_by_the_flag_only(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	add(&s, "b");
	add(&s, "aa");
	add(&s, "b0");
	add(&s, "\xc3");
	add(&s, "\x80");
	view(&s, V2 | CRX_FLAG_SORTED_DIRS);
	LISTS(&s, "b,aa,b0,\xc3,\x80,", CRX_K_NO_ENTRY);
	assert_int_equal(look(&s, "aa"), CRX_K_NO_ENTRY);
	assert_int_equal(look(&s, "b0"), CRX_K_OK);
	assert_int_equal(look(&s, "\x80"), CRX_K_NO_ENTRY);
	view(&s, V2);
	assert_int_equal(look(&s, "aa"), CRX_K_OK);
	assert_int_equal(look(&s, "\x80"), CRX_K_OK);
	forge_free(&s.g);
}

static void names_that_are_none(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	add(&s, "a/b");
	add(&s, "c");
	view(&s, V2 | CRX_FLAG_SORTED_DIRS);
	LISTS(&s, "", CRX_K_SLASH_IN_NAME);
	assert_int_equal(look(&s, "c"), CRX_K_OK);
	/* NULs alone: EIO to whoever asks for a name of that padded length */
	memset(s.g.data + FORGE_ROOT + 12, 0, 4);
	view(&s, V2);
	LISTS(&s, "", CRX_K_EMPTY_NAME);
	assert_int_equal(look(&s, "c"), CRX_K_EMPTY_NAME);
	assert_int_equal(look(&s, "longer"), CRX_K_NO_ENTRY);
	/* a NUL inside: listed in part, found by neither name */
	memcpy(s.g.data + FORGE_ROOT + 12, "a\0b", 4);
	view(&s, V2);
	LISTS(&s, "a,c,", CRX_K_NO_ENTRY);
	assert_int_equal(look(&s, "a"), CRX_K_NO_ENTRY);
	forge_free(&s.g);
}

/* name[0] of an entry without a name is the next entry's first byte */
static void no_name_ends_a_sorted_search(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	crx_inode_encode(&(struct crx_inode){ .mode = S_IFREG }, CRX_ORDER_LITTLE,
			 s.g.data + FORGE_ROOT);
	s.end += CRX_INODE_LEN;
	add(&s, "z");
	s.g.data[FORGE_ROOT + CRX_INODE_LEN] = 'm';
	view(&s, V2 | CRX_FLAG_SORTED_DIRS);
	LISTS(&s, "", CRX_K_EMPTY_NAME);
	assert_int_equal(look(&s, "z"), CRX_K_OK);
	view(&s, V2);
	memcpy(s.g.data + FORGE_ROOT + CRX_INODE_LEN + 12, "a\0\0", 4);
	view(&s, V2);
	assert_int_equal(look(&s, "a"), CRX_K_OK);
	view(&s, V2 | CRX_FLAG_SORTED_DIRS);
	assert_int_equal(look(&s, "a"), CRX_K_NO_ENTRY);
	forge_free(&s.g);
}

static void the_last_264_bytes(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.end = 2 * PAGE - 264 - 16;
	add(&s, "a");
	add(&s, "b");
	add(&s, "c");
	view(&s, V2 | CRX_FLAG_SORTED_DIRS);
	s.root.off = 2 * PAGE - 264 - 16;
	s.root.size = 3 * 16;
	LISTS(&s, "a,b,", CRX_K_EMPTY_NAME);
	assert_int_equal(look(&s, "b"), CRX_K_OK);
	assert_int_equal(look(&s, "c"), CRX_K_NO_ENTRY);
	forge_free(&s.g);
}

static void an_entry_may_pass_its_directory(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	add(&s, "a");
	add(&s, "b");
	view(&s, V2);
	s.root.size = 16 + 1;
	LISTS(&s, "a,b,", CRX_K_NO_ENTRY);
	assert_int_equal(look(&s, "b"), CRX_K_OK);
	/* and one without data has none, whatever its size says */
	s.root.off = 0;
	LISTS(&s, "", CRX_K_NO_ENTRY);
	assert_int_equal(look(&s, "a"), CRX_K_NO_ENTRY);
	forge_free(&s.g);
}

static void a_signed_char_hides_fewer_names(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	add(&s, "\xc3\xa4");
	add(&s, "m");
	add(&s, "\xb0");
	add(&s, "a");
	view(&s, V2 | CRX_FLAG_SORTED_DIRS);
	/* all entries have four bytes for their names, but only equal lengths are compared */
	assert_int_equal(look(&s, "m"), CRX_K_NO_ENTRY);
	assert_int_equal(look(&s, "\xb0"), CRX_K_NO_ENTRY);
	s.img.kernel.signed_char = true;
	assert_int_equal(look(&s, "m"), CRX_K_NO_ENTRY);
	s.img.kernel.version = CRX_KERNEL_VERSION(6, 2, 0);
	assert_int_equal(look(&s, "m"), CRX_K_NO_ENTRY);
	s.img.kernel.version = CRX_KERNEL_VERSION(6, 1, 999);
	assert_int_equal(look(&s, "m"), CRX_K_OK);
	assert_int_equal(look(&s, "\xb0"), CRX_K_OK);
	/* "m" comes before it, and is greater */
	assert_int_equal(look(&s, "a"), CRX_K_NO_ENTRY);
	s.img.kernel.signed_char = false;
	assert_int_equal(look(&s, "m"), CRX_K_NO_ENTRY);
	forge_free(&s.g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mounting_from_mtd),
		cmocka_unit_test(cut_image),
		cmocka_unit_test(sound_names),
		cmocka_unit_test(unsorted_names_are_missed_by_the_flag_only),
		cmocka_unit_test(names_that_are_none),
		cmocka_unit_test(no_name_ends_a_sorted_search),
		cmocka_unit_test(a_signed_char_hides_fewer_names),
		cmocka_unit_test(the_last_264_bytes),
		cmocka_unit_test(an_entry_may_pass_its_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
