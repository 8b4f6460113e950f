/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/wishes/rules: what one line of a policy means, and which errors others
 * have, and where.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "base/glob.h"
#include "guard.h"
#include "kept_log.h"
#include "wishes/rules/rule.h"
#include "rule_parse.h"

/* --- good rules --- */

/* All of a rule but what is as without the word for it. */
static void describe(const struct crx_rule *r, char *out, size_t cap)
{
	size_t n = 0, i;

#define PUT(...) (n += (size_t)snprintf(out + n, cap - n, __VA_ARGS__), assert_true(n < cap))
	PUT("%s%s%s%s%s", r->pattern ? r->pattern : "", r->pattern ? " " : "",
	    r->anchored ? "A" : "", r->dir ? "D" : "", r->literal ? "L" : "");
	PUT("|%s", crx_action_text(r->action));
	if (r->elf)
		PUT(" elf%u", r->elf);
	if (r->bflt)
		PUT(" bflt");
	if (r->exec_bit)
		PUT(" mode%d", r->exec_bit);
	if (r->size_min)
		PUT(" min%" PRIu64, r->size_min);
	if (r->size_max != UINT64_MAX)
		PUT(" max%" PRIu64, r->size_max);
	for (i = 0; i < r->needed_by.n; i++)
		PUT(" by<%s>", r->needed_by.at[i]);
	if (r->whole)
		PUT(" file");
	if (r->must)
		PUT(" must");
	if (!r->any_segment)
		PUT(" seg%02x", r->perms);
	for (i = 0; i < r->nindexes; i++)
		PUT("#%u", r->index[i]);
	if (r->pages != CRX_RULE_ALL_PAGES)
		PUT(" pages%u", r->pages);
#undef PUT
}

struct good {
	const char *line, *want;
};

static void check_good(const struct good *cases, size_t n)
{
	struct kept_log *said = malloc(sizeof(*said));
	struct guard g = guard_new(4096);
	char got[5000];
	size_t i;

	assert_non_null(said);
	for (i = 0; i < n; i++) {
		struct crx_rules r = { 0 };
		struct crx_err err;
		size_t len = strlen(cases[i].line);

		if (parse_bytes(&r, (char *)guard_copy(&g, cases[i].line, len), len, said, &err))
			fail_msg("'%s': %s", cases[i].line, said->text);
		assert_int_equal(r.nrules, 1);
		describe(&r.rule[0], got, sizeof(got));
		if (strcmp(got, cases[i].want))
			fail_msg("'%s' is '%s', not '%s'", cases[i].line, got, cases[i].want);
		assert_int_equal(r.rule[0].at.line, 1);
		crx_rules_free(&r);
	}
	guard_free(&g);
	free(said);
}

#define GOOD(cases) check_good(cases, sizeof(cases) / sizeof((cases)[0]))

static void patterns(void **state)
{
	static const struct good cases[] = {
		{ "/bin/busybox xip", "bin/busybox AL|xip" },
		{ "bin/busybox xip", "bin/busybox AL|xip" },
		{ "busybox xip", "busybox L|xip" },
		{ "/busybox xip", "busybox AL|xip" },
		{ "*.so xip", "*.so |xip" },
		{ "/lib/**/*.so* xip", "lib/**/*.so* A|xip" },
		{ "/usr/bin/ compress", "usr/bin ADL|compress" },
		{ "usr/bin/ compress", "usr/bin ADL|compress" },
		{ "bin/ compress", "bin DL|compress" },
		{ "/bin/ compress", "bin ADL|compress" },
		{ "b*/ compress", "b* D|compress" },
		{ "//usr///bin// compress", "usr/bin ADL|compress" },
		{ "bin// compress", "bin DL|compress" },
		{ "/usr/bin/** compress", "usr/bin/** A|compress" },
		/* every file */
		{ "/ store", "|store" },
		{ "// store", "|store" },
		{ "/** store", "|store" },
		{ "** store", "|store" },
		{ "store", "|store" },
		{ "* store", "* |store" },
		{ "**/ store", "** D|store" },
		{ "/**/ store", "** AD|store" },
		{ "/* store", "* A|store" },
		/* is there a wildcard? */
		{ "/usr/bin/[ xip", "usr/bin/[ AL|xip" },
		{ "/usr/bin/[a] xip", "usr/bin/[a] A|xip" },
		{ "/usr/bin/[] xip", "usr/bin/[] AL|xip" },
		{ "/usr/bin/[]] xip", "usr/bin/[]] A|xip" },
		{ "/usr/bin/[!] xip", "usr/bin/[!] AL|xip" },
		{ "/usr/bin/\\[a] xip", "usr/bin/\\[a] AL|xip" },
		{ "/a? xip", "a? A|xip" },
		{ "/a\\? xip", "a\\? AL|xip" },
		{ "/a\\\\? xip", "a\\\\? A|xip" },
		{ "/a\\* xip", "a\\* AL|xip" },
		{ "[a\\]b xip", "[a\\]b L|xip" },
		{ "[a\\]b] xip", "[a\\]b] |xip" },
		/* dots in names are not */
		{ "/.x/..y/z./... xip", ".x/..y/z./... AL|xip" },
		/* bytes are bytes */
		{ "/\xff\x80 xip", "\xff\x80 AL|xip" },
		{ "a,b:c;d'e xip", "a,b:c;d'e L|xip" },
		{ "a#b xip", "a#b L|xip" },
	};

	(void)state;
	GOOD(cases);
}

