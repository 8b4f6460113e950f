/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/scan: facts of blocks and files beside those found by comparing each
 * with each; contents that fail, and that change between two readings.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>

#include "elf_make.h"
#include "fake_content.h"
#include "guard.h"
#include "scan/scan.h"
#include "tree_make.h"

enum { P = 4096, MIB = 1 << 20 };

static const struct crx_scan_opts EQUAL = {
	.page_size = P, .workers = 2, .find_equal = true, .executables = true
};

static uint8_t *noise(size_t len, uint32_t seed)
{
	uint8_t *p = malloc(len ? len : 1);
	size_t i;

	assert_non_null(p);
	for (i = 0; i < len; i++) {
		seed = seed * 1664525u + 1013904223u;
		p[i] = (uint8_t)(seed >> 24);
	}
	return p;
}

static void scan_ok(const struct crx_tree *t, const struct crx_scan_opts *o, struct crx_facts *f)
{
	struct crx_err err = CRX_ERR_INIT;
	int ret = crx_scan(t, o, f, &err);

	if (ret)
		fail_msg("%s: %s", err.path, err.text);
}

/* --- a second opinion --- */

static const uint8_t *bytes_of(const struct crx_facts *f, uint32_t blk, size_t *len)
{
	const struct crx_file_fact *file = &f->file[f->blk[blk].file];
	uint32_t i = blk - file->first_blk;
	uint64_t left = file->node->size - (uint64_t)i * f->page_size;

	*len = left < f->page_size ? (size_t)left : f->page_size;
	return (const uint8_t *)file->node->content.key + (size_t)i * f->page_size;
}

static bool is_zero(const uint8_t *p, size_t len)
{
	while (len && !*p) {
		p++;
		len--;
	}
	return !len;
}

static void blocks_are_right(const struct crx_facts *f, bool find_equal)
{
	const uint8_t *p, *q;
	size_t len, other;
	uint32_t i, j;

	for (i = 0; i < f->nblks; i++) {
		const struct crx_file_fact *file = &f->file[f->blk[i].file];

		p = bytes_of(f, i, &len);
		assert_true(crx_hash_equal(f->blk[i].hash, crx_scan_hash(p, len)));
		assert_int_equal(f->blk[i].zero, is_zero(p, len));
		assert_int_equal(crx_scan_block_len(f, file, i - file->first_blk), len);
		for (j = 0; j < i && find_equal && !f->blk[i].zero; j++) {
			q = bytes_of(f, j, &other);
			if (len == other && !memcmp(p, q, len))
				break;
		}
		if (!find_equal || f->blk[i].zero)
			j = f->file[file->link].first_blk + i - file->first_blk;
		assert_int_equal(f->blk[i].same, j);
	}
}

static void files_are_right(const struct crx_tree *t, const struct crx_facts *f, bool find_equal)
{
	const struct crx_node *a, *b;
	uint32_t i, j, blks = 0;

	assert_int_equal(f->nfiles, t->nfiles);
	for (i = 0; i < f->nfiles; i++) {
		a = f->file[i].node;
		assert_ptr_equal(a, t->file[i]);
		assert_int_equal(f->file[i].first_blk, blks);
		assert_int_equal(f->file[i].nblks, (a->size + f->page_size - 1) / f->page_size);
		blks += f->file[i].nblks;
		for (j = 0; j < i; j++) {
			b = f->file[j].node;
			if (find_equal && a->size == b->size &&
			    !memcmp(a->content.key, b->content.key, (size_t)a->size))
				break;
			if (!find_equal && a->link_ino && a->link_ino == b->link_ino &&
			    a->link_dev == b->link_dev)
				break;
		}
		assert_int_equal(f->file[i].same, j);
	}
	assert_int_equal(f->nblks, blks);
}

static void facts_are_right(const struct crx_tree *t, const struct crx_scan_opts *o)
{
	struct crx_facts f;

	scan_ok(t, o, &f);
	assert_int_equal(f.page_size, o->page_size);
	files_are_right(t, &f, o->find_equal);
	blocks_are_right(&f, o->find_equal);
	crx_facts_free(&f);
	crx_facts_free(&f);
}

/* --- sizes --- */

