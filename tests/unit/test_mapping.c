/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "exec/mapping.h"
#include "elf_make.h"

enum { K = 1024, TEXT = 2, DATA = 3, FLAVOURS = 4, R = CRX_EXEC_R, W = CRX_EXEC_W, X = CRX_EXEC_X };
enum elf_type { EXEC = 2, DYN = 3 };

static const uint32_t page_sizes[] = { 4 * K, 8 * K, 16 * K, 32 * K, 64 * K };
enum { PAGE_SIZES = sizeof(page_sizes) / sizeof(page_sizes[0]) };

static void parse(const void *bytes, size_t len, struct crx_exec *x)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_exec_parse(bytes, len, x, &err), 0);
}

/* One segment, in a file that is long enough. */
static struct crx_exec one(enum crx_exec_kind kind, enum elf_type type, struct crx_exec_segment *s)
{
	return (struct crx_exec){
		.kind = kind,
		.type = (uint16_t)type,
		.seg = s,
		.nseg = 1,
		.load_start = s->vaddr,
		.load_end = s->vaddr + s->memsz,
	};
}

static void assert_mapping(const struct crx_exec *x, uint32_t page_size, bool no_mmu,
			   uint32_t first_pg, uint32_t npg)
{
	struct crx_exec_load load = crx_exec_load(x, page_size, no_mmu);
	struct crx_exec_mapping m;

	assert_true(crx_exec_mapping(&load, 0, &m));
	assert_ptr_equal(m.seg, &x->seg[0]);
	assert_int_equal(m.first_pg, first_pg);
	assert_int_equal(m.npg, npg);
	assert_int_equal(m.unit, no_mmu);
	assert_int_equal(m.vaddr, x->seg[0].vaddr & ~(uint64_t)(page_size - 1));
}

static void assert_why(const struct crx_exec *x, bool no_mmu, enum crx_exec_why why, bool copied)
{
	assert_int_equal(crx_exec_load(x, 4 * K, no_mmu).why, why);
	assert_int_equal(crx_exec_why_copied(why), copied);
	assert_int_equal(crx_exec_why_text(why) == NULL, why == CRX_EXEC_WHY_NONE);
}

/* Both classes, both byte orders: read by the parser, asked for by others. */
static void test_flavours(void **state)
{
	struct crx_exec_mapping m;
	struct crx_exec_load load;
	struct elf_make e;
	struct crx_exec x;
	int i;

	(void)state;
	for (i = 0; i < FLAVOURS; i++) {
		elf_make_sample(&e, i & 1, i >> 1);
		parse(e.bytes, e.len, &x);
		load = crx_exec_load(&x, 4 * K, false);
		assert_int_equal(load.why, CRX_EXEC_WHY_NONE);
		assert_int_equal(x.nseg, 2);
		assert_true(crx_exec_mapping(&load, 0, &m));
		assert_int_equal(m.seg->index, TEXT);
		assert_int_equal(m.first_pg, 0);
		assert_int_equal(m.npg, 1);
		/* a PIE is first mapped from 0x10000 to the end of the data */
		assert_int_equal(m.initial_pg, 0x11);
		assert_false(m.writable);
		assert_false(m.unit);
		assert_true(crx_exec_mapping(&load, 1, &m));
		assert_int_equal(m.seg->index, DATA);
		assert_int_equal(m.vaddr, 0x20000);
		assert_int_equal(m.npg, 1);
		assert_int_equal(m.initial_pg, 1);
		assert_true(m.writable);
		assert_true(crx_exec_is_executable(&x));
		assert_true(crx_exec_is_object(&x));
		assert_true(crx_exec_is_pic(&x));
		assert_false(crx_exec_is_for_no_mmu(&x));
		crx_exec_free(&x);

		elf_make_sample(&e, i & 1, i >> 1);
		elf_set(&e, E_TYPE, 0, EXEC);
		parse(e.bytes, e.len, &x);
		load = crx_exec_load(&x, 4 * K, false);
		assert_true(crx_exec_mapping(&load, 0, &m));
		assert_int_equal(m.initial_pg, m.npg);
		assert_false(crx_exec_is_pic(&x) || crx_exec_reserves_span(&x));
		crx_exec_free(&x);
	}
}