static void odd_names(void **state)
{
	static const struct good cases[] = {
		{ "\"/opt/Our App/x\" xip", "opt/Our App/x AL|xip" },
		{ "\"/opt/a\tb/*\" xip", "opt/a\tb/* A|xip" },
		{ "\"#x\" xip", "#x L|xip" },
		{ "\\#x xip", "#x L|xip" },
		{ "\"a # b\" xip", "a # b L|xip" },
		{ "\"xip\" xip", "xip L|xip" },
		{ "\"elf=exec\" xip", "elf=exec L|xip" },
		{ "\"must\" xip", "must L|xip" },
		{ "/xip xip", "xip AL|xip" },
		{ "**/xip xip", "**/xip A|xip" },
		{ "xip/ compress", "xip DL|compress" },
		{ "a\\\"b xip", "a\"b L|xip" },
		{ "\"a\\\"b\" xip", "a\"b L|xip" },
		{ "\"a\\\\\" xip", "a\\\\ L|xip" },
		{ "\"\\n\\t\\r\" xip", "\n\t\r L|xip" },
		{ "\\x41\\x7a\\xfF xip", "Az\xff L|xip" },
		{ "\"\\x20\" xip", "  L|xip" },
		{ "\\x2a xip", "\\* L|xip" }, /* never a wildcard */
		{ "\\x5b\\x5d\\x3f xip", "\\[\\]\\? L|xip" },
		{ "\\x5c xip", "\\\\ L|xip" },
		{ "a\\x2fb xip", "a/b AL|xip" }, /* a slash is a slash */
		{ "[a\\x2dz] xip", "[a\\-z] |xip" },
		{ "\\!\\^\\-\\] xip", "\\!\\^\\-\\] L|xip" },
		/* words that are selectors only with an operator after them */
		{ "size xip", "size L|xip" },
		{ "mode xip", "mode L|xip" },
		{ "pages xip", "pages L|xip" },
		{ "segments xip", "segments L|xip" },
		{ "needed-by xip", "needed-by L|xip" },
		{ "xipp xip", "xipp L|xip" },
		{ "/a=b xip", "a=b AL|xip" },
		{ "a/b>c xip", "a/b>c AL|xip" },
	};

	(void)state;
	GOOD(cases);
}

