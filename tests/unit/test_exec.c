/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/exec: ELF headers and segments: good ones, damaged ones, and any bytes.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <libelf.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "exec/exec.h"
#include "elf_make.h"
#include "guard.h"
#include "exec_parse.h"

static void test_sample(void **state)
{
	struct elf_make m;
	struct crx_exec x;
	int f;

	(void)state;
	for (f = 0; f < FLAVOURS; f++) {
		sample(&m, f);
		parse_make(&m, &x);
		assert_int_equal(x.kind, CRX_EXEC_ELF);
		assert_int_equal(x.abi.elf_class, m.is64 ? 64 : 32);
		assert_int_equal(x.abi.big, m.big);
		assert_int_equal(x.abi.machine, 40);
		assert_int_equal(x.type, 3);
		assert_false(x.debug);
		assert_true(x.program);
		assert_string_equal(x.interp, ELF_MAKE_INTERP);
		assert_int_equal(x.nseg, 2);
		assert_int_equal(x.seg[0].index, TEXT_PHDR);
		assert_int_equal(x.seg[0].flags, 5);
		assert_int_equal(x.seg[0].off, 0);
		assert_int_equal(x.seg[0].vaddr, 0x10000);
		assert_int_equal(x.seg[0].filesz, ELF_MAKE_TEXT_LEN);
		assert_int_equal(x.seg[0].memsz, ELF_MAKE_TEXT_LEN);
		assert_int_equal(x.seg[1].index, DATA_PHDR);
		assert_int_equal(x.seg[1].flags, 6);
		assert_int_equal(x.seg[1].off, ELF_MAKE_DATA_OFF);
		assert_int_equal(x.seg[1].vaddr, 0x20000 + ELF_MAKE_DATA_OFF);
		assert_int_equal(x.seg[1].filesz, ELF_MAKE_DATA_LEN);
		assert_int_equal(x.seg[1].memsz, 0x100);
		assert_string_equal(x.why, "");
		check_sane(&x, m.len);
		crx_exec_free(&x);
		assert_null(x.seg);
	}
	crx_exec_free(NULL);
}

struct change_case {
	const char *name;
	struct change c[3];
	int only;        /* 32 or 64: for that class alone */
	const char *why; /* part of the reason; NULL: the file is not damaged */
};