static void test_pages(void **state)
{
	static const struct {
		uint64_t off, vaddr, filesz;
		uint32_t page;
		bool ok;
		uint32_t first, n;
	} cases[] = {
		{ 0, 0x10000, 4096, 4096, true, 0, 1 },
		{ 0, 0x10000, 4097, 4096, true, 0, 2 },
		{ 0, 0x10000, 1, 4096, true, 0, 1 },
		{ 0x1000, 0x11000, 0x2000, 4096, true, 1, 2 },
		{ 0x1f00, 0x12f00, 0x100, 4096, true, 1, 1 },
		{ 0x1f00, 0x12f00, 0x101, 4096, true, 1, 2 },
		{ 0x1000, 0x11000, 0x2000, 8192, true, 0, 2 },
		{ 0x1000, 0x11000, 0x1000, 8192, true, 0, 1 },
		{ 0x1000, 0x12000, 0x1000, 4096, true, 1, 1 },
		{ 0x11000, 0x21000, 0xf000, 65536, true, 1, 1 },
		{ 0x11000, 0x21000, 0xf001, 65536, true, 1, 2 },
		{ 0xfff000, 0xffffffffff7ff000u, 0x1000, 4096, true, 0xfff, 1 },
		/* as elf_map(): what is before the segment in its page */
		{ 0x1010, 0x11010, 0, 4096, true, 1, 1 },
		{ 0x1000, 0x11000, 0, 4096, true, 1, 0 },
		/* not loadable: the pages that hold the bytes */
		{ 0x1f00, 0x12e00, 0x100, 4096, false, 1, 1 },
		{ 0x1f00, 0x12e00, 0x101, 4096, false, 1, 2 },
		{ 0x1000, 0x12000, 0x1000, 8192, false, 0, 1 },
		{ 0x10000, 0x21000, 0x1000, 65536, false, 1, 1 },
		{ 0x10000, 0x21000, 0, 65536, false, 1, 0 },
		/* not from crx_exec_parse, but no overflow either */
		{ 0, 0, (uint64_t)UINT32_MAX * 4096, 4096, true, 0, UINT32_MAX },
	};
	struct crx_exec_segment s = { .flags = R | X };
	struct crx_exec x = one(CRX_EXEC_ELF, EXEC, &s);
	struct crx_exec_mapping m;
	struct crx_exec_load load;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s.off = cases[i].off;
		s.vaddr = cases[i].vaddr;
		s.filesz = s.memsz = cases[i].filesz;
		load = crx_exec_load(&x, cases[i].page, false);
		assert_int_equal(load.why != CRX_EXEC_WHY_UNALIGNED, cases[i].ok);
		if (crx_exec_mapping(&load, 0, &m) != cases[i].ok || m.first_pg != cases[i].first ||
		    m.npg != cases[i].n)
			fail_msg("case %zu: page %u, %u pages", i, m.first_pg, m.npg);
	}
}

/* Longer than any file: refused, not cut. */
static void test_too_long(void **state)
{
	static const struct {
		uint64_t off, filesz;
	} cases[] = { { 0, UINT64_MAX },
		      { UINT64_MAX - 4095, 1 },
		      { 0, (uint64_t)UINT32_MAX * 4096 + 1 } };
	struct crx_exec_segment s = { .flags = R | X };
	struct crx_exec x = one(CRX_EXEC_ELF, EXEC, &s);
	struct crx_exec_mapping m;
	struct crx_exec_load load;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s.off = cases[i].off;
		s.filesz = s.memsz = cases[i].filesz;
		load = crx_exec_load(&x, 4 * K, false);
		assert_false(crx_exec_mapping(&load, 0, &m));
	}
}

