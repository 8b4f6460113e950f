/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/source: cramfs images. Good ones become trees, and all others are
 * refused, with what is wrong.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../nasty/cases.h"
#include "base/pool.h"
#include "comp/comp.h"
#include "kept_log.h"
#include "read/check.h"
#include "read/walk.h"
#include "scratch.h"
#include "input/source/source.h"
#include "tar_make.h"
#include "tree_show.h"

enum { P = 4096 };

struct opened {
	struct crx_tree t;
	struct crx_source s;
	struct crx_err err;
	struct kept_log k;
	int ret;
};

static void open_path(const char *path, const struct crx_source_opts *o, struct opened *r)
{
	struct crx_source_opts logged = *o;

	memset(r, 0, sizeof(*r));
	kept_begin_paths(&r->k, KEPT_NONE);
	logged.log = &r->k.log;
	logged.workers = 1;
	r->ret = crx_source_open(path, &logged, &r->t, &r->s, &r->err);
	assert_int_equal(r->ret, r->err.code);
}

static void open_forged(struct scratch *s, const struct forge *g, const struct crx_source_opts *o,
			struct opened *r)
{
	scratch_put(s, "old", g->data, g->len);
	open_path(scratch_at(s, "old"), o, r);
}

static void end(struct opened *r)
{
	crx_tree_free(&r->t);
	crx_source_free(&r->s);
}

/* It is refused, and the messages have this text. */
static void refused(struct scratch *s, struct forge *g, const char *text)
{
	struct crx_source_opts o = { 0 };
	struct opened r;

	open_forged(s, g, &o, &r);
	assert_int_equal(r.ret, CRX_EFORMAT);
	assert_non_null(strstr(r.err.path, "/old"));
	if (!strstr(r.k.text, text) && !strstr(r.err.text, text))
		fail_msg("'%s' is not in: %s%s", text, r.k.text, r.err.text);
	assert_int_equal(r.t.nfiles, 0);
	end(&r);
}

static struct crx_node *node_at(const struct opened *r, const char *path)
{
	struct crx_node *n = crx_tree_find_entry(&r->t, path);

	assert_non_null(n);
	return n;
}

static void assert_good(const struct opened *r)
{
	if (r->ret)
		fail_msg("%s: %s\n%s", r->err.path, r->err.text, r->k.text);
}

/* --- good images --- */

/* What forge_base() makes. */
static void assert_base(const struct opened *r, uint32_t page)
{
	static const struct {
		const char *path;
		uint32_t mode, uid, gid, pages, more;
	} want[] = {
		{ "/", S_IFDIR | 0755, 0, 0, 0, 0 },
		{ "/dir", S_IFDIR | 0755, 0, 0, 0, 0 },
		{ "/dir/direct", S_IFREG | 0644, 1000, 100, 4, 0 },
		{ "/hole", S_IFREG | 0644, 1000, 100, 1, 1 },
		{ "/link", S_IFLNK | 0777, 0, 0, 0, 9 },
		{ "/plain", S_IFREG | 0644, 1000, 100, 3, 100 },
		{ "/run", S_IFREG | 0755, 1000, 100, 2, 100 },
	};
	const struct crx_node *n;
	size_t i;

	assert_int_equal(r->s.kind, CRX_SOURCE_IMAGE);
	assert_int_equal(r->t.nnodes, sizeof(want) / sizeof(want[0]));
	for (i = 0; i < r->t.nnodes; i++) {
		n = node_at(r, want[i].path);
		assert_int_equal(n->mode, want[i].mode);
		assert_int_equal(n->uid, want[i].uid);
		assert_int_equal(n->gid, want[i].gid);
		assert_int_equal(n->size, want[i].pages * page + want[i].more);
		assert_int_equal(n->link_ino, 0);
		assert_false(n->implied);
	}
}

static void assert_part(const struct opened *r, const char *path, size_t at, size_t len,
			unsigned seed)
{
	char *got = tree_contents(node_at(r, path));
	uint8_t *want = calloc(len, 1);

	if (seed)
		forge_pattern(want, len, seed);
	assert_memory_equal(got + at, want, len);
	free(got);
	free(want);
}

