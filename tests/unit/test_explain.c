/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files whose pages lie in one run of a forged image, and then one thing that
 * is otherwise. What is expected is worked out by hand from the kernel.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../nasty/forge.h"
#include "comp/comp.h"
#include "elf_make.h"
#include "proof/explain/explain.h"

enum {
	P = 4096,
	IMAGE_PAGES = 40,
	ENTRIES = 76,
	TABLE = 0x400,
	OTHER_TABLE = 0x500,
	STREAM = 2 * P,
	RUN = 8 * P,
	OTHER_RUN = 30 * P,
	TEXT = 2,
	DATA = 3,
	RELRO = 0, /* program headers of the sample */
	R_X = 5,
	RW = 6,
	R = 4,
	BASE = 0x60000000
};

static const uint32_t FLAGS = CRX_FLAG_FSID_VERSION_2 | CRX_FLAG_SORTED_DIRS | CRX_FLAG_HOLES |
			      CRX_FLAG_EXT_BLOCK_POINTERS;

struct scene {
	struct forge g;
	struct elf_make elf;
	uint32_t size; /* of the file */
	uint64_t entry_end;
	struct crx_image img;
	struct crx_listing l;
	struct crx_inflate *z;
	struct crx_explain_file f;
};

/* An ARM program of type ET_EXEC: text on pages 0 to 2, data on page 3. */
static void begin(struct scene *s)
{
	memset(s, 0, sizeof(*s));
	forge_init(&s->g, CRX_ORDER_LITTLE, P, IMAGE_PAGES * P);
	elf_make_sample(&s->elf, 0, 0);
	elf_set(&s->elf, E_TYPE, 0, 2);
	elf_make_phdr(&s->elf, TEXT, 1, R_X, 0, 2 * P + 100, 2 * P + 100);
	elf_make_phdr(&s->elf, DATA, 1, RW, 3 * P, 500, 500);
	s->size = 3 * P + 600;
	s->entry_end = ENTRIES;
}

static void put_name(struct scene *s, const char *name, uint32_t table)
{
	struct crx_inode in = { .mode = S_IFREG | 0755, .size = s->size, .off = table };

	s->entry_end = forge_entry(&s->g, s->entry_end, name, in);
}

/* The file at run, every block of it direct and uncompressed. */
static void put_file(struct scene *s, uint32_t table, uint32_t run)
{
	uint32_t i, n = (s->size + P - 1) / P;

	for (i = 0; i < n; i++)
		forge_put32(&s->g, table + 4 * i, forge_ptr_run(run + i * P));
	forge_fill(&s->g, run, s->size, 7);
	forge_bytes(&s->g, run, s->elf.bytes, s->elf.len);
}

static void put_compressed(struct scene *s, uint32_t i)
{
	forge_direct(&s->g, STREAM + i * 0x200, 64, i);
	forge_put32(&s->g, TABLE + 4 * i, forge_ptr_direct(STREAM + i * 0x200));
}

static void open_scene(struct scene *s)
{
	struct crx_inode root = {
		.mode = S_IFDIR | 0755,
		.off = ENTRIES,
		.size = (uint32_t)s->entry_end - ENTRIES,
	};
	struct crx_err err = CRX_ERR_INIT;

	forge_super(&s->g, 0, FLAGS, &root);
	assert_int_equal(forge_view(&s->g, &s->img, &err), 0);
	assert_int_equal(crx_listing_read(&s->img, &s->l, &err), 0);
	s->z = crx_inflate_new();
	assert_non_null(s->z);
}

static void explain(struct scene *s, const struct crx_explain_opts *o)
{
	static const struct crx_explain_opts none = { .workers = 1 };
	struct crx_err err = CRX_ERR_INIT;

	crx_explain_file_free(&s->f);
	assert_int_equal(crx_explain_entry(&s->img, &s->l.entry[1], o ? o : &none, s->z, &s->f,
					   &err),
			 0);
}

static void finish(struct scene *s)
{
	crx_explain_file_free(&s->f);
	crx_inflate_free(s->z);
	crx_listing_free(&s->l);
	crx_image_close(&s->img);
	forge_free(&s->g);
}

/* The usual scene, once `begin` and some changes have been made. */
static void complete(struct scene *s)
{
	put_name(s, "prog", TABLE);
	put_file(s, TABLE, RUN);
}

struct want_segment {
	uint32_t page, pages, in_place;
	struct crx_explain_why why;
};

