/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sample ELF files of every class and byte order, parsed. Include after cmocka.h.
 */
#ifndef CRX_TESTS_EXEC_PARSE_H
#define CRX_TESTS_EXEC_PARSE_H

#include <string.h>

#include "exec/exec.h"
#include "elf_make.h"

enum { FLAVOURS = 4, DATA_PHDR = 3, TEXT_PHDR = 2, INTERP_PHDR = 1, DYN_PHDR = 4 };

static inline void sample(struct elf_make *m, int flavour)
{
	elf_make_sample(m, flavour & 1, flavour >> 1);
}

static inline void parse(const void *bytes, size_t len, struct crx_exec *x)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_exec_parse(bytes, len, x, &err), 0);
	assert_int_equal(err.code, 0);
}

static inline void parse_make(const struct elf_make *m, struct crx_exec *x)
{
	parse(m->bytes, m->len, x);
}

/* What holds for whatever bytes come. */
static inline void check_sane(const struct crx_exec *x, size_t len)
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

/* One or two fields changed, and what becomes of the file. */
struct change {
	const struct elf_field *field;
	unsigned i;
	uint64_t v;
};

#define FF UINT64_MAX

#endif
