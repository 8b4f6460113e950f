/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules to files: which rule decides, how many files each matches, and what is
 * reported of those that match none.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy_world.h"

/* --- one rule --- */

/* " /a /b": what rule r decides about. */
static void decided(struct world *x, const struct crx_policy_verdict *v, uint32_t r, char *buf,
		    size_t cap)
{
	char path[CRX_ERR_PATH_MAX];
	size_t i, used = 0;

	*buf = '\0';
	for (i = 0; i < x->f.nfiles; i++)
		if (v->rule_of[i] == r)
			used += (size_t)snprintf(buf + used, cap - used, " %s",
						 crx_tree_path(x->f.file[i].node, path,
							       sizeof(path)));
}

/* Files in the order of the tree: by depth. */
static void add_root(struct world *x)
{
	add_file(x, "init", 1);
	add_link(x, "bin", "usr/bin");
	add_link(x, "lib", "/usr/lib");
	add_link(x, "loop", "loop");
	add_file(x, "usr/bin/app", 1);
	add_file(x, "usr/bin/box", 1);
	add_link(x, "usr/bin/sh", "box");
	add_link(x, "usr/bin/gone", "nothing");
	add_file(x, "usr/lib/a.so", 1);
	add_file(x, "usr/lib/x/a.so.1", 1);
	add_file(x, "usr/lib/x/bin/deep", 1);
	add_link(x, "usr/lib/y", "x");
	add_file(x, "opt/app/bin/run", 1);
	add_file(x, "opt/app/o*d", 1);
	add_file(x, "opt/app/odd", 1);
	add_file(x, "opt/app/[b]", 1);
	add_link(x, "opt/cur", "app");
	add_file(x, "opt/lib/a.so", 1);
	add_file(x, "opt/empty", 0);
	add_file(x, "opt/lib/none/e1", 0);
	tree_make_dir(tree_make_dir(x->t.root, "hollow"), "inner");
	tree_make_node(x->t.root, "null", S_IFCHR | 0666);
}

