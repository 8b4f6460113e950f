/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec/memory.h: what a kernel without an MMU asks for when it starts a program.
 */
#include "config.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "exec/memory.h"
#include "elf_make.h"

enum { P = 4096, TEXT = 2, DATA = 3, R = CRX_EXEC_R, W = CRX_EXEC_W, X = CRX_EXEC_X };
enum { PT_LOAD = 1, PT_GNU_STACK = 0x6474e551 };
enum { MOST = 8 };

static void put(uint8_t *to, uint32_t v)
{
	to[0] = (uint8_t)(v >> 24);
	to[1] = (uint8_t)(v >> 16);
	to[2] = (uint8_t)(v >> 8);
	to[3] = (uint8_t)v;
}

struct flat {
	uint32_t text, data, bss, stack, relocs, flags;
};

/* Parses a flat binary of 64 KiB. False if it is not one. */
static bool parse_flat(const struct flat *f, struct crx_exec *x)
{
	static uint8_t bytes[65536];
	struct crx_err err = CRX_ERR_INIT;

	memset(bytes, 0, 64);
	memcpy(bytes, "bFLT", 4);
	put(bytes + 4, 4);
	put(bytes + 12, f->text);
	put(bytes + 16, f->text + f->data);
	put(bytes + 20, f->text + f->data + f->bss);
	put(bytes + 24, f->stack);
	put(bytes + 32, f->relocs);
	put(bytes + 36, f->flags);
	assert_int_equal(crx_exec_parse(bytes, sizeof(bytes), x, &err), 0);
	return x->kind == CRX_EXEC_BFLT;
}

static size_t blocks(const struct crx_exec *x, const struct crx_exec_start *start, bool stack,
		     struct crx_exec_block *out)
{
	struct crx_exec_load load = crx_exec_load(x, P, true);
	size_t n;

	assert_true(crx_exec_most_blocks(x) <= MOST);
	n = crx_exec_blocks(&load, start, stack, 0, out);
	assert_true(n <= crx_exec_most_blocks(x));
	return n;
}

static struct crx_exec_start on(const char *machine, uint64_t path_len)
{
	struct crx_exec_start s;

	assert_true(crx_exec_start_on(machine, &s));
	s.path_len = path_len;
	return s;
}

static void test_machines(void **state)
{
	static const char *const name[] = { "arm", "armeb", "m68k",   "riscv32", "riscv64",
					    "sh",  "sheb",  "xtensa", "xtensaeb" };
	struct crx_exec_start s, any;
	size_t i;

	(void)state;
	assert_true(crx_exec_start_on(NULL, &any));
	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		assert_true(crx_exec_start_on(name[i], &s));
		if (s.word_len == 8)
			continue;
		/* the default is no less */
		assert_int_equal(s.word_len, 4);
		assert_true(s.data_words <= any.data_words && s.stack_align <= any.stack_align);
	}
	assert_true(crx_exec_start_on("riscv64", &s));
	assert_int_equal(s.word_len, 8);
	assert_false(crx_exec_start_on("x86_64", &s));
	assert_false(crx_exec_start_on("", &s));
}

static void test_flat(void **state)
{
	struct crx_exec_start arm = on("arm", 9), riscv = on("riscv64", 9);
	struct crx_exec_block b[MOST];
	struct crx_exec x;

	(void)state;
	assert_true(parse_flat(&(struct flat){ 5000, 700, 300, 4096, 10, 0 }, &x));
	assert_int_equal(blocks(&x, &arm, true, b), 2);
	assert_true(b[0].mapped && b[0].shared && !b[0].seg);
	assert_int_equal(b[0].len, 5000);
	assert_int_equal(b[0].text, 5000);
	assert_false(b[1].mapped || b[1].shared);
	/* a word, the path twice, three pointers: 36, a multiple of 8 */
	assert_int_equal(b[1].arguments, 40);
	assert_int_equal(b[1].len, 700 + 300 + 4096 + 40 + 4);
	assert_int_equal(b[1].data, 700);
	assert_int_equal(b[1].bss, 300);
	assert_int_equal(b[1].stack, 4096);
	assert_int_equal(b[1].relocs, 40);
	assert_false(crx_exec_has_stack_block(&x));

	/* words of 8 bytes, and none before the data */
	assert_int_equal(blocks(&x, &riscv, true, b), 2);
	assert_int_equal(b[1].arguments, 64);
	assert_int_equal(b[1].relocs, 80);
	assert_int_equal(b[1].len, 700 + 300 + 4096 + 64);
	crx_exec_free(&x);

	/* more relocations than bss and stack */
	assert_true(parse_flat(&(struct flat){ 5000, 700, 0, 100, 1000, 0 }, &x));
	assert_int_equal(blocks(&x, &arm, true, b), 2);
	assert_int_equal(b[1].len, 700 + 4000 + 4);
	crx_exec_free(&x);

	/* to RAM: one piece, with half of the words before the data where they have 8 bytes */
	assert_true(parse_flat(&(struct flat){ 5000, 700, 300, 4096, 10, 1 }, &x));
	assert_int_equal(blocks(&x, &arm, true, b), 1);
	assert_false(b[0].mapped || b[0].shared);
	assert_int_equal(b[0].text, 5000);
	assert_int_equal(b[0].len, 5000 + 700 + 300 + 4096 + 40 + 4);
	crx_exec_free(&x);
}

