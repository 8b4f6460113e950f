/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crx_check: each finding by an image that has just that fault, and none for
 * sound ones. The order of findings does not depend on the workers.
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

#include "../nasty/cases.h"
#include "read/check.h"

enum { PAGE = 4096, DIR = 0, HOLE, LINK, PLAIN, RUN, SAID_MAX = 65536 };

struct said {
	char text[SAID_MAX]; /* "id path; " for each finding */
	size_t n;
};

static void say(void *ctx, const struct crx_finding *f)
{
	struct said *s = ctx;
	size_t used = strlen(s->text);

	s->n++;
	assert_true(*f->text);
	assert_true(f->count >= 1);
	snprintf(s->text + used, sizeof(s->text) - used, "%s%s%s; ", crx_finding_info(f->kind)->id,
		 *f->path ? " " : "", f->path);
}

static void check(struct forge *g, unsigned workers, struct said *s, struct crx_check_result *r)
{
	struct crx_check_opts o = {
		.workers = workers, .max_findings = SIZE_MAX, .emit = say, .ctx = s
	};
	struct crx_err err = CRX_ERR_INIT;
	struct crx_finding none;
	struct crx_image img;

	*s = (struct said){ 0 };
	*r = (struct crx_check_result){ 0 };
	if (forge_view(g, &img, &err) < 0) {
		crx_check_no_image(&err, &none);
		say(s, &none);
		r->errors = 1;
		return;
	}
	assert_int_equal(crx_check(&img, &o, r, &err), 0);
	assert_int_equal(s->n, r->errors + r->warnings + r->notes);
}

/* --- changes to the good image --- */

static struct crx_inode get(const struct forge *g, uint64_t entry)
{
	struct crx_inode in;

	crx_inode_decode(g->data + entry, g->order, &in);
	return in;
}

static void put(struct forge *g, uint64_t entry, struct crx_inode in)
{
	crx_inode_encode(&in, g->order, g->data + entry);
}

#define SPOIL(name) static void name(struct forge *g, const struct forge_base *b)
#define SUPER(name, change)                              \
	SPOIL(name)                                      \
	{                                                \
		struct crx_super s;                      \
		(void)b;                                 \
		crx_super_decode(g->data, g->order, &s); \
		change;                                  \
		crx_super_encode(&s, g->order, g->data); \
	}
#define INODE(name, at, change)                      \
	SPOIL(name)                                  \
	{                                            \
		struct crx_inode in = get(g, b->at); \
		change;                              \
		put(g, b->at, in);                   \
	}

SUPER(count_right, s.files = FORGE_ENTRIES; s.blocks = 14)
SUPER(nothing, (void)s)
SUPER(files_wrong, s.files = 9)
SUPER(blocks_wrong, s.blocks = 9)
SUPER(signature, s.signature[0] ^= 1)
SUPER(future, s.future = 7)
SUPER(version_1, s.flags &= ~CRX_FLAG_FSID_VERSION_2; s.size = 0)
SUPER(holes_flag, s.flags &= ~CRX_FLAG_HOLES)
SUPER(not_extended, s.flags &= ~CRX_FLAG_EXT_BLOCK_POINTERS)
SUPER(flags, s.flags |= 0x1000)
SUPER(longer, s.size = 15 * PAGE)
SUPER(not_pages, s.size -= 4)
SUPER(size_too_small, s.size = 75)
SPOIL(crc)
{
	g->data[b->end + 50] = 1;
}

SPOIL(names_swapped)
{
	memcpy(g->data + b->entry[LINK] + 12, "plin", 4);
	memcpy(g->data + b->entry[HOLE] + 12, "plim", 4);
}
SPOIL(same_length_swapped)
{
	memcpy(g->data + b->entry[LINK] + 12, "hold", 4);
}
/* "zdir" hides all that follow it, though they are in order */
SPOIL(greatest_first)
{
	memcpy(g->data + b->entry[DIR] + 12, "zdir", 4);
	memcpy(g->data + b->entry[HOLE] + 12, "adir", 4);
	memcpy(g->data + b->entry[LINK] + 12, "bdir", 4);
}

