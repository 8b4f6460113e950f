/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/wishes/rules: whole files of rules: limits, files of any bytes, memory
 * that runs out; and the rules of the manual page and of contrib/policies.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/glob.h"
#include "failing_alloc.h"
#include "guard.h"
#include "kept_log.h"
#include "wishes/rules/rule.h"
#include "scratch.h"
#include "rule_parse.h"

/* --- files --- */

static void lines_of_a_file(void **state)
{
	static const char *const text[] = {
		"# c\n\n  \t\n\t# c\n/a xip  # d \n/b \t store\n \"c d\" xip\t\n",
		("\xef\xbb\xbf# c\r\n\r\n  \t\r\n\t# c\r\n/a xip  # d \r\n/b \t store\r\n \"c d\" "
		 "xip\t\r\n"),
		"# c\n\n  \t\n\t# c\n/a xip\t# d \n/b \t store\n \"c d\" xip",
	};
	struct kept_log *said = malloc(sizeof(*said));
	struct crx_err err;
	size_t i;
	char buf[64];

	(void)state;
	assert_non_null(said);
	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		struct crx_rules *r = parse(text[i], strlen(text[i]), 0, said, &err);

		assert_int_equal(r->nrules, 3);
		assert_int_equal(r->rule[0].at.line, 5);
		assert_string_equal(r->rule[0].text, "/a xip");
		assert_int_equal(r->rule[1].at.line, 6);
		assert_string_equal(r->rule[1].text, "/b \t store");
		assert_int_equal(r->rule[2].at.line, 7);
		assert_string_equal(r->rule[2].text, "\"c d\" xip");
		assert_string_equal(r->rule[2].at.file, "p");
		assert_string_equal(crx_place_text(&r->rule[2].at, buf, sizeof(buf)), "p:7");
		done(r);
	}
	done(parse("", 0, 0, said, &err));
	done(parse("\xef\xbb\xbf", 3, 0, said, &err));
	free(said);
}

/* Every one of a file, in its order, and counted. */
static void all_errors_at_once(void **state)
{
	static const char text[] = "/a xpi\n/b xip\n/c elf=x mode=y stoer pages=..0\n\n\"/d\n\t/e "
				   "xip xip must=\n/f xip\n/g";
	static const char *const want[] = { "p:1:4: ",  "p:3:8: ",  "p:3:15: ",
					    "p:3:17: ", "p:3:31: ", "p:5:1: ",
					    "p:6:9: ",  "p:6:17: ", "p:8:3: " };
	struct kept_log *said = malloc(sizeof(*said));
	struct crx_err err;
	struct crx_rules *r;
	const char *at;
	size_t i;

	(void)state;
	assert_non_null(said);
	r = parse(text, strlen(text), CRX_EFORMAT, said, &err);
	assert_int_equal(said->n, sizeof(want) / sizeof(want[0]));
	for (at = said->text, i = 0; i < said->n; i++, at = strchr(at, '\n') + 1)
		if (strncmp(at, want[i], strlen(want[i])) != 0)
			fail_msg("%zu: not %s, but %s", i, want[i], at);
	assert_string_equal(err.text, "9 errors; nothing was written");
	done(r);
	/* columns are those of the line, whatever was before it */
	done(parse("\xef\xbb\xbf/x xpi\r\n", 11, CRX_EFORMAT, said, &err));
	assert_ptr_equal(strstr(said->text, "p:1:4: "), said->text);
	free(said);
}

static void no_more_than_a_hundred(void **state)
{
	struct kept_log *said = malloc(sizeof(*said));
	char text[102 * 5 + 1] = "";
	struct crx_err err;
	int i;

	(void)state;
	assert_non_null(said);
	for (i = 0; i < 102; i++)
		strcat(text, "/x y\n");
	done(parse(text, 100 * 5, CRX_EFORMAT, said, &err));
	assert_int_equal(said->n, 100);
	assert_string_equal(err.text, "100 errors; nothing was written");
	done(parse(text, 102 * 5, CRX_EFORMAT, said, &err));
	assert_int_equal(said->n, 100);
	assert_non_null(strstr(said->text, "p:100:4: "));
	assert_string_equal(err.text,
			    "102 errors, of which the first 100 are shown; nothing was written");
	free(said);
}

