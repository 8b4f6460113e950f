/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/exec: what an ELF file asks of the dynamic linker, what marks programs and
 * debug files, and what else it says about itself.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "exec/exec.h"
#include "elf_make.h"
#include "guard.h"
#include "exec_parse.h"

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
		{ "flags after the end", { { &P_TYPE, INTERP_PHDR, 0 }, { &D_TAG, 0, 0 } }, false },
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
		elf_make_dyn(&m, 5, 0, 0);                /* what follows is not read */
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

/* Damage is never an error: what it hits is ignored. */
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
		{ "DT_STRTAB after the bytes",
		  { { &D_VAL, 7, ELF_MAKE_STR_ADDR + ELF_MAKE_DATA_LEN } },
		  0 },
		{ "DT_STRTAB before the segment", { { &D_VAL, 7, ELF_MAKE_STR_ADDR - 1 } }, 0 },
		{ "DT_STRTAB twice", { { &D_TAG, 2, 5 }, { &D_VAL, 2, 1 } }, ALL },
		{ "DT_NEEDED after the table",
		  { { &D_VAL, 0, sizeof(ELF_MAKE_STRINGS) } },
		  ALL & ~LIBM },
		{ "DT_NEEDED all ones", { { &D_VAL, 0, FF } }, ALL & ~LIBM },
		{ "DT_NEEDED after the file", { { &D_VAL, 5, 0x7fffffff } }, ALL & ~LIBC },
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_program),        cmocka_unit_test(test_interp),
		cmocka_unit_test(test_dynamic),        cmocka_unit_test(test_dynamic_damaged),
		cmocka_unit_test(test_dynamic_limits), cmocka_unit_test(test_debug),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("exec_dynamic", tests, NULL, NULL);
}
