/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target: an executable. Its headers are parsed, and its mappings computed for each kernel.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "exec/memory.h"
#include "fuzz.h"

static void check_parsed(const struct crx_exec *x, size_t len)
{
	size_t i, names = 0;

	FUZZ_CHECK((x->kind == CRX_EXEC_DAMAGED) == (x->why[0] != '\0'));
	FUZZ_CHECK(!x->nseg == !x->seg && !x->nneeded == !x->needed);
	if (x->kind == CRX_EXEC_NONE || x->kind == CRX_EXEC_DAMAGED)
		FUZZ_CHECK(!x->nseg && !x->interp && !x->nneeded && !x->soname && !x->program);
	for (i = 0; i < x->nseg; i++) {
		const struct crx_exec_segment *s = &x->seg[i];

		FUZZ_CHECK(s->filesz > 0 && s->filesz <= s->memsz);
		if (x->kind == CRX_EXEC_ELF)
			FUZZ_CHECK(s->off < len && s->filesz <= len - s->off);
		FUZZ_CHECK(!i || s[-1].index < s->index);
	}
	for (i = 0; i < x->nneeded; i++)
		names += strlen(x->needed[i]);
	FUZZ_CHECK(x->nneeded <= 4096 && (x->nneeded < 2 || names <= len * x->nneeded));
}

/* Pages that a mapping has in the file, if the kernel maps it, contain its segment. */
static void check_mappings(const struct crx_exec *x, uint32_t page_size, bool no_mmu)
{
	struct crx_exec_load load = crx_exec_load(x, page_size, no_mmu);
	struct crx_exec_mapping m;
	size_t i;

	FUZZ_CHECK(load.why < CRX_EXEC_WHYS);
	FUZZ_CHECK(!load.why == !crx_exec_why_text(load.why));
	crx_exec_why_copied(load.why);
	for (i = 0; i < x->nseg; i++) {
		const struct crx_exec_segment *s = &x->seg[i];
		uint64_t end;

		if (!crx_exec_mapping(&load, i, &m))
			continue;
		FUZZ_CHECK(m.seg == s && m.npg);
		end = ((uint64_t)m.first_pg + m.npg) * page_size;
		FUZZ_CHECK((uint64_t)m.first_pg * page_size <= s->off);
		FUZZ_CHECK(end >= s->off + s->filesz);
	}
}

/* Each byte of a program that is loaded is asked for. */
static void check_blocks(const struct crx_exec *x, uint32_t page_size, bool stack)
{
	struct crx_exec_load load = crx_exec_load(x, page_size, true);
	size_t most = crx_exec_most_blocks(x), n, i;
	struct crx_exec_block *block = calloc(most, sizeof(*block));
	struct crx_exec_start start;

	FUZZ_CHECK(block && crx_exec_start_on(page_size > 4096 ? NULL : "riscv64", &start));
	n = crx_exec_blocks(&load, &start, stack, crx_exec_stack_len(x), block);
	FUZZ_CHECK(n <= most);
	FUZZ_CHECK(!n || !load.why || crx_exec_why_copied(load.why));
	for (i = 0; i < n; i++) {
		FUZZ_CHECK(block[i].len);
		FUZZ_CHECK(!block[i].mapped || block[i].seg < x->nseg);
		FUZZ_CHECK(!block[i].mapped || block[i].len >= x->seg[block[i].seg].memsz);
	}
	free(block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct crx_err err = CRX_ERR_INIT;
	char text[64], flags[4];
	struct crx_exec x;
	uint32_t page_size;
	int ret;

	if (len < 4)
		return 0;
	ret = crx_exec_parse(data, len, &x, &err);
	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret);
	FUZZ_CHECK(x.kind == CRX_EXEC_NONE || crx_exec_probe(data, len));
	check_parsed(&x, len);
	for (page_size = 4096; page_size <= 65536; page_size *= 2) {
		check_mappings(&x, page_size, false);
		check_mappings(&x, page_size, true);
		check_blocks(&x, page_size, page_size == 8192);
	}
	crx_exec_machine_name(&x, text, sizeof(text));
	crx_exec_format_name(&x);
	crx_exec_flags_name(x.nseg ? x.seg[0].flags : 0, flags);
	FUZZ_CHECK(!crx_exec_is_object(&x) || crx_exec_is_elf(&x));
	FUZZ_CHECK(!(crx_exec_is_elf(&x) && crx_exec_is_bflt(&x)));
	crx_exec_is_executable(&x);
	crx_exec_reserves_span(&x);
	crx_exec_free(&x);
	return 0;
}