static const struct change_case change_cases[] = {
	/* damaged */
	{ "e_version 0", { { &E_VERSION, 0, 0 } }, 0, "version" },
	{ "e_version 2", { { &E_VERSION, 0, 2 } }, 0, "version" },
	{ "e_phentsize 0", { { &E_PHENTSIZE, 0, 0 } }, 0, "program headers have 0 bytes each" },
	{ "e_phentsize of the other class",
	  { { &E_PHENTSIZE, 0, 56 } },
	  32,
	  "program headers have 56" },
	{ "e_phentsize of the other class",
	  { { &E_PHENTSIZE, 0, 32 } },
	  64,
	  "program headers have 32" },
	{ "e_phnum PN_XNUM", { { &E_PHNUM, 0, 0xffff } }, 0, "65535 program headers" },
	{ "e_phnum over 64 KiB", { { &E_PHNUM, 0, 2049 } }, 0, "2049 program headers" },
	{ "e_phnum past the end", { { &E_PHNUM, 0, 60 } }, 0, "program headers pass" },
	{ "e_phoff past the end", { { &E_PHOFF, 0, 0x10000 } }, 0, "program headers pass" },
	{ "e_phoff all ones", { { &E_PHOFF, 0, FF } }, 0, "program headers pass" },
	{ "e_phoff + length wraps", { { &E_PHOFF, 0, FF - 31 } }, 0, "program headers pass" },
	{ "p_offset past the end", { { &P_OFFSET, DATA_PHDR, 0x10000 } }, 0, "segment 3" },
	{ "p_offset all ones", { { &P_OFFSET, DATA_PHDR, FF } }, 0, "end of the file" },
	{ "p_filesz past the end",
	  { { &P_FILESZ, TEXT_PHDR, 0x10000 }, { &P_MEMSZ, TEXT_PHDR, 0x10000 } },
	  0,
	  "segment 2" },
	{ "p_offset + p_filesz wraps",
	  { { &P_OFFSET, DATA_PHDR, FF - 0xf }, { &P_FILESZ, DATA_PHDR, 0x20 } },
	  0,
	  "end of the file" },
	{ "p_offset small, p_filesz all ones",
	  { { &P_FILESZ, DATA_PHDR, FF }, { &P_MEMSZ, DATA_PHDR, FF } },
	  0,
	  "end of the file" },
	{ "p_filesz all ones",
	  { { &P_FILESZ, TEXT_PHDR, FF }, { &P_MEMSZ, TEXT_PHDR, FF } },
	  0,
	  "end of the file" },
	{ "p_filesz > p_memsz",
	  { { &P_MEMSZ, TEXT_PHDR, ELF_MAKE_TEXT_LEN - 1 } },
	  0,
	  "larger in the file" },
	{ "p_vaddr + p_memsz wraps", { { &P_MEMSZ, DATA_PHDR, FF - 0x100 } }, 0, "address space" },
	{ "p_vaddr at the end", { { &P_VADDR, DATA_PHDR, FF } }, 0, "address space" },
	{ "one byte past the address space",
	  { { &P_VADDR, DATA_PHDR, FF - 0xfe } },
	  0,
	  "address space" },
	{ "PT_INTERP past the end", { { &P_OFFSET, INTERP_PHDR, 0x10000 } }, 0, "interpreter" },
	{ "PT_INTERP offset all ones", { { &P_OFFSET, INTERP_PHDR, FF } }, 0, "interpreter" },
	{ "PT_INTERP cut before its NUL",
	  { { &P_FILESZ, INTERP_PHDR, sizeof(ELF_MAKE_INTERP) - 1 } },
	  0,
	  "not end with NUL" },
	{ "PT_INTERP empty", { { &P_FILESZ, INTERP_PHDR, 0 } }, 0, "interpreter" },
	{ "PT_INTERP of one byte", { { &P_FILESZ, INTERP_PHDR, 1 } }, 0, "has 1 byte" },
	/* odd, but good */
	{ "nothing changed", { { 0 } }, 0, NULL },
	{ "ends with the address space", { { &P_VADDR, DATA_PHDR, FF - 0xff } }, 0, NULL },
	{ "empty at the end of the file",
	  { { &P_OFFSET, DATA_PHDR, 0x10000 }, { &P_FILESZ, DATA_PHDR, 0 } },
	  0,
	  NULL },
	{ "empty in memory too",
	  { { &P_VADDR, DATA_PHDR, FF }, { &P_FILESZ, DATA_PHDR, 0 }, { &P_MEMSZ, DATA_PHDR, 0 } },
	  0,
	  NULL },
	{ "no program headers", { { &E_PHNUM, 0, 0 }, { &E_PHENTSIZE, 0, 0 } }, 0, NULL },
	{ "e_ehsize absurd", { { &E_EHSIZE, 0, 1 } }, 0, NULL },
	{ "no section headers",
	  { { &E_SHNUM, 0, 0 }, { &E_SHOFF, 0, 0 }, { &E_SHENTSIZE, 0, 0 } },
	  0,
	  NULL },
	{ "e_shoff all ones", { { &E_SHOFF, 0, FF } }, 0, NULL },
	{ "e_shoff past the end", { { &E_SHOFF, 0, 0x10000 } }, 0, NULL },
	{ "e_shnum 65535", { { &E_SHNUM, 0, 0xffff } }, 0, NULL },
	{ "e_shentsize 1", { { &E_SHENTSIZE, 0, 1 } }, 0, NULL },
	{ "e_shstrndx absurd", { { &E_SHSTRNDX, 0, 0xfffe } }, 0, NULL },
	{ "sections in section 0", { { &E_SHNUM, 0, 0 }, { &SH_SIZE, 0, FF } }, 0, NULL },
	{ "section past the end", { { &SH_OFFSET, 2, FF }, { &SH_SIZE, 2, FF } }, 0, NULL },
	{ "relocatable, with absurd program headers",
	  { { &E_TYPE, 0, 1 }, { &E_PHOFF, 0, FF } },
	  0,
	  NULL },
	{ "core with PN_XNUM", { { &E_TYPE, 0, 4 }, { &E_PHNUM, 0, 0xffff } }, 0, NULL },
	{ "dynamic section past the end",
	  { { &P_OFFSET, DYN_PHDR, FF - 3 }, { &P_FILESZ, DYN_PHDR, FF } },
	  0,
	  NULL }
};

