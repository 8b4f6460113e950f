/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Slots: what gets one, what is in it, whoever fills it.
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

#include "pack/pack.h"

enum { PAGE = 4096, FILES = 40, SIZE_MAX_ = 700 * PAGE };

/* Files in memory that may change or fail from the scan on. */
struct fixture {
	struct crx_tree tree;
	struct crx_node *node[FILES];
	uint8_t *bytes[FILES];
	size_t nfiles;
	struct crx_facts facts;
	struct crx_wishes wishes;
	struct crx_packed packed;
	bool fails[FILES], fails_to_close[FILES];
};

static int fix_open(const struct crx_content *c, void **handle, struct crx_err *err)
{
	(void)c;
	(void)err;
	*handle = NULL;
	return 0;
}

static size_t number(const struct crx_content *c)
{
	const struct fixture *x = c->source;
	size_t i;

	for (i = 0; i < x->nfiles && x->bytes[i] != c->key; i++)
		;
	return i;
}

static int fix_pread(const struct crx_content *c, void *handle, void *buf, size_t len, uint64_t off,
		     struct crx_err *err)
{
	const struct fixture *x = c->source;
	size_t i = number(c);

	(void)handle;
	if (x->fails[i])
		return crx_err_set(err, CRX_EIO, 0, x->node[i]->name, "read");
	memcpy(buf, x->bytes[i] + off, len);
	return 0;
}

static int fix_close(const struct crx_content *c, void *handle, struct crx_err *err)
{
	const struct fixture *x = c->source;
	size_t i = number(c);

	(void)handle;
	return x->fails_to_close[i] ? crx_err_set(err, CRX_ECHANGED, 0, x->node[i]->name, "close")
				    : 0;
}

static const struct crx_content_ops fix_ops = { fix_open, fix_pread, fix_close };

static void fix_init(struct fixture *x)
{
	struct crx_err err = CRX_ERR_INIT;

	memset(x, 0, sizeof(*x));
	assert_int_equal(crx_tree_init(&x->tree, &err), 0);
}

static uint8_t *fix_add(struct fixture *x, size_t size)
{
	struct crx_err err = CRX_ERR_INIT;
	size_t i = x->nfiles++;
	char name[32];

	snprintf(name, sizeof(name), "f%03zu", i);
	assert_int_equal(crx_tree_add(x->tree.root, name, &x->node[i], &err), 0);
	x->bytes[i] = calloc(1, size);
	assert_non_null(x->bytes[i]);
	x->node[i]->mode = S_IFREG | 0644;
	x->node[i]->size = size;
	x->node[i]->content = (struct crx_content){
		.ops = &fix_ops, .source = x, .key = x->bytes[i], .size = size
	};
	return x->bytes[i];
}

/* Blocks that compress, that do not, of zeros; the number makes them differ. */
static void put_text(uint8_t *at, size_t len, unsigned number_)
{
	size_t i;

	for (i = 0; i < len; i++)
		at[i] = (uint8_t)("some text and number "[i % 21] + (i % 97 == 7 ? number_ : 0));
}

static void put_noise(uint8_t *at, size_t len, uint64_t x)
{
	size_t i;

	x = x * 0x9e3779b97f4a7c15u | 1;
	for (i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		at[i] = (uint8_t)(x >> 24);
	}
}

static void fix_scan(struct fixture *x)
{
	struct crx_scan_opts o = { .page_size = PAGE, .workers = 1, .find_equal = true };
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_tree_finish(&x->tree, &err), 0);
	assert_int_equal(crx_scan(&x->tree, &o, &x->facts, &err), 0);
	x->wishes = (struct crx_wishes){ .nfiles = x->nfiles };
	x->wishes.file = calloc(x->nfiles + 1, sizeof(*x->wishes.file));
	assert_non_null(x->wishes.file);
}

static void fix_wish(struct fixture *x, size_t file, uint32_t first, uint32_t n)
{
	struct crx_file_wish *w = &x->wishes.file[file];

	w->range = calloc(1, sizeof(*w->range));
	assert_non_null(w->range);
	*w->range = (struct crx_wish){ first, n };
	w->nranges = 1;
}

static int fix_pack(struct fixture *x, const char *comp, bool ext, bool holes, unsigned workers,
		    struct crx_err *err)
{
	struct crx_pack_opts o = { .workers = workers, .ext = ext, .holes = holes, .sample = true };

