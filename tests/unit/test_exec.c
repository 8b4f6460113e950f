/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/io.h"
#include "exec/exec.h"
#include "elf_make.h"
#include "guard.h"

enum { FLAVOURS = 4, DATA_PHDR = 3, TEXT_PHDR = 2, INTERP_PHDR = 1, DYN_PHDR = 4 };

static void sample(struct elf_make *m, int flavour)
{
	elf_make_sample(m, flavour & 1, flavour >> 1);
}

static void parse(const void *bytes, size_t len, struct crx_exec *x)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_exec_parse(bytes, len, x, &err), 0);
	assert_int_equal(err.code, 0);
}

static void parse_make(const struct elf_make *m, struct crx_exec *x)
{
	parse(m->bytes, m->len, x);
}

/* What holds for whatever bytes come. */
static void check_sane(const struct crx_exec *x, size_t len)
{
	size_t i, names = 0;

	switch (x->kind) {
	case CRX_EXEC_NONE:
	case CRX_EXEC_DAMAGED:
		assert_null(x->seg);
		assert_null(x->interp);
		assert_null(x->needed);
		assert_null(x->soname);
		assert_null(x->rpath);
		assert_null(x->runpath);
		assert_int_equal(x->nneeded, 0);
		assert_int_equal(x->nseg, 0);
		assert_false(x->program);
		assert_false(x->debug);
		assert_int_equal(x->why[0] != '\0', x->kind == CRX_EXEC_DAMAGED);
		return;
	case CRX_EXEC_ELF:
		break;
	default:
		fail();
	}
	assert_true(x->abi.elf_class == 32 || x->abi.elf_class == 64);
	assert_true(x->abi.big <= 1);
	for (i = 0; i < x->nseg; i++) {
		const struct crx_exec_segment *s = &x->seg[i];

		assert_true(s->filesz > 0 && s->filesz <= s->memsz);
		assert_true(s->off < len && s->filesz <= len - s->off);
		if (i)
			assert_true(s[-1].index < s->index);
	}
	assert_int_equal(x->needed != NULL, x->nneeded > 0);
	assert_true(x->nneeded <= 4096);
	for (i = 0; i < x->nneeded; i++)
		names += strlen(x->needed[i]);
	assert_true(names <= len);
}

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

/* One or two fields changed, and what becomes of the file. */
struct change {
	const struct elf_field *field;
	unsigned i;
	uint64_t v;
};

struct change_case {
	const char *name;
	struct change c[3];
	int only;        /* 32 or 64: for that class alone */
	const char *why; /* part of the reason; NULL: the file is not damaged */
};

#define FF UINT64_MAX