static void apply(struct elf_make *m, const struct change_case *c)
{
	size_t i;

	for (i = 0; i < 3 && c->c[i].field; i++)
		elf_set(m, *c->c[i].field, c->c[i].i, c->c[i].v);
}

static void test_changes(void **state)
{
	const struct change_case *c;
	struct elf_make m, before;
	struct crx_exec x;
	size_t i;
	int f;

	(void)state;
	for (i = 0; i < sizeof(change_cases) / sizeof(change_cases[0]); i++) {
		c = &change_cases[i];
		for (f = 0; f < FLAVOURS; f++) {
			sample(&m, f);
			if (c->only && c->only != (m.is64 ? 64 : 32))
				continue;
			apply(&m, c);
			before = m;
			parse_make(&m, &x);
			check_sane(&x, m.len);
			if (x.kind != (c->why ? CRX_EXEC_DAMAGED : CRX_EXEC_ELF) ||
			    (c->why && !strstr(x.why, c->why)))
				fail_msg("%s (%d bits, big %d): kind %d, '%s'", c->name,
					 m.is64 ? 64 : 32, m.big, (int)x.kind, x.why);
			assert_memory_equal(&before, &m, sizeof(m));
			crx_exec_free(&x);
		}
	}
}

/* e_ident, which has no fields in the table */
static void test_ident(void **state)
{
	static const struct {
		uint8_t at, v;
		const char *why;
	} cases[] = {
		{ 4, 0, "class 0" },      { 4, 3, "class 3" },      { 4, 255, "class 255" },
		{ 5, 0, "byte order 0" }, { 5, 3, "byte order 3" }, { 6, 0, "version 0/1" },
		{ 6, 2, "version 2/1" },
	};
	struct elf_make m;
	struct crx_exec x;
	size_t i;
	int f;

	(void)state;
	for (f = 0; f < FLAVOURS; f++) {
		for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			sample(&m, f);
			elf_make_bytes(&m)[cases[i].at] = cases[i].v;
			parse_make(&m, &x);
			check_sane(&x, m.len);
			assert_int_equal(x.kind, CRX_EXEC_DAMAGED);
			assert_non_null(strstr(x.why, cases[i].why));
		}
		sample(&m, f);
		elf_make_bytes(&m)[0] = 0x7e;
		parse_make(&m, &x);
		assert_int_equal(x.kind, CRX_EXEC_NONE);
		check_sane(&x, m.len);
	}
}

/* Every length from 0 on, the end of the bytes at an unreadable page. */
static void test_truncated(void **state)
{
	struct guard g = guard_new(ELF_MAKE_MAX);
	enum crx_exec_kind want;
	struct elf_make m;
	struct crx_exec x;
	const uint8_t *p;
	size_t len;
	int f;

	(void)state;
	for (f = 0; f < FLAVOURS; f++) {
		sample(&m, f);
		for (len = 0; len <= m.len; len++) {
			guard_readonly(&g, 0);
			p = guard_copy(&g, m.bytes, len);
			guard_readonly(&g, 1);
			want = len < 4                    ? CRX_EXEC_NONE
			       : len < ELF_MAKE_LOADS_END ? CRX_EXEC_DAMAGED
							  : CRX_EXEC_ELF;
			assert_int_equal(crx_exec_probe(p, len), want != CRX_EXEC_NONE);
			parse(p, len, &x);
			if (x.kind != want)
				fail_msg("%zu bytes (%d bits, big %d): kind %d, '%s'", len,
					 m.is64 ? 64 : 32, m.big, (int)x.kind, x.why);
			check_sane(&x, len);
			crx_exec_free(&x);
		}
	}
	guard_free(&g);
}