static void nothing_to_scan(void **state)
{
	struct crx_tree t;

	(void)state;
	tree_make_init(&t);
	tree_make_file(t.root, "empty", "", 0);
	tree_make_dir(t.root, "dir");
	tree_make_finish(&t);
	facts_are_right(&t, &EQUAL);
	crx_tree_free(&t);
}

static void sizes_around_pages_and_pieces(void **state)
{
	static const size_t size[] = { 1,           2,       3,          4,           5,
				       P - 1,       P,       P + 1,      2 * P - 1,   2 * P,
				       65535,       65536,   65537,      MIB / 4 - 1, MIB / 4,
				       MIB / 4 + 1, MIB / 2, MIB / 2 + P };
	enum { N = sizeof(size) / sizeof(size[0]) };
	static const uint32_t page[] = { 4096, 8192, 16384, 32768, 65536 };
	uint8_t *data = noise(MIB, 1);
	struct crx_tree t;
	char name[32];
	size_t i;

	(void)state;
	tree_make_init(&t);
	for (i = 0; i < N; i++) {
		snprintf(name, sizeof(name), "f%02zu", i);
		/* beginnings of the same bytes: tails that are a part of a block */
		tree_make_file(t.root, name, data, size[i]);
	}
	tree_make_finish(&t);
	for (i = 0; i < sizeof(page) / sizeof(page[0]); i++) {
		struct crx_scan_opts o = EQUAL;

		o.page_size = page[i];
		facts_are_right(&t, &o);
		o.find_equal = false;
		o.executables = false;
		facts_are_right(&t, &o);
	}
	crx_tree_free(&t);
	free(data);
}

static void the_largest_file(void **state)
{
	size_t len = 16 * MIB - 1;
	uint8_t *data = noise(len, 2);
	struct crx_scan_opts o = {
		.page_size = 65536, .workers = 1, .find_equal = true, .executables = true
	};
	struct crx_facts f;
	struct crx_tree t;

	(void)state;
	tree_make_init(&t);
	tree_make_file(t.root, "a", data, len);
	tree_make_file(t.root, "b", data, len);
	tree_make_file(t.root, "c", data, len - 1);
	tree_make_finish(&t);
	scan_ok(&t, &o, &f);
	assert_int_equal(f.file[0].nblks, 256);
	assert_int_equal(crx_scan_block_len(&f, &f.file[0], 255), 65535);
	assert_int_equal(crx_scan_block_len(&f, &f.file[0], 254), 65536);
	assert_int_equal(f.file[1].same, 0);
	assert_int_equal(f.file[2].same, 2);
	assert_int_equal(f.blk[512].same, 0);
	assert_int_equal(f.blk[512 + 255].same, 512 + 255); /* one byte shorter */
	crx_facts_free(&f);
	crx_tree_free(&t);
	free(data);
}

/* --- what is equal --- */

/* Files of few kinds of blocks, so that many are equal, or nearly. */
static void random_trees(void **state)
{
	enum { FILES = 60, KINDS = 4 };
	struct crx_scan_opts o = EQUAL;
	uint8_t *data[FILES];
	struct crx_tree t;
	uint32_t seed;
	char name[32];
	size_t i, j, len;

	(void)state;
	for (seed = 1; seed <= 8; seed++) {
		uint32_t r = seed;

		tree_make_init(&t);
		for (i = 0; i < FILES; i++) {
			len = (1 + (r = r * 1664525u + 1013904223u) / 65536 % 3) * P;
			data[i] = calloc(1, len);
			assert_non_null(data[i]);
			for (j = 0; j < len; j += P) {
				r = r * 1664525u + 1013904223u;
				/* they differ in one byte: the first, the last, or (0) none */
				data[i][j + (r >> 20) % 2 * (P - 1)] = (uint8_t)((r >> 24) % KINDS);
			}
			r = r * 1664525u + 1013904223u;
			len -= (r >> 24) % 4 ? 0 : 1 + (r >> 16) % 3;
			snprintf(name, sizeof(name), "f%02zu", i);
			tree_make_file(t.root, name, data[i], len);
		}
		tree_make_finish(&t);
		o.workers = 1 + seed % 5;
		facts_are_right(&t, &o);
		crx_tree_free(&t);
		for (i = 0; i < FILES; i++)
			free(data[i]);
	}
}