static void assert_why(struct crx_explain_why why, struct crx_explain_why want)
{
	assert_int_equal(why.exec, want.exec);
	assert_int_equal(why.bar, want.bar);
	assert_int_equal(why.kernel, want.kernel);
}

static void assert_segment(const struct scene *s, size_t i, const struct want_segment *want)
{
	const struct crx_explain_segment *g = &s->f.seg[i];
	const struct crx_explain_group *last;

	assert_true(i < s->f.nsegs);
	assert_in_range(g->ngroups, 1, CRX_EXPLAIN_GROUPS);
	last = &g->group[g->ngroups - 1];
	assert_int_equal(g->file_page, want->page);
	assert_int_equal(g->pages, want->pages);
	assert_int_equal(g->in_place, want->in_place);
	assert_why(g->why, want->why);
	if (want->in_place == want->pages) {
		assert_int_equal(g->ngroups, 1);
		assert_true(last->in_place);
		return;
	}
	assert_int_equal(g->ngroups, want->in_place ? 2 : 1);
	assert_int_equal(last->first_pg, want->page + want->in_place);
	assert_int_equal(last->npg, want->pages - want->in_place);
	assert_false(last->in_place);
	assert_why(last->why, want->why);
}

#define ASSERT_SEGMENT(s, i, ...) assert_segment(s, i, &(struct want_segment){ __VA_ARGS__ })
#define IN_PLACE                          \
	{                                 \
		.bar = CRX_EXPLAIN_NO_BAR \
	}
#define KERNEL(w)           \
	{                   \
		.kernel = w \
	}
#define BAR(b)           \
	{                \
		.bar = b \
	}
#define EXEC(w)           \
	{                 \
		.exec = w \
	}

static void test_all_in_place(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	complete(&s);
	open_scene(&s);
	explain(&s, NULL);
	assert_int_equal(s.f.nsegs, 2);
	assert_true(s.f.loadable);
	ASSERT_SEGMENT(&s, 0, 0, 3, 3, IN_PLACE);
	assert_int_equal(s.f.seg[0].off, RUN);
	assert_int_equal(s.f.seg[0].index, TEXT);
	assert_true(s.f.seg[0].pfn);
	assert_false(s.f.seg[0].mixed);
	ASSERT_SEGMENT(&s, 1, 3, 1, 0, KERNEL(CRX_K_WRITABLE));
	assert_int_equal(s.f.pages, 3);
	assert_int_equal(s.f.in_place, 3);
	finish(&s);
}

/* The first mapping of ET_DYN is made 17 pages long, of which the file has 4. */
static void test_position_independent(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	elf_set(&s.elf, E_TYPE, 0, 3);
	complete(&s);
	open_scene(&s);
	explain(&s, NULL);
	ASSERT_SEGMENT(&s, 0, 0, 3, 3, IN_PLACE);
	assert_false(s.f.seg[0].pfn);
	assert_true(s.f.seg[0].mixed);
	finish(&s);

	/* one segment only: the whole span qualifies */
	begin(&s);
	elf_set(&s.elf, E_TYPE, 0, 3);
	elf_set(&s.elf, P_TYPE, DATA, 0);
	complete(&s);
	open_scene(&s);
	explain(&s, NULL);
	assert_int_equal(s.f.nsegs, 1);
	assert_true(s.f.seg[0].pfn);
	finish(&s);

	/* .bss alone makes the span longer */
	begin(&s);
	elf_set(&s.elf, E_TYPE, 0, 3);
	elf_make_phdr(&s.elf, DATA, 1, RW, 0, 0, 100);
	complete(&s);
	open_scene(&s);
	explain(&s, NULL);
	assert_int_equal(s.f.nsegs, 1);
	assert_true(s.f.seg[0].mixed);
	finish(&s);

	/* the second mapping is made as it is */
	begin(&s);
	elf_set(&s.elf, E_TYPE, 0, 3);
	elf_make_phdr(&s.elf, TEXT, 1, R, 0, P, P);
	elf_make_phdr(&s.elf, DATA, 1, R_X, P, P + 1, P + 1);
	elf_set(&s.elf, P_VADDR, DATA, 0x30000 + P);
	complete(&s);
	open_scene(&s);
	explain(&s, NULL);
	assert_true(s.f.seg[0].mixed);
	assert_true(s.f.seg[1].pfn);
	assert_int_equal(s.f.seg[1].off, RUN + P);
	finish(&s);

	/* both without a gap, and nothing behind: the span is in place */
	begin(&s);
	elf_set(&s.elf, E_TYPE, 0, 3);
	elf_make_phdr(&s.elf, TEXT, 1, R, 0, P, P);
	elf_make_phdr(&s.elf, DATA, 1, R_X, P, P + 1, P + 1);
	complete(&s);
	open_scene(&s);
	explain(&s, NULL);
	assert_true(s.f.seg[0].pfn && s.f.seg[1].pfn);
	finish(&s);
}

