/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that runs out: the first allocation fails, then the second, ... until
 * all is done without a failure. Each time the answer is CRX_ENOMEM, and
 * nothing is leaked: no memory, no descriptor, no file.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/types.h>

#include "base/pool.h"
#include "build/build.h"
#include "elf_make.h"
#include "failing_alloc.h"
#include "wishes/loader/needed.h"
#include "wishes/policy/match.h"
#include "scratch.h"
#include "input/edit/filter.h"
#include "input/source/source.h"
#include "tar_make.h"
#include "tree/limits.h"
#include "tree_make.h"
#include "write/output.h"
#include "write/stream.h"

/* --- what is tried --- */

/* One attempt, from nothing to nothing. Asserts nothing: the next piece of
 * memory may be the one that fails. */
typedef int attempt(struct scratch *s, unsigned workers, struct crx_err *err);

static void fail_each(struct scratch *s, attempt *run, unsigned workers, bool for_good)
{
	size_t entries = scratch_count(s, ".");
	int fds = scratch_open_fds(), ret;
	long n, live, failures = 0;

	for (n = 1;; n++) {
		struct crx_err err = CRX_ERR_INIT;

		live = alloc_live();
		alloc_fail(n, for_good);
		ret = run(s, workers, &err);
		alloc_succeed();
		if (alloc_live() != live)
			fail_msg("allocation %ld: %ld pieces are left", n, alloc_live() - live);
		if (scratch_open_fds() != fds)
			fail_msg("allocation %ld: a descriptor is left", n);
		if (!ret && alloc_count() < n)
			break;
		if (ret != CRX_ENOMEM || err.code != CRX_ENOMEM)
			fail_msg("allocation %ld: %d, %s: %s", n, ret, err.path, err.text);
		if (scratch_count(s, ".") != entries)
			fail_msg("allocation %ld: a file is left", n);
		failures++;
	}
	assert_true(failures > 0);
}

static void all_ways(struct scratch *s, attempt *run)
{
	unsigned workers;

	for (workers = 1; workers <= 3; workers += 2) {
		fail_each(s, run, workers, false);
		fail_each(s, run, workers, true);
	}
}

/* A root with something of everything: programs, equal files, links. */
static int setup(void **state)
{
	int ret = scratch_setup(state);
	struct scratch *s = *state;
	/* rev 4; where text, data and .bss end */
	static const uint8_t flat[140] = { 'b', 'F', 'L', 'T', 0, 0, 0, 4,   0, 0, 0, 64,
					   0,   0,   0,   100, 0, 0, 0, 120, 0, 0, 0, 130 };
	uint8_t data[3 * 4096 + 7];
	struct elf_make m;
	size_t i;

	if (ret)
		return ret;
	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * i / 7);
	memset(data + 4096, 0, 4096);
	elf_make_sample(&m, 0, 0);
	scratch_mkdir(s, "src");
	scratch_mkdir(s, "src/lib");
	scratch_mkdir(s, "src/lib/empty");
	scratch_put(s, "src/lib/ld-test.so.1", m.bytes, m.len);
	scratch_put(s, "src/prog", m.bytes, m.len);
	chmod(scratch_at(s, "src/prog"), 0755);
	scratch_put(s, "src/damaged", m.bytes, 60);
	scratch_put(s, "src/flat", flat, sizeof(flat));
	elf_make_dynamic(&m, 0, 0);
	scratch_put(s, "src/needs", m.bytes, m.len);
	scratch_put(s, "src/lib/libm.so.6", m.bytes, m.len);
	scratch_mkdir(s, "src/etc");
	scratch_text(s, "src/etc/ld.so.conf", "include *.conf\n/u\n");
	scratch_text(s, "src/etc/ld.so.preload", "libgone.so");
	scratch_put(s, "src/a", data, sizeof(data));
	scratch_put(s, "src/b", data, sizeof(data));
	scratch_put(s, "src/c", data, 4096);
	scratch_put(s, "src/x.o", data, 5);
	scratch_text(s, "src/empty", "");
	scratch_symlink(s, "lib/ld-test.so.1", "src/link");
	scratch_text(s, "patterns", "*.o\n# nothing\n/none\n");
	return link(scratch_at(s, "src/a"), scratch_at(s, "src/hard"));
}