/* 67 KiB of text that begin within a page, whatever the page size. */
static void test_page_sizes(void **state)
{
	static const uint32_t first[PAGE_SIZES] = { 15, 7, 3, 1, 0 };
	static const uint32_t npg[PAGE_SIZES] = { 17, 9, 5, 3, 2 };
	struct crx_exec_segment s = {
		.flags = R | X,
		.off = 61 * K,
		.vaddr = 0x400000 + 61 * K,
		.filesz = 67 * K,
		.memsz = 67 * K,
	};
	struct crx_exec x = one(CRX_EXEC_ELF, EXEC, &s);
	size_t i;

	(void)state;
	for (i = 0; i < PAGE_SIZES; i++)
		assert_mapping(&x, page_sizes[i], false, first[i], npg[i]);
	/* linked for 4 KiB pages: no kernel with larger ones loads it */
	s.vaddr += 4 * K;
	for (i = 0; i < PAGE_SIZES; i++)
		assert_int_equal(crx_exec_load(&x, page_sizes[i], false).why,
				 i ? CRX_EXEC_WHY_UNALIGNED : CRX_EXEC_WHY_NONE);
}

/* One segment that cannot be mapped is enough. */
static void test_one_unaligned(void **state)
{
	struct crx_exec_segment s[2] = {
		{ .flags = R | X, .vaddr = 0x10000, .filesz = 4 * K, .memsz = 4 * K },
		{ .flags = R | W, .off = 4 * K, .vaddr = 0x20010, .filesz = 1, .memsz = 1 },
	};
	struct crx_exec x = one(CRX_EXEC_ELF, DYN, s);
	struct crx_exec_mapping m;
	struct crx_exec_load load;

	(void)state;
	x.nseg = 2;
	load = crx_exec_load(&x, 4 * K, false);
	assert_int_equal(load.why, CRX_EXEC_WHY_UNALIGNED);
	assert_false(crx_exec_why_copied(load.why));
	assert_true(crx_exec_mapping(&load, 0, &m));
	assert_false(crx_exec_mapping(&load, 1, &m));
	assert_true(m.writable);
	/* without an MMU as well, whatever else speaks against it */
	assert_int_equal(crx_exec_load(&x, 4 * K, true).why, CRX_EXEC_WHY_UNALIGNED);
}

/* With an MMU p_filesz is mapped, without one p_memsz, unless the file is copied. */
static void test_memsz(void **state)
{
	struct crx_exec_segment s = {
		.flags = R | X, .off = 0x10, .vaddr = 0x10010, .filesz = 100, .memsz = 3 * 4 * K
	};
	struct crx_exec x = one(CRX_EXEC_ELF, DYN, &s);

	(void)state;
	x.fdpic = true;
	assert_mapping(&x, 4 * K, false, 0, 1);
	assert_mapping(&x, 4 * K, true, 0, 4);
	x.constdisp = true;
	assert_mapping(&x, 4 * K, true, 0, 1);
	x.fdpic = x.constdisp = false;
	assert_mapping(&x, 4 * K, true, 0, 1);
	/* so long that no file could hold it: still loadable where it is not mapped */
	x.fdpic = true;
	s.memsz = UINT64_MAX;
	assert_int_equal(crx_exec_load(&x, 4 * K, true).why, CRX_EXEC_WHY_NONE);
	assert_mapping(&x, 4 * K, false, 0, 1);
}