static void lengths(void **state)
{
	enum { LINE = 4096, FILE_LEN = 1 << 20 };
	struct kept_log *said = malloc(sizeof(*said));
	char *text = malloc(FILE_LEN + 2);
	struct crx_rules *r;
	struct crx_err err;

	(void)state;
	assert_non_null(said);
	assert_non_null(text);
	memset(text, 'x', LINE + 1);
	memcpy(text + LINE - 4, " xip\r\n", 6);
	r = parse(text, LINE + 2, 0, said, &err);
	assert_int_equal(strlen(r->rule[0].pattern), LINE - 4);
	assert_true(strlen(r->rule[0].pattern) <= CRX_GLOB_MAX);
	done(r);
	/* one byte more; the line after it is read */
	memcpy(text + LINE - 3, " xip\n/y z", 9);
	done(parse(text, LINE + 6, CRX_EFORMAT, said, &err));
	assert_non_null(strstr(said->text, "p:1:4097: the line is too long"));
	assert_non_null(strstr(said->text, "p:2:4: unknown word 'z'"));
	/* a comment may be no longer */
	memset(text, '#', LINE + 1);
	done(parse(text, LINE + 1, CRX_EFORMAT, said, &err));
	memset(text, '\n', FILE_LEN + 1);
	done(parse(text, FILE_LEN, 0, said, &err));
	done(parse(text, FILE_LEN + 1, CRX_EBIG, said, &err));
	free(text);
	free(said);
}

static void bytes_that_no_line_holds(void **state)
{
	struct kept_log *said = malloc(sizeof(*said));
	struct crx_rules *r;
	struct crx_err err;

	(void)state;
	assert_non_null(said);
	/* reported once: what follows is not text */
	r = parse("/x xip\n/y \0 a\n/z b\n\0", 20, CRX_EFORMAT, said, &err);
	assert_int_equal(said->n, 1);
	assert_non_null(strstr(said->text, "p:2:4: contains a NUL byte"));
	done(r);
	done(parse("# \0", 3, CRX_EFORMAT, said, &err));
	/* a file of another system, all of it one comment */
	done(parse("# c\r/x xip\r", 11, CRX_EFORMAT, said, &err));
	assert_non_null(strstr(said->text, "p:1:4: a carriage return"));
	done(parse("/x xip\r\r\n", 9, CRX_EFORMAT, said, &err));
	free(said);
}

static void files_read(void **state)
{
	struct scratch *s = *state;
	struct kept_log *said = calloc(1, sizeof(*said));
	struct crx_rules r = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	char name[SCRATCH_PATH_MAX + 300], place[SCRATCH_PATH_MAX + 300];
	char *big = malloc((1 << 20) + 1);

	assert_non_null(said);
	kept_begin_paths(said, CRX_LEVEL_ERROR);
	assert_non_null(big);
	scratch_text(s, "a", "/x xip\n");
	scratch_text(s, "b", "\n/y store\n");
	scratch_text(s, "c", "/z stor\n");
	/* the name is copied, the rules of the second file follow those of the first */
	strcpy(name, scratch_at(s, "a"));
	assert_int_equal(crx_rules_read(&r, name, &said->log, &err), 0);
	memset(name, '!', strlen(name));
	assert_int_equal(crx_rules_read(&r, scratch_at(s, "b"), &said->log, &err), 0);
	assert_int_equal(r.nrules, 2);
	snprintf(name, sizeof(name), "%s:1", scratch_at(s, "a"));
	assert_string_equal(crx_place_text(&r.rule[0].at, place, sizeof(place)), name);
	snprintf(name, sizeof(name), "%s:2", scratch_at(s, "b"));
	assert_string_equal(crx_place_text(&r.rule[1].at, place, sizeof(place)), name);
	/* a short buffer keeps the end */
	crx_place_text(&r.rule[1].at, place, 10);
	assert_int_equal(strlen(place), 9);
	assert_int_equal(strncmp(place, "...", 3), 0);
	assert_string_equal(place + 5, "/b:2");
	assert_int_equal(crx_rules_read(&r, scratch_at(s, "c"), &said->log, &err), CRX_EFORMAT);
	assert_string_equal(err.path, scratch_at(s, "c"));
	assert_non_null(strstr(said->text, "/c:1:4: unknown word 'stor'; did you mean store?"));
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_rules_read(&r, scratch_at(s, "none"), &said->log, &err), CRX_EIO);
	memset(big, '\n', (1 << 20) + 1);
	scratch_put(s, "big", big, (1 << 20) + 1);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_rules_read(&r, scratch_at(s, "big"), &said->log, &err), CRX_EBIG);
	/* no log: the number is reported all the same */
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_rules_read(&r, scratch_at(s, "c"), NULL, &err), CRX_EFORMAT);
	crx_rules_free(&r);
	free(big);
	free(said);
}