static void zero_blocks(void **state)
{
	uint8_t *zeros = calloc(1, 3 * P), *nearly = calloc(1, 3 * P);
	struct crx_facts f;
	struct crx_tree t;

	(void)state;
	assert_true(zeros && nearly);
	nearly[P - 1] = 1;
	nearly[P] = 1;
	tree_make_init(&t);
	tree_make_file(t.root, "a", zeros, 3 * P);
	tree_make_file(t.root, "b", zeros, 3 * P);
	tree_make_file(t.root, "c", zeros, 3 * P - 1);
	tree_make_file(t.root, "d", nearly, 3 * P);
	tree_make_file(t.root, "e", zeros, 1);
	tree_make_finish(&t);
	scan_ok(&t, &EQUAL, &f);
	/* equal files, though zero blocks have no equals: there is nothing to store */
	assert_int_equal(f.file[1].same, 0);
	assert_int_equal(f.file[2].same, 2);
	assert_int_equal(f.file[3].same, 3);
	assert_false(f.blk[f.file[3].first_blk].zero);
	assert_false(f.blk[f.file[3].first_blk + 1].zero);
	assert_true(f.blk[f.file[3].first_blk + 2].zero);
	assert_true(f.blk[f.file[4].first_blk].zero);
	crx_facts_free(&f);
	facts_are_right(&t, &EQUAL);
	crx_tree_free(&t);
	free(zeros);
	free(nearly);
}

static struct crx_node *linked(struct crx_node *n, uint64_t dev, uint64_t ino)
{
	n->link_dev = dev;
	n->link_ino = ino;
	return n;
}

/* Names of one file beside copies of it; the same number on another device. */
static void hard_links(void **state)
{
	uint8_t *data = noise(3 * P + 5, 3);
	struct crx_scan_opts o = EQUAL;
	struct fake fake = { .data = data, .name = "fake" };
	struct crx_facts f;
	struct crx_tree t;
	char name[32];
	int i;

	(void)state;
	tree_make_init(&t);
	tree_make_file(t.root, "a-copy", data, 3 * P + 5);
	linked(tree_make_file(t.root, "b1", data, 3 * P + 5), 1, 77);
	linked(tree_make_file(t.root, "b2", data + 1, 3 * P), 2, 77);
	linked(tree_make_file(t.root, "b3", data, 3 * P + 5), 1, 77);
	linked(tree_make_file(t.root, "b4", data + 1, 3 * P), 2, 77);
	linked(tree_make_file(t.root, "b5", data, P), 1,
	       76); /* its other name is not in the tree */
	tree_make_finish(&t);
	for (i = 0; i < 2; i++, o.find_equal = false)
		facts_are_right(&t, &o);
	scan_ok(&t, &EQUAL, &f);
	assert_int_equal(f.file[3].link, 1);
	assert_int_equal(f.file[3].same, 0); /* as its first name, equal to the copy */
	assert_int_equal(f.file[4].link, 2);
	assert_int_equal(f.file[5].link, 5);
	crx_facts_free(&f);
	crx_tree_free(&t);
	/* read under one name only, however many there are */
	tree_make_init(&t);
	for (i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "n%03d", i);
		linked(tree_make_file(t.root, name, data, 3 * P + 5), 1, 5)->content =
			fake_content(&fake, 3 * P + 5);
	}
	tree_make_finish(&t);
	scan_ok(&t, &EQUAL, &f);
	assert_int_equal(fake.opens, 1);
	assert_int_equal(fake.closes, 1);
	for (i = 0; i < 500; i++)
		assert_true(f.file[i].link == 0 && f.file[i].same == 0);
	crx_facts_free(&f);
	crx_tree_free(&t);
	free(data);
}

static void without_looking_for_equals(void **state)
{
	struct crx_scan_opts o = EQUAL;
	struct fake fake[2] = { { .data = (const uint8_t *)"abc", .name = "a" },
				{ .data = (const uint8_t *)"abc", .name = "b" } };
	struct crx_facts f;
	struct crx_tree t;

	(void)state;
	o.find_equal = false;
	tree_make_init(&t);
	tree_make_file(t.root, "a", "abc", 3)->content = fake_content(&fake[0], 3);
	tree_make_file(t.root, "b", "abc", 3)->content = fake_content(&fake[1], 3);
	tree_make_finish(&t);
	scan_ok(&t, &o, &f);
	assert_int_equal(f.file[1].same, 1);
	assert_int_equal(f.blk[1].same, 1);
	/* once each: nothing to compare */
	assert_int_equal(fake[0].preads, 1);
	assert_int_equal(fake[1].preads, 1);
	crx_facts_free(&f);
	crx_tree_free(&t);
}