SPOIL(duplicate)
{
	memcpy(g->data + b->entry[LINK] + 12, "hole", 4);
}
SPOIL(dot)
{
	memcpy(g->data + b->entry[DIR] + 12, ".\0\0\0", 4);
}
SPOIL(dots)
{
	memcpy(g->data + b->entry[DIR] + 12, "..\0\0", 4);
}
SPOIL(slash)
{
	memcpy(g->data + b->entry[DIR] + 12, "d/r", 3);
}

/* the last entry's name padded to eight */
SPOIL(padded_twice)
{
	struct crx_super s;
	struct crx_inode in = get(g, b->entry[RUN]);

	crx_super_decode(g->data, g->order, &s);
	s.root.size += 4;
	crx_super_encode(&s, g->order, g->data);
	in.namelen4 = 2;
	put(g, b->entry[RUN], in);
}

/* the directory's entry moves to the image's end */
SPOIL(dirent_tail)
{
	uint64_t off = g->len - 260;

	memcpy(g->data + off, g->data + b->sub_entry, 20);
	put(g, b->entry[DIR],
	    (struct crx_inode){
		    .mode = S_IFDIR | 0755, .size = 20, .namelen4 = 1, .off = (uint32_t)off });
}

SPOIL(dirent_tail_version_1)
{
	dirent_tail(g, b);
	version_1(g, b);
}

SPOIL(dirent_tail_just_not)
{
	uint64_t off = g->len - 264;

	memcpy(g->data + off, g->data + b->sub_entry, 20);
	put(g, b->entry[DIR],
	    (struct crx_inode){
		    .mode = S_IFDIR | 0755, .size = 20, .namelen4 = 1, .off = (uint32_t)off });
}

INODE(no_type, entry[RUN], in.mode = 0755)
INODE(no_data, entry[RUN], in.off = 0)
INODE(empty_offset, entry[RUN], in.size = 0)
INODE(device, entry[RUN], in.mode = S_IFBLK | 0600; in.size = 0x10000; in.off = 0)
INODE(device_offset, entry[RUN], in.mode = S_IFCHR | 0600; in.size = 0x105)
INODE(fifo_size, entry[RUN], in.mode = S_IFIFO | 0600; in.off = 0)
INODE(link_empty, entry[LINK], in.size = 0; in.off = 0)
INODE(link_long, entry[RUN], in.mode = S_IFLNK | 0777; in.size = PAGE)
SPOIL(link_nul)
{
	forge_bytes(g, b->link_table + 4, "ab\0cdefgh", 9);
	forge_put32(g, b->link_table, forge_ptr_stored(b->link_table + 13));
}

SPOIL(link_hole)
{
	forge_put32(g, b->link_table, (uint32_t)b->link_table + 4);
}

/* "plain" on the table of "run" */
static void share(struct forge *g, const struct forge_base *b, uint16_t mode, uint16_t uid,
		  uint8_t gid, uint32_t shrink)
{
	struct crx_inode in = get(g, b->entry[RUN]);

	in.mode = mode ? mode : in.mode;
	in.uid = uid;
	in.gid = gid;
	in.size -= shrink;
	in.namelen4 = 2;
	put(g, b->entry[PLAIN], in);
}

