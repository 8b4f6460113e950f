/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules to files: which rule decides, how many files each matches, what is
 * said of those that match none; then the same of random trees and rules,
 * against a slow oracle that knows patterns by components only.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wishes/policy/match.h"
#include "policy_world.h"

/* --- one rule --- */

static void match(struct world *x, struct crx_policy_verdict *v)
{
	make_facts(x, P);
	v->rule_of = calloc(x->f.nfiles + 1, sizeof(*v->rule_of));
	v->hits = calloc(x->rules.nrules + 1, sizeof(*v->hits));
	assert_non_null(v->rule_of);
	assert_non_null(v->hits);
	memset(v->rule_of, 0x55, x->f.nfiles * sizeof(*v->rule_of));
	memset(v->hits, 0x55, x->rules.nrules * sizeof(*v->hits));
	assert_int_equal(crx_policy_match(&x->t, &x->f, &x->rules, &x->kept.log, v, &x->err), 0);
}

static void verdict_free(struct crx_policy_verdict *v)
{
	free(v->rule_of);
	free(v->hits);
}

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
		{ "d?\\", true, " /d1\\/f" }, /* a last one stands for itself */
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

static void kinds_free(struct world *x)
{
	free(x->file[0].exec.needed[0]);
	free(x->file[0].exec.needed);
	end(x);
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
		kinds_free(x);
	}
}

/* What one program loads is looked for once: it would be told of twice. */
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
	kinds_free(x);
	x = new_world();
	add_kinds(x);
	add_rules(x, "/bin/ needed-by=/bin/none compress\n/lib/ needed-by=/bin/none "
		     "store\nneeded-by=/bin/none store\n");
	match(x, &v);
	assert_int_equal(x->kept.log.warnings, once + 2);
	verdict_free(&v);
	kinds_free(x);
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

/* What is in a file stands with its first name only. */
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
		{ "/opt/app compress", "p:1: matches no file: /opt/app is a directory; for all "
				       "below it add a '/' to the pattern\n" },
		{ "/opt/cur compress", "p:1: matches no file: /opt/app is a directory; for all "
				       "below it add a '/' to the pattern\n" },
		{ "/usr/* compress", "p:1: matches no file: /usr/bin is a directory; for all below "
				     "it add a '/' to the pattern\n" },
		{ "app elf compress", "p:1: matches no file: /usr/bin/app has such a path, but is "
				      "not what else the rule asks for\n" },
		{ "x compress", "p:1: matches no file: /usr/lib/x is a directory; for all below it "
				"add a '/' to the pattern\n" },
		{ "sh compress", "p:1: matches no file, only symbolic links such as /usr/bin/sh; "
				 "name what they lead to\n" },
		{ "/bin/s* compress", "p:1: matches no file, only symbolic links such as "
				      "/usr/bin/sh; name what they lead to\n" },
		{ "/opt/e* compress", "p:1: matches no file but empty ones such as /opt/empty\n" },
		{ "/opt/empty compress",
		  "p:1: matches no file but empty ones such as /opt/empty\n" },
		{ "hollow/ compress", "p:1: matches no file\n" },
		{ "none/ compress",
		  "p:1: matches no file but empty ones such as /opt/lib/none/e1\n" },
		{ "/opt/lib/none/ compress",
		  "p:1: matches no file but empty ones such as /opt/lib/none/e1\n" },
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

/* --- the oracle: components, one after the other --- */

/* One component against one name, both without '/'. */
static bool name_fits(const char *p, const char *s)
{
	size_t n;

	switch (*p) {
	case '\0':
		return !*s;
	case '*':
		return name_fits(p + 1, s) || (*s && name_fits(p, s + 1));
	case '?':
		return *s && name_fits(p + 1, s + 1);
	case '[': /* plain sets only: the random patterns have no others */
		n = strcspn(p, "]");
		return *s && memchr(p + 1, *s, n - 1) && name_fits(p + n + 1, s + 1);
	case '\\':
		p++;
		/* fall through */
	default:
		return *p == *s && name_fits(p + 1, s + 1);
	}
}

enum { DEEP = 12 };

struct parts {
	char part[DEEP][16];
	size_t n;
};

static void split(const char *path, struct parts *p)
{
	size_t len;

	for (p->n = 0; *path; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		assert_true(len < sizeof(p->part[0]) && p->n < DEEP);
		snprintf(p->part[p->n++], sizeof(p->part[0]), "%.*s", (int)len, path);
	}
}

