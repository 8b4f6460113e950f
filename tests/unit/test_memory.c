/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/proof/memory: free blocks, /proc/buddyinfo, and what a program takes of them.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "elf_make.h"
#include "failing_alloc.h"
#include "proof/explain/explain.h"
#include "proof/memory/memory.h"
#include "explain_scene.h"

static void assert_free(const struct crx_buddy *b, const char *want)
{
	char text[256] = "";
	size_t used = 0;
	unsigned i;

	for (i = 0; i < b->norders; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%lu", i ? " " : "",
					 (unsigned long)b->n[i]);
	assert_string_equal(text, want);
}

static void take(struct crx_buddy *b, uint64_t npg, enum crx_buddy_answer want)
{
	struct crx_buddy before = *b;

	assert_int_equal(crx_buddy_take(b, crx_buddy_request(npg)), want);
	if (want)
		assert_memory_equal(b, &before, sizeof(before));
	else
		assert_int_equal(crx_buddy_pages(b), crx_buddy_pages(&before) - npg);
}

static void test_request(void **state)
{
	static const struct {
		uint64_t npg;
		unsigned order;
	} cases[] = { { 0, 0 }, { 1, 0 },     { 2, 1 },     { 3, 2 },        { 4, 2 },
		      { 5, 3 }, { 1024, 10 }, { 1025, 11 }, { 1 << 20, 20 }, { UINT64_MAX, 63 } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_buddy_request r = crx_buddy_request(cases[i].npg);

		assert_int_equal(r.npg, cases[i].npg);
		assert_int_equal(r.order, cases[i].order);
	}
}

static void test_take(void **state)
{
	struct crx_buddy b = crx_buddy_of(2048 + 5);

	(void)state;
	assert_free(&b, "1 0 1 0 0 0 0 0 0 0 2");
	assert_int_equal(crx_buddy_largest(&b), 10);
	/* a block of 8 is split off; of these, pages 5, 6 and 7 are given back */
	take(&b, 5, CRX_BUDDY_DONE);
	assert_free(&b, "2 1 1 1 1 1 1 1 1 1 1");
	/* the smallest that is large enough */
	take(&b, 4, CRX_BUDDY_DONE);
	assert_free(&b, "2 1 0 1 1 1 1 1 1 1 1");
	take(&b, 1024, CRX_BUDDY_DONE);
	take(&b, 513, CRX_BUDDY_NO_BLOCK);
	take(&b, 257, CRX_BUDDY_DONE);
	/* 255 come back */
	assert_free(&b, "3 2 1 2 2 2 2 2 1 0 0");
	take(&b, 1025, CRX_BUDDY_TOO_LARGE);
	take(&b, 0, CRX_BUDDY_DONE);

	/* what the kernel keeps: the request's last page may not be taken from it */
	b = crx_buddy_of(64);
	b.min_pg = 32;
	take(&b, 33, CRX_BUDDY_TOO_LITTLE);
	take(&b, 32, CRX_BUDDY_DONE);
	take(&b, 1, CRX_BUDDY_TOO_LITTLE);
	b = crx_buddy_of(0);
	assert_int_equal(crx_buddy_largest(&b), -1);
	take(&b, 1, CRX_BUDDY_NO_BLOCK);
}

static void test_default_min(void **state)
{
	(void)state;
	/* 128 KiB at least; sqrt(16 * 16384) KiB; 256 MiB at most */
	assert_int_equal(crx_buddy_default_min(0, 4096), 32);
	assert_int_equal(crx_buddy_default_min(1024, 4096), 64);
	assert_int_equal(crx_buddy_default_min(4096, 4096), 128);
	assert_int_equal(crx_buddy_default_min(65536, 4096), 512);
	assert_int_equal(crx_buddy_default_min(1024, 65536), 16);
	assert_int_equal(crx_buddy_default_min(UINT64_C(1) << 40, 4096), 65536);
	assert_int_equal(crx_buddy_default_min(UINT64_MAX / 64, 65536), 4096);
}

static int parse(const char *text, struct crx_buddy *b)
{
	struct crx_err err = CRX_ERR_INIT;
	int ret = crx_buddy_parse(text, strlen(text), "free", b, &err);

	assert_int_equal(err.code, ret);
	if (ret)
		assert_non_null(strstr(err.text, ret ? "/proc/buddyinfo" : ""));
	return ret;
}