static void test_without_mmu(void **state)
{
	struct crx_exec_segment s = { .flags = R | X, .filesz = 4 * K, .memsz = 4 * K };
	struct crx_exec x = one(CRX_EXEC_ELF, DYN, &s);

	(void)state;
	assert_why(&x, false, CRX_EXEC_WHY_NONE, false);
	assert_why(&x, true, CRX_EXEC_WHY_NOT_FDPIC, true);
	x.type = EXEC;
	assert_why(&x, true, CRX_EXEC_WHY_NOT_PIC, false);
	x.fdpic = true;
	assert_why(&x, true, CRX_EXEC_WHY_NONE, false);
	x.constdisp = true;
	assert_why(&x, true, CRX_EXEC_WHY_CONSTDISP, true);
	assert_why(&x, false, CRX_EXEC_WHY_NONE, false);
}

/* ET_DYN: made as long as all segments, but for FDPIC and without an MMU. */
static void test_made(void **state)
{
	static const struct {
		enum elf_type type;
		bool fdpic, no_mmu;
		uint64_t load_end;
		uint32_t made;
	} cases[] = {
		{ DYN, false, false, 0x10000 + 9 * 4 * K, 9 },
		{ DYN, false, false, 0x10000 + 8 * 4 * K + 1, 9 },
		{ DYN, false, false, 0x10000 + 4 * K, 2 },
		{ DYN, false, false, 0x10000, 2 },
		{ DYN, false, false, 0, 2 },
		{ DYN, false, false, UINT64_MAX, UINT32_MAX },
		{ DYN, true, false, 0x10000 + 9 * 4 * K, 2 },
		{ DYN, true, true, 0x10000 + 9 * 4 * K, 2 },
		{ DYN, false, true, 0x10000 + 9 * 4 * K, 2 },
		{ EXEC, false, false, 0x10000 + 9 * 4 * K, 2 },
	};
	struct crx_exec_segment s = {
		.flags = R | X, .off = 0x20, .vaddr = 0x10020, .filesz = 4 * K, .memsz = 4 * K
	};
	struct crx_exec_mapping m;
	struct crx_exec_load load;
	struct crx_exec x;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		x = one(CRX_EXEC_ELF, cases[i].type, &s);
		x.fdpic = cases[i].fdpic;
		x.load_end = cases[i].load_end;
		load = crx_exec_load(&x, 4 * K, cases[i].no_mmu);
		assert_true(crx_exec_mapping(&load, 0, &m));
		if (m.initial_pg != cases[i].made || m.npg != 2)
			fail_msg("case %zu: %u of %u pages", i, m.npg, m.initial_pg);
	}
}

/* A flat binary: rev, text end, data end, bss end, stack, relocations (2), flags. */
static void test_flat(void **state)
{
	static const struct {
		uint32_t rev, flags;
		bool ram;
	} cases[] = {
		{ 4, 0, false }, { 4, 1, true },  { 4, 4, true },
		{ 4, 8, false }, { 2, 0, false }, { 2, 2, true },
	};
	uint64_t bytes[2 * K] = { 0 };
	uint8_t *b = (uint8_t *)bytes;
	struct crx_exec x;
	size_t i, k;

	(void)state;
	memcpy(b, "bFLT", 4);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint32_t word[9] = { cases[i].rev, 64, 2 * 4 * K + 8, 3 * 4 * K, 4 * 4 * K, K,
					   3 * 4 * K,    0,  cases[i].flags };

		for (k = 0; k < 4 * 9; k++)
			b[4 + k] = (uint8_t)(word[k / 4] >> (24 - 8 * (k % 4)));
		parse(bytes, sizeof(bytes), &x);
		assert_true(crx_exec_is_executable(&x) && crx_exec_is_for_no_mmu(&x));
		assert_false(crx_exec_is_object(&x) || crx_exec_is_pic(&x));
		assert_null(crx_exec_machine_name(&x, (char[8]){ 0 }, 8));
		assert_why(&x, false, CRX_EXEC_WHY_FLAT_MMU, true);
		assert_why(&x, true, cases[i].ram ? CRX_EXEC_WHY_FLAT_RAM : CRX_EXEC_WHY_NONE,
			   cases[i].ram);
		assert_mapping(&x, 4 * K, true, 0, 3);
		assert_mapping(&x, 64 * K, true, 0, 1);
		assert_int_equal(x.nseg, 1);
		crx_exec_free(&x);
	}
}