static void assert_base_contents(const struct opened *r, uint32_t page)
{
	uint32_t direct = forge_direct_len(page);
	uint8_t target[10] = { 0 };

	forge_pattern(target, 9, 1);
	assert_string_equal(node_at(r, "/link")->target, (char *)target);
	assert_part(r, "/hole", 0, page + 1, 0);
	assert_part(r, "/plain", 0, page, 2);
	assert_part(r, "/plain", page, page, 0);
	assert_part(r, "/plain", 2 * page, page, 3);
	assert_part(r, "/plain", 3 * page, 100, 4);
	assert_part(r, "/run", 0, 2 * page + 100, 7);
	assert_part(r, "/dir/direct", 0, direct, 5);
	assert_part(r, "/dir/direct", direct, page - direct, 0);
	assert_part(r, "/dir/direct", page, page, 6);
	assert_part(r, "/dir/direct", 2 * page, page, 8);
}

static void every_format(void **state)
{
	struct scratch *s = *state;
	struct opened r;
	struct forge_base b;
	struct forge g;
	uint32_t page;
	int big;

	for (page = P; page <= CRX_PAGE_MAX; page *= 2)
		for (big = 0; big <= 1; big++) {
			struct crx_source_opts o = {
				.order = big ? CRX_ORDER_BIG : CRX_ORDER_LITTLE,
				.page_size = page,
			};

			forge_base(&g, &b, o.order, page);
			forge_seal(&g);
			open_forged(s, &g, &o, &r);
			assert_good(&r);
			/* a block of 64 KiB is too long for its 16-bit length */
			if (forge_direct_len(page) == page)
				assert_string_equal(r.k.text, "");
			else
				kept_has(&r.k, "warning: ");
			assert_int_equal(r.k.log.warnings, forge_direct_len(page) != page);
			assert_base(&r, page);
			assert_base_contents(&r, page);
			end(&r);
			forge_free(&g);
		}
}

/* The contents of "/plain" in pieces of any length, from several threads. */
struct reading {
	const struct crx_node *n;
	const char *want;
};

static int read_pieces(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	const struct reading *x = ctx;
	const struct crx_content *c = &x->n->content;
	size_t len = 1 + index * 977 % (3 * P), i, off;
	char buf[3 * P];
	void *handle;
	int ret;

	(void)worker;
	ret = c->ops->open(c, &handle, err);
	for (i = 0; i < 20 && !ret; i++) {
		off = (index * 131 + i * 1201) % (x->n->size - len + 1);
		ret = c->ops->pread(c, handle, buf, len, off, err);
		if (!ret && memcmp(buf, x->want + off, len))
			ret = crx_err_set(err, CRX_EVERIFY, 0, NULL, "%zu bytes at %zu", len, off);
	}
	return ret ? ret : c->ops->close(c, handle, err);
}