SPOIL(share_all)
{
	share(g, b, 0, 1000, 100, 0);
}
SPOIL(share_mode)
{
	share(g, b, S_IFREG | 0600, 1000, 100, 0);
}
SPOIL(share_type)
{
	share(g, b, S_IFLNK | 0755, 1000, 100, 0);
}
SPOIL(share_uid)
{
	share(g, b, 0, 0, 100, 0);
}
SPOIL(share_gid)
{
	share(g, b, 0, 1000, 0, 0);
}
SPOIL(share_size)
{
	share(g, b, 0, 1000, 100, 1);
}
SPOIL(share_dir)
{
	struct crx_inode in = get(g, b->entry[DIR]);
	in.namelen4 = 1;
	put(g, b->entry[RUN], in);
}
SPOIL(cycle)
{
	struct crx_inode in = { .mode = S_IFDIR | 0755, .off = FORGE_ROOT, .namelen4 = 2 };
	in.size = (uint32_t)(b->entry[RUN] + 16 - FORGE_ROOT);
	put(g, b->sub_entry, in);
}
INODE(table_in_table, entry[RUN], in.off = (uint32_t)b->plain_table + 8; in.size = 2 * PAGE)
INODE(table_outside, entry[RUN], in.off = 16 * PAGE - 8)

/* "run" is a directory of one entry, and of the one that "dir" has */
SPOIL(dir_in_dir)
{
	struct crx_inode in = {
		.mode = S_IFDIR | 0755,
		.namelen4 = 1,
		.off = (uint32_t)b->sub_entry - 16,
		.size = 36,
	};

	forge_entry(g, b->sub_entry - 16, "aaaa", (struct crx_inode){ .mode = S_IFREG | 0644 });
	put(g, b->entry[RUN], in);
}

INODE(dir_over_tables, entry[DIR], in.size += 4)

/* "run" and its table */
static void point(struct forge *g, const struct forge_base *b, uint32_t p0, uint32_t p1,
		  uint32_t p2)
{
	forge_put32(g, b->run_table, p0);
	forge_put32(g, b->run_table + 4, p1);
	forge_put32(g, b->run_table + 8, p2);
}

INODE(exact_tail, entry[RUN], in.size = 3 * PAGE)
INODE(tail_just_not, entry[RUN], in.size = 3 * PAGE - 1)
SPOIL(tail_shared)
{
	g->data[b->run + 3 * PAGE - 1] = 1;
}
SPOIL(run_twice)
{
	forge_put32(g, b->direct_table + 8, forge_ptr_run(b->run));
	forge_put32(g, b->direct_table + 12, forge_ptr_stored(b->run + 2 * PAGE));
}
SPOIL(unaligned)
{
	memset(g->data + b->end, 0, 2 * PAGE);
	point(g, b, forge_ptr_run(b->end + 4), forge_ptr_run(b->run),
	      forge_ptr_run(b->run + 2 * PAGE));
}
SPOIL(outside)
{
	point(g, b, forge_ptr_run(b->run), forge_ptr_run(b->run + PAGE), forge_ptr_run(16 * PAGE));
}
SPOIL(overlap)
{
	point(g, b, forge_ptr_run(b->run + 8), forge_ptr_run(b->run + PAGE),
	      forge_ptr_run(b->run + 2 * PAGE));
}
SPOIL(backwards)
{
	point(g, b, 100, 99, 98);
}
SPOIL(stored_short)
{
	forge_put32(g, b->direct_table + 12, forge_ptr_stored(b->end - 1));
}

/* "run" is two equal pages, one stream after the other */
SPOIL(equal_streams)
{
	struct crx_inode in = get(g, b->entry[RUN]);
	uint32_t off = (uint32_t)b->end, len = (uint32_t)forge_stream(g, off + 8, PAGE, 2);

	forge_stream(g, off + 8 + len, PAGE, 2);
	forge_put32(g, off, off + 8 + len);
	forge_put32(g, off + 4, off + 8 + 2 * len);
	in.off = off;
	in.size = 2 * PAGE;
	put(g, b->entry[RUN], in);
}

/* the last block of "plain" has 100 bytes */
INODE(block_short, entry[PLAIN], in.size += 1)
INODE(block_long, entry[PLAIN], in.size -= 1)
SPOIL(stream_broken)
{
	g->data[b->plain_table + 16 + 100] ^= 1;
}