static const struct change_case change_cases[] = {
	/* damaged */
	{ "e_version 0", { { &E_VERSION, 0, 0 } }, 0, "version" },
	{ "e_version 2", { { &E_VERSION, 0, 2 } }, 0, "version" },
	{ "e_phentsize 0", { { &E_PHENTSIZE, 0, 0 } }, 0, "program headers of 0 bytes" },
	{ "e_phentsize of the other class",
	  { { &E_PHENTSIZE, 0, 56 } },
	  32,
	  "program headers of 56" },
	{ "e_phentsize of the other class",
	  { { &E_PHENTSIZE, 0, 32 } },
	  64,
	  "program headers of 32" },
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
	  "no end" },
	{ "PT_INTERP empty", { { &P_FILESZ, INTERP_PHDR, 0 } }, 0, "interpreter" },
	{ "PT_INTERP of one byte", { { &P_FILESZ, INTERP_PHDR, 1 } }, 0, "has 1 bytes" },
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
			/* behind the headers nothing is looked at but
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

static void test_program(void **state)
{
	static const struct {
		const char *name;
		struct change c[3];
		bool program;
	} cases[] = {
		{ "with interpreter", { { &P_TYPE, DYN_PHDR, 0 } }, true },
		{ "static PIE", { { &P_TYPE, INTERP_PHDR, 0 } }, true },
		{ "shared object", { { &P_TYPE, INTERP_PHDR, 0 }, { &D_VAL, 1, 1 } }, false },
		{ "shared object, no flags",
		  { { &P_TYPE, INTERP_PHDR, 0 }, { &D_TAG, 1, 13 } },
		  false },
		{ "flags behind the end",
		  { { &P_TYPE, INTERP_PHDR, 0 }, { &D_TAG, 0, 0 } },
		  false },
		{ "flags cut off",
		  { { &P_TYPE, INTERP_PHDR, 0 }, { &P_FILESZ, DYN_PHDR, 8 } },
		  false },
		{ "ET_EXEC",
		  { { &P_TYPE, INTERP_PHDR, 0 }, { &P_TYPE, DYN_PHDR, 0 }, { &E_TYPE, 0, 2 } },
		  true },
		{ "relocatable", { { &E_TYPE, 0, 1 } }, false },
		{ "core", { { &E_TYPE, 0, 4 } }, false },
	};
	struct elf_make m;
	struct crx_exec x;
	size_t i, k;
	int f;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (f = 0; f < FLAVOURS; f++) {
			sample(&m, f);
			for (k = 0; k < 3 && cases[i].c[k].field; k++)
				elf_set(&m, *cases[i].c[k].field, cases[i].c[k].i, cases[i].c[k].v);
			parse_make(&m, &x);
			assert_int_equal(x.kind, CRX_EXEC_ELF);
			if (x.program != cases[i].program)
				fail_msg("%s: program %d", cases[i].name, x.program);
			assert_int_equal(x.nseg, x.type == 1 || x.type == 4 ? 0 : 2);
			crx_exec_free(&x);
		}
	}
}

/* PT_INTERP: up to the kernel's PATH_MAX, and the first one counts */
static void test_interp(void **state)
{
	struct elf_make m;
	struct crx_exec x;
	uint64_t *big;
	int f;

	(void)state;
	big = calloc(1, ELF_MAKE_MAX + 8192);
	assert_non_null(big);
	for (f = 0; f < FLAVOURS; f++) {
		sample(&m, f);
		elf_set(&m, P_OFFSET, INTERP_PHDR, ELF_MAKE_MAX);
		elf_set(&m, P_FILESZ, INTERP_PHDR, 4096);
		memcpy(big, m.bytes, ELF_MAKE_MAX);
		memset(big + ELF_MAKE_MAX / 8, 'i', 4095);
		parse(big, ELF_MAKE_MAX + 8192, &x);
		assert_int_equal(x.kind, CRX_EXEC_ELF);
		assert_int_equal(strlen(x.interp), 4095);
		crx_exec_free(&x);
		elf_set(&m, P_FILESZ, INTERP_PHDR, 4097);
		memcpy(big, m.bytes, ELF_MAKE_MAX);
		parse(big, ELF_MAKE_MAX + 8192, &x);
		assert_int_equal(x.kind, CRX_EXEC_DAMAGED);
		assert_non_null(strstr(x.why, "4097"));
		crx_exec_free(&x);

		sample(&m, f);
		elf_set(&m, P_TYPE, DYN_PHDR, 3); /* a second one, of other bytes */
		parse_make(&m, &x);
		assert_string_equal(x.interp, ELF_MAKE_INTERP);
		crx_exec_free(&x);
	}
	free(big);
}

/* What ld.so reads; and that the last of two entries counts, as there. */
static void test_dynamic(void **state)
{
	struct elf_make m;
	struct crx_exec x;
	int f;

	(void)state;
	for (f = 0; f < FLAVOURS; f++) {
		elf_make_dynamic(&m, f & 1, f >> 1);
		parse_make(&m, &x);
		check_sane(&x, m.len);
		assert_int_equal(x.nneeded, 2);
		assert_string_equal(x.needed[0], "libm.so.6");
		assert_string_equal(x.needed[1], "libc.so.6");
		assert_string_equal(x.soname, "me.so");
		assert_string_equal(x.rpath, "$ORIGIN:/r");
		assert_string_equal(x.runpath, "/u");
		assert_true(x.program);
		crx_exec_free(&x);
		assert_null(x.needed);
		assert_int_equal(x.nneeded, 0);

		elf_make_dyn(&m, 1, 15, ELF_MAKE_STR_ME); /* another DT_RPATH */
		elf_make_dyn(&m, 5, 0, 0);                /* all behind is none */
		elf_make_dyn(&m, 2, 5, ELF_MAKE_STR_ADDR);
		parse_make(&m, &x);
		assert_int_equal(x.nneeded, 1);
		assert_string_equal(x.rpath, "$ORIGIN:/r");
		assert_null(x.runpath);
		crx_exec_free(&x);

		/* a relocatable file, a debug file: not mapped, so nothing is loaded */
		elf_make_dynamic(&m, f & 1, f >> 1);
		elf_set(&m, E_TYPE, 0, 1);
		parse_make(&m, &x);
		assert_null(x.needed);
		assert_null(x.soname);
		crx_exec_free(&x);
	}
}

