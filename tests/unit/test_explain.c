/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/proof/explain: files whose pages are in one run of a forged image, and then one
 * thing that differs. What is expected is worked out by hand from the kernel.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "../nasty/forge.h"
#include "elf_make.h"
#include "proof/explain/explain.h"
#include "explain_scene.h"

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

	/* the second mapping is made unchanged */
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

	/* both without a gap, and nothing after them: the span is in place */
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
	/* page 2 is in the run, but after one that is not */
	ASSERT_SEGMENT(&s, 0, 0, 3, 1, KERNEL(CRX_K_BLOCK_LAYOUT));
	assert_true(s.f.seg[0].mixed);
	assert_int_equal(s.f.pages, 3);
	assert_int_equal(s.f.in_place, 1);
	finish(&s);
}

/* How the page is kept that ends what is in place. */
static void test_end_page(void **state)
{
	static const struct {
		uint32_t ptr;
		enum crx_explain_page page;
	} cases[] = {
		{ RUN + 2 * P, CRX_EXPLAIN_PAGE_HOLE }, /* the end of the block before it */
		{ RUN + 2 * P + 10, CRX_EXPLAIN_PAGE_COMPRESSED },
		{ (RUN + 3 * P) | CRX_BLK_UNCOMPRESSED, CRX_EXPLAIN_PAGE_STORED },
		{ RUN + 9 * P, CRX_EXPLAIN_PAGE_UNKNOWN }, /* bad data blocksize */
	};
	struct crx_explain_segment *g;
	struct scene s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&s);
		complete(&s);
		forge_put32(&s.g, TABLE + 4 * 2, cases[i].ptr);
		open_scene(&s);
		explain(&s, NULL);
		g = &s.f.seg[0];
		assert_int_equal(g->in_place, 2);
		if (g->group[1].why.page != cases[i].page)
			fail_msg("case %zu: %d, kernel %d", i, (int)g->group[1].why.page,
				 (int)g->group[1].why.kernel);
		finish(&s);
	}
	/* nothing in place, and every page direct: not from one place */
	begin(&s);
	elf_make_phdr(&s.elf, DATA, 1, R, 3 * P, 500, 500);
	complete(&s);
	forge_put32(&s.g, TABLE + 4 * 3, forge_ptr_run(0));
	open_scene(&s);
	explain(&s, NULL);
	g = &s.f.seg[1];
	assert_int_equal(g->in_place, 0);
	assert_int_equal(g->group[0].why.page, CRX_EXPLAIN_PAGE_APART);
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
	/* a plain stored block after the run */
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

static void test_lines(void **state)
{
	static const struct want program[] = { { 0x10000, 0x13000, "r-xp", BASE + RUN, true,
						 false },
					       { 0x23000, 0x24000, "rw-p", 0x3000, false, false } };
	static const struct want overlap[] = { { 0x10000, 0x12000, "r-xp", BASE + RUN, true,
						 false },
					       { 0x12000, 0x13000, "rw-p", 0x2000, false, false } };
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
	/* no other file has such a gap */
	s.f.role = CRX_EXPLAIN_LIBRARY;
	assert_lines(&s, false, program, 2);
	finish(&s);

	/* a page that both segments have is that of the second */
	begin(&s);
	elf_make_phdr(&s.elf, DATA, 1, RW, 2 * P + 112, 500, 500);
	elf_set(&s.elf, P_VADDR, DATA, 0x12070);
	complete(&s);
	open_scene(&s);
	explain(&s, NULL);
	assert_lines(&s, false, overlap, 2);
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

/* A hostile image may claim more than can be read in reasonable time. */
static void test_too_much(void **state)
{
	enum { FILES = 70000 };
	struct crx_entry *many = calloc(FILES, sizeof(*many));
	struct crx_explain_opts o = { .workers = 2 };
	struct crx_listing all = { .entry = many };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_explain x;
	struct scene s;
	uint32_t i;

	(void)state;
	assert_non_null(many);
	begin(&s);
	put_name(&s, "a", TABLE);
	put_name(&s, "b", OTHER_TABLE);
	put_file(&s, TABLE, RUN);
	put_file(&s, OTHER_TABLE, OTHER_RUN);
	open_scene(&s);
	assert_int_equal(crx_explain_image(&s.img, &s.l, &o, &x, &err), 0);
	assert_true(x.nfiles == 2 && !x.truncated);
	crx_explain_free(&x);

	/* of two executables of 16 MiB, one is read */
	s.l.entry[1].de.inode.size = s.l.entry[2].de.inode.size = CRX_SIZE_MAX;
	assert_int_equal(crx_explain_image(&s.img, &s.l, &o, &x, &err), 0);
	assert_true(x.nfiles == 1 && x.truncated);
	crx_explain_free(&x);

	/* files that are not executables, before one that is */
	for (i = 0; i < FILES; i++) {
		many[i] = s.l.entry[1];
		many[i].index = i;
		many[i].de.inode.size = 8;
		many[i].de.inode.off = IMAGE_PAGES * P + 4 * i;
	}
	many[FILES - 1] = s.l.entry[1];
	for (all.n = 1000; all.n <= FILES; all.n += FILES - 1000) {
		assert_int_equal(crx_explain_image(&s.img, &all, &o, &x, &err), 0);
		assert_int_equal(x.truncated, all.n == FILES);
		assert_int_equal(x.nfiles, 0);
		crx_explain_free(&x);
	}
	free(many);
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
	int bar, exec, kernel, page;

	(void)state;
	assert_null(crx_explain_why_text(why));
	assert_false(crx_explain_why_logged(why));
	why.kernel = CRX_K_NOT_ALIGNED;
	assert_string_equal(crx_explain_why_text(why), "data is not page aligned");
	assert_true(crx_explain_why_logged(why));
	why.kernel = CRX_K_OUT_OF_BOUNDS;
	assert_string_equal(crx_explain_why_text(why), "out of bounds");
	assert_false(crx_explain_why_logged(why));
	assert_null(crx_explain_why_means((struct crx_explain_why){ 0 }));
	for (kernel = 1; kernel < CRX_K_WHYS; kernel++) {
		why = (struct crx_explain_why){ .kernel = (enum crx_k_why)kernel };
		assert_non_null(crx_explain_why_means(why));
	}
	for (page = 1; page < CRX_EXPLAIN_PAGES; page++) {
		why = (struct crx_explain_why){ .kernel = CRX_K_BLOCK_LAYOUT,
						.page = (enum crx_explain_page)page };
		assert_non_null(crx_explain_why_means(why));
		assert_null(strstr(crx_explain_why_means(why), "layout"));
		assert_string_equal(crx_explain_why_text(why), "unsuitable block layout");
	}
	for (exec = 1; exec < CRX_EXEC_WHYS; exec++) {
		why = (struct crx_explain_why){ .exec = (enum crx_exec_why)exec };
		assert_non_null(crx_explain_why_text(why));
		assert_string_equal(crx_explain_why_text(why), crx_exec_why_text(why.exec));
		assert_false(crx_explain_why_logged(why));
	}
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
		cmocka_unit_test(test_end_page),
		cmocka_unit_test(test_exact_tail),
		cmocka_unit_test(test_kernels_reasons),
		cmocka_unit_test(test_unloadable),
		cmocka_unit_test(test_base),
		cmocka_unit_test(test_distinct_pages),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_image),
		cmocka_unit_test(test_interpreter),
		cmocka_unit_test(test_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
