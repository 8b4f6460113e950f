/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is reported of a build, as values: indexes lead where they should, and counts agree.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build/build.h"
#include "elf_make.h"
#include "scratch.h"

/* A program whose interpreter is /lib/ld-test.so.N. */
static void put_program(struct scratch *s, const char *name, int is64, char n)
{
	struct elf_make m;

	elf_make_sample(&m, is64, 0);
	elf_make_bytes(&m)[ELF_MAKE_INTERP_OFF + strlen(ELF_MAKE_INTERP) - 1] = (uint8_t)n;
	scratch_put(s, name, elf_make_bytes(&m), m.len);
}

/* Two machines; a file that shares its table with one that the listing has later. */
static int setup(void **state)
{
	static const char zeros[9000] = { 0 };
	struct scratch *s;

	if (scratch_setup(state))
		return -1;
	s = *state;
	scratch_mkdir(s, "src");
	scratch_mkdir(s, "src/a");
	scratch_mkdir(s, "src/lib");
	put_program(s, "src/p32", 0, '1');
	put_program(s, "src/p64", 1, '2');
	put_program(s, "src/lib/ld-test.so.1", 0, '1');
	put_program(s, "src/lib/ld-test.so.2", 1, '2');
	scratch_text(s, "src/a/copy", "the same text, in two directories");
	scratch_text(s, "src/z", "the same text, in two directories");
	scratch_put(s, "src/zeros", zeros, sizeof(zeros));
	scratch_put(s, "src/empty", "", 0);
	scratch_symlink(s, "z", "src/link");
	scratch_text(s, "policy", "/p32 compress\n\n/a/copy store\n/z store\n");
	return 0;
}

static void build(struct scratch *s, struct crx_result *r)
{
	char path[SCRATCH_PATH_MAX + 300], *policy = path;
	struct crx_build_opts o = {
		.source = scratch_at(s, "src"),
		.image = scratch_at(s, "img"),
		.name = "name",
		.page_size = 4096,
		.ext = true,
		.xip = true,
		.policy = { .at = &policy, .n = 1 },
		.dedupe = true,
		.comp = "store",
		.dry_run = true,
		.want_costs = true,
		.want_files = true,
		.want_blocks = true,
	};
	struct crx_err err = CRX_ERR_INIT;

	snprintf(path, sizeof(path), "%s", scratch_at(s, "policy"));
	if (crx_build(&o, NULL, r, &err))
		fail_msg("%s: %s", err.path, err.text);
}

static const struct crx_result_file *find(const struct crx_result *r, const char *path)
{
	size_t i;

	for (i = 0; i < r->nfiles; i++)
		if (!strcmp(r->file[i].path, path))
			return &r->file[i];
	fail_msg("%s is not in the result", path);
	return NULL;
}

static void files_by_path(void **state)
{
	static const char *const path[] = { "/a",
					    "/a/copy",
					    "/empty",
					    "/lib",
					    "/lib/ld-test.so.1",
					    "/lib/ld-test.so.2",
					    "/link",
					    "/p32",
					    "/p64",
					    "/z",
					    "/zeros" };
	struct crx_result r;
	size_t i;

	build(*state, &r);
	assert_int_equal(r.nfiles, sizeof(path) / sizeof(path[0]));
	for (i = 0; i < r.nfiles; i++)
		assert_string_equal(r.file[i].path, path[i]);
	assert_true(S_ISLNK(find(&r, "/link")->mode));
	assert_true(S_ISREG(find(&r, "/empty")->mode));
	assert_true(S_ISDIR(find(&r, "/lib")->mode));
	crx_result_free(&r);
}

static void shared_tables_by_index(void **state)
{
	struct crx_result r;

	build(*state, &r);
	/* and those of each program and its interpreter */
	assert_int_equal(r.shared.files, 3);
	assert_int_equal(find(&r, "/z")->same_as, CRX_RESULT_NONE);
	assert_ptr_equal(&r.file[find(&r, "/a/copy")->same_as], find(&r, "/z"));
	assert_int_equal(find(&r, "/a/copy")->image_bytes, 0);
	assert_int_equal(find(&r, "/empty")->same_as, CRX_RESULT_NONE);
	crx_result_free(&r);
}