static void test_buddyinfo(void **state)
{
	static const char *const wrong[] = {
		"",
		"\n\n",
		"Node 0, zone Normal\n",
		"Node 0, zone\n",
		"Node 0, zone Normal x\n",
		"Node 0, zone Normal 1 -1\n",
		"Node 0, zone Normal 4294967296\n",
		"Node 0, zone Normal 99999999999999999999999\n",
		"Node 0, Zone Normal 1\n",
		"Normal 1 2 3\n",
		"Node 0, zone Normal 1\nmore\n",
	};
	char many[200] = "Node 0, zone Normal";
	struct crx_buddy b;
	size_t i;

	(void)state;
	assert_int_equal(parse("Node 0, zone   Normal      3      0      7 \n", &b), 0);
	assert_free(&b, "3 0 7");
	assert_int_equal(b.min_pg, 0);
	/* zones are added up; not those of movable memory */
	assert_int_equal(parse("Node 0, zone      DMA 1 2\r\n\nNode 0, zone   Normal 10 20 30\n"
			       "Node 0, zone HighMem 1 1 1 1\nNode 0, zone  Movable 9 9 9",
			       &b),
			 0);
	assert_free(&b, "11 22 30 0");
	/* more pages than can be added up */
	assert_int_equal(parse("Node 0, zone Normal 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 "
			       "0 "
			       "0 0 0 0 0 0 0 512",
			       &b),
			 CRX_EFORMAT);
	assert_int_equal(parse("Node 0, zone Normal 4294967295", &b), 0);
	assert_free(&b, "4294967295");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (parse(wrong[i], &b) != CRX_EFORMAT)
			fail_msg("accepted: %s", wrong[i]);
	for (i = 0; i < CRX_BUDDY_ORDERS; i++)
		strcat(many, " 1");
	assert_int_equal(parse(many, &b), 0);
	assert_int_equal(b.norders, CRX_BUDDY_ORDERS);
	strcat(many, " 1");
	assert_int_equal(parse(many, &b), CRX_EFORMAT);
}

/* Any bytes: an answer, and counts that are no larger than a file can hold. */
static void test_buddyinfo_mutated(void **state)
{
	static const char text[] = "Node 0, zone   Normal      3      0      7     12      1 \n"
				   "Node 0, zone  Movable      0      1      2      3      4 \n";
	struct crx_err err;
	struct crx_buddy b;
	char bytes[sizeof(text)];
	uint32_t seed = 1, i, k;
	unsigned accepted = 0;

	(void)state;
	for (i = 0; i < 20000; i++) {
		memcpy(bytes, text, sizeof(text));
		for (k = 0; k < 3; k++) {
			seed = seed * 1664525 + 1013904223;
			bytes[(seed >> 8) % sizeof(text)] = " 0129\nNxe\0"[seed >> 24 & 7];
		}
		err = (struct crx_err)CRX_ERR_INIT;
		if (crx_buddy_parse(bytes, seed % sizeof(text), "free", &b, &err))
			continue;
		accepted++;
		assert_true(b.norders && b.norders <= CRX_BUDDY_ORDERS);
		assert_true(crx_buddy_pages(&b) < UINT64_C(1) << 63);
		assert_true(crx_buddy_largest(&b) < (int)b.norders);
	}
	assert_true(accepted > 100 && accepted < i);
}

static void assert_memory(const struct scene *s, const char *want)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_exec_start start;
	struct crx_memory m;
	char text[256] = "";
	size_t used = 0, i;

	assert_true(crx_exec_start_on("arm", &start));
	assert_int_equal(crx_memory_of(&s->f, P, &start, &m, &err), 0);
	for (i = 0; i < m.n; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%lu/%u%s%s%s ",
					 (unsigned long)m.block[i].take.npg, m.block[i].take.order,
					 m.block[i].in_place ? " in place" : "",
					 m.block[i].inside ? " inside" : "",
					 m.block[i].b.shared ? " shared" : "");
	snprintf(text + used, sizeof(text) - used, "= %lu %lu %u", (unsigned long)m.pages,
		 (unsigned long)m.another, m.order);
	assert_string_equal(text, want);
	crx_memory_free(&m);
}

/* An FDPIC program whose text is copied, and a part of it mapped once more. */
static void begin_copied(struct scene *s, const struct crx_explain_opts *o)
{
	begin(s);
	elf_make_bytes(&s->elf)[7] = 65;
	elf_make_phdr(&s->elf, DATA, 1, R, P, P, P);
	complete(s);
	put_compressed(s, 1);
	open_scene(s);
	explain(s, o);
}

static void test_program(void **state)
{
	static const struct crx_explain_opts o = { .no_mmu = true, .workers = 1 };
	struct crx_explain_file interp;
	struct scene s;

	(void)state;
	begin(&s);
	elf_make_bytes(&s.elf)[7] = 65;
	elf_set(&s.elf, P_MEMSZ, DATA, 5 * P);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	assert_memory(&s, "0/0 in place shared 5/3 32/5 = 37 37 5");
	finish(&s);

	/* text that is copied is shared by all instances; a part of it that is mapped once more is
	 * a part of the copy */
	begin_copied(&s, &o);
	assert_memory(&s, "3/2 shared 0/0 inside shared 32/5 = 35 32 5");
	finish(&s);

	/* the interpreter is loaded after the program, and before the stack, whose length it says
	 */
	begin(&s);
	elf_make_bytes(&s.elf)[7] = 65;
	elf_make_phdr(&s.elf, 0, 0x6474e551, RW, 0, 0, 9 * P);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	interp = s.f;
	interp.role = CRX_EXPLAIN_INTERPRETER;
	s.f.exec.stack_len = 0;
	s.f.interp = &interp;
	assert_memory(&s, "0/0 in place shared 1/0 0/0 in place shared 1/0 9/4 = 11 11 4");
	finish(&s);

	/* neither FDPIC nor position-independent */
	begin(&s);
	complete(&s);
	open_scene(&s);
	explain(&s, &o);
	assert_memory(&s, "= 0 0 0");
	finish(&s);
}