static void selectors(void **state)
{
	static const struct good cases[] = {
		{ "elf xip", "|xip elf7" },
		{ "elf=exec xip", "|xip elf1" },
		{ "elf=dyn xip", "|xip elf2" },
		{ "elf=interp xip", "|xip elf4" },
		{ "elf=exec,interp xip", "|xip elf5" },
		{ "elf=interp,dyn,exec,dyn xip", "|xip elf7" },
		{ "elf=\"exec\" xip", "|xip elf1" },
		{ "bflt xip", "|xip bflt" },
		{ "mode=+x xip", "|xip mode1" },
		{ "mode=-x compress", "|compress mode-1" },
		{ "size>64K xip", "|xip min65537" },
		{ "size>=64K xip", "|xip min65536" },
		{ "size<64K xip", "|xip max65535" },
		{ "size<=64K xip", "|xip max65536" },
		{ "size>=1 size<=1 xip", "|xip min1 max1" },
		{ "size<3k size>1KiB xip", "|xip min1025 max3071" },
		{ "size>0 xip", "|xip min1" },
		{ "size>=0 xip", "|xip" },
		{ "size<1 xip", "|xip max0" },
		{ "size<=0 xip", "|xip max0" },
		{ "size>=2M xip", "|xip min2097152" },
		{ "size>=3g xip", "|xip min3221225472" },
		{ "size>=0x10 xip", "|xip min16" },
		{ "size>=0X1fK xip", "|xip min31744" },
		{ "size<=18446744073709551614 xip", "|xip max18446744073709551614" },
		{ "size<=99999999999999999999 xip", "|xip" }, /* no file is so large */
		{ "needed-by=/bin/app xip", "|xip by</bin/app>" },
		{ "needed-by=//bin//app xip", "|xip by</bin/app>" },
		{ "needed-by=\"/opt/a b\" xip", "|xip by</opt/a b>" },
		{ "needed-by=\"/opt/#\\\"\" xip", "|xip by</opt/#\">" },
		{ "needed-by=/a needed-by=/b needed-by=/a xip", "|xip by</a> by</b> by</a>" },
		{ "needed-by=/a\\*b\\\\ xip", "|xip by</a*b\\>" },
		{ "needed-by=/usr/bin/[ xip", "|xip by</usr/bin/[>" },
		{ "needed-by=/a=b#c xip", "|xip by</a=b#c>" },
		{ "/x/ elf mode=+x size>1 size<9 needed-by=/y xip",
		  "x ADL|xip elf7 mode1 min2 max8 by</y>" },
	};

	(void)state;
	GOOD(cases);
}

static void actions(void **state)
{
	static const struct good cases[] = {
		{ "xip", "|xip" },
		{ "compress", "|compress" },
		{ "store", "|store" },
		{ "xip must", "|xip must" },
		{ "xip file", "|xip file must" },
		{ "xip must file", "|xip file must" },
		{ "xip segments=r-x", "|xip seg20" },
		{ "xip segments=r--", "|xip seg10" },
		{ "xip segments=--x", "|xip seg02" },
		{ "xip segments=---", "|xip seg01" },
		{ "xip segments=r-x,r--,--x,r-x", "|xip seg32" },
		{ "xip segments=#0", "|xip seg00#0" },
		{ "xip segments=#1,#2,#1", "|xip seg00#1#2" },
		{ "xip segments=#65534,r-x,#7", "|xip seg20#65534#7" },
		{ "xip segments=#1 # a comment", "|xip seg00#1" },
		{ "xip pages=..1", "|xip pages1" },
		{ "xip pages=..4294967294", "|xip pages4294967294" },
		{ "/opt/app/main xip segments=#1,#2 pages=..96",
		  "opt/app/main AL|xip seg00#1#2 pages96" },
		/* in any order */
		{ "/x pages=..2 must segments=r-x elf xip", "x AL|xip elf7 must seg20 pages2" },
		{ "xip segments=r-x elf", "|xip elf7 seg20" },
		{ "elf segments=r-x xip", "|xip elf7 seg20" },
		/* white space, comments */
		{ " \t/x\t \txip\t ", "x AL|xip" },
		{ "/x xip # must", "x AL|xip" },
		{ "/x xip #must", "x AL|xip" },
		{ "/x xip #\"", "x AL|xip" },
	};

	(void)state;
	GOOD(cases);
}

/* --- bad rules --- */

struct bad {
	const char *line;
	unsigned column;
	const char *says;
};

static void check_bad(const struct bad *cases, size_t n)
{
	struct kept_log *said = malloc(sizeof(*said));
	struct guard g = guard_new(4096);
	char place[32];
	size_t i;

	assert_non_null(said);
	for (i = 0; i < n; i++) {
		struct crx_rules r = { 0 };
		struct crx_err err;
		size_t len = strlen(cases[i].line);

		if (parse_bytes(&r, (char *)guard_copy(&g, cases[i].line, len), len, said, &err) !=
		    CRX_EFORMAT)
			fail_msg("'%s' is taken", cases[i].line);
		assert_int_equal(r.nrules, 0);
		snprintf(place, sizeof(place), "p:1:%u: ", cases[i].column);
		if (strncmp(said->text, place, strlen(place)) != 0 ||
		    !strstr(said->text, cases[i].says))
			fail_msg("'%s': not %s...%s, but %s", cases[i].line, place, cases[i].says,
				 said->text);
		if (said->n != 1)
			fail_msg("'%s': several errors: %s", cases[i].line, said->text);
		assert_string_equal(err.text, "1 error; nothing was written");
		assert_string_equal(err.path, "p");
		crx_rules_free(&r);
	}
	guard_free(&g);
	free(said);
}