static void one_pattern(void **state)
{
	static const struct {
		const char *pattern, *want;
	} cases[] = {
		/* names at any level */
		{ "box", " /usr/bin/box" },
		{ "a.so", " /opt/lib/a.so /usr/lib/a.so" },
		{ "a.so*", " /opt/lib/a.so /usr/lib/a.so /usr/lib/x/a.so.1" },
		{ "init", " /init" },
		{ "usr", "" },
		{ "sh", "" }, /* a link has no pages */
		{ "null", "" },
		{ "empty", "" },
		/* from the root */
		{ "/init", " /init" },
		{ "/box", "" },
		{ "usr/bin/box", " /usr/bin/box" },
		{ "/usr/bin", "" },
		{ "/usr/*/box", " /usr/bin/box" },
		{ "/usr/*", "" },
		{ "/*", " /init" },
		{ "/usr/bin/?[op]?", " /usr/bin/app /usr/bin/box" },
		/* through links, as deep as names are literal */
		{ "/bin/box", " /usr/bin/box" },
		{ "/bin/sh", " /usr/bin/box" },
		{ "/usr/bin/sh", " /usr/bin/box" },
		{ "/bin/gone", "" },
		{ "/loop", "" },
		{ "/loop/*", "" },
		{ "/bin/*", " /usr/bin/app /usr/bin/box" },
		{ "/lib/**", " /usr/lib/a.so /usr/lib/x/a.so.1 /usr/lib/x/bin/deep" },
		{ "/lib/**/*.so*", " /usr/lib/a.so /usr/lib/x/a.so.1" },
		{ "/lib/y/*", " /usr/lib/x/a.so.1" },
		{ "/lib/y/bin/de*", " /usr/lib/x/bin/deep" },
		{ "/lib/y/**", " /usr/lib/x/a.so.1 /usr/lib/x/bin/deep" },
		{ "/opt/cur/bin/run", " /opt/app/bin/run" },
		{ "/lib/nowhere/*", "" },
		{ "/init/*", "" },
		{ "/init/**", "" },
		/* wildcards see names as they are */
		{ "/l*/a.so", "" },
		{ "/usr/lib/?/a.so.1", " /usr/lib/x/a.so.1" },
		{ "/usr/lib/[y]/a.so.1", "" },
		{ "/**/cur/**", "" },
		{ "/**/sh", "" },
		/* "**" */
		{ "/usr/**/box", " /usr/bin/box" },
		{ "/usr/bin/**/box", " /usr/bin/box" },
		{ "/**/a.so", " /opt/lib/a.so /usr/lib/a.so" },
		{ "**/bin/*", " /usr/bin/app /usr/bin/box /opt/app/bin/run /usr/lib/x/bin/deep" },
		{ "/opt/**/bin/**", " /opt/app/bin/run" },
		{ "/opt/**/*",
		  " /opt/app/[b] /opt/app/o*d /opt/app/odd /opt/lib/a.so /opt/app/bin/run" },
		/* directories */
		{ "/usr/bin/", " /usr/bin/app /usr/bin/box" },
		{ "/bin/", " /usr/bin/app /usr/bin/box" },
		{ "/lib/", " /usr/lib/a.so /usr/lib/x/a.so.1 /usr/lib/x/bin/deep" },
		{ "/lib/y/", " /usr/lib/x/a.so.1 /usr/lib/x/bin/deep" },
		{ "/opt/cur/bin/", " /opt/app/bin/run" },
		{ "bin/", " /usr/bin/app /usr/bin/box /opt/app/bin/run /usr/lib/x/bin/deep" },
		{ "b?n/", " /usr/bin/app /usr/bin/box /opt/app/bin/run /usr/lib/x/bin/deep" },
		{ "app/", " /opt/app/[b] /opt/app/o*d /opt/app/odd /opt/app/bin/run" },
		{ "y/", "" },
		{ "/usr/*/x/", " /usr/lib/x/a.so.1 /usr/lib/x/bin/deep" },
		{ "/opt/*/",
		  " /opt/app/[b] /opt/app/o*d /opt/app/odd /opt/lib/a.so /opt/app/bin/run" },
		{ "/opt/**/",
		  " /opt/app/[b] /opt/app/o*d /opt/app/odd /opt/lib/a.so /opt/app/bin/run" },
		{ "/opt/app/**/", " /opt/app/bin/run" }, /* not what is in /opt/app itself */
		{ "**/bin/", " /usr/bin/app /usr/bin/box /opt/app/bin/run /usr/lib/x/bin/deep" },
		{ "/init/", "" },
		{ "init/", "" },
		{ "/bin/sh/", "" },
		{ "/loop/", "" },
		/* odd names */
		{ "/opt/app/o\\*d", " /opt/app/o*d" },
		{ "o\\*d", " /opt/app/o*d" },
		{ "/opt/app/o*d", " /opt/app/o*d /opt/app/odd" },
		{ "/opt/app/\\[b]", " /opt/app/[b]" },
		{ "/opt/a\\x70p/*d", " /opt/app/o*d /opt/app/odd" },
	};
	char rule[100], got[500];
	struct crx_policy_verdict v;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *x = new_world();
		const char *s;

		add_root(x);
		snprintf(rule, sizeof(rule), "%s compress\n", cases[i].pattern);
		add_rules(x, rule);
		match(x, &v);
		decided(x, &v, 0, got, sizeof(got));
		if (strcmp(got, cases[i].want))
			fail_msg("%s: '%s', not '%s'", cases[i].pattern, got, cases[i].want);
		for (n = 0, s = got; (s = strchr(s, ' ')); s++)
			n++;
		assert_int_equal(v.hits[0], n);
		assert_int_equal(x->kept.log.warnings, n ? 0 : 1);
		verdict_free(&v);
		end(x);
	}
}