/* --- any bytes --- */

static void check_fuzzed(const struct guard *g, const char *text, size_t len, struct kept_log *said)
{
	struct crx_rules r = { 0 };
	struct crx_err err;
	const char *bytes = (const char *)guard_copy(g, text, len);
	int ret = parse_bytes(&r, bytes, len, said, &err);
	size_t i;

	assert_true(ret == 0 || ret == CRX_EFORMAT);
	assert_int_equal(ret == 0, said->n == 0);
	for (i = 0; i < r.nrules; i++) {
		const struct crx_rule *x = &r.rule[i];

		assert_true(x->size_min <= x->size_max);
		assert_true(x->at.line > 0 && x->at.file && *x->text);
		assert_true(!x->whole ||
			    (x->must && x->any_segment && x->pages == CRX_RULE_ALL_PAGES));
		assert_true(x->any_segment || x->perms || x->nindexes);
		assert_int_equal(x->perms & 0xcc, 0); /* not writable */
		assert_true(x->action == CRX_ACTION_XIP ||
			    (!x->must && x->any_segment && x->pages == CRX_RULE_ALL_PAGES));
		assert_true(!x->elf || !x->bflt);
		assert_true(x->pattern ? *x->pattern != '\0' && strlen(x->pattern) <= CRX_GLOB_MAX
				       : !x->anchored && !x->dir && !x->literal);
	}
	crx_rules_free(&r);
}

static void random_bytes(void **state)
{
	static const char *const part[] = {
		"elf",      "=",   "exec", ",",         "bflt", "mode", "+x",       "size",
		">",        "<",   "64K",  "needed-by", "/",    "xip",  "compress", "store",
		"segments", "r-x", "#1",   "pages",     "..",   "3",    "file",     "must",
		" ",        " ",   " ",    " ",         "\t",   "\n",   "\n",       "\"",
		"\\",       "x2a", "*",    "[",         "]",    "#",    "\r\n",     "a"
	};
	struct kept_log *said = malloc(sizeof(*said));
	struct guard g = guard_new(4096);
	uint32_t seed = 20261121;
	size_t n, i, len, want;
	char text[1024];

	(void)state;
	assert_non_null(said);
	for (n = 0; n < 40000; n++) {
		want = next_random(&seed) % 200;
		for (len = 0; len < want;) {
			const char *p = part[next_random(&seed) % (sizeof(part) / sizeof(part[0]))];

			memcpy(text + len, p, strlen(p));
			len += strlen(p);
		}
		/* most of them as they are, some with a byte of any kind, some
		 * of such bytes alone */
		for (i = n % 3 ? 0 : n % 2 ? 1 : len; i > 0 && len; i--)
			text[next_random(&seed) % len] =
				(char)(n % 12 ? 1 + next_random(&seed) % 255 : next_random(&seed));
		check_fuzzed(&g, text, len, said);
	}
	guard_free(&g);
	free(said);
}

/* Good lines, cut off at each byte. */
static void lines_cut_off(void **state)
{
	static const char line[] =
		"\xef\xbb\xbf\"/a \\x2a\\\"\" needed-by=\"/b c\\\\\" elf=exec,dyn size>=0x1K "
		"size<3M segments=r-x,#12 pages=..96 must xip # c\r\n";
	struct kept_log *said = malloc(sizeof(*said));
	struct guard g = guard_new(4096);
	size_t len;

	(void)state;
	assert_non_null(said);
	for (len = 0; len < sizeof(line); len++)
		check_fuzzed(&g, line, len, said);
	guard_free(&g);
	free(said);
}