/* --- the stages --- */

static int try_tree(struct scratch *s, unsigned workers, struct crx_err *err)
{
	struct crx_offences o = { 0 };
	struct crx_source src = { 0 };
	struct crx_tree t = { 0 };
	char p[] = "*.o", *const pattern[] = { p };
	struct crx_source_opts so = { .exclude = { .pattern = pattern, .n = 1 } };
	int ret;

	(void)workers;
	ret = crx_source_dir(scratch_at(s, "src"), &so, &t, &src, err);
	if (!ret)
		ret = crx_filter_exclude(&so.exclude, &t, err);
	if (!ret)
		ret = crx_tree_finish(&t, err);
	if (!ret)
		ret = crx_tree_check(&t, 4096, &o, err);
	crx_offences_free(&o);
	crx_tree_free(&t);
	crx_source_free(&src);
	return ret;
}

static void reading_a_tree(void **state)
{
	all_ways(*state, try_tree);
}

/* Over the directory an archive, and over both a manifest. */
static int try_layers(struct scratch *s, unsigned workers, struct crx_err *err)
{
	char p[] = "*.o", *const pattern[] = { p };
	struct crx_source_opts o = { .exclude = { .pattern = pattern, .n = 1 }, .whiteouts = true };
	struct crx_source src[4] = { { 0 } };
	struct crx_tree t = { 0 };
	int ret, i;

	(void)workers;
	ret = crx_source_open(scratch_at(s, "src"), &o, &t, &src[0], err);
	if (!ret && HAVE_LIBARCHIVE)
		ret = crx_source_overlay(scratch_at(s, "over.tar"), &o, &t, &src[1], err);
	if (!ret && HAVE_LIBARCHIVE)
		ret = crx_source_overlay(scratch_at(s, "over.cpio"), &o, &t, &src[2], err);
	if (!ret)
		ret = crx_source_overlay(scratch_at(s, "over.mtree"), &o, &t, &src[3], err);
	crx_tree_free(&t);
	for (i = 0; i < 4; i++)
		crx_source_free(&src[i]);
	return ret;
}

static void layers(void **state)
{
	struct scratch *s = *state;
	struct tar_make m = { 0 };

	tar_dir(&m, "./");
	tar_file(&m, "lib/a", "text");
	tar_file(&m, "lib/x.o", "text");
	tar_link(&m, "lib64", "lib");
	tar_file(&m, "lib64/b", "text");
	tar_hard(&m, "c", "lib/a");
	tar_file(&m, ".wh.prog", "");
	tar_end(&m);
	scratch_put(s, "over.tar", m.bytes, m.len);
	m.len = 0;
	cpio_put(&m, "x", S_IFREG | 0644, 1, 2, NULL);
	cpio_put(&m, "y", S_IFREG | 0644, 1, 2, "text");
	cpio_put(&m, "link", S_IFLNK | 0777, 2, 1, "y");
	cpio_end(&m);
	cpio_put(&m, "lib", S_IFREG | 0644, 1, 1, "text");
	cpio_end(&m);
	scratch_put(s, "over.cpio", m.bytes, m.len);
	scratch_text(s, "over.mtree",
		     "#mtree\n. type=dir uid=1\na mode=0600\ndev type=dir\nnull type=char "
		     "device=native,1,3\n..\nf type=file contents=patterns\nl type=link link=f\n");
	free(m.bytes);
	all_ways(s, try_layers);
}

/* The tree is there already: only scan and policy run short. */
struct ready {
	struct crx_tree t;
	struct crx_source src;
};

static struct ready ready;