/* Damage never makes an error: what it hits is left out. */
static void test_dynamic_damaged(void **state)
{
	enum { ALL = 1 | 2 | 4 | 8 | 16, LIBM = 1, LIBC = 2, ME = 4, RPATH = 8, RUNPATH = 16 };
	static const struct {
		const char *name;
		struct change c[3];
		int left;
	} cases[] = {
		{ "nothing changed", { { 0 } }, ALL },
		{ "no DT_STRSZ: up to the segment's end", { { &D_TAG, 6, 99 } }, ALL },
		{ "DT_STRSZ all ones", { { &D_VAL, 6, FF } }, ALL },
		{ "DT_STRSZ 0", { { &D_VAL, 6, 0 } }, 0 },
		{ "DT_STRSZ without the last NUL",
		  { { &D_VAL, 6, sizeof(ELF_MAKE_STRINGS) - 1 } },
		  ALL & ~RUNPATH },
		{ "DT_STRSZ in the middle", { { &D_VAL, 6, ELF_MAKE_STR_ME } }, LIBM | LIBC },
		{ "no DT_STRTAB", { { &D_TAG, 7, 99 } }, 0 },
		{ "DT_STRTAB 0", { { &D_VAL, 7, 0 } }, 0 },
		{ "DT_STRTAB a file offset", { { &D_VAL, 7, ELF_MAKE_DATA_OFF } }, 0 },
		{ "DT_STRTAB all ones", { { &D_VAL, 7, FF } }, 0 },
		{ "DT_STRTAB behind the bytes",
		  { { &D_VAL, 7, ELF_MAKE_STR_ADDR + ELF_MAKE_DATA_LEN } },
		  0 },
		{ "DT_STRTAB before the segment", { { &D_VAL, 7, ELF_MAKE_STR_ADDR - 1 } }, 0 },
		{ "DT_STRTAB twice", { { &D_TAG, 2, 5 }, { &D_VAL, 2, 1 } }, ALL },
		{ "DT_NEEDED behind the table",
		  { { &D_VAL, 0, sizeof(ELF_MAKE_STRINGS) } },
		  ALL & ~LIBM },
		{ "DT_NEEDED all ones", { { &D_VAL, 0, FF } }, ALL & ~LIBM },
		{ "DT_NEEDED behind the file", { { &D_VAL, 5, 0x7fffffff } }, ALL & ~LIBC },
		{ "DT_SONAME all ones", { { &D_VAL, 4, FF } }, ALL & ~ME },
		{ "DT_RPATH all ones", { { &D_VAL, 3, FF } }, ALL & ~RPATH },
		{ "DT_RUNPATH all ones", { { &D_VAL, 1, FF } }, ALL & ~RUNPATH },
		{ "no end up to the end of the file",
		  { { &D_VAL, 6, FF }, { &D_VAL, 1, sizeof(ELF_MAKE_STRINGS) } },
		  ALL & ~RUNPATH },
		{ "PT_DYNAMIC empty", { { &P_FILESZ, DYN_PHDR, 0 } }, 0 },
		{ "PT_DYNAMIC of half an entry", { { &P_FILESZ, DYN_PHDR, 7 } }, 0 },
		{ "PT_DYNAMIC past the end", { { &P_OFFSET, DYN_PHDR, 0x10000 } }, 0 },
		{ "PT_DYNAMIC all ones",
		  { { &P_OFFSET, DYN_PHDR, FF }, { &P_FILESZ, DYN_PHDR, FF } },
		  0 },
		{ "PT_DYNAMIC wraps",
		  { { &P_OFFSET, DYN_PHDR, FF - 15 }, { &P_FILESZ, DYN_PHDR, FF } },
		  0 },
		{ "PT_DYNAMIC without an end", { { &P_FILESZ, DYN_PHDR, FF } }, ALL },
		{ "segment of the strings gone", { { &P_TYPE, DATA_PHDR, 0 } }, 0 },
	};
	struct guard g = guard_new(ELF_MAKE_MAX);
	struct elf_make m;
	struct crx_exec x;
	size_t i, k;
	int f, left;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (f = 0; f < FLAVOURS; f++) {
			elf_make_dynamic(&m, f & 1, f >> 1);
			/* the file ends with the strings' segment */
			elf_set(&m, E_SHNUM, 0, 0);
			m.len = ELF_MAKE_LOADS_END;
			for (k = 0; k < 3 && cases[i].c[k].field; k++)
				elf_set(&m, *cases[i].c[k].field, cases[i].c[k].i, cases[i].c[k].v);
			parse(guard_copy(&g, m.bytes, m.len), m.len, &x);
			check_sane(&x, m.len);
			for (k = left = 0; k < x.nneeded; k++)
				left |= !strcmp(x.needed[k], "libm.so.6")   ? LIBM
					: !strcmp(x.needed[k], "libc.so.6") ? LIBC
									    : 1024;
			left |= (x.soname ? ME : 0) | (x.rpath ? RPATH : 0) |
				(x.runpath ? RUNPATH : 0);
			if (x.kind != CRX_EXEC_ELF || left != cases[i].left)
				fail_msg("%s (%d bits, big %d): kind %d, left %d", cases[i].name,
					 m.is64 ? 64 : 32, m.big, (int)x.kind, left);
			crx_exec_free(&x);
		}
	}
	guard_free(&g);
}