static void backslashes(void **state)
{
	static const struct {
		const char *pattern;
		bool dir;
		const char *want;
	} cases[] = {
		{ "*\\-d", false, " /a-d" },    { "a\\-*", false, " /a-d" },
		{ "d?\\", true, " /d1\\/f" }, /* a last one matches itself */
		{ "d?\\\\", true, " /d1\\/f" }, { "d?\\\\\\", true, "" },
	};
	struct crx_policy_verdict v;
	char got[500];
	size_t i;
	int anchored;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (anchored = 0; anchored < 2; anchored++) {
			struct world *x = new_world();

			add_file(x, "a-d", 1);
			add_file(x, "d1\\/f", 1);
			add_file(x, "d2/f", 1);
			add_rules(x, "* compress\n");
			free(x->rules.rule[0].pattern);
			x->rules.rule[0].pattern = strdup(cases[i].pattern);
			x->rules.rule[0].dir = cases[i].dir;
			x->rules.rule[0].anchored = anchored;
			match(x, &v);
			decided(x, &v, 0, got, sizeof(got));
			if (strcmp(got, cases[i].want))
				fail_msg("%s: '%s', not '%s'", cases[i].pattern, got,
					 cases[i].want);
			verdict_free(&v);
			end(x);
		}
	}
}

/* Without a pattern: every regular file with contents. */
static void no_pattern(void **state)
{
	static const char *const rules[] = { "compress\n",     "** compress\n",    "/ compress\n",
					     "/** compress\n", "/**/* compress\n", "* compress\n" };
	struct crx_policy_verdict v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct world *x = new_world();

		add_root(x);
		add_rules(x, rules[i]);
		match(x, &v);
		if (v.hits[0] != 11)
			fail_msg("%s: %zu", rules[i], v.hits[0]);
		verdict_free(&v);
		end(x);
	}
}

/* --- selectors --- */

static void add_kinds(struct world *x)
{
	struct crx_exec *e = add_program(x, "bin/dynamic", ARM, "/lib/ld.so");

	e->needed = calloc(1, sizeof(char *));
	assert_non_null(e->needed);
	e->needed[0] = strdup("libc.so");
	e->nneeded = 1;
	add_program(x, "bin/static", ARM, NULL)->type = ET_EXEC;
	add_program(x, "bin/other", ARM, NULL);
	tree_make_link(x->t.root, "lib", "usr/lib");
	add_elf(x, "usr/lib/libc.so", ARM, ET_DYN);
	add_elf(x, "usr/lib/libm.so", ARM, ET_DYN);
	add_elf(x, "usr/lib/ld-2.so", ARM, ET_DYN);
	add_link(x, "usr/lib/ld.so", "ld-2.so");
	add_elf(x, "usr/lib/k.ko", ARM, ET_REL);
	add_flat(x, "bin/flat", 3000, 100);
	x->file[x->nfiles - 1].n->mode |= 0100;
	add_file(x, "etc/broken", 2000)->kind = CRX_EXEC_DAMAGED;
	add_file(x, "etc/script", 1000);
	x->file[x->nfiles - 1].n->mode |= 0010;
	add_file(x, "etc/text", 999);
}