static const struct {
	void (*spoil)(struct forge *g, const struct forge_base *b);
	const char *says;
} CASE[] = {
	{ nothing, "" },
	{ files_wrong, "files-count; " },
	{ blocks_wrong, "blocks-count; " },
	{ signature, "signature; " },
	{ future, "future; " },
	{ version_1, "version-1; " },
	{ holes_flag, "holes-flag; " },
	{ not_extended, "pointer-flags /plain; pointer-flags /run; pointer-flags /dir/direct; " },
	{ flags, "flags; " },
	{ longer, "file-longer; " },
	{ not_pages, "file-longer; size-not-pages; " },
	{ crc, "crc; " },
	{ names_swapped, "dir-order-odd /plain; " },
	{ same_length_swapped, "dir-order /hold; " },
	{ greatest_first, "dir-order /adir; dir-order /bdir; dir-order /plain; dir-order /run; " },
	{ duplicate, "name-duplicate /hole; " },
	{ dot, "name-dots /.; " },
	{ dots, "name-dots /..; " },
	{ slash, "name-slash /d/r; " },
	{ padded_twice, "name-padding /run; " },
	{ dirent_tail, "dirent-tail /dir/direct; " },
	{ dirent_tail_version_1, "version-1; " },
	{ dirent_tail_just_not, "" },
	{ no_type, "type /run; blocks-count; " },
	{ no_data, "no-data /run; blocks-count; " },
	{ empty_offset, "empty-with-offset /run; blocks-count; " },
	{ device, "device-number /run; blocks-count; " },
	{ device_offset, "device-with-offset /run; blocks-count; " },
	{ fifo_size, "special-with-size /run; blocks-count; " },
	{ link_empty, "symlink-empty /link; blocks-count; " },
	{ share_all, "blocks-count; " },
	{ share_mode, "shared-inode /run; blocks-count; " },
	{ share_type, "symlink-long /plain; shared-inode /run; blocks-count; " },
	{ share_uid, "shared-inode /run; blocks-count; " },
	{ share_gid, "shared-inode /run; blocks-count; " },
	{ share_size, "shared-last-page /plain; shared-inode /run; blocks-count; " },
	{ exact_tail, "exact-tail /run; " },
	{ tail_just_not, "" },
	{ tail_shared, "shared-last-page /run; " },
	{ share_dir, "dir-shared /run; blocks-count; " },
	{ cycle, "dir-cycle /dir/direct; blocks-count; " },
	{ table_in_table, "table-overlap /plain; table-overlap /run; block-length /run; "
			  "block-short /run; blocks-count; " },
	{ table_outside, "table-outside /run; blocks-count; " },
	{ dir_in_dir, "dir-overlap /dir; dir-overlap /run; files-count; blocks-count; " },
	{ dir_over_tables, "dirent /dir; " },
	{ link_long, "symlink-long /run; exact-tail /run; blocks-count; " },
	{ link_nul, "symlink-nul /link; " },
	{ link_hole, "symlink-nul /link; " },
	{ run_twice, "run-in-two-tables /dir/direct; " },
	{ unaligned, "run-unaligned /run; " },
	{ outside, "block-outside /run; " },
	{ overlap, "block-overlap /run; run-unaligned /run; " },
	{ backwards, "block-length /run; " },
	{ stored_short, "block-short /dir/direct; " },
	{ equal_streams, "blocks-count; " },
	{ block_short, "block-short /plain; " },
	{ block_long, "block-long /plain; " },
	{ stream_broken, "block-stream /plain; " },
	{ size_too_small, "size; size-not-pages; dirent-tail; table-outside; " },
};

static void make(size_t i, enum crx_order order, struct forge *g)
{
	struct forge_base b;

	forge_base(g, &b, order, PAGE);
	count_right(g, &b);
	forge_seal(g);
	CASE[i].spoil(g, &b);
	if (CASE[i].spoil != crc)
		forge_seal(g);
}