static void test_prefix(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	complete(&s);
	put_compressed(&s, 1);
	open_scene(&s);
	explain(&s, NULL);
	/* page 2 is in the run, but behind one that is not */
	ASSERT_SEGMENT(&s, 0, 0, 3, 1, KERNEL(CRX_K_BLOCK_LAYOUT));
	assert_true(s.f.seg[0].mixed);
	assert_int_equal(s.f.pages, 3);
	assert_int_equal(s.f.in_place, 1);
	finish(&s);
}

static void test_exact_tail(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.size = 3 * P;
	elf_set(&s.elf, P_TYPE, DATA, 0);
	complete(&s);
	/* a plain stored block behind the run */
	forge_put32(&s.g, TABLE + 8, forge_ptr_stored(RUN + 3 * P));
	open_scene(&s);
	explain(&s, NULL);
	ASSERT_SEGMENT(&s, 0, 0, 3, 2, BAR(CRX_EXPLAIN_EXACT_TAIL));
	finish(&s);

	/* not the last page: the kernel's words */
	begin(&s);
	s.size = 4 * P;
	complete(&s);
	forge_put32(&s.g, TABLE + 8, forge_ptr_stored(RUN + 3 * P));
	open_scene(&s);
	explain(&s, NULL);
	ASSERT_SEGMENT(&s, 0, 0, 3, 2, KERNEL(CRX_K_BLOCK_LAYOUT));
	finish(&s);
}

static void test_kernels_reasons(void **state)
{
	struct scene s;

	(void)state;
	/* something else on the last page */
	begin(&s);
	s.size = 2 * P + 200;
	elf_set(&s.elf, P_TYPE, DATA, 0);
	complete(&s);
	forge_fill(&s.g, RUN + s.size, 1, 3);
	open_scene(&s);
	explain(&s, NULL);
	ASSERT_SEGMENT(&s, 0, 0, 3, 2, KERNEL(CRX_K_LAST_PAGE_SHARED));
	finish(&s);

	/* a run that is not on a page */
	begin(&s);
	put_name(&s, "prog", TABLE);
	put_file(&s, TABLE, RUN + 512);
	open_scene(&s);
	explain(&s, NULL);
	ASSERT_SEGMENT(&s, 0, 0, 3, 0, KERNEL(CRX_K_NOT_ALIGNED));
	finish(&s);

	/* the table leaves the image */
	begin(&s);
	complete(&s);
	open_scene(&s);
	s.l.entry[1].de.inode.off = TABLE;
	s.img.super.size = TABLE + 4;
	explain(&s, NULL);
	assert_int_equal(s.f.nsegs, 0); /* not even its first page can be read */
	finish(&s);
}

static void test_unloadable(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	elf_set(&s.elf, P_VADDR, DATA, 0x20800);
	complete(&s);
	open_scene(&s);
	explain(&s, NULL);
	assert_false(s.f.loadable);
	ASSERT_SEGMENT(&s, 0, 0, 3, 0, EXEC(CRX_EXEC_WHY_UNALIGNED));
	ASSERT_SEGMENT(&s, 1, 3, 1, 0, EXEC(CRX_EXEC_WHY_UNALIGNED));
	assert_int_equal(s.f.in_place, 0);
	finish(&s);
}

static void test_base(void **state)
{
	struct crx_explain_opts o = { .has_base = true, .workers = 1 };
	struct scene s;

	(void)state;
	begin(&s);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 3, 0, BAR(CRX_EXPLAIN_NO_BASE));
	ASSERT_SEGMENT(&s, 1, 3, 1, 0, KERNEL(CRX_K_WRITABLE));
	o.base = BASE + 512;
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 3, 0, KERNEL(CRX_K_NOT_ALIGNED));
	assert_false(s.f.seg[0].pfn || s.f.seg[0].mixed);
	o.base = BASE;
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 3, 3, IN_PLACE);
	finish(&s);
}