/* Every value of every byte of every header. */
static void test_corrupted(void **state)
{
	struct guard g = guard_new(ELF_MAKE_MAX);
	struct elf_make m;
	struct crx_exec x;
	size_t i, kinds[3] = { 0 };
	uint8_t *p, old;
	unsigned v;
	int f;

	(void)state;
	for (f = 0; f < FLAVOURS; f++) {
		elf_make_dynamic(&m, f & 1, f >> 1);
		p = guard_copy(&g, m.bytes, m.len);
		for (i = 0; i < m.len; i++) {
			/* after the headers nothing is looked at but
			 * strings and section headers */
			if (i == ELF_MAKE_DYN_OFF + ELF_MAKE_NDYNS * 16)
				i = ELF_MAKE_DATA_OFF;
			old = p[i];
			for (v = 0; v < 256; v++) {
				p[i] = (uint8_t)v;
				parse(p, m.len, &x);
				check_sane(&x, m.len);
				kinds[x.kind]++;
				crx_exec_free(&x);
			}
			p[i] = old;
		}
	}
	/* each of them happens: 4 bytes of magic make all of the NONE */
	assert_int_equal(kinds[CRX_EXEC_NONE], FLAVOURS * 4 * 255);
	assert_true(kinds[CRX_EXEC_DAMAGED] > 10000);
	assert_true(kinds[CRX_EXEC_ELF] > 10000);
	guard_free(&g);
}

static void test_probe(void **state)
{
	(void)state;
	assert_true(crx_exec_probe("\177ELF", 4));
	assert_true(crx_exec_probe("\177ELFxyz", 7));
	assert_false(crx_exec_probe("\177ELF", 3));
	assert_false(crx_exec_probe("\177ELG", 4));
	assert_false(crx_exec_probe("#!/b", 4));
	assert_false(crx_exec_probe("\177", 0));
}

/* This very program, and the shell where it is an ELF file. */
static void test_real(void **state)
{
	static const char *const paths[] = { "/proc/self/exe", "/bin/sh" };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_exec x;
	size_t i, k, len, code;
	char *bytes;

	(void)state;
	for (i = 0; i < 2; i++) {
		if (access(paths[i], R_OK))
			continue;
		assert_int_equal(crx_io_read_file(paths[i], SIZE_MAX / 4, &bytes, &len, &err), 0);
		parse(bytes, len, &x);
		check_sane(&x, len);
		assert_int_not_equal(x.kind, CRX_EXEC_DAMAGED);
		if (x.kind == CRX_EXEC_ELF) {
			/* the shell may be that of a host which emulates this one */
			if (!i)
				assert_int_equal(x.abi.elf_class, sizeof(void *) * 8);
			assert_true(x.program);
			assert_false(x.debug);
			for (k = code = 0; k < x.nseg; k++)
				code += x.seg[k].flags == 5;
			assert_true(code > 0);
		}
		crx_exec_free(&x);
		free(bytes);
	}
}

/* Several threads, each with a file of its own kind. */
static void *hammer(void *arg)
{
	int f = *(const int *)arg, i;
	struct crx_err err = CRX_ERR_INIT;
	struct elf_make m;
	struct crx_exec x;
	size_t good = 0;

	sample(&m, f);
	for (i = 0; i < 500; i++) {
		if (crx_exec_parse(m.bytes, m.len, &x, &err))
			break;
		good += x.kind == CRX_EXEC_ELF && x.nseg == 2 && x.abi.big == m.big &&
			x.seg[1].memsz == 0x100;
		crx_exec_free(&x);
	}
	return good == 500 ? arg : NULL;
}