/* What the kernel calls a bad header. */
static void test_flat_limits(void **state)
{
	struct crx_exec x;

	(void)state;
	assert_false(parse_flat(&(struct flat){ 5000, 700, 300, 1 << 28, 0, 0 }, &x));
	assert_false(parse_flat(&(struct flat){ 5000, 700, 300, 0, 1 << 28, 0 }, &x));
	assert_false(parse_flat(&(struct flat){ 5000, 700, 300, 0, 1 << 26, 0 }, &x));
	assert_true(parse_flat(&(struct flat){ 5000, 700, 300, (1 << 28) - 1, (1 << 25), 0 }, &x));
	crx_exec_free(&x);
}

/* An ELF file for ARM, with text at 0x10000 and data at 0x20000. */
static void parse_elf(struct elf_make *m, bool fdpic, struct crx_exec *x)
{
	struct crx_err err = CRX_ERR_INIT;

	if (fdpic)
		elf_make_bytes(m)[7] = 65;
	assert_int_equal(crx_exec_parse(m->bytes, m->len, x, &err), 0);
	assert_int_equal(x->kind, CRX_EXEC_ELF);
	assert_int_equal(x->fdpic, fdpic);
}

static void test_fdpic(void **state)
{
	struct crx_exec_start arm = on("arm", 9);
	struct crx_exec_block b[MOST];
	struct elf_make m;
	struct crx_exec x;

	(void)state;
	elf_make_sample(&m, 0, 0);
	elf_set(&m, P_MEMSZ, DATA, 10000);
	parse_elf(&m, true, &x);
	assert_int_equal(blocks(&x, &arm, true, b), 3);
	assert_true(b[0].mapped && b[0].shared && b[0].seg == 0);
	assert_int_equal(b[0].len, ELF_MAKE_TEXT_LEN);
	assert_true(b[1].mapped && !b[1].shared && b[1].seg == 1);
	/* from the beginning of its page on */
	assert_int_equal(b[1].len, 10000 + ELF_MAKE_DATA_OFF);
	assert_int_equal(b[1].data, ELF_MAKE_DATA_LEN);
	assert_int_equal(b[1].bss, 10000 - ELF_MAKE_DATA_LEN);
	assert_false(b[2].mapped || b[2].shared);
	assert_int_equal(b[2].len, 131072);
	assert_true(crx_exec_has_stack_block(&x));
	/* a library has none */
	assert_int_equal(blocks(&x, &arm, false, b), 2);
	crx_exec_free(&x);

	/* the stack that the file asks for, but two pages at least; .bss as a segment of its own */
	elf_make_phdr(&m, 0, PT_GNU_STACK, R | W, 0, 0, 20000);
	elf_make_phdr(&m, 4, PT_LOAD, R | W, 0, 0, 300);
	elf_set(&m, P_VADDR, 4, 0x30ff0);
	parse_elf(&m, true, &x);
	assert_int_equal(x.nempty, 1);
	assert_int_equal(crx_exec_stack_len(&x), 20000);
	assert_int_equal(blocks(&x, &arm, true, b), 4);
	assert_false(b[2].mapped || b[2].shared);
	assert_int_equal(b[2].bss, 300);
	assert_int_equal(b[2].len, 300 + 0xff0);
	assert_int_equal(b[3].len, 20000);
	crx_exec_free(&x);
	elf_set(&m, P_MEMSZ, 0, 100);
	elf_set(&m, P_MEMSZ, 4, 0);
	elf_set(&m, P_VADDR, 4, 0x30000);
	parse_elf(&m, true, &x);
	assert_int_equal(blocks(&x, &arm, true, b), 3);
	assert_int_equal(b[2].stack, 100);
	assert_int_equal(b[2].len, 2 * P);
	crx_exec_free(&x);

	/* in the order of the program headers: what is allocated first may leave too little */
	elf_make_sample(&m, 0, 0);
	elf_make_phdr(&m, 0, PT_LOAD, R | W, 0, 0, 300);
	elf_set(&m, P_VADDR, 0, 0x8000);
	parse_elf(&m, true, &x);
	assert_int_equal(blocks(&x, &arm, true, b), 4);
	assert_int_equal(b[0].bss, 300);
	assert_true(b[1].mapped && b[1].seg == 0 && b[2].mapped && b[2].seg == 1);
	crx_exec_free(&x);
}