static int try_scan(struct scratch *s, unsigned workers, struct crx_err *err)
{
	struct crx_scan_opts o = {
		.page_size = 4096, .workers = workers, .find_equal = true, .executables = true
	};
	struct crx_policy_opts po = { .xip = true };
	struct crx_wishes w = { 0 };
	struct crx_facts f = { 0 };
	int ret = crx_scan(&ready.t, &o, &f, err);

	(void)s;
	if (!ret)
		ret = crx_policy(&ready.t, &f, &po, NULL, &w, err);
	/* short of memory, it must not come to another decision instead */
	if (!ret && (w.nabis != 1 || w.skipped[CRX_SKIP_DAMAGED] != 1))
		ret = crx_err_set(err, CRX_EINTERNAL, 0, NULL, "another decision");
	crx_wishes_free(&w);
	crx_facts_free(&f);
	return ret;
}

/* The same with rules of every kind. */
static int try_rules(struct scratch *s, unsigned workers, struct crx_err *err)
{
	static const char text[] =
		"*.so* compress\n/lib/** xip\n/lib/ld*.1 store\nneeded-by=/prog xip "
		"segments=r-x\n/a xip file\nlib/ store\n/nowhere xip\n/**/x/*.o compress\n";
	struct crx_scan_opts o = {
		.page_size = 4096, .workers = workers, .find_equal = true, .executables = true
	};
	struct crx_rules rules = { 0 };
	struct crx_policy_opts po = { .xip = true, .rules = &rules };
	struct crx_wishes w = { 0 };
	struct crx_facts f = { 0 };
	int ret = crx_rules_parse(&rules, "policy", text, sizeof(text) - 1, NULL, err);

	(void)s;
	if (!ret)
		ret = crx_scan(&ready.t, &o, &f, err);
	if (!ret)
		ret = crx_policy(&ready.t, &f, &po, NULL, &w, err);
	if (!ret && (w.nabis != 1 || w.hits[3] != 2 || w.hits[4] != 1))
		ret = crx_err_set(err, CRX_EINTERNAL, 0, NULL, "another decision");
	crx_wishes_free(&w);
	crx_facts_free(&f);
	crx_rules_free(&rules);
	return ret;
}

static void scanning_and_deciding(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_source_dir(scratch_at(s, "src"), &(struct crx_source_opts){ 0 },
					&ready.t, &ready.src, &err),
			 0);
	all_ways(s, try_scan);
	all_ways(s, try_rules);
	crx_tree_free(&ready.t);
	crx_source_free(&ready.src);
}

/* Facts are there as well: only what follows the libraries runs short. */
static struct crx_facts ready_facts;

static int try_needed(struct scratch *s, unsigned workers, struct crx_err *err)
{
	uint8_t member[20] = { 0 };
	size_t i, n = 0;
	int ret = crx_loader_needed(&ready.t, &ready_facts, "/needs", NULL, member, err);

	(void)s;
	(void)workers;
	for (i = 0; i < sizeof(member); i++)
		n += member[i];
	/* itself, its interpreter and libm.so.6; libc.so.6 is missing */
	if (!ret && n != 3)
		ret = crx_err_set(err, CRX_EINTERNAL, 0, NULL, "another decision");
	return ret;
}

static void following_libraries(void **state)
{
	struct crx_scan_opts o = { .page_size = 4096, .workers = 1, .executables = true };
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_source_dir(scratch_at(s, "src"), &(struct crx_source_opts){ 0 },
					&ready.t, &ready.src, &err),
			 0);
	assert_int_equal(crx_scan(&ready.t, &o, &ready_facts, &err), 0);
	assert_true(ready_facts.nfiles <= 20);
	all_ways(s, try_needed);
	crx_facts_free(&ready_facts);
	crx_tree_free(&ready.t);
	crx_source_free(&ready.src);
}

static int try_patterns(struct scratch *s, unsigned workers, struct crx_err *err)
{
	struct crx_strings list = { 0 };
	int ret = crx_filter_read_patterns(scratch_at(s, "patterns"), &list, err);

	(void)workers;
	crx_strings_free(&list);
	return ret;
}

static void reading_patterns(void **state)
{
	all_ways(*state, try_patterns);
}

static int do_nothing(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	(void)ctx;
	(void)index;
	(void)worker;
	(void)err;
	return 0;
}