static void any_piece_in_any_thread(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_pool_job job = { read_pieces, NULL };
	struct reading x;
	struct opened r;
	struct forge_base b;
	struct forge g;
	void *handle;
	char *whole, byte;

	forge_base(&g, &b, CRX_ORDER_LITTLE, P);
	forge_seal(&g);
	open_forged(s, &g, &o, &r);
	assert_good(&r);
	x.n = node_at(&r, "/plain");
	x.want = whole = tree_contents(x.n);
	job.ctx = &x;
	if (crx_pool_run(4, 100, &job, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(x.n->content.ops->open(&x.n->content, &handle, &err), 0);
	assert_int_equal(x.n->content.ops->pread(&x.n->content, handle, &byte, 1, x.n->size, &err),
			 CRX_EINTERNAL);
	assert_int_equal(x.n->content.ops->close(&x.n->content, handle, &err), 0);
	free(whole);
	end(&r);
	forge_free(&g);
}

/* An image after a boot pad, with every type of entry that has no contents. It may end with its
 * last entry. */
static void forge_types(struct forge *g, uint32_t flags, bool cut)
{
	struct crx_inode root = { .mode = S_IFDIR | 01700, .uid = 7, .gid = 8, .off = 588 };
	uint64_t off = root.off;
	uint32_t crc;

	forge_init(g, CRX_ORDER_BIG, P, P);
	memset(g->data, 0xea, 512); /* boot code */
	off = forge_entry(g, off, "b",
			  (struct crx_inode){ .mode = S_IFBLK | 0600, .size = 0xfffe });
	off = forge_entry(g, off, "c", (struct crx_inode){ .mode = S_IFCHR | 0666, .size = 0x103 });
	off = forge_entry(g, off, "d", (struct crx_inode){ .mode = S_IFDIR | 02775 });
	off = forge_entry(g, off, "e",
			  (struct crx_inode){ .mode = S_IFREG | 04755, .uid = 65535, .gid = 255 });
	off = forge_entry(g, off, "f", (struct crx_inode){ .mode = S_IFIFO | 0640 });
	off = forge_entry(g, off, "s", (struct crx_inode){ .mode = S_IFSOCK | 0600, .gid = 1 });
	root.size = (uint32_t)off - root.off;
	if (cut)
		g->len = off;
	forge_super(g, 512, flags, &root);
	crc = crx_crc32(0, g->data + 512, g->len - 512);
	forge_put32(g, 512 + CRX_SUPER_OFF_CRC, crc);
}

static const char TYPES[] = "/ d 1700 7:8\n"
			    "/b b 600 0:0 255,254\n"
			    "/c c 666 0:0 1,3\n"
			    "/d d 2775 0:0\n"
			    "/e f 4755 65535:255\n"
			    "/f p 640 0:0\n"
			    "/s s 600 0:1\n";

static void every_type(void **state)
{
	static const struct {
		uint32_t flags;
		bool cut;
		const char *note;
	} cases[] = {
		{ CRX_FLAG_FSID_VERSION_2, false, "" },
		{ 0, false, "" }, /* version 1 */
		/* a warning for the size, and an error for the entries */
		{ CRX_FLAG_FSID_VERSION_2, true,
		  "2 findings of cramfsck-xip do not apply to the "
		  "new image\n" },
	};
	struct scratch *s = *state;
	struct crx_source_opts o = { .order = CRX_ORDER_BIG, .page_size = 16384 };
	struct opened r;
	struct forge g;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		forge_types(&g, cases[i].flags, cases[i].cut);
		open_forged(s, &g, &o, &r);
		assert_good(&r);
		tree_is(&r.t, false, TYPES);
		/* all page sizes fit, so there is no note about another one */
		assert_int_equal(r.k.n, *cases[i].note != 0);
		kept_has(&r.k, cases[i].note);
		end(&r);
		forge_free(&g);
	}
}

static void another_format(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { .page_size = 8192 };
	struct opened r;
	struct forge_base b;
	struct forge g;

	forge_base(&g, &b, CRX_ORDER_BIG, 16384);
	forge_seal(&g);
	open_forged(s, &g, &o, &r);
	assert_good(&r);
	assert_int_equal(r.k.n, 2);
	kept_has(&r.k,
		 "old: is big-endian; the new image is little-endian (-N sets its byte order)");
	kept_has(&r.k, "old: has pages of 16 KiB; the new image has pages of 8 KiB (-b sets their "
		       "size)");
	end(&r);
	forge_free(&g);
}

static void excluded(void **state)
{
	char a[] = "/dir", b[] = "*n", *const pattern[] = { a, b };
	size_t hits[2] = { 0 };
	struct crx_source_opts o = { .exclude = { pattern, 2, hits } };
	struct scratch *s = *state;
	struct forge_base base;
	struct opened r;
	struct forge g;

	forge_base(&g, &base, CRX_ORDER_LITTLE, P);
	forge_seal(&g);
	open_forged(s, &g, &o, &r);
	assert_good(&r);
	assert_int_equal(r.t.nnodes, 3);
	/* "/dir"; "/plain" and "/run" */
	assert_int_equal(hits[0], 1);
	assert_int_equal(hits[1], 2);
	assert_string_equal(r.t.node[1]->name, "hole");
	assert_string_equal(r.t.node[2]->name, "link");
	end(&r);
	forge_free(&g);
}

static void as_an_overlay(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { 0 };
	struct crx_source over;
	struct opened r;
	struct forge g;

	scratch_mkdir(s, "base");
	scratch_text(s, "base/e", "hidden");
	scratch_text(s, "base/stays", "text");
	chmod(scratch_at(s, "base/stays"), 0644);
	assert_int_equal(chown(scratch_at(s, "base/stays"), geteuid(), getegid()), 0);
	forge_types(&g, CRX_FLAG_FSID_VERSION_2, false);
	scratch_put(s, "old", g.data, g.len);
	open_path(scratch_at(s, "base"), &o, &r);
	assert_good(&r);
	o.log = &r.k.log;
	assert_int_equal(crx_source_overlay(scratch_at(s, "old"), &o, &r.t, &over, &r.err), 0);
	assert_int_equal(over.kind, CRX_SOURCE_IMAGE);
	assert_int_equal(r.s.kind, CRX_SOURCE_DIR);
	/* an overlay does not set the byte order */
	assert_string_equal(r.k.text, "");
	assert_int_equal(r.t.nnodes, 8);
	assert_int_equal(node_at(&r, "/e")->mode, S_IFREG | 04755);
	assert_int_equal(node_at(&r, "/e")->size, 0);
	assert_int_equal(node_at(&r, "/stays")->size, 4);
	assert_int_equal(r.t.root->mode, S_IFDIR | 01700);
	crx_tree_free(&r.t);
	crx_source_free(&over);
	crx_source_free(&r.s);
	forge_free(&g);
}

/* --- which files are images --- */

/* The first file of a tar archive begins where an image after a boot pad does. */
static void an_archive_of_an_image(void **state)
{
	struct crx_source_opts o = { 0 };
	struct scratch *s = *state;
	struct tar_make m = { 0 };
	struct opened r;
	struct forge g;
	int v7;

	for (v7 = 0; v7 <= 1; v7++) {
		forge_types(&g, CRX_FLAG_FSID_VERSION_2, false);
		tar_put(&m, '0', "old.img", NULL, g.data + 512, g.len - 512);
		if (v7) { /* without a magic number */
			memset(m.bytes + 257, 0, 8);
			memset(m.bytes + 329, 0, 16);
			tar_sum(m.bytes);
		}
		tar_end(&m);
		scratch_put(s, "a.tar", m.bytes, m.len);
		open_path(scratch_at(s, "a.tar"), &o, &r);
		assert_int_equal(r.s.kind, CRX_SOURCE_ARCHIVE);
#if HAVE_LIBARCHIVE
		assert_good(&r);
		assert_int_equal(node_at(&r, "/old.img")->size, g.len - 512);
#endif
		end(&r);
		forge_free(&g);
		free(m.bytes);
		m = (struct tar_make){ 0 };
	}
}

static void a_short_file(void **state)
{
	uint8_t little[] = { 0x45, 0x3d, 0xcd, 0x28 }, big[] = { 0x28, 0xcd, 0x3d, 0x45 };
	struct scratch *s = *state;
	struct forge g = { .len = 4 };

	g.data = little;
	refused(s, &g, "too short for a cramfs image");
	g.data = big;
	refused(s, &g, "too short for a cramfs image");
}

/* --- damaged images --- */

static void errors_are_listed(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { 0 };
	struct opened r;
	struct forge_base b;
	struct forge g;

	forge_base(&g, &b, CRX_ORDER_LITTLE, P);
	g.data[b.plain_table + 16 + 20] ^= 0xff;
	open_forged(s, &g, &o, &r);
	assert_int_equal(r.ret, CRX_EFORMAT);
	assert_int_equal(r.k.errors, 2);
	kept_has(&r.k, "old: the CRC is 0x");
	kept_has(&r.k, "old: /plain: block 0 of 4: ");
	kept_has(&r.k, "(error while decompressing) [block-stream]\n");
	assert_non_null(strstr(r.err.text, "the image has 2 errors"));
	assert_non_null(strstr(r.err.text, "cramfsck-xip -x TREE.tar IMAGE"));
	end(&r);
	forge_free(&g);
}

#define CHANGE(name) static void name(struct forge *g, const struct forge_base *b)

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

enum { IN_DIR, IN_HOLE, IN_LINK, IN_PLAIN, IN_RUN };

/* "run" becomes another "plain", with this mode and size. */
static void share(struct forge *g, const struct forge_base *b, uint16_t mode, uint32_t size)
{
	struct crx_inode in = get(g, b->entry[IN_PLAIN]);

	in.namelen4 = 1;
	in.mode = mode;
	in.size = size;
	put(g, b->entry[IN_RUN], in);
}

CHANGE(another_mode)
{
	share(g, b, S_IFREG | 0600, 3 * P + 100);
}
CHANGE(another_size)
{
	share(g, b, S_IFREG | 0600, 3 * P + 99);
}
CHANGE(another_type)
{
	struct crx_inode in = get(g, b->entry[IN_DIR]);

	in.mode = S_IFREG | 0600;
	in.namelen4 = 1;
	put(g, b->entry[IN_RUN], in);
}
CHANGE(out_of_order)
{
	/* "link" and "hole" have the same length */
	memcpy(g->data + b->entry[IN_HOLE] + 12, "lost", 4);
}
CHANGE(odd_padding)
{
	/* "plain" ends in three zeros; "run" gets the room of two names of four bytes */
	struct crx_super super;
	struct crx_inode in = get(g, b->entry[IN_RUN]);

	in.namelen4 = 2;
	put(g, b->entry[IN_RUN], in);
	crx_super_decode(g->data, g->order, &super);
	super.root.size += 4;
	crx_super_encode(&super, g->order, g->data);
}
CHANGE(run_twice)
{
	forge_put32(g, b->direct_table + 8, forge_ptr_run(b->run));
	forge_put32(g, b->direct_table + 12, forge_ptr_stored(b->run + 2 * P));
}

static void what_does_not_matter(void **state)
{
	static const struct {
		void (*change)(struct forge *g, const struct forge_base *b);
		bool refused;
	} cases[] = {
		{ another_mode, false }, { another_size, true }, { another_type, true },
		{ out_of_order, false }, { odd_padding, false }, { run_twice, false },
	};
	struct scratch *s = *state;
	struct crx_source_opts o = { 0 };
	struct forge_base b;
	struct opened r;
	struct forge g;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		forge_base(&g, &b, CRX_ORDER_LITTLE, P);
		cases[i].change(&g, &b);
		forge_seal(&g);
		open_forged(s, &g, &o, &r);
		if (cases[i].refused) {
			assert_int_equal(r.ret, CRX_EFORMAT);
			kept_has(&r.k, "[shared-inode]");
		} else {
			if (r.ret)
				print_error("case %zu\n", i);
			assert_good(&r);
			assert_int_equal(r.t.nnodes, FORGE_ENTRIES);
			kept_has(&r.k, "old: 1 finding of cramfsck-xip does not apply to the new "
				       "image\n");
		}
		end(&r);
		forge_free(&g);
	}
}