/* --- executables --- */

static void executables(void **state)
{
	struct crx_scan_opts o = EQUAL;
	struct elf_make m;
	uint8_t *big = calloc(1, MIB);
	struct crx_facts f;
	struct crx_tree t;

	(void)state;
	assert_non_null(big);
	elf_make_sample(&m, 0, 0);
	memcpy(big, m.bytes, m.len);
	big[MIB - 1] = 1;
	tree_make_init(&t);
	tree_make_file(t.root, "1", m.bytes, m.len);
	tree_make_file(t.root, "2", big, MIB);    /* in several pieces, if it were data */
	tree_make_file(t.root, "3", m.bytes, 60); /* its headers are cut off */
	tree_make_file(t.root, "4", m.bytes, 4);
	tree_make_file(t.root, "5", m.bytes, 3);
	tree_make_file(t.root, "6", m.bytes, 1);
	tree_make_link(t.root, "7",
		       "\x7f"
		       "ELF\1\1\1");
	linked(t.root->child[0], 1, 1);
	linked(tree_make_file(t.root, "8", m.bytes, m.len), 1, 1);
	tree_make_finish(&t);
	facts_are_right(&t, &o);
	scan_ok(&t, &o, &f);
	assert_int_equal(f.file[0].exec.kind, CRX_EXEC_ELF);
	assert_int_equal(f.file[1].exec.kind, CRX_EXEC_ELF);
	assert_int_equal(f.file[2].exec.kind, CRX_EXEC_DAMAGED);
	assert_int_equal(f.file[4].exec.kind, CRX_EXEC_NONE);
	assert_int_equal(f.file[5].exec.kind, CRX_EXEC_NONE);
	assert_int_equal(f.file[6].exec.kind, CRX_EXEC_NONE); /* a link is not a program */
	assert_int_equal(f.file[7].exec.kind, CRX_EXEC_NONE); /* see its first name */
	crx_facts_free(&f);
	o.executables = false;
	scan_ok(&t, &o, &f);
	assert_int_equal(f.file[0].exec.kind, CRX_EXEC_NONE);
	crx_facts_free(&f);
	crx_tree_free(&t);
	free(big);
}

/* --- failures --- */

enum { NFAKES = 12 };

struct fakes {
	struct fake fake[NFAKES];
	uint8_t *data;
	char name[NFAKES][8];
	struct crx_tree t;
};

static struct fakes *new_fakes(size_t len)
{
	struct fakes *x = calloc(1, sizeof(*x));
	size_t i;

	assert_non_null(x);
	x->data = noise(len, 4);
	tree_make_init(&x->t);
	for (i = 0; i < NFAKES; i++) {
		snprintf(x->name[i], sizeof(x->name[i]), "f%02u", (unsigned)i);
		x->fake[i].data = x->data;
		x->fake[i].name = x->name[i];
		tree_make_file(x->t.root, x->name[i], x->data, len)->content =
			fake_content(&x->fake[i], len);
	}
	tree_make_finish(&x->t);
	return x;
}

/* What was opened has been closed. */
static void free_fakes(struct fakes *x)
{
	size_t i;

	for (i = 0; i < NFAKES; i++) {
		assert_int_equal(x->fake[i].opens, x->fake[i].closes);
		assert_int_equal(x->fake[i].out_of_bounds, 0);
	}
	crx_tree_free(&x->t);
	free(x->data);
	free(x);
}

enum where { OPEN, FIRST_PREAD, SECOND_PREAD, CLOSE };

static void make_fail(struct fake *f, enum where w)
{
	if (w == OPEN)
		f->fail_open = CRX_EIO;
	else if (w == CLOSE)
		f->fail_close = CRX_ECHANGED;
	else
		f->fail_pread = w == FIRST_PREAD ? 1 : 2;
}