static void rules_by_index(void **state)
{
	const struct crx_result_file *z, *p32;
	struct crx_result r;

	build(*state, &r);
	z = find(&r, "/z");
	p32 = find(&r, "/p32");
	assert_int_equal(r.nrules, 3);
	assert_int_equal(z->action, CRX_ACTION_STORE);
	assert_int_equal(r.rule[z->rule].line, 4);
	assert_string_equal(r.rule[z->rule].text, "/z store");
	assert_string_equal(r.rule[z->rule].file, scratch_at(*state, "policy"));
	assert_int_equal(p32->action, CRX_ACTION_COMPRESS);
	assert_int_equal(p32->rule, 0);
	assert_int_equal(find(&r, "/p64")->rule, CRX_RESULT_NONE);
	assert_int_equal(find(&r, "/empty")->rule, CRX_RESULT_NONE);
	crx_result_free(&r);
}

static void machines_as_values(void **state)
{
	struct crx_result r;

	build(*state, &r);
	assert_int_equal(r.nmachines, 2);
	assert_int_not_equal(r.machine[0].elf_class, r.machine[1].elf_class);
	crx_result_free(&r);
}

static void skips_as_values(void **state)
{
	size_t n[CRX_SKIP_KINDS] = { 0 };
	struct crx_result r;
	size_t i;

	build(*state, &r);
	assert_int_equal(find(&r, "/p32")->skip, CRX_SKIP_RULE);
	assert_int_equal(find(&r, "/p64")->skip, CRX_SKIP_NONE);
	assert_int_equal(find(&r, "/z")->skip, CRX_SKIP_NONE);
	for (i = 0; i < r.nfiles; i++)
		n[r.file[i].skip]++;
	for (i = CRX_SKIP_NONE + 1; i < CRX_SKIP_KINDS; i++)
		assert_int_equal(r.skipped[i], n[i]);
	crx_result_free(&r);
}

static void kinds_agree_with_blocks(void **state)
{
	uint32_t n[CRX_RESULT_KINDS];
	struct crx_result r;
	size_t i, k;

	build(*state, &r);
	for (i = 0; i < r.nfiles; i++) {
		const struct crx_result_file *f = &r.file[i];

		memset(n, 0, sizeof(n));
		for (k = 0; k < f->nblocks; k++)
			n[f->block[k].kind]++;
		assert_memory_equal(n, f->blocks, sizeof(n));
		assert_int_equal(f->nblocks, (f->size + 4095) / 4096);
	}
	assert_int_equal(find(&r, "/zeros")->blocks[CRX_RESULT_HOLE], 3);
	assert_int_equal(find(&r, "/p64")->blocks[CRX_RESULT_IN_PLACE], 1);
	assert_int_equal(find(&r, "/z")->blocks[CRX_RESULT_STORED], 1);
	crx_result_free(&r);
}

static void kinds_as_text(void **state)
{
	(void)state;
	assert_string_equal(crx_result_kind_text(CRX_RESULT_HOLE), "hole");
	assert_string_equal(crx_result_kind_text(CRX_RESULT_COMPRESSED), "compressed");
	assert_string_equal(crx_result_kind_text(CRX_RESULT_STORED), "stored");
	assert_string_equal(crx_result_kind_text(CRX_RESULT_IN_PLACE), "in place");
}

static void the_back_end_by_index(void **state)
{
	struct crx_result r;

	build(*state, &r);
	assert_string_equal(crx_build_backend(r.backend), "store");
	assert_true(r.costs_known);
	assert_false(r.written);
	crx_result_free(&r);
}

#define RESULT_TEST(f) cmocka_unit_test_setup_teardown(f, setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RESULT_TEST(files_by_path),      RESULT_TEST(shared_tables_by_index),
		RESULT_TEST(rules_by_index),     RESULT_TEST(machines_as_values),
		RESULT_TEST(skips_as_values),    RESULT_TEST(kinds_agree_with_blocks),
		cmocka_unit_test(kinds_as_text), RESULT_TEST(the_back_end_by_index),
	};

	return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}