/* The same errors as those of the check, and never any other end. */
struct counted {
	size_t errors, harmless;
};

static void count(void *ctx, const struct crx_finding *f)
{
	static const enum crx_finding_kind harmless[] = { CRX_F_SHARED_INODE, CRX_F_DIRENT_TAIL,
							  CRX_F_DIR_ORDER, CRX_F_NAME_PADDING,
							  CRX_F_RUN_IN_TWO_TABLES };
	struct counted *c = ctx;
	size_t i;

	c->errors += crx_finding_info(f->kind)->severity == CRX_SEV_ERROR;
	for (i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		c->harmless += f->kind == harmless[i];
}

static void as_the_check_says(struct scratch *s, struct forge *g, const char *name)
{
	struct counted c = { 0 };
	struct crx_check_opts co = {
		.workers = 1, .max_findings = SIZE_MAX, .emit = count, .ctx = &c
	};
	struct crx_err err = CRX_ERR_INIT;
	struct crx_check_result checked;
	struct crx_source_opts o = { 0 };
	uint32_t candidates;
	struct crx_image img;
	struct opened r;
	size_t i;

	if (crx_image_view(&img, g->data, g->len, P, &err) < 0)
		return;
	assert_int_equal(crx_check_page_size(g->data, g->len, &img.page_size, &candidates, &err),
			 0);
	assert_int_equal(crx_check(&img, &co, &checked, &err), 0);
	open_forged(s, g, &o, &r);
	if (r.ret && r.ret != CRX_EFORMAT)
		fail_msg("%s: %s", name, r.err.text);
	if (!r.ret && c.errors > c.harmless)
		fail_msg("%s is taken", name);
	if (r.ret && !c.errors)
		fail_msg("%s: %s", name, r.err.text);
	for (i = 0; !r.ret && i < r.t.nfiles; i++)
		free(tree_contents(r.t.file[i]));
	end(&r);
}

static void hostile_images(void **state)
{
	struct scratch *s = *state;
	struct forge g;
	size_t i;
	int big;

	for (i = 0; i < nasty_ncases; i++)
		for (big = 0; big <= 1; big++) {
			nasty_make(&nasty_cases[i], big ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, &g);
			as_the_check_says(s, &g, nasty_cases[i].name);
			forge_free(&g);
		}
}

static void flipped_bytes(void **state)
{
	struct scratch *s = *state;
	struct forge_base b;
	struct forge g;
	uint32_t x = 1, i, k;
	char name[40];

	for (i = 0; i < 1500; i++) {
		forge_base(&g, &b, i % 2 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, P);
		for (k = 0; k <= i % 3; k++) {
			x = x * 1664525u + 1013904223u;
			/* superblock, entries and tables, now and then what follows */
			g.data[(x >> 8) % (i % 5 ? b.direct_table + 40 : g.len)] ^=
				(uint8_t)(1u << (x >> 4) % 8);
		}
		forge_seal(&g);
		snprintf(name, sizeof(name), "flip %u", (unsigned)i);
		as_the_check_says(s, &g, name);
		forge_free(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_format, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(any_piece_in_any_thread, scratch_setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(every_type, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(another_format, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(excluded, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(as_an_overlay, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(an_archive_of_an_image, scratch_setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(a_short_file, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(errors_are_listed, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(what_does_not_matter, scratch_setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(hostile_images, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(flipped_bytes, scratch_setup, scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
