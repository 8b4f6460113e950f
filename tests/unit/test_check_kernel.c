/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crx_check: findings that depend on the kernel, and names that it does not find.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../nasty/forge.h"
#include "read/check.h"
#include "read/kmodel.h"

enum { PAGE = 4096, ENTRIES = 6 };

struct said {
	size_t n[CRX_F_KINDS];
	struct crx_finding last[CRX_F_KINDS];
};

static void say(void *ctx, const struct crx_finding *f)
{
	struct said *s = ctx;

	s->n[f->kind]++;
	s->last[f->kind] = *f;
}

static void check(const struct crx_image *img, struct said *s)
{
	struct crx_check_opts o = { .workers = 1, .max_findings = SIZE_MAX, .emit = say, .ctx = s };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_check_result r;

	memset(s, 0, sizeof(*s));
	assert_int_equal(crx_check(img, &o, &r, &err), 0);
}

static void view(struct forge *g, struct crx_image *img)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(forge_view(g, img, &err), 0);
}

static void test_type(void **state)
{
	struct said *s = *state;
	struct crx_inode in;
	struct crx_image img;
	struct forge_base b;
	struct forge g;

	forge_base(&g, &b, CRX_ORDER_LITTLE, PAGE);
	crx_inode_decode(g.data + b.sub_entry, g.order, &in);
	in.mode = 0755;
	crx_inode_encode(&in, g.order, g.data + b.sub_entry);
	view(&g, &img);
	check(&img, s);
	assert_int_equal(s->n[CRX_F_TYPE], 1);
	assert_non_null(strstr(s->last[CRX_F_TYPE].text, "fails with EIO"));
	img.kernel.version = CRX_KERNEL_VERSION(5, 10, 245);
	check(&img, s);
	assert_int_equal(s->n[CRX_F_TYPE], 1);
	assert_non_null(strstr(s->last[CRX_F_TYPE].text, "Linux 5.10.245 shows it"));
	assert_non_null(strstr(s->last[CRX_F_TYPE].text, "ENXIO"));
	img.kernel.version = CRX_KERNEL_VERSION(5, 10, 246);
	check(&img, s);
	assert_non_null(strstr(s->last[CRX_F_TYPE].text, "fails with EIO"));
	forge_free(&g);
}

static void test_mixed_mappings(void **state)
{
	struct said *s = *state;
	struct crx_image img;
	struct forge_base b;
	struct forge g;

	forge_base(&g, &b, CRX_ORDER_BIG, PAGE);
	view(&g, &img);
	check(&img, s);
	assert_int_equal(s->n[CRX_F_MIXED_MAPPING], 0);
	img.kernel.version = CRX_KERNEL_VERSION(6, 17, 2);
	check(&img, s);
	assert_int_equal(s->n[CRX_F_MIXED_MAPPING], 1);
	assert_non_null(strstr(s->last[CRX_F_MIXED_MAPPING].text, "Linux 6.17.2 maps"));
	assert_non_null(strstr(s->last[CRX_F_MIXED_MAPPING].text, " 4 pages "));
	assert_int_equal(crx_finding_info(CRX_F_MIXED_MAPPING)->severity, CRX_SEV_WARNING);
	/* nothing is in place in a classic image */
	img.super.flags &= ~(uint32_t)CRX_FLAG_EXT_BLOCK_POINTERS;
	check(&img, s);
	assert_int_equal(s->n[CRX_F_MIXED_MAPPING], 0);
	forge_free(&g);
}

/* ---- names that are out of order ---- */

static uint32_t next(uint32_t *x)
{
	*x = *x * 1664525u + 1013904223u;
	return *x >> 8;
}

/* Names of one to five bytes out of four, two of which are negative where char is signed. */
static void make_directory(struct forge *g, uint32_t *x)
{
	static const char byte[] = "az\x90\xf0";
	uint64_t end = FORGE_ROOT;
	struct crx_inode root = { .mode = S_IFDIR | 0755, .off = FORGE_ROOT };
	char name[6];
	size_t i, k, len;

	forge_init(g, CRX_ORDER_LITTLE, PAGE, PAGE);
	for (i = 0; i < ENTRIES; i++) {
		len = 1 + next(x) % 5;
		for (k = 0; k < len; k++)
			name[k] = byte[next(x) % 4];
		name[len] = '\0';
		end = forge_entry(g, end, name, (struct crx_inode){ .mode = S_IFREG | 0644 });
	}
	root.size = (uint32_t)(end - FORGE_ROOT);
	forge_super(g, 0, CRX_FLAG_FSID_VERSION_2 | CRX_FLAG_SORTED_DIRS, &root);
	forge_seal(g);
}

struct hidden {
	const struct crx_image *img;
	bool reported[PAGE]; /* by the offset of the entry */
	bool by_machine[PAGE];
	bool duplicate[PAGE];
};

static void note(void *ctx, const struct crx_finding *f)
{
	struct hidden *h = ctx;

	if (f->kind == CRX_F_NAME_DUPLICATE)
		h->duplicate[f->off] = true;
	if (f->kind != CRX_F_DIR_ORDER)
		return;
	h->reported[f->off] = true;
	h->by_machine[f->off] = strstr(f->text, "where char is signed") != NULL;
}

/* Does the kernel find this entry by its name? */
static bool is_found(const struct crx_image *img, const struct crx_dirent *e, bool is_signed)
{
	struct crx_image other = *img;
	struct crx_dirent found;

	other.kernel.signed_char = is_signed;
	return !crx_k_lookup(&other, &img->super.root, e->name, e->name_len, &found) &&
	       found.off == e->off;
}

/* Findings and the model agree about each entry. Returns the number of those that are not found. */
static unsigned compare(const struct crx_image *img)
{
	struct hidden h = { .img = img };
	struct crx_check_opts o = {
		.workers = 1, .max_findings = SIZE_MAX, .emit = note, .ctx = &h
	};
	struct crx_err err = CRX_ERR_INIT;
	struct crx_check_result r;
	struct crx_dirent e;
	uint32_t pos = 0;
	unsigned n = 0;

	assert_int_equal(crx_check(img, &o, &r, &err), 0);
	while (!crx_k_readdir(img, &img->super.root, &pos, &e)) {
		bool here = is_found(img, &e, false), there = is_found(img, &e, true);

		if (h.duplicate[e.off])
			continue;
		assert_int_equal(h.reported[e.off], !here);
		assert_int_equal(h.by_machine[e.off], !here && there);
		n += !here;
	}
	return n;
}

static void test_order(void **state)
{
	struct crx_image img;
	unsigned i, missed[2] = { 0, 0 };
	uint32_t x = 20261130;
	struct forge g;

	(void)state;
	for (i = 0; i < 2000; i++) {
		make_directory(&g, &x);
		view(&g, &img);
		missed[0] += compare(&img);
		img.kernel.version = CRX_KERNEL_VERSION(6, 1, 0);
		missed[1] += compare(&img);
		forge_free(&g);
	}
	assert_true(missed[0] > 1000);
	assert_int_equal(missed[0], missed[1]);
}

static int set_up(void **state)
{
	*state = malloc(sizeof(struct said));
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_type),
		cmocka_unit_test(test_mixed_mappings),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
