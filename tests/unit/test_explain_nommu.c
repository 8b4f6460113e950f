/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/proof/explain: kernels without an MMU, and flat binaries.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "elf_make.h"
#include "proof/explain/explain.h"
#include "explain_scene.h"

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

	/* p_memsz counts: three pages, though p_filesz is within the first */
	fdpic(&s);
	elf_set(&s.elf, P_FILESZ, TEXT, 1000);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	ASSERT_SEGMENT(&s, 0, 0, 3, 3, IN_PLACE);
	assert_int_equal(s.f.pages, 3);
	assert_int_equal(s.f.in_place, 3);
	explain(&s, NULL);
	ASSERT_SEGMENT(&s, 0, 0, 1, 1, IN_PLACE);
	assert_int_equal(s.f.pages, 1);
	finish(&s);

	/* and it may pass the end of the file */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_mmu),
		cmocka_unit_test(test_no_mmu_other_elf),
		cmocka_unit_test(test_flat),
		cmocka_unit_test(test_lines_no_mmu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