static void test_distinct_pages(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	/* both have page 2 */
	elf_make_phdr(&s.elf, DATA, 1, R, 2 * P + 100, P, P);
	elf_set(&s.elf, P_VADDR, DATA, 0x30064);
	complete(&s);
	open_scene(&s);
	explain(&s, NULL);
	ASSERT_SEGMENT(&s, 0, 0, 3, 3, IN_PLACE);
	ASSERT_SEGMENT(&s, 1, 2, 2, 2, IN_PLACE);
	assert_int_equal(s.f.pages, 4);
	assert_int_equal(s.f.in_place, 4);
	finish(&s);
}

static void fdpic(struct scene *s)
{
	begin(s);
	elf_make_bytes(&s->elf)[7] = 65;
}

static void test_no_mmu(void **state)
{
	static const struct crx_explain_opts o = { .no_mmu = true, .workers = 1 };
	struct scene s;

	(void)state;
	fdpic(&s);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	assert_true(s.f.exec.fdpic);
	ASSERT_SEGMENT(&s, 0, 0, 3, 3, IN_PLACE);
	ASSERT_SEGMENT(&s, 1, 3, 1, 0, BAR(CRX_EXPLAIN_WRITABLE));
	finish(&s);

	/* one page that is not: all or nothing */
	fdpic(&s);
	complete(&s);
	put_compressed(&s, 2);
	open_scene(&s);
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 3, 0, KERNEL(CRX_K_BLOCK_LAYOUT));
	assert_false(s.f.seg[0].refused);
	explain(&s, NULL);
	ASSERT_SEGMENT(&s, 0, 0, 3, 2, KERNEL(CRX_K_BLOCK_LAYOUT));
	finish(&s);

	/* neither alignment nor the last page's tail are asked for */
	fdpic(&s);
	put_name(&s, "prog", TABLE);
	put_file(&s, TABLE, RUN + 512);
	open_scene(&s);
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 3, 3, IN_PLACE);
	finish(&s);

	/* p_memsz counts, and it may pass the end of the file */
	fdpic(&s);
	elf_set(&s.elf, P_MEMSZ, TEXT, 5 * P);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 5, 0, KERNEL(CRX_K_BEYOND_FILE));
	assert_true(s.f.seg[0].refused);
	assert_false(s.f.loadable);
	finish(&s);
}

static void test_no_mmu_other_elf(void **state)
{
	static const struct crx_explain_opts o = { .no_mmu = true, .workers = 1 };
	static const struct elf_field flags = { REC_EHDR, 36, 4, 48, 4 };
	struct scene s;

	(void)state;
	begin(&s);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 3, 0, EXEC(CRX_EXEC_WHY_NOT_PIC));
	assert_false(s.f.loadable);
	finish(&s);

	begin(&s);
	elf_set(&s.elf, E_TYPE, 0, 3);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 3, 0, EXEC(CRX_EXEC_WHY_NOT_FDPIC));
	assert_true(s.f.loadable);
	finish(&s);

	/* EF_ARM_PIC */
	fdpic(&s);
	elf_set(&s.elf, flags, 0, 0x20);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 3, 0, EXEC(CRX_EXEC_WHY_CONSTDISP));
	finish(&s);

	/* SuperH has a flag for FDPIC */
	begin(&s);
	elf_set(&s.elf, E_MACHINE, 0, 42);
	elf_set(&s.elf, flags, 0, 0x8000);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 3, 3, IN_PLACE);
	finish(&s);
}

/* text up to data_start, which is in the third page. */
static void flat(struct scene *s, uint32_t rev, uint32_t flags)
{
	const uint32_t word[9] = { rev, 64, 2 * P + 8, 3 * P, 3 * P + 16, 0x1000, 3 * P, 0, flags };
	uint8_t *b;
	size_t i;

	begin(s);
	b = elf_make_bytes(&s->elf);
	memset(b, 0, 64);
	memcpy(b, "bFLT", 4);
	for (i = 0; i < 9; i++)
		crx_put32(b + 4 + 4 * i, word[i], CRX_ORDER_BIG);
	complete(s);
}