	assert_int_equal(crx_comp_parse(comp, false, &o.comp, err), 0);
	crx_packed_free(&x->packed);
	return crx_pack(&x->facts, &x->wishes, &o, NULL, &x->packed, err);
}

static void fix_free(struct fixture *x)
{
	size_t i;

	crx_packed_free(&x->packed);
	crx_wishes_free(&x->wishes);
	crx_facts_free(&x->facts);
	crx_tree_free(&x->tree);
	for (i = 0; i < x->nfiles; i++)
		free(x->bytes[i]);
}

/* Slot of block i of the file inflates to it; or it is RAW, and may be. */
static void check_slot(const struct fixture *x, size_t file, uint32_t i, bool ext)
{
	const struct crx_file_fact *f = &x->facts.file[file];
	const struct crx_slot *s = &x->packed.slot[f->first_blk + i];
	uint32_t len = crx_scan_block_len(&x->facts, f, i);
	struct crx_inflate *z = crx_inflate_new();
	uint8_t out[PAGE];

	assert_non_null(z);
	if (s->state == CRX_SLOT_RAW) {
		assert_true(ext);
		assert_int_equal(s->len, len);
	} else {
		assert_int_equal(s->state, CRX_SLOT_STREAM);
		assert_true(!ext || s->len < len);
		assert_int_equal(crx_inflate_run(z, s->data, s->len, out, sizeof(out)), len);
		assert_memory_equal(out, x->bytes[file] + (size_t)i * PAGE, len);
	}
	crx_inflate_free(z);
}

static void test_slots(void **state)
{
	const struct crx_comp_backend *const *b;
	static const size_t tails[] = { 1, 2, 8, 30, 100, 4000, 4085, 4095, 4096 };
	struct crx_err err = CRX_ERR_INIT;
	struct fixture x;
	size_t i;
	int ext;

	(void)state;
	fix_init(&x);
	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		uint8_t *p = fix_add(&x, 2 * PAGE + tails[i]);

		put_text(p, PAGE, (unsigned)i);
		put_noise(p + PAGE, PAGE, i);
		if (i & 1)
			put_text(p + 2 * PAGE, tails[i], 50 + (unsigned)i);
		else
			put_noise(p + 2 * PAGE, tails[i], 50 + i);
	}
	fix_scan(&x);
	for (b = crx_comp_backends(); *b; b++) {
		for (ext = 0; ext < 2; ext++) {
			assert_int_equal(fix_pack(&x, (*b)->name, ext, true, 1, &err), 0);
			for (i = 0; i < x.nfiles; i++) {
				check_slot(&x, i, 0, ext);
				check_slot(&x, i, 1, ext);
				check_slot(&x, i, 2, ext);
			}
			/* noise does not shrink; text does unless nothing is tried */
			assert_int_equal(x.packed.slot[1].state,
					 ext ? CRX_SLOT_RAW : CRX_SLOT_STREAM);
			if (ext)
				assert_int_equal(x.packed.slot[0].state, strcmp((*b)->name, "store")
										 ? CRX_SLOT_STREAM
										 : CRX_SLOT_RAW);
		}
	}
	fix_free(&x);
}

static void test_what_needs_none(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct fixture x;
	uint8_t *p;
	int holes;

	(void)state;
	fix_init(&x);
	p = fix_add(&x, 5 * PAGE); /* 0 ... 4: text, zeros, in place ... the exact tail */
	put_text(p, PAGE, 1);
	put_text(p + 2 * PAGE, PAGE, 2);
	put_text(p + 3 * PAGE, PAGE, 3);
	put_text(p + 4 * PAGE, PAGE, 4);
	p = fix_add(&x, 3 * PAGE); /* 5 ... 7: equal to 0; equal to one in place; zeros */
	put_text(p, PAGE, 1);
	put_text(p + PAGE, PAGE, 2);
	fix_scan(&x);
	fix_wish(&x, 0, 2, 3);
	for (holes = 0; holes < 2; holes++) {
		assert_int_equal(fix_pack(&x, "zlib", true, holes, 1, &err), 0);
		assert_int_equal(x.packed.slot[0].state, CRX_SLOT_STREAM);
		assert_int_equal(x.packed.slot[1].state, holes ? CRX_SLOT_NONE : CRX_SLOT_STREAM);
		/* in place here, compressed in the other file */
		assert_int_equal(x.packed.slot[2].state, CRX_SLOT_STREAM);
		assert_int_equal(x.packed.slot[3].state, CRX_SLOT_NONE);
		assert_int_equal(x.packed.slot[4].state, CRX_SLOT_STREAM);
		assert_int_equal(x.packed.slot[5].state, CRX_SLOT_NONE);
		assert_int_equal(x.packed.slot[6].state, CRX_SLOT_NONE);
	}
	assert_true(crx_pack_in_run(&x.facts, &x.wishes, 0, 3));
	assert_false(crx_pack_in_run(&x.facts, &x.wishes, 0, 4));
	assert_false(crx_pack_in_run(&x.facts, &x.wishes, 0, 1));
	fix_free(&x);
}