static bool parts_fit(const struct parts *p, size_t i, const struct parts *s, size_t k, size_t n)
{
	if (i == p->n)
		return k == n;
	if (!strcmp(p->part[i], "**")) {
		if (i + 1 == p->n)
			return k < n;
		return parts_fit(p, i + 1, s, k, n) || (k < n && parts_fit(p, i, s, k + 1, n));
	}
	return k < n && name_fits(p->part[i], s->part[k]) && parts_fit(p, i + 1, s, k + 1, n);
}

static bool is_wild(const char *s)
{
	for (; *s; s++) {
		if (strchr("*?[", *s))
			return true;
		s += *s == '\\';
	}
	return false;
}

static void plain(const char *s, char *out)
{
	for (; *s; s++)
		if (*s != '\\')
			*out++ = *s;
	*out = '\0';
}

/* Is the file at s (components) below a directory that p fits, or is it one? */
static bool relative_fits(const struct parts *p, bool dir, const struct parts *s)
{
	size_t n;

	if (!dir)
		return parts_fit(p, 0, s, 0, s->n);
	for (n = 1; n < s->n; n++)
		if (parts_fit(p, 0, s, 0, n))
			return true;
	return false;
}

/* pattern as written. Walks the literal front, then compares what is below. */
static bool oracle_fits(struct world *x, const char *pattern, const struct crx_node *n)
{
	char path[200], front[200] = "", base[200], name[16];
	size_t len = strlen(pattern), lit, i;
	bool dir = pattern[len - 1] == '/', anchored;
	const struct crx_node *at;
	struct parts p, s, rest = { .n = 0 };

	snprintf(base, sizeof(base), "%.*s", (int)(len - dir), pattern);
	anchored = strchr(base, '/') != NULL;
	split(base + (*base == '/'), &p);
	crx_tree_path(n, path, sizeof(path));
	split(path + 1, &s);
	if (!anchored) {
		for (i = 0; dir && i + 1 < s.n; i++)
			if (name_fits(p.part[0], s.part[i]) || !strcmp(p.part[0], "**"))
				return true;
		return !dir && (name_fits(p.part[0], s.part[s.n - 1]));
	}
	for (lit = 0; lit < p.n && !is_wild(p.part[lit]); lit++)
		;
	/* the last of a pattern that is not all literal is no directory */
	for (i = 0; i < lit; i++) {
		plain(p.part[i], name);
		len = strlen(front);
		snprintf(front + len, sizeof(front) - len, "/%s", name);
	}
	at = crx_tree_find(&x->t, front);
	if (lit == p.n && !dir)
		return at == n;
	if (!at || !S_ISDIR(at->mode))
		return false;
	crx_tree_path(at, base, sizeof(base));
	len = at->parent ? strlen(base) : 0;
	if (strncmp(path, base, len) != 0 || path[len] != '/')
		return false;
	split(path + len + 1, &s);
	if (lit == p.n)
		return true;
	for (i = lit; i < p.n; i++)
		memcpy(rest.part[rest.n++], p.part[i], sizeof(rest.part[0]));
	return relative_fits(&rest, dir, &s);
}

/* --- random trees and rules --- */

static uint64_t seed;