static void test_flat(void **state)
{
	static const struct crx_explain_opts o = { .no_mmu = true, .workers = 1 };
	static const struct {
		uint32_t rev, flags;
		bool ram;
	} cases[] = { { 4, 0, false }, { 4, 1, true },  { 4, 4, true }, { 4, 2, false },
		      { 4, 8, false }, { 2, 0, false }, { 2, 2, true } };
	struct scene s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		flat(&s, cases[i].rev, cases[i].flags);
		open_scene(&s);
		explain(&s, &o);
		assert_int_equal(s.f.exec.kind, CRX_EXEC_BFLT);
		if (cases[i].ram)
			ASSERT_SEGMENT(&s, 0, 0, 3, 0, EXEC(CRX_EXEC_WHY_FLAT_RAM));
		else
			ASSERT_SEGMENT(&s, 0, 0, 3, 3, IN_PLACE);
		explain(&s, NULL);
		ASSERT_SEGMENT(&s, 0, 0, 3, 0, EXEC(CRX_EXEC_WHY_FLAT_MMU));
		finish(&s);
	}
	flat(&s, 3, 0); /* there is no such version */
	open_scene(&s);
	explain(&s, &o);
	assert_int_equal(s.f.nsegs, 0);
	finish(&s);

	/* data may be compressed, text may not */
	flat(&s, 4, 0);
	put_compressed(&s, 3);
	open_scene(&s);
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 3, 3, IN_PLACE);
	finish(&s);
	flat(&s, 4, 0);
	put_compressed(&s, 2);
	open_scene(&s);
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 3, 0, KERNEL(CRX_K_BLOCK_LAYOUT));
	finish(&s);
}

struct want {
	uint64_t start, end;
	const char *perms;
	uint64_t off;
	bool physical, gap;
};

static void assert_lines(struct scene *s, bool no_mmu, const struct want *w, size_t n)
{
	struct crx_explain_opts o = { .no_mmu = no_mmu, .has_base = true, .base = BASE };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_explain_line *line;
	char perms[5] = "";
	size_t got, i;

	assert_int_equal(crx_explain_lines(&s->img, &s->f, &o, &line, &got, &err), 0);
	assert_int_equal(got, n);
	for (i = 0; i < n; i++) {
		assert_int_equal(line[i].start, w[i].start);
		assert_int_equal(line[i].end, w[i].end);
		crx_exec_flags_name(line[i].flags, perms);
		perms[3] = line[i].shared ? 's' : 'p';
		assert_string_equal(perms, w[i].perms);
		assert_int_equal(line[i].off, w[i].off);
		assert_int_equal(line[i].physical, w[i].physical);
		assert_int_equal(line[i].seg == NULL, w[i].gap);
	}
	free(line);
}

static void test_lines(void **state)
{
	static const struct want program[] = { { 0x10000, 0x13000, "r-xp", BASE + RUN, true,
						 false },
					       { 0x23000, 0x24000, "rw-p", 0x3000, false, false } };
	static const struct want relro[] = { { 0x10000, 0x11000, "r-xp", 0, false, false },
					     { 0x21000, 0x22000, "r--p", 0x1000, false, false },
					     { 0x22000, 0x24000, "rw-p", 0x2000, false, false } };
	static const struct want library[] = { { 0x10000, 0x11000, "r-xp", 0, false, false },
					       { 0x11000, 0x21000, "---p", 0x1000, false, true },
					       { 0x21000, 0x22000, "r--p", 0x1000, false, false },
					       { 0x22000, 0x24000, "rw-p", 0x2000, false, false } };
	struct scene s;

	(void)state;
	begin(&s);
	complete(&s);
	open_scene(&s);
	explain(&s, NULL);
	assert_lines(&s, false, program, 2);
	finish(&s);

	begin(&s);
	elf_set(&s.elf, E_TYPE, 0, 3);
	elf_make_phdr(&s.elf, TEXT, 1, R_X, 0, 3000, 3000);
	elf_make_phdr(&s.elf, DATA, 1, RW, P + 100, 2 * P, 2 * P);
	elf_make_phdr(&s.elf, RELRO, 0x6474e552, R, P + 100, P, P);
	elf_set(&s.elf, P_VADDR, RELRO, 0x20000 + P + 100);
	complete(&s);
	open_scene(&s);
	explain(&s, NULL);
	assert_true(s.f.exec.program);
	assert_lines(&s, false, relro, 3);
	/* ld.so leaves the gap that the kernel unmaps */
	s.f.role = CRX_EXPLAIN_LIBRARY;
	assert_lines(&s, false, library, 4);
	s.f.loadable = false;
	assert_lines(&s, false, NULL, 0);
	finish(&s);
}

static void test_lines_no_mmu(void **state)
{
	static const struct crx_explain_opts o = { .no_mmu = true, .workers = 1 };
	static const struct want want[] = { { BASE + RUN, BASE + RUN + 3 * P, "r-xs", 0, false,
					      false },
					    { 0, P, "rw-p", 3 * P, false, false } };
	struct scene s;

	(void)state;
	fdpic(&s);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	assert_lines(&s, true, want, 2);
	finish(&s);
	begin(&s);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	assert_lines(&s, true, NULL, 0);
	finish(&s);
}