/* What is stored by wish needs no slot; what may be in place has one where its
 * cost is to be weighed. */
static void test_stored_and_weighed(void **state)
{
	struct crx_pack_opts o = { .workers = 1, .ext = true, .holes = true, .candidates = true };
	struct crx_err err = CRX_ERR_INIT;
	struct fixture x;
	uint8_t *p;

	(void)state;
	fix_init(&x);
	p = fix_add(&x, 3 * PAGE); /* 0 ... 2: stored */
	put_text(p, PAGE, 1);
	put_text(p + PAGE, PAGE, 2);
	p = fix_add(&x, 3 * PAGE + 1); /* 3 ... 6: in place but for the first; zeros in 5 */
	put_text(p, PAGE, 2);
	put_text(p + PAGE, PAGE, 3);
	put_text(p + 3 * PAGE, 1, 4);
	fix_scan(&x);
	x.wishes.file[0].action = CRX_ACTION_STORE;
	fix_wish(&x, 1, 1, 3);
	assert_int_equal(fix_pack(&x, "zlib", true, true, 1, &err), 0);
	assert_int_equal(x.packed.slot[0].state, CRX_SLOT_NONE);
	assert_int_equal(x.packed.slot[1].state, CRX_SLOT_STREAM); /* the other file has it, too */
	assert_int_equal(x.packed.slot[4].state, CRX_SLOT_NONE);
	assert_true(crx_pack_stores(&x.wishes, 0) && !crx_pack_stores(&x.wishes, 1));
	crx_packed_free(&x.packed);
	assert_int_equal(crx_comp_parse("zlib", false, &o.comp, &err), 0);
	assert_int_equal(crx_pack(&x.facts, &x.wishes, &o, NULL, &x.packed, &err), 0);
	assert_int_equal(x.packed.slot[0].state, CRX_SLOT_NONE);
	assert_int_equal(x.packed.slot[4].state, CRX_SLOT_STREAM);
	assert_int_equal(x.packed.slot[5].state, CRX_SLOT_NONE);
	assert_int_equal(x.packed.slot[6].state, CRX_SLOT_RAW);
	assert_int_equal(x.packed.sample_pages, 0);
	fix_free(&x);
}

static void put_many(struct fixture *x)
{
	size_t i, k;

	for (i = 0; i < FILES; i++) {
		uint8_t *p = fix_add(x, (i * 7 % 23 + 1) * PAGE + i);

		for (k = 0; k < x->node[i]->size / PAGE; k++) {
			if ((i + k) % 3)
				put_text(p + k * PAGE, PAGE, (unsigned)(i * 31 + k) % 100);
			else
				put_noise(p + k * PAGE, PAGE, i * 31 + k);
		}
	}
	fix_scan(x);
}