/* Headers that the kernel refuses: the file is data. */
static void test_flat_refused(void **state)
{
	static const uint32_t high = 1u << 28;
	static const struct {
		uint32_t rev, text, data, bss, flags;
		size_t len;
		bool flat;
	} cases[] = {
		{ 4, 64, 64, 64, 0, 64, true },
		{ 4, 64, 64, 64, 0, 63, false },
		{ 3, 64, 64, 64, 0, 64, false },
		{ 4, 63, 64, 64, 0, 64, false },
		{ 4, 65, 64, 80, 0, 80, false },
		{ 4, 64, 80, 79, 0, 80, false },
		/* 256 MiB of text, data or bss */
		{ 4, high, high, high, 4, 64, false },
		{ 4, high - 1, high, high, 4, 64, true },
		{ 4, 64, 64 + high, 64 + high, 0, 64, false },
		{ 4, 64, 64, 64 + high, 0, 64, false },
		{ 4, 64, 63 + high, 62 + 2 * high, 0, 64, true },
		/* more text than the file has, unless it is compressed */
		{ 4, 65, 65, 65, 0, 64, false },
		{ 4, 65, 65, 65, 4, 64, true },
	};
	uint64_t bytes[10];
	uint8_t *b = (uint8_t *)bytes;
	struct crx_exec x;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint32_t word[9] = {
			cases[i].rev,  64, cases[i].text, cases[i].data, cases[i].bss, 0, 0, 0,
			cases[i].flags
		};

		memset(bytes, 0, sizeof(bytes));
		memcpy(b, "bFLT", 4);
		for (k = 0; k < 4 * 9; k++)
			b[4 + k] = (uint8_t)(word[k / 4] >> (24 - 8 * (k % 4)));
		parse(bytes, cases[i].len, &x);
		if (crx_exec_is_bflt(&x) != cases[i].flat)
			fail_msg("case %zu: %d", i, (int)x.kind);
		assert_int_equal(x.kind == CRX_EXEC_NONE, !cases[i].flat);
		assert_string_equal(crx_exec_format_name(&x) ? crx_exec_format_name(&x) : "",
				    cases[i].flat ? "flat" : "");
		crx_exec_free(&x);
	}
}

/* What nobody maps. */
static void test_others(void **state)
{
	struct crx_exec x = { .kind = CRX_EXEC_NONE };

	(void)state;
	assert_why(&x, false, CRX_EXEC_WHY_FORMAT, false);
	assert_false(crx_exec_is_executable(&x) || crx_exec_is_object(&x));
	x.kind = CRX_EXEC_DAMAGED;
	assert_why(&x, false, CRX_EXEC_WHY_DAMAGED, false);
	assert_true(crx_exec_is_executable(&x));
	assert_false(crx_exec_is_object(&x));
	x.kind = CRX_EXEC_ELF;
	x.type = 1;
	assert_why(&x, true, CRX_EXEC_WHY_FORMAT, false);
	assert_false(crx_exec_is_executable(&x) || crx_exec_is_object(&x));
	x.type = DYN;
	x.debug = true;
	assert_why(&x, true, CRX_EXEC_WHY_DEBUG, false);
	assert_true(crx_exec_is_executable(&x));
	assert_false(crx_exec_is_object(&x));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flavours),      cmocka_unit_test(test_pages),
		cmocka_unit_test(test_too_long),      cmocka_unit_test(test_page_sizes),
		cmocka_unit_test(test_one_unaligned), cmocka_unit_test(test_memsz),
		cmocka_unit_test(test_without_mmu),   cmocka_unit_test(test_made),
		cmocka_unit_test(test_flat),          cmocka_unit_test(test_flat_refused),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