enum { CASES = sizeof(CASE) / sizeof(CASE[0]) };

static void test_each_finding(void **state)
{
	struct said *s = *state;
	struct crx_check_result r;
	unsigned wrong = 0;
	struct forge g;
	size_t i;

	for (i = 0; i < (size_t)2 * CASES; i++) {
		make(i / 2, i & 1 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, &g);
		check(&g, 1, s, &r);
		if (strcmp(s->text, CASE[i / 2].says) != 0) {
			print_error("case %zu: says '%s', wanted '%s'\n", i / 2, s->text,
				    CASE[i / 2].says);
			wrong++;
		}
		forge_free(&g);
	}
	assert_int_equal(wrong, 0);
}

/* Is every id of ids in what was said? */
static bool says_all(const struct said *s, const char *ids)
{
	char id[64], found[68];
	int used;

	for (; sscanf(ids, " %63s%n", id, &used) == 1; ids += used) {
		snprintf(found, sizeof(found), "; %s", id);
		if (strncmp(s->text, id, strlen(id)) != 0 && !strstr(s->text, found))
			return false;
	}
	return true;
}

static void test_hostile_images(void **state)
{
	struct said *s = *state;
	struct crx_check_result r;
	unsigned wrong = 0;
	struct forge g;
	size_t i;

	for (i = 0; i < 2 * nasty_ncases; i++) {
		const struct nasty_case *c = &nasty_cases[i / 2];

		nasty_make(c, i & 1 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, &g);
		check(&g, 2, s, &r);
		if (!says_all(s, c->finds) || !r.errors != !*c->finds) {
			print_error("%s: says '%s', wanted '%s'\n", c->name, s->text, c->finds);
			wrong++;
		}
		forge_free(&g);
	}
	assert_int_equal(wrong, 0);
}

/* No finding without a case: here, in test_check_causes.c, test_check_kernel.c, or (those that
 * bounds give) in cramfsck.sh. */
static void test_every_finding_has_a_case(void **state)
{
	struct said *s = *state;
	unsigned missing = 0;
	size_t i, k;

	for (k = 0; k < CRX_F_KINDS; k++) {
		const char *id = crx_finding_info((enum crx_finding_kind)k)->id;
		bool found = k == CRX_F_INCOMPLETE || k == CRX_F_MOUNT || k == CRX_F_PAGE_SIZE ||
			     k == CRX_F_MIXED_MAPPING;

		for (i = 0; i < CASES && !found; i++) {
			snprintf(s->text, sizeof(s->text), "%s", CASE[i].says);
			found = says_all(s, id);
		}
		for (i = 0; i < nasty_ncases && !found; i++)
			found = strstr(nasty_cases[i].finds, id) != NULL;
		if (!found) {
			print_error("no case for %s\n", id);
			missing++;
		}
	}
	assert_int_equal(missing, 0);
}

/* Findings and counts, whatever the workers. */
static void test_workers(void **state)
{
	struct said *one = *state, *many = malloc(sizeof(*many));
	struct crx_check_result r1, r2;
	struct forge g;
	unsigned w;
	size_t i;

	assert_non_null(many);
	for (i = 0; i < nasty_ncases; i++) {
		nasty_make(&nasty_cases[i], CRX_ORDER_LITTLE, &g);
		check(&g, 1, one, &r1);
		for (w = 0; w < 8; w += 3) {
			check(&g, w, many, &r2);
			assert_string_equal(one->text, many->text);
			assert_memory_equal(&r1, &r2, sizeof(r1));
		}
		forge_free(&g);
	}
	free(many);
}

/* Words of the good image become others: the check ends, reads nothing outside
 * (the memory after it is unreadable), and says the same with any workers. */