/* Whatever fails where: the first file is reported, with any number of workers. */
static void errors_come_through(void **state)
{
	struct crx_scan_opts o = EQUAL;
	struct crx_facts f;
	struct fakes *x;
	int w;

	(void)state;
	o.find_equal = false;
	for (o.workers = 1; o.workers <= 8; o.workers++) {
		for (w = OPEN; w <= CLOSE; w++) {
			struct crx_err err = CRX_ERR_INIT;

			x = new_fakes(MIB / 4 + 1);
			make_fail(&x->fake[3], (enum where)w);
			make_fail(&x->fake[5], OPEN);
			make_fail(&x->fake[NFAKES - 1], CLOSE);
			assert_int_equal(crx_scan(&x->t, &o, &f, &err),
					 w == CLOSE ? CRX_ECHANGED : CRX_EIO);
			assert_string_equal(err.path, "f03");
			crx_facts_free(&f);
			free_fakes(x);
		}
	}
}

/* All are found, unless one of them failed for another reason. */
static void files_that_cannot_be_read(void **state)
{
	static const int reason[] = { EACCES, EPERM, EIO };
	struct crx_scan_opts o = EQUAL;
	struct crx_facts f;
	struct fakes *x;
	size_t i;

	(void)state;
	for (o.workers = 1; o.workers <= 8; o.workers++) {
		for (i = 0; i < 2 * 3; i++) {
			struct crx_err err = CRX_ERR_INIT;
			bool vanished = i % 2;

			x = new_fakes(MIB / 4 + 1);
			make_fail(&x->fake[2], OPEN);
			make_fail(&x->fake[7], SECOND_PREAD);
			make_fail(&x->fake[8], OPEN);
			x->fake[2].sys_errno = x->fake[7].sys_errno = reason[i / 2];
			x->fake[8].sys_errno = vanished ? ENOENT : reason[i / 2];
			assert_int_equal(crx_scan(&x->t, &o, &f, &err), vanished ? CRX_EIO : 0);
			assert_string_equal(err.path, vanished ? "f08" : "");
			assert_int_equal(f.unreadable, vanished ? 0 : 3);
			assert_int_equal(f.file[2].unreadable, reason[i / 2]);
			assert_int_equal(f.file[3].unreadable, 0);
			crx_facts_free(&f);
			free_fakes(x);
		}
	}
}

/* A close that complains as well does not hide the reason. */
static void the_first_error_of_a_file_counts(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct fakes *x = new_fakes(100);
	struct crx_facts f;

	(void)state;
	make_fail(&x->fake[0], FIRST_PREAD);
	make_fail(&x->fake[0], CLOSE);
	assert_int_equal(crx_scan(&x->t, &EQUAL, &f, &err), CRX_EIO);
	assert_string_equal(err.text, "pread fails");
	crx_facts_free(&f);
	free_fakes(x);
}

/* The same when equal blocks are compared: each file is read again there. */
static void errors_while_comparing(void **state)
{
	struct crx_scan_opts o = EQUAL;
	struct crx_facts f;
	struct fakes *x;
	size_t broken;

	(void)state;
	for (o.workers = 1; o.workers <= 8; o.workers++) {
		/* 0 is the one that all are compared with */
		for (broken = 0; broken < 3; broken++) {
			struct crx_err err = CRX_ERR_INIT;

			x = new_fakes(2 * P + 1);
			x->fake[broken].fail_pread = 3;
			assert_int_equal(crx_scan(&x->t, &o, &f, &err), CRX_EIO);
			assert_string_equal(err.path, x->name[broken]);
			crx_facts_free(&f);
			free_fakes(x);
		}
	}
}

static void changed_between_scan_and_comparison(void **state)
{
	struct crx_scan_opts o = EQUAL;
	struct crx_facts f;
	struct fakes *x;
	size_t broken;

	(void)state;
	for (broken = 0; broken < 2; broken++) {
		struct crx_err err = CRX_ERR_INIT;

		o.workers = 1;
		x = new_fakes(2 * P + 1);
		x->fake[broken].flip_from = 2;
		assert_int_equal(crx_scan(&x->t, &o, &f, &err), CRX_ECHANGED);
		assert_string_equal(err.path, broken ? "/f01" : "/f00");
		crx_facts_free(&f);
		free_fakes(x);
	}
}