/* Names as long as a path may be, more of them than anybody has, and many of
 * the same bytes. */
static void test_dynamic_limits(void **state)
{
	enum {
		DYN = ELF_MAKE_MAX,
		NDYN = 5000,
		STR = DYN + NDYN * 16,
		STR_LEN = 140000,
		LEN = STR + STR_LEN
	};
	uint64_t *big = calloc(1, LEN + 8);
	struct elf_make m, entry;
	struct crx_exec x;
	size_t i, k, each;
	char *str;
	int f;

	(void)state;
	assert_non_null(big);
	str = (char *)big + STR;
	for (f = 0; f < FLAVOURS; f++) {
		elf_make_dynamic(&m, f & 1, f >> 1);
		each = m.is64 ? 16 : 8;
		elf_set(&m, P_OFFSET, DATA_PHDR, STR);
		elf_set(&m, P_FILESZ, DATA_PHDR, STR_LEN);
		elf_set(&m, P_MEMSZ, DATA_PHDR, STR_LEN);
		elf_set(&m, P_OFFSET, DYN_PHDR, DYN);
		elf_set(&m, P_FILESZ, DYN_PHDR, NDYN * each);
		memcpy(big, m.bytes, ELF_MAKE_MAX);
		memset(str, 'n', STR_LEN);
		str[4095] = str[8191 + 1] = str[STR_LEN - 1] = '\0';
		for (i = 0; i < NDYN; i++) {
			entry = m;
			elf_make_dyn(&entry, 0, 1, 4094);
			if (i < 2)
				elf_make_dyn(&entry, 0, i ? 10 : 5,
					     i ? STR_LEN : 0x20000 + ELF_MAKE_DATA_OFF);
			else if (i < 4)
				elf_make_dyn(&entry, 0, 1,
					     i == 2 ? 0 : 4096); /* 4,095 bytes and 4,096 */
			else if (i < 6)
				elf_make_dyn(&entry, 0, i == 4 ? 15 : 29,
					     i == 4 ? STR_LEN - 65536 : STR_LEN - 65537);
			memcpy((uint8_t *)big + DYN + i * each,
			       elf_make_bytes(&entry) + ELF_MAKE_DYN_OFF, each);
		}
		parse(big, LEN, &x);
		check_sane(&x, LEN);
		assert_int_equal(x.nneeded, 4095);
		assert_int_equal(strlen(x.needed[0]), 4095);
		for (k = 1; k < x.nneeded; k++)
			assert_string_equal(x.needed[k], "n");
		assert_int_equal(strlen(x.rpath), 65535);
		assert_null(x.runpath);
		crx_exec_free(&x);

		/* 4,096 times 4,095 bytes would be 16 MiB */
		entry = m;
		elf_make_dyn(&entry, 0, 1, 0);
		for (i = 6; i < NDYN; i++)
			memcpy((uint8_t *)big + DYN + i * each,
			       elf_make_bytes(&entry) + ELF_MAKE_DYN_OFF, each);
		parse(big, LEN, &x);
		check_sane(&x, LEN);
		assert_int_equal(x.nneeded, STR_LEN / 4095);
		crx_exec_free(&x);
	}
	free(big);
}