static void selectors(void **state)
{
	static const struct {
		const char *rule, *want;
	} cases[] = {
		{ "elf compress", " /bin/dynamic /bin/other /bin/static /usr/lib/ld-2.so "
				  "/usr/lib/libc.so /usr/lib/libm.so" },
		{ "elf=exec compress", " /bin/dynamic /bin/other /bin/static" },
		{ "elf=dyn compress", " /usr/lib/libc.so /usr/lib/libm.so" },
		{ "elf=interp compress", " /usr/lib/ld-2.so" },
		{ "elf=dyn,interp compress",
		  " /usr/lib/ld-2.so /usr/lib/libc.so /usr/lib/libm.so" },
		{ "bflt compress", " /bin/flat" },
		{ "mode=+x compress",
		  " /bin/dynamic /bin/flat /bin/other /bin/static /etc/script" },
		{ "mode=-x compress", " /etc/broken /etc/text /usr/lib/k.ko /usr/lib/ld-2.so "
				      "/usr/lib/libc.so /usr/lib/libm.so" },
		{ "size<1000 compress", " /etc/text" },
		{ "size<=1000 compress", " /etc/script /etc/text" },
		{ "size>1000 size<3000 compress", " /etc/broken" },
		{ "size>=1000 size<=3000 compress", " /bin/flat /etc/broken /etc/script" },
		{ "mode=+x size<5000 compress", " /bin/flat /etc/script" },
		{ "/bin/ elf=exec size>1 compress", " /bin/dynamic /bin/other /bin/static" },
		{ "/lib/*.so elf=dyn compress", " /usr/lib/libc.so /usr/lib/libm.so" },
		{ "needed-by=/bin/dynamic compress",
		  " /bin/dynamic /usr/lib/ld-2.so /usr/lib/libc.so" },
		{ "elf=dyn needed-by=/bin/dynamic compress", " /usr/lib/libc.so" },
		{ "needed-by=/bin/dynamic needed-by=/bin/static compress", "" },
		{ "needed-by=/bin/dynamic needed-by=/lib/libc.so compress", " /usr/lib/libc.so" },
		{ "/etc/ elf compress", "" },
	};
	struct crx_policy_verdict v;
	char got[500];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *x = new_world();

		add_kinds(x);
		add_rules(x, cases[i].rule);
		match(x, &v);
		decided(x, &v, 0, got, sizeof(got));
		if (strcmp(got, cases[i].want))
			fail_msg("%s: '%s', not '%s'", cases[i].rule, got, cases[i].want);
		verdict_free(&v);
		end(x);
	}
}

/* What one program loads is searched for once: else warnings would appear twice. */
static void needed_once(void **state)
{
	struct world *x = new_world();
	struct crx_policy_verdict v;
	unsigned long once;

	(void)state;
	add_kinds(x);
	add_rules(x, "/bin/ needed-by=/bin/none compress\n");
	match(x, &v);
	once = x->kept.log.warnings;
	assert_true(once >= 1); /* the rule, and perhaps the program */
	verdict_free(&v);
	end(x);
	x = new_world();
	add_kinds(x);
	add_rules(x, "/bin/ needed-by=/bin/none compress\n/lib/ needed-by=/bin/none "
		     "store\nneeded-by=/bin/none store\n");
	match(x, &v);
	assert_int_equal(x->kept.log.warnings, once + 2);
	verdict_free(&v);
	end(x);
}

/* --- several rules, several names --- */

static void the_last_rule(void **state)
{
	struct world *x = new_world();
	struct crx_policy_verdict v;
	char got[500];

	(void)state;
	add_root(x);
	add_rules(x, "/usr/ compress\n/bin/* store\nbox compress\n/bin/* size>5 store\n");
	match(x, &v);
	decided(x, &v, 0, got, sizeof(got));
	assert_string_equal(got, " /usr/lib/a.so /usr/lib/x/a.so.1 /usr/lib/x/bin/deep");
	decided(x, &v, 1, got, sizeof(got));
	assert_string_equal(got, " /usr/bin/app");
	decided(x, &v, 2, got, sizeof(got));
	assert_string_equal(got, " /usr/bin/box");
	assert_int_equal(v.hits[0], 5);
	assert_int_equal(v.hits[1], 2);
	assert_int_equal(v.hits[2], 1);
	assert_int_equal(v.hits[3], 0);
	/* of links, and of what no rule matches */
	decided(x, &v, CRX_NO_RULE, got, sizeof(got));
	assert_non_null(strstr(got, " /bin "));
	assert_non_null(strstr(got, " /usr/bin/sh"));
	assert_non_null(strstr(got, " /opt/app/odd"));
	verdict_free(&v);
	end(x);
}