static void memory_runs_out(void **state)
{
	static const char text[] = "/a xip segments=#1,#2,r-x\nneeded-by=/a needed-by=/b "
				   "store\n\"b c/\" elf compress\n";
	struct crx_rules r;
	struct crx_err err;
	struct kept_log *said = malloc(sizeof(*said));
	long n;
	int ret;

	(void)state;
	assert_non_null(said);
	for (n = 1;; n++) {
		memset(&r, 0, sizeof(r));
		alloc_fail(n, false);
		ret = parse_bytes(&r, text, strlen(text), said, &err);
		alloc_succeed();
		crx_rules_free(&r);
		assert_int_equal(said->n, 0);
		if (!ret)
			break;
		if (ret != CRX_ENOMEM)
			fail_msg("allocation %ld: %d", n, ret);
		assert_int_equal(err.code, CRX_ENOMEM);
	}
	assert_true(n > 10);
	free(said);
}

/* --- what is handed out --- */

static char *whole_file(const char *dir, const char *name)
{
	char path[4096];
	char *text = calloc(1, 1 << 20);
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r");
	if (!f)
		fail_msg("cannot open %s", path);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
	fclose(f);
	return text;
}

/* With the rules that are commented out as an example ("#bflt  xip") as well. */
static void ready_policies(void **state)
{
	static const char *const name[] = { "application", "busybox", "data", "text-only" };
	const char *top = getenv("top_srcdir");
	struct kept_log *said = malloc(sizeof(*said));
	struct crx_err err;
	char path[64], *text, *s;
	struct crx_rules *r;
	size_t i, plain;

	(void)state;
	assert_non_null(said);
	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		snprintf(path, sizeof(path), "contrib/policies/%s.policy", name[i]);
		text = whole_file(top ? top : ".", path);
		r = parse(text, strlen(text), 0, said, &err);
		plain = r->nrules;
		assert_in_range(plain, 1, 10);
		done(r);
		for (s = text; (s = strstr(s, "\n#")); s++)
			if (s[2] != ' ' && s[2] != '\n')
				s[1] = ' ';
		r = parse(text, strlen(text), 0, said, &err);
		assert_true(r->nrules > plain);
		done(r);
		free(text);
	}
	free(said);
}

/* roff's escapes taken out of a line. */
static void unroff(char *line)
{
	char *o = line, *s;

	for (s = line; *s; s++) {
		if (*s != '\\')
			*o++ = *s;
		else if (*++s == '-')
			*o++ = '-';
		else if (*s == 'e')
			*o++ = '\\';
		else
			fail_msg("an escape that this test does not know: \\%c", *s);
	}
	*o = '\0';
}

static void examples_of_the_page(void **state)
{
	const char *top = getenv("top_srcdir");
	char *page = whole_file(top ? top : ".", "man/mkcramfs-xip-policy.5"), *line, *end;
	struct kept_log *said = malloc(sizeof(*said));
	struct crx_err err;
	size_t blocks = 0, rules = 0;
	bool inside = false;

	(void)state;
	assert_non_null(said);
	for (line = page; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (!strcmp(line, ".\\\" rules")) {
			inside = true;
			blocks++;
		} else if (!strcmp(line, ".fi")) {
			inside = false;
		} else if (inside && *line != '.') {
			struct crx_rules *r;

			unroff(line);
			r = parse(line, strlen(line), 0, said, &err);
			rules += r->nrules;
			done(r);
		}
	}
	assert_in_range(blocks, 7, 20);
	assert_in_range(rules, 20, 100);
	free(said);
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_a_file),
		cmocka_unit_test(all_errors_at_once),
		cmocka_unit_test(no_more_than_a_hundred),
		cmocka_unit_test(lengths),
		cmocka_unit_test(bytes_that_no_line_holds),
		cmocka_unit_test_setup_teardown(files_read, scratch_setup, scratch_teardown),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(lines_cut_off),
		cmocka_unit_test(memory_runs_out),
		cmocka_unit_test(ready_policies),
		cmocka_unit_test(examples_of_the_page),
	};

	return cmocka_run_group_tests_name("rule_files", tests, NULL, NULL);
}