static void test_debug(void **state)
{
	static const struct {
		const char *name;
		struct change c[3];
		bool debug;
	} cases[] = {
		{ "program", { { 0 } }, false },
		{ "code NOBITS", { { &SH_TYPE, 2, 8 }, { &SH_TYPE, 3, 8 } }, true },
		{ "code NOBITS, segments outside",
		  { { &SH_TYPE, 2, 8 },
		    { &P_OFFSET, TEXT_PHDR, 0x100000 },
		    { &P_OFFSET, INTERP_PHDR, FF } },
		  true },
		{ "code NOBITS, program headers outside",
		  { { &SH_TYPE, 2, 8 }, { &E_PHOFF, 0, FF } },
		  true },
		{ "one of two NOBITS (PowerPC .plt)", { { &SH_FLAGS, 4, 7 } }, false },
		{ "code NOBITS but empty", { { &SH_TYPE, 2, 8 }, { &SH_SIZE, 2, 0 } }, false },
		{ "code not to be loaded", { { &SH_TYPE, 2, 8 }, { &SH_FLAGS, 2, 4 } }, false },
		{ "no code, all NOBITS but notes",
		  { { &SH_FLAGS, 2, 0 }, { &SH_TYPE, 3, 8 } },
		  true },
		{ "no code, data has bytes", { { &SH_FLAGS, 2, 0 } }, false },
		{ "relocatable", { { &E_TYPE, 0, 1 }, { &SH_TYPE, 2, 8 } }, true },
		{ "section headers of one byte",
		  { { &SH_TYPE, 2, 8 }, { &E_SHENTSIZE, 0, 1 } },
		  false },
		{ "section headers cut", { { &SH_TYPE, 2, 8 }, { &E_SHNUM, 0, 6 } }, false },
	};
	struct elf_make m;
	struct crx_exec x;
	size_t i, k;
	int f;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (f = 0; f < FLAVOURS; f++) {
			sample(&m, f);
			for (k = 0; k < 3 && cases[i].c[k].field; k++)
				elf_set(&m, *cases[i].c[k].field, cases[i].c[k].i, cases[i].c[k].v);
			parse_make(&m, &x);
			if (x.kind != CRX_EXEC_ELF || x.debug != cases[i].debug)
				fail_msg("%s: kind %d, debug %d, '%s'", cases[i].name, (int)x.kind,
					 x.debug, x.why);
			if (x.debug) {
				assert_int_equal(x.nseg, 0);
				assert_false(x.program);
				assert_null(x.interp);
			}
			check_sane(&x, m.len);
			crx_exec_free(&x);
		}
	}
}

static void test_names(void **state)
{
	static const struct {
		struct crx_exec_abi abi;
		const char *name;
	} cases[] = {
		{ { 32, 0, 40 }, "arm" },
		{ { 32, 1, 40 }, "armeb" },
		{ { 64, 0, 40 }, "machine 40" },
		{ { 64, 0, 183 }, "aarch64" },
		{ { 64, 0, 62 }, "x86_64" },
		{ { 32, 0, 62 }, "x32" },
		{ { 32, 0, 3 }, "i386" },
		{ { 32, 1, 8 }, "mips" },
		{ { 32, 0, 8 }, "mipsel" },
		{ { 32, 1, 20 }, "powerpc" },
		{ { 64, 0, 21 }, "powerpc64le" },
		{ { 64, 0, 243 }, "riscv64" },
		{ { 32, 0, 243 }, "riscv32" },
		{ { 64, 1, 22 }, "s390x" },
		{ { 32, 0, 9999 }, "machine 9999" },
	};
	static const char *const flags[8] = {
		"---", "--x", "-w-", "-wx", "r--", "r-x", "rw-", "rwx"
	};
	struct crx_exec_abi other;
	char buf[40], four[4];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(crx_exec_abi_name(&cases[i].abi, buf, sizeof(buf)),
				    cases[i].name);
		assert_true(crx_exec_abi_equal(&cases[i].abi, &cases[i].abi));
		other = cases[i].abi;
		other.big ^= 1;
		assert_false(crx_exec_abi_equal(&cases[i].abi, &other));
		other = cases[i].abi;
		other.elf_class ^= 32 | 64;
		assert_false(crx_exec_abi_equal(&cases[i].abi, &other));
		other = cases[i].abi;
		other.machine++;
		assert_false(crx_exec_abi_equal(&cases[i].abi, &other));
	}
	assert_string_equal(crx_exec_abi_name(&cases[7].abi, buf, 4), "mip");
	for (i = 0; i < 8; i++)
		assert_string_equal(crx_exec_flags_name((uint32_t)i | 0xf0000000u, four), flags[i]);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* first, so that it is the threads that initialise libelf */
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_sample),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_ident),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_corrupted),
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_interp),
		cmocka_unit_test(test_dynamic),
		cmocka_unit_test(test_dynamic_damaged),
		cmocka_unit_test(test_dynamic_limits),
		cmocka_unit_test(test_debug),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_real)
	};

	return cmocka_run_group_tests_name("exec", tests, NULL, NULL);
}
