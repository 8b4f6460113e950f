/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/scan with a hash as bad as can be: the first byte. Two blocks of one
 * hash must be taken for equal only if they are.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "scan/scan.h"
#include "tree_make.h"

enum { P = 4096 };

/* These replace those of lib/scan/hash.c, which are not linked. */
struct crx_hash crx_scan_hash(const void *data, size_t len)
{
	(void)len;
	return (struct crx_hash){ .lo = *(const uint8_t *)data, .hi = 0 };
}

bool crx_hash_equal(struct crx_hash a, struct crx_hash b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

struct bytes {
	uint8_t b[2 * P];
};

static struct bytes *bytes(uint8_t first, uint8_t last, uint8_t first2)
{
	struct bytes *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	x->b[0] = first;
	x->b[P - 1] = last;
	x->b[P] = first2;
	return x;
}

struct collide {
	struct bytes *data[16];
	size_t len[16];
	size_t n;
	struct crx_tree t;
	struct crx_facts f;
};

static void add(struct collide *c, uint8_t first, uint8_t last, uint8_t first2, size_t len)
{
	char name[32];

	snprintf(name, sizeof(name), "f%02zu", c->n);
	c->data[c->n] = bytes(first, last, first2);
	c->len[c->n] = len;
	tree_make_file(c->t.root, name, c->data[c->n]->b, len);
	c->n++;
}

static void scan(struct collide *c, unsigned workers)
{
	struct crx_scan_opts o = { .page_size = P, .workers = workers, .find_equal = true };
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_scan(&c->t, &o, &c->f, &err), 0);
}

static size_t blocks_len(const struct crx_facts *f, uint32_t b, const uint8_t **p)
{
	const struct crx_file_fact *file = &f->file[f->blk[b].file];

	*p = (const uint8_t *)file->node->content.key + (size_t)(b - file->first_blk) * P;
	return crx_scan_block_len(f, file, b - file->first_blk);
}

/* What is called the same is the same, and a leader leads to itself. */
static void nothing_unequal(const struct crx_facts *f)
{
	const uint8_t *p, *q;
	size_t i, len;

	for (i = 0; i < f->nblks; i++) {
		assert_int_equal(f->blk[f->blk[i].same].same, f->blk[i].same);
		len = blocks_len(f, (uint32_t)i, &p);
		assert_int_equal(len, blocks_len(f, f->blk[i].same, &q));
		assert_memory_equal(p, q, len);
	}
	for (i = 0; i < f->nfiles; i++) {
		const struct crx_node *a = f->file[i].node, *b = f->file[f->file[i].same].node;

		assert_int_equal(f->file[f->file[i].same].same, f->file[i].same);
		assert_int_equal(a->size, b->size);
		assert_memory_equal(a->content.key, b->content.key, (size_t)a->size);
	}
}

static void finish(struct collide *c)
{
	crx_facts_free(&c->f);
	crx_tree_free(&c->t);
	while (c->n)
		free(c->data[--c->n]);
}

static void blocks_of_one_hash(void **state)
{
	struct collide c = { .n = 0 };

	(void)state;
	tree_make_init(&c.t);
	add(&c, 'a', 1, 0, P);
	add(&c, 'a', 2, 0, P);     /* collides */
	add(&c, 'a', 1, 0, P);     /* equal to the first */
	add(&c, 'a', 2, 0, P);     /* compared with the first of its hash only */
	add(&c, 'a', 1, 0, P - 1); /* shorter, without the byte that differs */
	add(&c, 'a', 1, 0, P - 2);
	add(&c, 'b', 1, 0, P);
	tree_make_finish(&c.t);
	scan(&c, 2);
	nothing_unequal(&c.f);
	assert_int_equal(c.f.file[1].same, 1);
	assert_int_equal(c.f.file[2].same, 0);
	assert_int_equal(c.f.blk[2].same, 0);
	assert_int_equal(c.f.file[3].same, 3);
	assert_int_equal(c.f.file[4].same, 4);
	finish(&c);
}

/* The second block decides, the first one is equal; and the other way round. */
static void files_of_one_hash(void **state)
{
	struct collide c = { .n = 0 };

	(void)state;
	tree_make_init(&c.t);
	add(&c, 'a', 1, 'x', 2 * P);
	add(&c, 'a', 1, 'x', 2 * P);
	c.data[1]->b[2 * P - 1] = 9;
	add(&c, 'a', 2, 'x', 2 * P);
	add(&c, 'a', 1, 'x', 2 * P);
	tree_make_finish(&c.t);
	scan(&c, 1);
	nothing_unequal(&c.f);
	assert_int_equal(c.f.file[1].same, 1);
	assert_int_equal(c.f.blk[2].same, 0);
	assert_int_equal(c.f.blk[3].same, 3);
	assert_int_equal(c.f.file[2].same, 2);
	assert_int_equal(c.f.blk[5].same, 1);
	assert_int_equal(c.f.file[3].same, 0);
	finish(&c);
}

/* A zero block has the hash of others that begin with zero. */
static void zeros_and_what_begins_like_them(void **state)
{
	struct collide c = { .n = 0 };

	(void)state;
	tree_make_init(&c.t);
	add(&c, 0, 0, 0, P);
	add(&c, 0, 1, 0, P);
	add(&c, 0, 0, 0, P);
	add(&c, 0, 1, 0, P);
	add(&c, 0, 2, 0, P);
	tree_make_finish(&c.t);
	scan(&c, 3);
	nothing_unequal(&c.f);
	assert_int_equal(c.f.file[1].same, 1);
	assert_int_equal(c.f.file[2].same, 0);
	assert_int_equal(c.f.blk[3].same, 1);
	finish(&c);
}

/* Names of a file follow their first one, whatever became of it. */
static void links_of_what_collides(void **state)
{
	struct collide c = { .n = 0 };
	size_t i;

	(void)state;
	tree_make_init(&c.t);
	add(&c, 'a', 1, 'x', 2 * P);
	for (i = 0; i < 3; i++)
		add(&c, 'a', 2, 'x', 2 * P);
	for (i = 1; i < 4; i++) {
		c.t.root->child[i]->link_dev = 1;
		c.t.root->child[i]->link_ino = 1;
	}
	tree_make_finish(&c.t);
	scan(&c, 2);
	nothing_unequal(&c.f);
	for (i = 1; i < 4; i++) {
		assert_int_equal(c.f.file[i].same, 1);
		assert_int_equal(c.f.blk[2 * i].same, 2);
		assert_int_equal(c.f.blk[2 * i + 1].same,
				 1); /* its second block is the first file's */
	}
	finish(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_of_one_hash),
		cmocka_unit_test(files_of_one_hash),
		cmocka_unit_test(zeros_and_what_begins_like_them),
		cmocka_unit_test(links_of_what_collides),
	};

	return cmocka_run_group_tests_name("scan_collide", tests, NULL, NULL);
}