/* Two names of one inode count once, another inode for itself. */
static void test_image(void **state)
{
	struct crx_explain_opts o = { .workers = 3 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_explain x;
	struct scene s;

	(void)state;
	begin(&s);
	put_name(&s, "also", TABLE);
	put_name(&s, "libx.so", OTHER_TABLE);
	put_name(&s, "prog", TABLE);
	put_file(&s, TABLE, RUN);
	elf_set(&s.elf, E_TYPE, 0, 3);
	put_file(&s, OTHER_TABLE, OTHER_RUN);
	open_scene(&s);
	assert_int_equal(crx_explain_image(&s.img, &s.l, &o, &x, &err), 0);
	assert_int_equal(x.nfiles, 2);
	assert_false(x.truncated);
	assert_ptr_equal(x.file[0].entry, &s.l.entry[1]);
	assert_ptr_equal(x.file[1].entry, &s.l.entry[2]);
	assert_int_equal(x.file[0].role, CRX_EXPLAIN_PROGRAM);
	/* it has PT_INTERP and DF_1_PIE, but its name says what it is */
	assert_int_equal(x.file[1].role, CRX_EXPLAIN_LIBRARY);
	assert_int_equal(x.pages, 6);
	assert_int_equal(x.in_place, 6);
	crx_explain_free(&x);
	finish(&s);
}

static void test_interpreter(void **state)
{
	struct crx_explain_opts o = { .workers = 1 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_explain x;
	struct scene s;

	(void)state;
	begin(&s);
	put_name(&s, "ld.so", OTHER_TABLE);
	put_name(&s, "prog", TABLE);
	memset(elf_make_bytes(&s.elf) + ELF_MAKE_INTERP_OFF, 0, sizeof(ELF_MAKE_INTERP));
	elf_set(&s.elf, P_FILESZ, 1, 7);
	memcpy(elf_make_bytes(&s.elf) + ELF_MAKE_INTERP_OFF, "/ld.so", 7);
	put_file(&s, TABLE, RUN);
	elf_set(&s.elf, E_TYPE, 0, 3);
	put_file(&s, OTHER_TABLE, OTHER_RUN);
	open_scene(&s);
	assert_int_equal(crx_explain_image(&s.img, &s.l, &o, &x, &err), 0);
	assert_int_equal(x.nfiles, 2);
	assert_int_equal(x.file[0].role, CRX_EXPLAIN_INTERPRETER);
	assert_int_equal(x.file[1].role, CRX_EXPLAIN_PROGRAM);
	crx_explain_free(&x);
	finish(&s);
}

static void test_reasons_have_texts(void **state)
{
	struct crx_explain_why why = { 0 };
	int bar;

	(void)state;
	assert_null(crx_explain_why_text(why));
	assert_false(crx_explain_why_logged(why));
	why.kernel = CRX_K_NOT_ALIGNED;
	assert_string_equal(crx_explain_why_text(why), "data is not page aligned");
	assert_true(crx_explain_why_logged(why));
	why.kernel = CRX_K_OUT_OF_BOUNDS;
	assert_string_equal(crx_explain_why_text(why), "out of bounds");
	assert_false(crx_explain_why_logged(why));
	why = (struct crx_explain_why){ .exec = CRX_EXEC_WHY_CONSTDISP };
	assert_string_equal(crx_explain_why_text(why), crx_exec_why_text(why.exec));
	assert_false(crx_explain_why_logged(why));
	for (bar = 1; bar < CRX_EXPLAIN_BARS; bar++) {
		why = (struct crx_explain_why){ .bar = (enum crx_explain_bar)bar };
		assert_non_null(crx_explain_why_text(why));
		assert_false(crx_explain_why_logged(why));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reasons_have_texts),
		cmocka_unit_test(test_all_in_place),
		cmocka_unit_test(test_position_independent),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_exact_tail),
		cmocka_unit_test(test_kernels_reasons),
		cmocka_unit_test(test_unloadable),
		cmocka_unit_test(test_base),
		cmocka_unit_test(test_distinct_pages),
		cmocka_unit_test(test_no_mmu),
		cmocka_unit_test(test_no_mmu_other_elf),
		cmocka_unit_test(test_flat),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_lines_no_mmu),
		cmocka_unit_test(test_image),
		cmocka_unit_test(test_interpreter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
