/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that runs out while an image is read: each allocation fails in turn. The answer is
 * CRX_ENOMEM or the right one, and never that the image is damaged.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "explain_scene.h"
#include "failing_alloc.h"
#include "read/check.h"

enum { LINK_TABLE = 0x600 };

/* One attempt, from nothing to nothing. Returns CRX_EINTERNAL for a wrong answer. */
typedef int attempt(const struct crx_image *img, struct crx_err *err);

static void fail_each(const struct crx_image *img, attempt *run)
{
	long n, live, failures = 0;
	int ret;

	for (n = 1;; n++) {
		struct crx_err err = CRX_ERR_INIT;

		live = alloc_live();
		alloc_fail(n, false);
		ret = run(img, &err);
		alloc_succeed();
		if (alloc_live() != live)
			fail_msg("allocation %ld: %ld pieces are left", n, alloc_live() - live);
		if (!ret && alloc_count() < n)
			break;
		/* without its window, zlib reports a stream that is too long in another way */
		if (!ret)
			continue;
		if (ret != CRX_ENOMEM || err.code != CRX_ENOMEM)
			fail_msg("allocation %ld: %d, %s", n, ret, err.text);
		failures++;
	}
	assert_true(failures > 3);
}

static int find_page_size(const struct crx_image *img, struct crx_err *err)
{
	uint32_t size, candidates;
	int ret = crx_check_page_size(img->data, img->len, &size, &candidates, err);

	return ret ? ret : size == img->page_size ? 0 : CRX_EINTERNAL;
}

static int check(const struct crx_image *img, struct crx_err *err)
{
	struct crx_check_opts o = { .workers = 1 };
	struct crx_check_result r;
	int ret = crx_check(img, &o, &r, err);

	/* only the counts in the superblock are wrong */
	return ret ? ret : r.notes && !r.errors && !r.warnings ? 0 : CRX_EINTERNAL;
}

static void test_page_size(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_image img;
	struct forge_base b;
	struct forge g;

	(void)state;
	forge_base(&g, &b, CRX_ORDER_LITTLE, CRX_PAGE_MAX);
	assert_int_equal(forge_view(&g, &img, &err), 0);
	fail_each(&img, find_page_size);
	forge_free(&g);
}

static void test_check(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_image img;
	struct forge_base b;
	struct forge g;

	(void)state;
	forge_base(&g, &b, CRX_ORDER_BIG, P);
	forge_seal(&g);
	assert_int_equal(forge_view(&g, &img, &err), 0);
	fail_each(&img, check);
	forge_free(&g);
}

static int find_roles(const struct crx_image *img, struct crx_err *err)
{
	struct crx_explain_opts o = { .workers = 1 };
	struct crx_listing l;
	struct crx_explain x;
	int ret = crx_listing_read(img, &l, err);

	if (ret)
		return ret;
	ret = crx_explain_image(img, &l, &o, &x, err);
	if (!ret && (x.nfiles != 2 || x.file[0].role != CRX_EXPLAIN_INTERPRETER ||
		     x.file[1].role != CRX_EXPLAIN_PROGRAM))
		ret = CRX_EINTERNAL;
	crx_explain_free(&x);
	crx_listing_free(&l);
	return ret;
}

/* A program, and its interpreter that is named by a link. */
static void test_interpreter(void **state)
{
	struct crx_inode link = { .mode = S_IFLNK | 0777, .size = 5, .off = LINK_TABLE };
	struct scene s;

	(void)state;
	begin(&s);
	s.entry_end = forge_entry(&s.g, s.entry_end, "ld", link);
	forge_bytes(&s.g, LINK_TABLE + 4, "ld.so", 5);
	forge_put32(&s.g, LINK_TABLE, forge_ptr_stored(LINK_TABLE + 9));
	put_name(&s, "ld.so", OTHER_TABLE);
	put_name(&s, "prog", TABLE);
	memset(elf_make_bytes(&s.elf) + ELF_MAKE_INTERP_OFF, 0, sizeof(ELF_MAKE_INTERP));
	elf_set(&s.elf, P_FILESZ, 1, 4);
	memcpy(elf_make_bytes(&s.elf) + ELF_MAKE_INTERP_OFF, "/ld", 4);
	put_file(&s, TABLE, RUN);
	elf_set(&s.elf, E_TYPE, 0, 3);
	put_file(&s, OTHER_TABLE, OTHER_RUN);
	open_scene(&s);
	fail_each(&s.img, find_roles);
	finish(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page_size),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_interpreter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