#define BAD(cases) check_bad(cases, sizeof(cases) / sizeof((cases)[0]))

static void bad_words(void **state)
{
	static const struct bad cases[] = {
		{ "/x", 3, "no action: expected xip, compress or store" },
		{ "/x elf", 7, "no action" },
		{ "/x elf  # c", 7, "no action" },
		{ "compres", 8, "is its first word meant to be compress?" },
		{ "/x xpi", 4, "unknown word 'xpi'; did you mean xip?" },
		{ "/x XIP", 4, "unknown word 'XIP': expected elf, " },
		{ "/x xip segment=r-x", 8, "did you mean segments?" },
		{ "/x xip neededby=/y", 8, "did you mean needed-by?" },
		{ "/x xip musst", 8, "did you mean must?" },
		{ "/x \"xip\"", 4, "did you mean xip?" },
		{ "/x xip /y", 8, "second pattern" },
		{ "/x xip *.so", 8, "second pattern" },
		{ "xip /x", 5, "second pattern" },
		{ "/opt/our app xip", 10, "unknown word 'app'" },
		{ "/x xip#c", 4, "white space before a comment" },
		{ "/x xip "
		  "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
		  8, "klmnopqrstuvwxyzabcdef...': expected" },
		/* at the front */
		{ "siz>64K xip", 1, "unknown word 'siz>64K'; did you mean size?" },
		{ "elff=exec xip", 1, "did you mean elf?" },
		{ "whatever=3 xip", 1, "expected a pattern (in quotation marks" },
		{ "must xip", 1, "'must' cannot be the first word" },
		{ "file xip", 1, "'file' cannot be the first word" },
		{ "segments=r-x xip", 1, "cannot be the first word" },
		{ "pages=..1 xip", 1, "cannot be the first word" },
		{ "\"\" xip", 1, "the pattern is empty" },
		{ "../x xip", 1, "'..'" },
		{ "/a/./x xip", 1, "'.'" },
		{ "/a/.. xip", 1, "'..'" },
		{ "./ xip", 1, "'.'" },
		/* quotation marks and backslashes */
		{ "\"/x xip", 1, "never closed" },
		{ "\"/x\\\" xip", 1, "never closed" },
		{ "/x\"y z\" xip", 3, "a quotation mark inside a word" },
		{ "/a=\"b\" xip", 4, "a quotation mark inside a word" },
		{ "xip needed-by=/x=\"b\"", 18, "a quotation mark inside a word" },
		{ "\"/x\"y xip", 5, "white space after the closing" },
		{ "/a\\ b xip", 3, "put a name with blanks in quotation marks" },
		{ "/a xip\\", 7, "a backslash with nothing after it" },
		{ "\"/a\\ b\" xip", 4, "expected after a backslash" },
		{ "/a\\q xip", 3, "expected after a backslash" },
		{ "\"/a\\q\" xip", 4, "expected after a backslash" },
		{ "/a\\/b xip", 3, "expected after a backslash" },
		{ "/a\\x4 xip", 3, "expected after a backslash" },
		{ "xip needed-by=/a\\x4", 17, "expected after a backslash" },
		{ "xip needed-by=/a\\x", 17, "expected after a backslash" },
		{ "/a\\x4g xip", 3, "expected after a backslash" },
		{ "/a\\x00 xip", 3, "NUL" },
		{ "xip needed-by=/a\\q", 17, "expected after a backslash" },
	};

	(void)state;
	BAD(cases);
}

