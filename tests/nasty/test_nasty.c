/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hostile images through all of lib/read: it says what is expected of it, and
 * reads nothing outside them (no memory is mapped after each).
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

#include "cases.h"
#include "comp/comp.h"
#include "read/kmodel.h"

enum { DIRS_MAX = 8192, MUTATIONS = 4000 };

struct walk {
	const struct crx_image *img;
	struct crx_inflate *z;
	uint8_t page[CRX_PAGE_MAX];
	struct crx_inode dir[DIRS_MAX];
	size_t ndirs;
	char first[CRX_ERR_TEXT_MAX]; /* the first thing that was said */
};

static void say(struct walk *w, const char *text)
{
	if (!*w->first)
		snprintf(w->first, sizeof(w->first), "%s", text);
}

/* What a mapping may claim: whole pages of the image, and no more than asked. */
static void check_map(struct walk *w, const struct crx_inode *in, uint32_t first, uint32_t n,
		      bool writable)
{
	struct crx_k_map map;

	map = crx_k_physmem_mmap(w->img, in, first, n, writable);
	assert_true(map.pages <= n);
	assert_true(map.pages == n || map.why);
	assert_false(map.pages && writable);
	if (map.why == CRX_K_OUT_OF_BOUNDS)
		say(w, crx_k_why_text(map.why));
	if (!map.pages)
		return;
	assert_int_equal(map.off % w->img->page_size, 0);
	assert_true(map.off + (uint64_t)map.pages * w->img->page_size <= w->img->len);
}

static void walk_blocks(struct walk *w, const struct crx_inode *in)
{
	uint32_t nblks = in->size / w->img->page_size + 2;
	struct crx_k_block k;
	uint64_t off;
	uint32_t i;

	for (i = 0; i < nblks; i++) {
		enum crx_k_why find = crx_k_find_block(w->img, in, i, &k);
		enum crx_k_why why = crx_k_read_folio(w->img, in, i, w->z, w->page);

		assert_true(!find || why);
		if (why)
			say(w, crx_k_why_text(why));
		if (i < 4)
			check_map(w, in, i, nblks, false);
	}
	check_map(w, in, 0, nblks, true);
	check_map(w, in, nblks - 1, UINT32_MAX, false);
	check_map(w, in, UINT32_MAX, UINT32_MAX, false);
	crx_k_get_block_range(w->img, in, 0, UINT32_MAX, &off);
	crx_k_get_block_range(w->img, in, UINT32_MAX, UINT32_MAX, &off);
	crx_k_last_page_is_shared(w->img, in);
}

static void add_dir(struct walk *w, const struct crx_inode *in)
{
	size_t i;

	for (i = 0; i < w->ndirs; i++)
		if (w->dir[i].off == in->off && w->dir[i].size == in->size) {
			if (in->size)
				say(w, "directory seen before");
			return;
		}
	if (w->ndirs < DIRS_MAX)
		w->dir[w->ndirs++] = *in;
}

static void walk_entry(struct walk *w, const struct crx_dirent *d)
{
	if (!crx_k_dirent_readable(w->img, d->off))
		say(w, "unreadable entry");
	assert_int_equal(strlen(d->name), d->name_len);
	assert_in_range(d->name_len, 1, CRX_DIRENT_NAME_MAX);
	crx_k_ino(&d->inode, d->off);
	if (S_ISDIR(d->inode.mode))
		add_dir(w, &d->inode);
	else
		walk_blocks(w, &d->inode);
}

/* Everything that lib/read can do to the image. */
static const char *walk_image(struct forge *g, struct walk *w)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_image img;
	struct crx_dirent d;
	enum crx_k_why why;
	size_t i;

	w->ndirs = 0;
	w->first[0] = '\0';
	if (forge_view(g, &img, &err) < 0) {
		say(w, err.text);
		return w->first;
	}
	w->img = &img;
	why = crx_k_read_super(&img);
	if (why)
		say(w, crx_k_why_text(why));
	add_dir(w, &img.super.root);
	for (i = 0; i < w->ndirs; i++) {
		uint32_t pos = 0, before = 0;
		int ret;

		while ((ret = crx_image_dirent(&img, &w->dir[i], &pos, &d, &err)) > 0) {
			assert_true(pos > before);
			before = pos;
			walk_entry(w, &d);
		}
		if (ret < 0)
			say(w, err.text);
		err = (struct crx_err)CRX_ERR_INIT;
	}
	return w->first;
}

static void test_cases(void **state)
{
	struct walk *w = *state;
	unsigned wrong = 0;
	struct forge g;
	size_t i;

	for (i = 0; i < 2 * nasty_ncases; i++) {
		const struct nasty_case *c = &nasty_cases[i / 2];
		const char *got;

		nasty_make(c, i & 1 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, &g);
		got = walk_image(&g, w);
		if (*c->says ? !strstr(got, c->says) : *got) {
			print_error("%s: says '%s', wanted '%s'\n", c->name, got, c->says);
			wrong++;
		}
		forge_free(&g);
	}
	assert_int_equal(wrong, 0);
}

static uint32_t next_random(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

/* Words where they matter become values that matter. */
static void mutate(struct forge *g, const struct forge_base *b, uint32_t *x)
{
	static const uint32_t values[] = { 0,           1,           0xffffffffu, 0x80000000u,
					   0x40000000u, 0xc0000000u, 0x3fffffffu, 0x7fffffffu,
					   76,          4096,        65536 };
	uint32_t n = 1 + next_random(x) % 4, off, v;

	while (n--) {
		v = next_random(x);
		off = next_random(x) %
		      (v % 4 ? (uint32_t)b->plain_table + 16 : (uint32_t)g->len - 4);
		if (v % 3)
			g->data[off] = (uint8_t)(v >> 8);
		else if (v % 2)
			forge_put32(g, off & ~3u,
				    values[next_random(x) % (sizeof(values) / sizeof(values[0]))]);
		else
			forge_put32(g, off & ~3u,
				    crx_get32(g->data + (off & ~3u), g->order) + (v >> 8) % 9 - 4);
	}
	if (!(next_random(x) % 8))
		g->len = next_random(x) % g->len;
}

static void test_mutations(void **state)
{
	const char *rounds = getenv("NASTY_ROUNDS");
	unsigned long i, n = rounds ? strtoul(rounds, NULL, 10) : MUTATIONS;
	struct walk *w = *state;
	struct forge_base b;
	struct forge g;
	uint32_t x = 20240229;

	for (i = 0; i < n; i++) {
		forge_base(&g, &b, i & 1 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, i % 5 ? 4096 : 8192);
		mutate(&g, &b, &x);
		walk_image(&g, w);
		forge_free(&g);
	}
}

static int set_up(void **state)
{
	struct walk *w = calloc(1, sizeof(*w));

	*state = w;
	if (w)
		w->z = crx_inflate_new();
	return w && w->z ? 0 : -1;
}

static int tear_down(void **state)
{
	struct walk *w = *state;

	crx_inflate_free(w->z);
	free(w);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