static int try_pool(struct scratch *s, unsigned workers, struct crx_err *err)
{
	struct crx_pool_job job = { do_nothing, NULL };

	(void)s;
	return crx_pool_run(workers, 10, &job, err);
}

static void starting_workers(void **state)
{
	all_ways(*state, try_pool);
}

/* Up to the temporary file, and back: through a link, beside the source. */
static int try_output(struct scratch *s, unsigned workers, struct crx_err *err)
{
	struct crx_output_opts o = { .path = scratch_at(s, workers > 1 ? "link" : "img") };
	struct crx_output out;
	struct crx_stream w = { 0 };
	int ret = crx_output_check_outside(o.path, scratch_at(s, "src"), err);

	out = (struct crx_output){ .fd = -1, .temp = { .fd = -1 } };
	if (!ret)
		ret = crx_output_open(&out, &o, err);
	if (!ret)
		ret = crx_stream_init(&w, out.temp.fd, "img", err);
	if (!ret)
		ret = crx_stream_write(&w, "image", 5, err);
	if (!ret)
		ret = crx_stream_flush(&w, err);
	crx_stream_free(&w);
	if (!ret)
		ret = crx_output_commit(&out, 5, err);
	crx_output_abort(&out);
	unlink(scratch_at(s, "img"));
	return ret;
}

static void opening_the_output(void **state)
{
	struct scratch *s = *state;

	scratch_symlink(s, "img", "link");
	all_ways(s, try_output);
}

/* --- the whole pipeline --- */

static int build(struct scratch *s, const char *source, unsigned workers, bool xip,
		 struct crx_err *err)
{
	struct crx_result result;
	struct crx_build_opts o = {
		.source = scratch_at(s, source),
		.image = scratch_at(s, "img"),
		.page_size = 4096,
		.name = "Compressed",
		.insert_path = xip ? scratch_at(s, "patterns") : NULL,
		.ext = xip,
		.xip = xip,
		.holes = true,
		.all_root = true,
		.dedupe = true,
		.workers = workers,
		.verify = true,
		.want_files = true,
		.want_blocks = true,
		.boot_pad = xip,
	};
	int ret = crx_build(&o, NULL, &result, err);

	crx_result_free(&result);
	if (!ret)
		unlink(o.image);
	return ret;
}

static int try_build_image(struct scratch *s, unsigned workers, struct crx_err *err)
{
	return build(s, "old", workers, true, err);
}

static int try_build_xip(struct scratch *s, unsigned workers, struct crx_err *err)
{
	return build(s, "src", workers, true, err);
}

static int try_build_classic(struct scratch *s, unsigned workers, struct crx_err *err)
{
	return build(s, "src", workers, false, err);
}

static void building_with_programs_in_place(void **state)
{
	all_ways(*state, try_build_xip);
}

static void building_a_classic_image(void **state)
{
	all_ways(*state, try_build_classic);
}

static void building_from_an_image(void **state)
{
	struct scratch *s = *state;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_result result;
	struct crx_build_opts o = {
		.source = scratch_at(s, "src"),
		.image = scratch_at(s, "old"),
		.page_size = 16384,
		.name = "Compressed",
		.order = CRX_ORDER_BIG,
		.all_root = true,
	};

	assert_int_equal(crx_build(&o, NULL, &result, &err), 0);
	crx_result_free(&result);
	all_ways(s, try_build_image);
}

#define NOMEM_TEST(f) cmocka_unit_test_setup_teardown(f, setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NOMEM_TEST(reading_a_tree),           NOMEM_TEST(layers),
		NOMEM_TEST(scanning_and_deciding),    NOMEM_TEST(following_libraries),
		NOMEM_TEST(reading_patterns),         NOMEM_TEST(starting_workers),
		NOMEM_TEST(opening_the_output),       NOMEM_TEST(building_with_programs_in_place),
		NOMEM_TEST(building_a_classic_image), NOMEM_TEST(building_from_an_image),
	};

	return cmocka_run_group_tests_name("nomem", tests, NULL, NULL);
}