static void bad_values(void **state)
{
	static const struct bad cases[] = {
		{ "elf=exe xip", 5, "did you mean exec?" },
		{ "elf=exec|dyn xip", 5, "with ',' between several" },
		{ "elf=exec,,dyn xip", 10, "expected exec, dyn or interp" },
		{ "elf=exec, xip", 10, "no white space" },
		{ "elf= xip", 5, "expected a value after elf, as in elf=exec" },
		{ "elf>3 xip", 4, "expected = after elf" },
		{ "elf=\"\" xip", 6, "expected exec, dyn or interp" },
		{ "bflt=1 xip", 5, "takes no value" },
		{ "/x xip=1", 7, "takes no value" },
		{ "/x xip must=1", 12, "takes no value" },
		{ "mode=x xip", 6, "expected +x" },
		{ "mode=755 xip", 6, "expected +x" },
		{ "/x mode xip", 8, "mode=+x" },
		{ "mode= xip", 6, "mode=+x" },
		{ "/x size xip", 8, "expected > and a value after size" },
		{ "size=64K xip", 5, "expected a bound such as size>64K" },
		{ "size> xip", 6, "expected a bound" },
		{ "size>= xip", 7, "expected a bound" },
		{ "size>K xip", 6, "expected a bound" },
		{ "size>64T xip", 6, "expected a bound" },
		{ "size>64KB xip", 6, "expected a bound" },
		{ "size>-1 xip", 6, "expected a bound" },
		{ "size>0x xip", 6, "expected a bound" },
		{ "size>1.5M xip", 6, "expected a bound" },
		{ "size=>1 xip", 5, "expected a bound" },
		{ "size>>1 xip", 6, "expected a bound" },
		{ "size>99999999999999999999 xip", 1, "no file is larger" },
		{ "size>18446744073709551615 xip", 1, "no file is larger" },
		{ "size>17179869184G xip", 1, "no file is larger" },
		{ "size<0 xip", 1, "no file is smaller" },
		{ "size>64K size>=1 xip", 10, "already has such a bound, 'size>64K'" },
		{ "size<2 size<=1 xip", 8, "already has such a bound, 'size<2'" },
		{ "size>64K size<=64K xip", 10, "satisfies both 'size>64K' and 'size<=64K'" },
		{ "size<1 size>0 xip", 8, "satisfies both 'size>0' and 'size<1'" },
		{ "needed-by=app xip", 11, "from the root" },
		{ "needed-by=/ xip", 11, "one program" },
		{ "needed-by=/bin/ xip", 11, "one program" },
		{ "needed-by=/bin/* xip", 11, "without wildcards" },
		{ "needed-by=/bin/[ab] xip", 11, "without wildcards" },
		{ "needed-by=/bin/../x xip", 11, "one program" },
		{ "needed-by=\"\" xip", 11, "one program" },
		{ "needed-by= xip", 11, "needed-by=/usr/bin/app" },
		{ "xip segments=rx", 14, "'rx' is not a kind of segment" },
		{ "xip segments=xr-", 14, "not a kind of segment" },
		{ "xip segments=r-x,text", 18, "'text' is not a kind of segment" },
		{ "xip segments=rw-", 14, "writable segments are never in place" },
		{ "xip segments=r-x,rwx", 18, "writable segments are never in place" },
		{ "xip segments=-w-", 14, "writable segments are never in place" },
		{ "xip segments=#", 14, "#0 to #65534" },
		{ "xip segments=#65535", 14, "#0 to #65534" },
		{ "xip segments=#99999999999999999999", 14, "#0 to #65534" },
		{ "xip segments=#1x", 14, "#0 to #65534" },
		{ "xip segments=r-x, #1", 18, "no white space" },
		{ "xip pages=96", 11, "only the beginning of a segment" },
		{ "xip pages=2..96", 11, "only the beginning of a segment" },
		{ "xip pages=2..", 11, "only the beginning of a segment" },
		{ "xip pages=..", 11, "only the beginning of a segment" },
		{ "xip pages=..x", 11, "only the beginning of a segment" },
		{ "xip pages=..-1", 11, "only the beginning of a segment" },
		{ "xip pages=..9x", 11, "only the beginning of a segment" },
		{ "xip pages=.", 11, "only the beginning of a segment" },
		{ "xip pages=..0", 13, "use the action compress" },
		{ "xip pages=..4294967295", 13, "1 to 4294967294" },
		{ "xip pages=..99999999999999999999", 13, "1 to 4294967294" },
	};

	(void)state;
	BAD(cases);
}