static void test_workers_change_nothing(void **state)
{
	static const unsigned workers[] = { 1, 2, 5, 16 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_packed first;
	struct fixture x;
	size_t w, b;

	(void)state;
	fix_init(&x);
	put_many(&x);
	fix_wish(&x, 3, 0, 20);
	assert_int_equal(fix_pack(&x, NULL, true, true, 1, &err), 0);
	first = x.packed;
	x.packed = (struct crx_packed){ 0 };
	for (w = 0; w < 4; w++) {
		assert_int_equal(fix_pack(&x, NULL, true, true, workers[w], &err), 0);
		assert_int_equal(x.packed.sample_bytes, first.sample_bytes);
		assert_int_equal(x.packed.sample_pages, first.sample_pages);
		for (b = 0; b < first.nslots; b++) {
			assert_int_equal(x.packed.slot[b].state, first.slot[b].state);
			assert_int_equal(x.packed.slot[b].len, first.slot[b].len);
			if (first.slot[b].state == CRX_SLOT_STREAM)
				assert_memory_equal(x.packed.slot[b].data, first.slot[b].data,
						    first.slot[b].len);
		}
	}
	crx_packed_free(&first);
	fix_free(&x);
}

/* Another content than scan saw is never packed, and the first file is named. */
static void test_changed(void **state)
{
	struct fixture x;
	unsigned w;

	(void)state;
	fix_init(&x);
	put_many(&x);
	/* blocks of noise, which no other file has */
	x.bytes[30][0] ^= 1;
	x.bytes[17][2 * PAGE - 1] ^= 1;
	for (w = 1; w <= 5; w += 2) {
		struct crx_err err = CRX_ERR_INIT;

		assert_int_equal(fix_pack(&x, NULL, true, true, w, &err), CRX_ECHANGED);
		assert_string_equal(err.path, "/f017");
	}
	fix_free(&x);
}

static void test_failures(void **state)
{
	struct fixture x;
	unsigned w;

	(void)state;
	fix_init(&x);
	put_many(&x);
	for (w = 1; w <= 5; w += 2) {
		struct crx_err err = CRX_ERR_INIT, err2 = CRX_ERR_INIT;

		x.fails[9] = x.fails[38] = true;
		assert_int_equal(fix_pack(&x, NULL, true, true, w, &err), CRX_EIO);
		assert_string_equal(err.path, "f009");
		x.fails[9] = x.fails[38] = false;
		x.fails_to_close[5] = x.fails_to_close[20] = true;
		assert_int_equal(fix_pack(&x, NULL, true, true, w, &err2), CRX_ECHANGED);
		assert_string_equal(err2.path, "f005");
		x.fails_to_close[5] = x.fails_to_close[20] = false;
	}
	fix_free(&x);
}

/* What in-place pages would take is estimated from every stride-th. */
static void test_sample(void **state)
{
	struct crx_pack_opts o = { .workers = 2, .ext = true, .holes = true };
	struct crx_err err = CRX_ERR_INIT;
	struct fixture x;
	uint8_t *p;
	size_t k;

	(void)state;
	/* few pages: all of them; zeros are tried by nobody and take nothing */
	fix_init(&x);
	p = fix_add(&x, 10 * PAGE);
	for (k = 0; k < 9; k++)
		if (k != 4)
			put_noise(p + k * PAGE, PAGE, k);
	fix_scan(&x);
	fix_wish(&x, 0, 0, 10);
	assert_int_equal(fix_pack(&x, NULL, true, true, 2, &err), 0);
	assert_int_equal(x.packed.sample_stride, 1);
	assert_int_equal(x.packed.sample_pages, 9);
	assert_int_equal(x.packed.sample_bytes, 8 * PAGE);
	fix_free(&x);
	/* many: some of them */
	fix_init(&x);
	p = fix_add(&x, SIZE_MAX_);
	for (k = 0; k < 700; k++)
		put_noise(p + k * PAGE, PAGE, k);
	fix_scan(&x);
	fix_wish(&x, 0, 0, 700);
	assert_int_equal(crx_comp_parse(NULL, false, &o.comp, &err), 0);
	assert_int_equal(fix_pack(&x, NULL, true, true, 2, &err), 0);
	assert_int_equal(x.packed.sample_stride, 3);
	assert_int_equal(x.packed.sample_pages, 233);
	assert_int_equal(x.packed.sample_bytes, 233 * PAGE);
	/* or none, if nobody wants to know */
	crx_packed_free(&x.packed);
	assert_int_equal(crx_pack(&x.facts, &x.wishes, &o, NULL, &x.packed, &err), 0);
	assert_int_equal(x.packed.sample_stride, 0);
	assert_int_equal(x.packed.sample_pages, 0);
	for (k = 0; k < 699; k++)
		assert_int_equal(x.packed.slot[k].state, CRX_SLOT_NONE);
	fix_free(&x);
}

static void test_nothing(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct fixture x;

	(void)state;
	fix_init(&x);
	fix_scan(&x);
	assert_int_equal(fix_pack(&x, NULL, true, true, 2, &err), 0);
	assert_int_equal(x.packed.nslots, 0);
	fix_free(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_what_needs_none),
		cmocka_unit_test(test_stored_and_weighed),
		cmocka_unit_test(test_workers_change_nothing),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_sample),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