/* An interpreter's stack counts where the program says nothing. */
static void test_default_stack(void **state)
{
	struct crx_exec_start arm = on("arm", 9);
	struct crx_exec_block b[MOST];
	struct crx_exec_load load;
	struct elf_make m;
	struct crx_exec x;

	(void)state;
	elf_make_sample(&m, 0, 0);
	parse_elf(&m, true, &x);
	load = crx_exec_load(&x, P, true);
	assert_int_equal(crx_exec_blocks(&load, &arm, true, 50000, b), 3);
	assert_int_equal(b[2].len, 50000);
	crx_exec_free(&x);
}

static void test_whole(void **state)
{
	struct crx_exec_start arm = on("arm", 9);
	struct crx_exec_block b[MOST];
	struct crx_exec_load load;
	struct elf_make m;
	struct crx_exec x;

	(void)state;
	/* position-independent, but not FDPIC */
	elf_make_sample(&m, 0, 0);
	elf_set(&m, P_MEMSZ, DATA, 10000);
	parse_elf(&m, false, &x);
	assert_int_equal(blocks(&x, &arm, true, b), 2);
	assert_false(b[0].mapped || b[0].shared);
	assert_int_equal(b[0].len, 0x10000 + ELF_MAKE_DATA_OFF + 10000);
	assert_int_equal(b[0].text, ELF_MAKE_TEXT_LEN);
	assert_int_equal(b[0].data, ELF_MAKE_DATA_LEN);
	assert_int_equal(b[1].len, 131072);
	crx_exec_free(&x);

	/* .bss as a segment of its own */
	elf_make_phdr(&m, 4, PT_LOAD, R | W, 0, 0, 300);
	elf_set(&m, P_VADDR, 4, 0x30ff0);
	parse_elf(&m, false, &x);
	assert_int_equal(x.nempty, 1);
	assert_int_equal(blocks(&x, &arm, true, b), 2);
	assert_int_equal(b[0].data, ELF_MAKE_DATA_LEN);
	assert_int_equal(b[0].bss, 10000 - ELF_MAKE_DATA_LEN + 300);
	crx_exec_free(&x);

	/* neither; and with an MMU nothing is asked for */
	elf_set(&m, E_TYPE, 0, 2);
	parse_elf(&m, false, &x);
	assert_int_equal(blocks(&x, &arm, true, b), 0);
	load = crx_exec_load(&x, P, false);
	assert_int_equal(crx_exec_blocks(&load, &arm, true, 0, b), 0);
	crx_exec_free(&x);
}

/* A length that cannot be added to is the most. */
static void test_longest(void **state)
{
	struct crx_exec_segment seg = { .flags = W, .vaddr = 1, .memsz = UINT64_MAX };
	const struct crx_exec x = { .kind = CRX_EXEC_ELF, .seg = &seg, .nseg = 1 };
	const struct crx_exec_load load = { .x = &x, .page_size = P, .no_mmu = true };
	struct crx_exec_start arm = on("arm", 9);
	struct crx_exec_block b[MOST];

	(void)state;
	assert_int_equal(crx_exec_blocks(&load, &arm, false, 0, b), 1);
	assert_int_equal(b[0].len, UINT64_MAX);
	seg.memsz--;
	assert_int_equal(crx_exec_blocks(&load, &arm, false, 0, b), 1);
	assert_int_equal(b[0].len, UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_machines),      cmocka_unit_test(test_flat),
		cmocka_unit_test(test_flat_limits),   cmocka_unit_test(test_fdpic),
		cmocka_unit_test(test_default_stack), cmocka_unit_test(test_whole),
		cmocka_unit_test(test_longest),
	};

	return cmocka_run_group_tests_name("exec_memory", tests, NULL, NULL);
}
