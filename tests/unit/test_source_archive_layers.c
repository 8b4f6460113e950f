/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/source: archives over other trees, and archives that other programs wrote.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "skip.h"
#include "input/source/source.h"
#include "tar_make.h"
#include "tree_show.h"
#include "archive_tree.h"

#if HAVE_LIBARCHIVE

/* --- other tools --- */

static bool run(struct scratch *s, const char *command)
{
	char line[8192];

	snprintf(line, sizeof(line), "cd '%s' && { %s; } >/dev/null 2>&1", s->dir, command);
	return system(line) == 0;
}

static uint32_t next_random(uint32_t *x)
{
	*x = *x * 1664525u + 1013904223u;
	return *x >> 8;
}

static void random_tree(struct scratch *s, uint32_t seed)
{
	char dirs[12][160] = { "tree" }, path[200], to[200], text[9000];
	size_t ndirs = 1, i, nfiles = 0;
	uint32_t x = seed;

	scratch_mkdir(s, "tree");
	for (i = 0; i < 40; i++) {
		uint32_t what = next_random(&x) % 10, len = next_random(&x) % sizeof(text);

		snprintf(path, sizeof(path), "%.140s/%s%zu", dirs[next_random(&x) % ndirs],
			 what % 3 ? "n" : "\xc3\xa4\xff ", i);
		if (what < 2 && ndirs < 12) {
			scratch_mkdir(s, path);
			snprintf(dirs[ndirs++], sizeof(dirs[0]), "%.159s", path);
		} else if (what < 6) {
			memset(text, next_random(&x) % 2 ? 0 : 'a' + (int)(i % 26), sizeof(text));
			text[len] = 'z';
			/* some are nothing but a hole, some end in one */
			scratch_put(s, path, text, what == 5 ? 0 : len);
			if (what > 3)
				assert_int_equal(truncate(scratch_at(s, path), 200000 + (off_t)len),
						 0);
			chmod(scratch_at(s, path), (mode_t)(next_random(&x) % 07777) | 0400);
			snprintf(to, sizeof(to), "%s", path);
			nfiles++;
		} else if (what < 7 && nfiles) {
			assert_int_equal(link(scratch_at(s, to), scratch_at(s, path)), 0);
		} else if (what < 9) {
			scratch_symlink(s, what == 7 ? "n1" : "/else/where/\xff", path);
		} else {
			assert_int_equal(mkfifo(scratch_at(s, path), 0640), 0);
		}
	}
}

static void same_as_directory(struct scratch *s, const char *archive, bool links)
{
	struct crx_source_opts o = { 0 };
	struct result a = { 0 }, b = { 0 };
	char *want, *got;

	assert_int_equal(crx_source_open(scratch_at(s, "tree"), &o, &a.t, &a.s, &a.err), 0);
	if (crx_source_open(scratch_at(s, archive), &o, &b.t, &b.s, &b.err))
		fail_msg("%s: %s", archive, b.err.text);
	if (!links) {
		size_t i;

		for (i = 0; i < a.t.nnodes; i++)
			a.t.node[i]->link_ino = a.t.node[i]->link_dev = 0;
	}
	want = tree_show(&a.t, false);
	got = tree_show(&b.t, false);
	if (strcmp(want, got))
		fail_msg("%s:\n%s\nis not\n%s", archive, got, want);
	free(want);
	free(got);
	crx_tree_free(&a.t);
	crx_source_free(&a.s);
	crx_tree_free(&b.t);
	crx_source_free(&b.s);
}

static void from_other_tools(void **state)
{
	static const struct {
		const char *name, *command;
	} tools[] = {
		{ "gnu.tar", "tar --format=gnu -cf gnu.tar -C tree ." },
		{ "pax.tar.gz", "tar --format=posix -czf pax.tar.gz -C tree ." },
		{ "ustar.tar", "tar --format=ustar -cf ustar.tar -C tree ." },
		{ "sparse.tar", "tar -cSf sparse.tar -C tree ." },
		{ "sparse.pax", "tar --format=posix -cSf sparse.pax -C tree ." },
		{ "newc.cpio", "cd tree && find . | cpio -o -H newc >../newc.cpio" },
		{ "odc.cpio", "cd tree && find . | cpio -o -H odc >../odc.cpio" },
		{ "newc.cpio.xz", "xz -k newc.cpio" },
	};
	struct scratch *s = *state;
	size_t i, done = 0;
	uint32_t seed;

	for (seed = 1; seed <= 5; seed++) {
		assert_true(run(s, "rm -rf tree *.tar *.gz *.xz *.pax *.cpio"));
		random_tree(s, seed);
		for (i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
			if (!run(s, tools[i].command))
				continue;
			same_as_directory(s, tools[i].name, true);
			done++;
		}
	}
	if (!done)
		SKIP("neither tar nor cpio can be run");
}

/* --- layers --- */