static void test_threads(void **state)
{
	pthread_t t[FLAVOURS];
	int flavour[FLAVOURS], f;
	void *r;

	(void)state;
	for (f = 0; f < FLAVOURS; f++) {
		flavour[f] = f;
		assert_int_equal(pthread_create(&t[f], NULL, hammer, &flavour[f]), 0);
	}
	for (f = 0; f < FLAVOURS; f++) {
		assert_int_equal(pthread_join(t[f], &r), 0);
		assert_ptr_equal(r, &flavour[f]);
	}
}

/* Of several stacks the first one counts; what cannot be added up is not used. */
static void test_stack_and_relro(void **state)
{
	struct elf_make m;
	struct crx_exec x;

	(void)state;
	elf_make_sample(&m, 1, 0);
	elf_make_phdr(&m, 0, 0x6474e551, 6, 0, 0, 9000);
	elf_make_phdr(&m, INTERP_PHDR, 0x6474e551, 6, 0, 0, 8000);
	elf_make_phdr(&m, DYN_PHDR, 0x6474e552, 4, 0, 0, 500);
	parse_make(&m, &x);
	assert_int_equal(x.stack_len, 9000);
	assert_int_equal(x.relro_end - x.relro_start, 500);
	crx_exec_free(&x);
	elf_set(&m, P_MEMSZ, DYN_PHDR, UINT64_MAX);
	parse_make(&m, &x);
	assert_int_equal(x.kind, CRX_EXEC_ELF);
	assert_int_equal(x.relro_end, 0);
	crx_exec_free(&x);
}

/* --- libelf fails --- */

static int conversions, failing; /* 0: none */

Elf_Data *__real_elf32_xlatetom(Elf_Data *to, const Elf_Data *from, unsigned order);
Elf_Data *__real_elf64_xlatetom(Elf_Data *to, const Elf_Data *from, unsigned order);
Elf_Data *__wrap_elf32_xlatetom(Elf_Data *to, const Elf_Data *from, unsigned order);
Elf_Data *__wrap_elf64_xlatetom(Elf_Data *to, const Elf_Data *from, unsigned order);

Elf_Data *__wrap_elf32_xlatetom(Elf_Data *to, const Elf_Data *from, unsigned order)
{
	bool fails = failing && ++conversions == failing;

	return fails ? NULL : __real_elf32_xlatetom(to, from, order);
}

Elf_Data *__wrap_elf64_xlatetom(Elf_Data *to, const Elf_Data *from, unsigned order)
{
	bool fails = failing && ++conversions == failing;

	return fails ? NULL : __real_elf64_xlatetom(to, from, order);
}

static void test_libelf_fails(void **state)
{
	struct elf_make m;
	struct crx_exec x;
	int f, damaged;

	(void)state;
	for (f = 0; f < FLAVOURS; f++) {
		sample(&m, f);
		damaged = 0;
		for (failing = 1;; failing++) {
			conversions = 0;
			parse_make(&m, &x);
			check_sane(&x, m.len);
			damaged += x.kind == CRX_EXEC_DAMAGED;
			crx_exec_free(&x);
			if (conversions < failing)
				break;
		}
		/* not if a section cannot be read */
		assert_true(damaged > ELF_MAKE_NPHDRS && damaged < failing);
		failing = 0;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* first, so that it is the threads that initialise libelf */
		cmocka_unit_test(test_threads),         cmocka_unit_test(test_sample),
		cmocka_unit_test(test_changes),         cmocka_unit_test(test_ident),
		cmocka_unit_test(test_truncated),       cmocka_unit_test(test_corrupted),
		cmocka_unit_test(test_probe),           cmocka_unit_test(test_real),
		cmocka_unit_test(test_stack_and_relro), cmocka_unit_test(test_libelf_fails),
	};

	return cmocka_run_group_tests_name("exec", tests, NULL, NULL);
}