static void links_of_different_sizes(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_facts f;
	struct crx_tree t;

	(void)state;
	/* written to between the two times that the directory source saw it */
	tree_make_init(&t);
	linked(tree_make_file(t.root, "a", "abc", 3), 1, 1);
	linked(tree_make_file(tree_make_dir(t.root, "d"), "b", "abcd", 4), 1, 1);
	tree_make_finish(&t);
	assert_int_equal(crx_scan(&t, &EQUAL, &f, &err), CRX_ECHANGED);
	assert_string_equal(err.path, "/d/b");
	crx_facts_free(&f);
	crx_tree_free(&t);
}

/* --- reading a block again --- */

static int read_again(struct crx_facts *f, struct fake *fake, uint32_t i, uint32_t n, void *buf,
		      struct crx_err *err)
{
	*err = (struct crx_err)CRX_ERR_INIT;
	return crx_scan_read_blocks(f, fake, i, n, buf, err);
}

static void blocks_read_again(void **state)
{
	struct guard g = guard_new(3 * P);
	struct crx_err err = CRX_ERR_INIT;
	struct crx_facts f;
	struct crx_tree t;
	uint8_t *data = noise(2 * P + 3, 5);
	struct fake fake = { .data = data, .name = "x" };
	unsigned preads;

	(void)state;
	tree_make_init(&t);
	tree_make_file(tree_make_dir(t.root, "d"), "x", data, 2 * P + 3)->content =
		fake_content(&fake, 2 * P + 3);
	tree_make_finish(&t);
	scan_ok(&t, &EQUAL, &f);
	assert_int_equal(read_again(&f, &fake, 1, 1, guard_buf(&g, P), &err), 0);
	assert_memory_equal(guard_buf(&g, P), data + P, P);
	/* the tail, and no byte more */
	assert_int_equal(read_again(&f, &fake, 2, 1, guard_buf(&g, 3), &err), 0);
	assert_memory_equal(guard_buf(&g, 3), data + 2 * P, 3);
	/* several at a time, with one call */
	preads = fake.preads;
	assert_int_equal(read_again(&f, &fake, 0, 3, guard_buf(&g, 2 * P + 3), &err), 0);
	assert_memory_equal(guard_buf(&g, 2 * P + 3), data, 2 * P + 3);
	assert_int_equal(fake.preads, preads + 1);
	/* one bit in another place each */
	data[P + 100] ^= 0x80;
	assert_int_equal(read_again(&f, &fake, 1, 1, guard_buf(&g, P), &err), CRX_ECHANGED);
	assert_string_equal(err.path, "/d/x");
	assert_int_equal(read_again(&f, &fake, 0, 1, guard_buf(&g, P), &err), 0);
	assert_int_equal(read_again(&f, &fake, 0, 2, guard_buf(&g, 2 * P), &err), CRX_ECHANGED);
	data[2 * P + 2] ^= 1;
	assert_int_equal(read_again(&f, &fake, 2, 1, guard_buf(&g, 3), &err), CRX_ECHANGED);
	fake.fail_pread = fake.preads + 1;
	assert_int_equal(read_again(&f, &fake, 0, 1, guard_buf(&g, P), &err), CRX_EIO);
	assert_string_equal(err.text, "pread fails");
	assert_int_equal(fake.out_of_bounds, 0);
	crx_facts_free(&f);
	crx_tree_free(&t);
	free(data);
	guard_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_to_scan),
		cmocka_unit_test(sizes_around_pages_and_pieces),
		cmocka_unit_test(the_largest_file),
		cmocka_unit_test(random_trees),
		cmocka_unit_test(zero_blocks),
		cmocka_unit_test(hard_links),
		cmocka_unit_test(without_looking_for_equals),
		cmocka_unit_test(executables),
		cmocka_unit_test(errors_come_through),
		cmocka_unit_test(files_that_cannot_be_read),
		cmocka_unit_test(the_first_error_of_a_file_counts),
		cmocka_unit_test(errors_while_comparing),
		cmocka_unit_test(changed_between_scan_and_comparison),
		cmocka_unit_test(links_of_different_sizes),
		cmocka_unit_test(blocks_read_again),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