/* A layer's hard link may lead to what only a layer below has. */
static void links_to_what_is_below(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { .whiteouts = true };
	struct crx_source over = { 0 }, third = { 0 };
	struct tar_make m = { 0 };
	struct result r;

	tar_file(&m, "usr/bin/box", "1");
	tar_link(&m, "bin", "usr/bin");
	tar_file(&m, "x", "5");
	tar_hard(&m, "y", "x");
	tar_put(&m, '3', "dev", NULL, NULL, 0);
	tar_end(&m);
	unpack_with(s, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	free(m.bytes);
	m = (struct tar_make){ 0 };
	tar_hard(&m, "sh", "/bin/box");
	tar_hard(&m, "ls", "sh");
	tar_hard(&m, "z", "./x");
	tar_hard(&m, "bin2", "bin");
	tar_hard(&m, "dev2", "dev");
	tar_file(&m, "own", "7");
	tar_hard(&m, "own2", "own");
	tar_pax(&m, "path", "data", 4);
	tar_put(&m, '1', "data", "x", "8", 1);
	tar_file(&m, "x", "6");
	tar_hard(&m, "x2", "x");
	tar_file(&m, "usr/bin/.wh.box", "");
	tar_end(&m);
	scratch_put(s, "over", m.bytes, m.len);
	crx_tree_find(&r.t, "/x")->user = "fred"; /* as a manifest leaves it */
	if (crx_source_overlay(scratch_at(s, "over"), &o, &r.t, &over, &r.err))
		fail_msg("%s", r.err.text);
	assert_string_equal(crx_tree_find(&r.t, "/z")->user, "fred");
	assert_null(crx_tree_find(&r.t, "/x")->user);
	tree_is(&r.t, true,
		"/bin l usr/bin\n/bin2 l usr/bin\n/data f 8\n/dev c 5,1\n/dev2 c 5,1\n/ls f "
		"1\n/own f 7\n/own2 f =/own 7\n/sh f =/ls 1\n/usr d\n"
		"/x f 6\n/x2 f =/x 6\n/y f 5\n/z f =/y 5\n/usr/bin d\n");
	free(m.bytes);
	m = (struct tar_make){ 0 };
	tar_hard(&m, "a", "nowhere");
	tar_end(&m);
	scratch_put(s, "third", m.bytes, m.len);
	assert_int_equal(crx_source_overlay(scratch_at(s, "third"), &o, &r.t, &third, &r.err),
			 CRX_EFORMAT);
	crx_tree_free(&r.t);
	crx_source_free(&over);
	crx_source_free(&third);
	end(&r);
	free(m.bytes);
}

/* Patterns take both names of a file, in whichever layer they are; or one only. */
static void excluded_links_to_what_is_below(void **state)
{
	static char one[] = "a", *both[] = { one };
	struct scratch *s = *state;
	struct crx_source_opts o = { .exclude = { .pattern = both, .n = 1 } };
	struct crx_source over = { 0 }, third = { 0 };
	struct tar_make m = { 0 };
	struct result r;

	tar_file(&m, "a/x", "1");
	tar_file(&m, "b", "2");
	tar_end(&m);
	unpack_with(s, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	free(m.bytes);
	m = (struct tar_make){ 0 };
	tar_hard(&m, "a/y", "a/x");
	tar_hard(&m, "c/a", "a/y");
	tar_end(&m);
	scratch_put(s, "over", m.bytes, m.len);
	if (crx_source_overlay(scratch_at(s, "over"), &o, &r.t, &over, &r.err))
		fail_msg("%s", r.err.text);
	tree_is(&r.t, true, "/b f 2\n/c d\n");
	free(m.bytes);
	m = (struct tar_make){ 0 };
	tar_hard(&m, "y", "a/x");
	tar_end(&m);
	scratch_put(s, "third", m.bytes, m.len);
	assert_int_equal(crx_source_overlay(scratch_at(s, "third"), &o, &r.t, &third, &r.err),
			 CRX_EFORMAT);
	assert_non_null(strstr(r.err.text,
			       "y is a hard link to a/x, which is neither an earlier entry "
			       "nor, unless a pattern excludes it, in the tree below"));
	crx_tree_free(&r.t);
	crx_source_free(&over);
	crx_source_free(&third);
	end(&r);
	free(m.bytes);
}

/* A merged directory's files are still found where they are on disk. */
static void a_directory_over_an_archive(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { .whiteouts = true };
	struct crx_source over = { 0 }, third = { 0 };
	struct tar_make m = { 0 };
	struct result r;

	tar_file(&m, "usr/lib/a", "1");
	tar_link(&m, "lib", "usr/lib");
	tar_file(&m, "old", "1");
	tar_file(&m, "x", "5");
	tar_hard(&m, "y", "x");
	tar_end(&m);
	unpack_with(s, &m, &o, &r);
	assert_int_equal(r.ret, 0);
	scratch_mkdir(s, "over");
	scratch_mkdir(s, "over/lib");
	scratch_text(s, "over/lib/b", "22");
	scratch_text(s, "over/lib/a", "33");
	scratch_text(s, "over/.wh.old", "");
	assert_int_equal(crx_source_overlay(scratch_at(s, "over"), &o, &r.t, &over, &r.err), 0);
	free(m.bytes);
	m = (struct tar_make){ 0 };
	tar_file(&m, "lib64/c", "4");
	tar_hard(&m, "y", "lib64/c");
	tar_end(&m);
	scratch_put(s, "third", m.bytes, m.len);
	assert_int_equal(crx_source_overlay(scratch_at(s, "third"), &o, &r.t, &third, &r.err), 0);
	tree_is(&r.t, true,
		"/lib l usr/lib\n/lib64 d\n/usr d\n/x f 5\n/y f 4\n/lib64/c f =/y 4\n/usr/lib "
		"d\n/usr/lib/a f 33\n/usr/lib/b f 22\n");
	crx_tree_free(&r.t);
	crx_source_free(&over);
	crx_source_free(&third);
	end(&r);
	free(m.bytes);
}

/* A directory of the caller's own comes as root's, if that is asked for; one
 * that is not all his own does not. root is someone else for that. */
static void a_directory_of_ones_own(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { .squash = true };
	uid_t me = geteuid() ? geteuid() : 65534;
	int round;

	scratch_mkdir(s, "own");
	scratch_text(s, "own/f", "1");
	assert_int_equal(chmod(s->dir, 0755), 0);
	if (!geteuid()) {
		assert_int_equal(chown(scratch_at(s, "own"), me, 100), 0);
		assert_int_equal(chown(scratch_at(s, "own/f"), me, 100), 0);
	}
	for (round = 0; round < (geteuid() ? 2 : 3); round++) {
		struct tar_make m = { 0 };
		struct crx_source over = { 0 }, first = { 0 };
		struct crx_tree own = { 0 };
		bool root = !geteuid();
		struct result r;
		int ret;

		o.squash = round != 1;
		if (round == 2)
			assert_int_equal(chown(scratch_at(s, "own/f"), 0, 0), 0);
		tar_dir(&m, "./");
		tar_end(&m);
		unpack_with(s, &m, &o, &r);
		assert_int_equal(r.ret, 0);
		if (root)
			assert_int_equal(seteuid(me), 0);
		o.log = &r.k.log;
		ret = crx_source_overlay(scratch_at(s, "own"), &o, &r.t, &over, &r.err);
		o.log = NULL;
		if (!ret)
			ret = crx_source_open(scratch_at(s, "own"), &o, &own, &first, &r.err);
		if (root)
			assert_int_equal(seteuid(0), 0);
		assert_int_equal(ret, 0);
		assert_int_equal(r.t.root->uid, round ? me : 0);
		assert_int_equal(r.t.root->child[0]->uid, round == 1 ? me : 0);
		assert_int_equal(r.k.n, round != 1);
		if (round == 2)
			kept_has(&r.k, "/f belongs to 0:0, not to you");
		assert_int_equal(over.squashed, !round);
		assert_int_equal(own.root->uid, round ? me : 0);
		assert_int_equal(first.squashed, !round);
		crx_tree_free(&own);
		crx_source_free(&first);
		crx_tree_free(&r.t);
		crx_source_free(&over);
		end(&r);
		free(m.bytes);
	}
}

static void what_is_none(void **state)
{
	struct scratch *s = *state;
	struct crx_source_opts o = { 0 };
	struct tar_make m = { 0 };
	struct result r = { 0 };
	int fds = scratch_open_fds();

	tar_raw(&m, "#!/bin/sh\n", 10, 1);
	refused(s, &m, CRX_EFORMAT, "not an archive", "");
	tar_raw(&m, "", 0, 1);
	refused(s, &m, CRX_EFORMAT, "empty", "");
	assert_int_equal(crx_source_open(scratch_at(s, "none"), &o, &r.t, &r.s, &r.err), CRX_EIO);
	assert_int_equal(r.err.sys_errno, ENOENT);
	crx_tree_free(&r.t);
	crx_source_free(&r.s);
	tar_end(&m);
	gives(s, &m, "", "warning: has no entries\n");
	assert_int_equal(scratch_open_fds(), fds);
}

#define WITH_SCRATCH(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)

int main(void)
{
	struct CMUnitTest tests[] = {
		WITH_SCRATCH(from_other_tools),
		WITH_SCRATCH(links_to_what_is_below),
		WITH_SCRATCH(excluded_links_to_what_is_below),
		WITH_SCRATCH(a_directory_over_an_archive),
		WITH_SCRATCH(a_directory_of_ones_own),
		WITH_SCRATCH(what_is_none),
	};

	skip_in(tests);
	return cmocka_run_group_tests_name("source_archive_layers", tests, NULL, NULL);
}

#else

int main(void)
{
	puts("1..0 # SKIP without libarchive");
	return 0;
}

#endif