static void contradictions(void **state)
{
	static const struct bad cases[] = {
		{ "bflt elf xip", 6, "'elf' cannot be combined with 'bflt'" },
		{ "elf=dyn bflt xip", 9, "'bflt' cannot be combined with 'elf=dyn'" },
		{ "/x xip compress", 8,
		  "'compress' is a second action, after 'xip': expected one" },
		{ "/x store xip", 10, "'xip' is a second action" },
		{ "/x xip xip", 8, "already in this rule" },
		{ "elf elf=exec xip", 5, "elf is already in this rule" },
		{ "elf=dyn elf=exec xip", 9, "with ',' between several values" },
		{ "mode=+x mode=-x xip", 9, "already in this rule" },
		{ "bflt bflt xip", 6, "already in this rule" },
		{ "xip must must", 10, "already in this rule" },
		{ "xip segments=r-x segments=r--", 18, "with ',' between several values" },
		{ "xip pages=..1 pages=..2", 15, "already in this rule" },
		{ "xip file segments=r-x", 10, "'segments=r-x' cannot be combined with 'file'" },
		{ "xip file pages=..1", 10, "'pages=..1' cannot be combined with 'file'" },
		{ "xip pages=..1 file", 15, "'file' cannot be combined with 'pages=..1'" },
		{ "xip segments=#1 file", 17, "'file' cannot be combined with 'segments=#1'" },
		{ "/x compress must", 13, "must is only for the action xip, not for 'compress'" },
		{ "/x must compress", 4, "must is only for the action xip" },
		{ "/x store file", 10, "file is only for the action xip" },
		{ "/x store segments=r-x", 10, "segments is only for the action xip" },
		{ "/x compress pages=..3", 13, "pages is only for the action xip" },
	};

	(void)state;
	BAD(cases);
}

/* --- literal --- */

static void literal_is_what_it_matches(void **state)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "/usr/bin/[ xip", "usr/bin/[" },
		{ "/a\\*b\\\\c xip", "a*b\\c" },
		{ "\"/a b\\x5b\" xip", "a b[" },
		{ "\\-\\!\\^\\] xip", "-!^]" },
	};
	struct kept_log *said = malloc(sizeof(*said));
	struct crx_err err;
	size_t i;

	(void)state;
	assert_non_null(said);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_rules *r = parse(cases[i].line, strlen(cases[i].line), 0, said, &err);
		char *got = crx_rule_literal(r->rule[0].pattern);

		assert_true(r->rule[0].literal);
		assert_string_equal(got, cases[i].want);
		free(got);
		done(r);
	}
	free(said);
}

/* A pattern that claims to be literal matches its name; one that does not claim
 * it matches something else, too (changed in one byte, or longer). */
static void literal_agrees_with_glob(void **state)
{
	static const char bytes[] = "[]!^-\\a*?/";
	struct kept_log *said = malloc(sizeof(*said));
	struct crx_err err;
	uint32_t seed = 4711;
	size_t n, i, literals = 0;

	(void)state;
	assert_non_null(said);
	for (n = 0; n < 30000; n++) {
		struct crx_rules r = { 0 };
		char line[32] = "/x", *name;
		size_t len = 2 + next_random(&seed) % 7;
		bool wild = false;

		for (i = 2; i < len; i++)
			line[i] = bytes[next_random(&seed) % (n % 2 ? sizeof(bytes) - 1 : 7)];
		strcpy(line + len, " xip");
		if (!parse_bytes(&r, line, strlen(line), said, &err)) {
			const char *pattern = r.rule[0].pattern;

			assert_true(*pattern != '/' && pattern[strlen(pattern) - 1] != '/');
			if (r.rule[0].literal) {
				literals++;
				name = crx_rule_literal(r.rule[0].pattern);
				if (!crx_glob_match(pattern, name))
					fail_msg("'%s' does not match '%s'", pattern, name);
				for (i = 0; i < strlen(name); i++) {
					name[i] ^= 1;
					if (crx_glob_match(pattern, name))
						fail_msg("'%s' matches '%s'", pattern, name);
					name[i] ^= 1;
				}
				free(name);
			} else {
				for (i = 0; pattern[i]; i++)
					wild |= pattern[i] == '*' || pattern[i] == '?' ||
						pattern[i] == '[';
				assert_true(wild);
			}
		}
		crx_rules_free(&r);
	}
	assert_in_range(literals, 1000, 29000);
	free(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns),
		cmocka_unit_test(odd_names),
		cmocka_unit_test(selectors),
		cmocka_unit_test(actions),
		cmocka_unit_test(bad_words),
		cmocka_unit_test(bad_values),
		cmocka_unit_test(contradictions),
		cmocka_unit_test(literal_is_what_it_matches),
		cmocka_unit_test(literal_agrees_with_glob),
	};

	return cmocka_run_group_tests_name("rule", tests, NULL, NULL);
}