static void test_mutations(void **state)
{
	static const uint32_t values[] = { 0,           1,           0xffffffffu, 0x80000000u,
					   0x40000000u, 0xc0000000u, 0x3fffffffu, 76,
					   4096,        65536 };
	const char *rounds = getenv("CHECK_ROUNDS");
	unsigned long i, n = rounds ? strtoul(rounds, NULL, 10) : 1000;
	struct said *one = *state, *many = malloc(sizeof(*many));
	struct crx_err err = CRX_ERR_INIT;
	struct crx_check_result r1, r2;
	uint32_t x = 20261120, k, size, candidates;
	struct forge g;
	int ret;

	assert_non_null(many);
	for (i = 0; i < n; i++) {
		make(0, i & 1 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, &g);
		for (k = 0; k <= i % 4; k++) {
			uint32_t off;

			x = x * 1664525u + 1013904223u;
			off = (x >> 8) % (x >> 4 & 3 ? 2048 : (uint32_t)g.len - 4);
			if (x >> 6 & 1)
				forge_put32(&g, off & ~3u,
					    values[(x >> 20) %
						   (sizeof(values) / sizeof(values[0]))]);
			else
				g.data[off] ^= (uint8_t)(x >> 24 | 1);
		}
		check(&g, 1, one, &r1);
		check(&g, 3, many, &r2);
		assert_string_equal(one->text, many->text);
		assert_memory_equal(&r1, &r2, sizeof(r1));
		ret = crx_check_page_size(g.data, g.len, &size, &candidates, &err);
		assert_int_equal(ret, size ? 0 : CRX_EFORMAT);
		forge_free(&g);
	}
	free(many);
}

static void test_counts(void **state)
{
	struct said *s = *state;
	struct crx_check_result r;
	struct forge g;

	make(0, CRX_ORDER_BIG, &g);
	check(&g, 1, s, &r);
	assert_int_equal(r.dirs, 1);
	assert_int_equal(r.files, 4);
	assert_int_equal(r.symlinks, 1);
	assert_int_equal(r.devices + r.others, 0);
	assert_int_equal(r.blocks, 14);
	assert_int_equal(r.holes, 3);
	assert_int_equal(r.compressed, 5);
	assert_int_equal(r.stored, 2);
	assert_int_equal(r.in_place, 4);
	forge_free(&g);
}

static void test_cap(void **state)
{
	struct said *s = *state;
	struct crx_check_opts o = { .workers = 1, .max_findings = 2, .emit = say, .ctx = s };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_check_result r;
	struct crx_image img;
	struct forge g;

	nasty_make(&nasty_cases[0], CRX_ORDER_LITTLE, &g);
	memset(g.data + 600, 0xff, 2000);
	*s = (struct said){ 0 };
	assert_int_equal(forge_view(&g, &img, &err), 0);
	assert_int_equal(crx_check(&img, &o, &r, &err), 0);
	assert_int_equal(s->n, 2);
	assert_true(r.errors > 2);
	o.emit = NULL;
	assert_int_equal(crx_check(&img, &o, &r, &err), 0);
	assert_int_equal(s->n, 2);
	forge_free(&g);
}

/* What is needed of a finding to act on it: advice is ours, and the rest is not advice. */
static void test_table_of_findings(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < CRX_F_KINDS; i++) {
		const struct crx_finding_info *f = crx_finding_info((enum crx_finding_kind)i);

		assert_non_null(f->id);
		assert_true(f->todo || f->severity != CRX_SEV_ERROR);
		assert_true(!f->todo || !strstr(f->todo, "kernel"));
		assert_true(!f->effect || !f->todo || strcmp(f->effect, f->todo) != 0);
		for (k = 0; k < i; k++)
			assert_string_not_equal(f->id,
						crx_finding_info((enum crx_finding_kind)k)->id);
	}
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
		cmocka_unit_test(test_each_finding),
		cmocka_unit_test(test_hostile_images),
		cmocka_unit_test(test_every_finding_has_a_case),
		cmocka_unit_test(test_workers),
		cmocka_unit_test(test_mutations),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_cap),
		cmocka_unit_test(test_table_of_findings),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