/* What is a part of an earlier copy: pages of the same file, of a read-only mapping. */
static void test_inside(void **state)
{
	static const struct crx_explain_opts o = { .no_mmu = true, .workers = 1 };
	struct crx_exec_segment empty = { .flags = R, .memsz = P };
	struct crx_exec_start start = { 0 };
	struct crx_explain_file interp;
	struct crx_exec exec;
	struct crx_memory m;
	struct scene s;
	int i;

	(void)state;
	begin_copied(&s, &o);
	exec = s.f.exec;
	assert_memory(&s, "3/2 shared 0/0 inside shared 32/5 = 35 32 5");

	/* it begins before the copy, or ends after it */
	s.f.seg[0].file_page = 1;
	s.f.seg[1].file_page = 0;
	assert_memory(&s, "3/2 shared 1/0 shared 32/5 = 36 32 5");
	s.f.seg[0].file_page = 0;
	s.f.seg[1].pages = 4;
	assert_memory(&s, "3/2 shared 1/0 shared 32/5 = 36 32 5");
	s.f.seg[1].pages = 1;

	/* the earlier one is writable, or maps nothing of the file */
	s.f.exec.seg[0].flags |= CRX_EXEC_W;
	assert_memory(&s, "3/2 1/0 shared 32/5 = 36 35 5");
	s.f.exec.seg[0].flags &= ~(uint32_t)CRX_EXEC_W;
	s.f.exec.empty = &empty;
	s.f.exec.nempty = 1;
	assert_memory(&s, "1/0 3/2 shared 0/0 inside shared 32/5 = 36 33 5");
	s.f.exec.nempty = 0;
	s.f.seg[1].pages = 0;
	s.f.seg[1].file_page = 9;
	assert_memory(&s, "3/2 shared 1/0 shared 32/5 = 36 32 5");
	s.f.seg[1].pages = 1;
	s.f.seg[1].file_page = 0;

	/* another file; one that names itself; one that is not loaded */
	interp = s.f;
	s.f.interp = &interp;
	assert_memory(&s,
		      "3/2 shared 0/0 inside shared 3/2 shared 0/0 inside shared 32/5 = 38 32 5");
	interp.loadable = false;
	assert_memory(&s, "3/2 shared 0/0 inside shared 32/5 = 35 32 5");
	s.f.interp = &s.f;
	assert_memory(&s, "3/2 shared 0/0 inside shared 32/5 = 35 32 5");
	s.f.exec.nseg = 0;
	assert_memory(&s, "= 0 0 0");
	for (i = 1; i <= 2; i++) {
		struct crx_err err = CRX_ERR_INIT;

		alloc_fail(i, false);
		assert_int_equal(crx_memory_of(&s.f, P, &start, &m, &err), CRX_ENOMEM);
		alloc_succeed();
		assert_null(m.block);
	}
	s.f.exec = exec;
	finish(&s);
}

static void test_instances(void **state)
{
	struct crx_memory_block block[2] = {
		{ .b.shared = true, .take = { 6, 3 } },
		{ .take = { 5, 3 } },
	};
	struct crx_memory m = { block, 2, 11, 5, 3 };
	struct crx_memory_failure failure;
	struct crx_buddy b = crx_buddy_of(32), left = b;

	(void)state;
	assert_int_equal(crx_memory_instances(&m, &b, 100, NULL), 3);
	assert_int_equal(crx_memory_instances(&m, &b, 2, NULL), 2);
	assert_true(crx_memory_take(&m, true, &left, &failure));
	assert_int_equal(crx_buddy_pages(&left), 32 - 11);
	assert_true(crx_memory_take(&m, false, &left, &failure));
	assert_int_equal(crx_buddy_pages(&left), 32 - 16);
	assert_true(crx_memory_take(&m, false, &left, &failure));
	/* eleven pages are free, but no eight of them together */
	assert_false(crx_memory_take(&m, false, &left, &failure));
	assert_int_equal(crx_buddy_pages(&left), 32 - 21);
	assert_int_equal(failure.answer, CRX_BUDDY_NO_BLOCK);
	assert_int_equal(failure.block, 1);
	/* loaded already */
	block[0].loaded = true;
	assert_int_equal(crx_memory_instances(&m, &b, 100, NULL), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_default_min),
		cmocka_unit_test(test_buddyinfo),
		cmocka_unit_test(test_buddyinfo_mutated),
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_instances),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