static void names_of_one_file(void **state)
{
	struct world *x = new_world();
	struct crx_policy_verdict v;
	char got[500];

	(void)state;
	add_program(x, "z/first", ARM, NULL);
	add_name(x, "a/second");
	add_name(x, "m/third");
	add_file(x, "m/single", 1);
	add_rules(x, "third store\n"        /* 0 */
		     "second compress\n"    /* 1: later, though of an earlier name */
		     "/*/ store\n"          /* 2: all */
		     "/m/* compress\n"      /* 3 */
		     "first size<5 store\n" /* 4: none */
		     "first size>5 compress\n");
	match(x, &v);
	decided(x, &v, 3, got, sizeof(got));
	assert_string_equal(got, " /m/single");
	decided(x, &v, 5, got, sizeof(got));
	assert_string_equal(got, " /a/second /m/third /z/first");
	assert_int_equal(v.hits[0], 1);
	assert_int_equal(v.hits[1], 1);
	assert_int_equal(v.hits[2], 2); /* three names, one file */
	assert_int_equal(v.hits[3], 2);
	assert_int_equal(v.hits[4], 0);
	assert_int_equal(v.hits[5], 1);
	verdict_free(&v);
	end(x);
}

/* The contents of a file are known at its first name only. */
static void contents_of_other_names(void **state)
{
	struct world *x = new_world();
	struct crx_policy_verdict v;

	(void)state;
	add_program(x, "a", ARM, "/lib/ld.so");
	add_name(x, "b");
	add_elf(x, "c-ld", ARM, ET_DYN);
	add_name(x, "lib/ld.so");
	add_rules(x, "/b elf=exec compress\n/lib/ld.so elf=interp compress\n/c-ld elf=dyn store\n");
	match(x, &v);
	assert_int_equal(v.hits[0], 1);
	assert_int_equal(v.hits[1], 1);
	assert_int_equal(v.hits[2], 0);
	verdict_free(&v);
	end(x);
}

/* --- rules that match nothing --- */

static void why_nothing_matches(void **state)
{
	static const struct {
		const char *rule, *said;
	} cases[] = {
		{ "/nowhere compress", "p:1: matches no file\n" },
		{ "/nowhere/* compress", "p:1: matches no file\n" },
		{ "/null compress", "p:1: matches no file\n" },
		{ "elf=interp compress", "p:1: matches no file\n" },
		{ "/opt/app compress", "p:1: matches no file: /opt/app is a directory (for all "
				       "files below it, add a '/' to the pattern)\n" },
		{ "/opt/cur compress", "p:1: matches no file: /opt/app is a directory (for all "
				       "files below it, add a '/' to the pattern)\n" },
		{ "/usr/* compress", "p:1: matches no file: /usr/bin is a directory (for all files "
				     "below it, add a '/' to the pattern)\n" },
		{ "app elf compress", "p:1: matches no file: /usr/bin/app matches its pattern, but "
				      "not its selectors\n" },
		{ "x compress", "p:1: matches no file: /usr/lib/x is a directory (for all files "
				"below it, add a '/' to the pattern)\n" },
		{ "sh compress", "p:1: matches no file, only symbolic links such as /usr/bin/sh "
				 "(name the files they point to)\n" },
		{ "/bin/s* compress", "p:1: matches no file, only symbolic links such as "
				      "/usr/bin/sh (name the files they point to)\n" },
		{ "/opt/e* compress", "p:1: matches only empty files, such as /opt/empty\n" },
		{ "/opt/empty compress", "p:1: matches only empty files, such as /opt/empty\n" },
		{ "hollow/ compress", "p:1: matches no file\n" },
		{ "none/ compress", "p:1: matches only empty files, such as /opt/lib/none/e1\n" },
		{ "/opt/lib/none/ compress",
		  "p:1: matches only empty files, such as /opt/lib/none/e1\n" },
	};
	struct crx_policy_verdict v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *x = new_world();

		add_root(x);
		add_rules(x, cases[i].rule);
		match(x, &v);
		if (strcmp(x->kept.text, cases[i].said))
			fail_msg("%s: %s", cases[i].rule, x->kept.text);
		verdict_free(&v);
		end(x);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_pattern),         cmocka_unit_test(backslashes),
		cmocka_unit_test(no_pattern),          cmocka_unit_test(selectors),
		cmocka_unit_test(needed_once),         cmocka_unit_test(the_last_rule),
		cmocka_unit_test(names_of_one_file),   cmocka_unit_test(contents_of_other_names),
		cmocka_unit_test(why_nothing_matches),
	};

	return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