static unsigned pick(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static const char *const NAMES[] = { "a", "b", "ab", "ba", "lib", "x.so", "?a", "a" };

static void random_path(char *buf, size_t cap, unsigned depth)
{
	size_t used = 0;
	unsigned i;

	*buf = '\0';
	for (i = 0; i <= depth; i++)
		used += (size_t)snprintf(buf + used, cap - used, "%s%s", i ? "/" : "",
					 NAMES[pick(8)]);
}

/* The type of what is at path: 0 nothing, 2 where it cannot be for a file is on the way. */
static int there(struct world *x, const char *path)
{
	const struct crx_node *d = x->t.root, *next;
	size_t i, len;

	for (; *path; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		if (!S_ISDIR(d->mode))
			return 2;
		next = NULL;
		for (i = 0; i < d->nchildren; i++)
			if (strlen(d->child[i]->name) == len &&
			    !memcmp(d->child[i]->name, path, len))
				next = d->child[i];
		if (!next)
			return 0;
		d = next;
	}
	return 1;
}

static void random_tree(struct world *x)
{
	static const char *const targets[] = { "a",    "b",        "../a", "/lib",
					       "/a/b", "/ab/x.so", "..",   "." };
	unsigned i, n = 10 + pick(30);
	char path[100];

	for (i = 0; i < n; i++) {
		random_path(path, sizeof(path), pick(4));
		if (there(x, path))
			continue;
		switch (pick(6)) {
		case 0:
			add_link(x, path, targets[pick(8)]);
			break;
		case 1:
			if (x->nfiles && pick(2) && !x->file[x->nfiles - 1].n->link_ino &&
			    x->file[x->nfiles - 1].n->size) {
				add_name(x, path);
				break;
			}
			/* fall through */
		case 2:
			add_elf(x, path, ARM, pick(2) ? ET_DYN : ET_EXEC)->program = pick(2);
			break;
		default:
			add_file(x, path, pick(4) * 10);
			x->file[x->nfiles - 1].n->mode |= pick(2) ? 0100 : 0;
		}
	}
}

static void random_pattern(char *buf, size_t cap)
{
	static const char *const part[] = { "a", "b",  "ab", "lib",  "x.so",  "*",    "a*",  "*b",
					    "?", "**", "**", "[ab]", "[xl]*", "\\?a", "*.so" };
	unsigned i, n = 1 + pick(4);
	size_t used;

	used = (size_t)snprintf(buf, cap, "%s", pick(3) ? "/" : "");
	for (i = 0; i < n; i++)
		used += (size_t)snprintf(buf + used, cap - used, "%s%s", i ? "/" : "",
					 part[pick(15)]);
	if (!pick(3))
		snprintf(buf + used, cap - used, "/");
}

struct random_rule {
	char pattern[80];
	int exec_bit;
	bool elf, large;
};

static bool oracle_matches(struct world *x, const struct random_rule *r, size_t file)
{
	const struct crx_file_fact *first = &x->f.file[x->f.file[file].link];

	if (!S_ISREG(first->node->mode) ||
	    (r->elf && !(first->exec.kind == CRX_EXEC_ELF &&
			 (first->exec.program || first->exec.type == ET_DYN))))
		return false;
	if ((r->large && first->node->size <= 10) ||
	    (r->exec_bit && (first->node->mode & 0111 ? 1 : -1) != r->exec_bit))
		return false;
	return oracle_fits(x, r->pattern, x->f.file[file].node);
}

static void check_random(struct world *x, const struct random_rule *rule, size_t nrules,
			 const struct crx_policy_verdict *v)
{
	size_t i, k, r, hits;
	uint32_t want;
	bool any;

	for (r = 0; r < nrules; r++) {
		for (i = hits = 0; i < x->f.nfiles; i++) {
			for (k = 0, any = false; k < x->f.nfiles && x->f.file[i].link == i; k++)
				any |= x->f.file[k].link == i && oracle_matches(x, &rule[r], k);
			hits += any;
		}
		if (hits != v->hits[r])
			fail_msg("%s: %zu, not %zu", rule[r].pattern, v->hits[r], hits);
	}
	for (i = 0; i < x->f.nfiles; i++) {
		want = CRX_NO_RULE;
		for (r = 0; r < nrules; r++)
			for (k = 0; k < x->f.nfiles; k++)
				if (x->f.file[k].link == x->f.file[i].link &&
				    oracle_matches(x, &rule[r], k))
					want = (uint32_t)r;
		assert_int_equal(v->rule_of[i], want);
	}
}

static void random_rules(void **state)
{
	enum { ROUNDS = 1500, RULES = 12 };
	struct random_rule rule[RULES];
	size_t round, r, matches = 0;
	char text[128];
	struct crx_policy_verdict v;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		struct world *x = new_world();

		seed = round;
		random_tree(x);
		for (r = 0; r < RULES; r++) {
			rule[r] = (struct random_rule){
				.exec_bit = pick(4)   ? 0
					    : pick(2) ? 1
						      : -1,
				.elf = !pick(4),
				.large = !pick(4),
			};
			random_pattern(rule[r].pattern, sizeof(rule[r].pattern));
			snprintf(text, sizeof(text), "%.79s%s%s%s compress\n", rule[r].pattern,
				 rule[r].elf ? " elf" : "", rule[r].large ? " size>10" : "",
				 rule[r].exec_bit ? (rule[r].exec_bit > 0 ? " mode=+x" : " mode=-x")
						  : "");
			add_rules(x, text);
		}
		match(x, &v);
		check_random(x, rule, RULES, &v);
		for (r = 0; r < RULES; r++)
			matches += v.hits[r];
		verdict_free(&v);
		end(x);
	}
	/* the dice are worth something */
	if (matches < ROUNDS * RULES / 2)
		fail_msg("%zu matches", matches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_pattern),         cmocka_unit_test(backslashes),
		cmocka_unit_test(no_pattern),          cmocka_unit_test(selectors),
		cmocka_unit_test(needed_once),         cmocka_unit_test(the_last_rule),
		cmocka_unit_test(names_of_one_file),   cmocka_unit_test(contents_of_other_names),
		cmocka_unit_test(why_nothing_matches), cmocka_unit_test(random_rules),
	};

	return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
