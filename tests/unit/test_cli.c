/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/cli: the option parser, numbers, text for terminals, JSON, the console.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strings.h"
#include "cli/console.h"
#include "cli/json.h"
#include "cli/number.h"
#include "cli/option.h"
#include "cli/program.h"
#include "cli/text.h"

/* What was printed into a stream of memory. */
struct capture {
	FILE *f;
	char *text;
	size_t len;
};

static void capture_begin(struct capture *c)
{
	c->f = open_memstream(&c->text, &c->len);
	assert_non_null(c->f);
}

static void capture_is(struct capture *c, const char *want)
{
	fclose(c->f);
	assert_string_equal(c->text, want);
	free(c->text);
}

/* --- options: each use is written down as "name=arg;", each operand as "(x)" --- */

struct seen {
	char text[400];
	bool yes, no;
	unsigned count;
	const char *string;
	uint64_t size, off;
	uint32_t page;
	struct crx_strings list;
};

static void see(struct seen *s, const char *a, const char *b, const char *c, const char *d)
{
	size_t used = strlen(s->text);

	snprintf(s->text + used, sizeof(s->text) - used, "%s%s%s%s", a, b, c, d);
}

static int note_use(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	(void)err;
	see(ctx, use->spelled, use->arg ? "=" : "", use->arg ? use->arg : "", ";");
	return 0;
}

static int note_and_stop(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	(void)note_use(ctx, use, err);
	return CRX_CLI_STOP;
}

static int note_input(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	(void)err;
	see(ctx, "<", use->arg, ">", "");
	return *use->arg ? 0 : CRX_EARG;
}

static int note_operand(void *ctx, const char *operand, struct crx_err *err)
{
	(void)err;
	see(ctx, "(", operand, ")", "");
	return 0;
}

static const struct crx_cli_option OPTIONS[] = {
	CRX_CLI_HEADING("First"),
	{ 'q', "quick", CRX_CLI_ALONE, NULL, note_use, 0, "be quick" },
	{ 'x', NULL, CRX_CLI_ALONE, NULL, note_use, 0, "short only" },
	{ 'b', "block-size", CRX_CLI_TEXT("SIZE"), "4096", note_use, 0,
	  "size of the blocks, of which there are many, and all of one size" },
	{ 'l', "lock", CRX_CLI_WORD("[=MODE]", "yes no nonblock"), NULL, note_use, 0, "lock" },
	CRX_CLI_HEADING("Second"),
	{ 0, "no-verify", CRX_CLI_ALONE, NULL, note_use, 0, "long only" },
	{ 0, "no-dedupe", CRX_CLI_ALONE, NULL, note_use, 0, "long only" },
	{ 0, "pad", CRX_CLI_ALONE, NULL, note_use, 0, "whole name that begins another" },
	{ 0, "pad-to", CRX_CLI_TEXT("SIZE"), NULL, note_use, 0, "pad" },
	{ 'h', "help", CRX_CLI_ALONE, NULL, note_and_stop, 0, "help" },
	{ 'y', "yes", CRX_CLI_ALONE, NULL, crx_cli_set_true, offsetof(struct seen, yes), "true" },
	{ 'n', "no", CRX_CLI_ALONE, NULL, crx_cli_set_false, offsetof(struct seen, no), "false" },
	{ 'c', NULL, CRX_CLI_ALONE, NULL, crx_cli_count, offsetof(struct seen, count), "count" },
	{ 'I', NULL, CRX_CLI_ALONE, NULL, crx_cli_ignore, 0, "ignore" },
	{ 0, "size", CRX_CLI_TEXT("SIZE"), NULL, crx_cli_set_size, offsetof(struct seen, size),
	  "size" },
	{ 0, "offset", CRX_CLI_TEXT("SIZE"), NULL, crx_cli_set_offset, offsetof(struct seen, off),
	  "offset" },
	{ 0, "unit", CRX_CLI_WORD("SIZE", "4K 64K 0x20000"), NULL, crx_cli_set_size_word,
	  offsetof(struct seen, page), "one of some sizes" },
	{ 0, "glob", CRX_CLI_TEXT("GLOB"), NULL, crx_cli_append, offsetof(struct seen, list),
	  "list" },
	{ 'i', "insert", CRX_CLI_INPUT("FILE"), NULL, note_use, 0, "read" },
	{ 0, "overlay", CRX_CLI_SOURCE("SOURCE"), NULL, note_use, 0, "read" },
	{ 's', "string", CRX_CLI_TEXT("S"), NULL, crx_cli_set_string, offsetof(struct seen, string),
	  "string" },
};

static const struct crx_cli_table TABLE = { OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0]),
					    note_operand, note_input };

enum { ARGS_MAX = 12 };

/* Parse a line of words that are separated by single blanks. */
static int parse(const char *line, struct seen *seen, struct crx_err *err)
{
	static char words[200];
	char *argv[ARGS_MAX] = { NULL };
	int argc = 0;
	char *p = words;

	*err = (struct crx_err)CRX_ERR_INIT;
	*seen = (struct seen){ .no = true };
	snprintf(words, sizeof(words), "prog %s", line);
	while (p && argc < ARGS_MAX) {
		argv[argc++] = p;
		p = strchr(p, ' ');
		if (p)
			*p++ = '\0';
	}
	return crx_cli_parse(&TABLE, *line ? argc : 1, argv, seen, err);
}

static void good(const char *line, const char *want)
{
	struct seen seen;
	struct crx_err err;

	assert_int_equal(parse(line, &seen, &err), 0);
	assert_string_equal(seen.text, want);
}

static void bad(const char *line, const char *want)
{
	struct seen seen;
	struct crx_err err;

	assert_int_equal(parse(line, &seen, &err), CRX_EARG);
	assert_string_equal(err.text, want);
}

static void test_order_of_options_and_operands(void **state)
{
	(void)state;
	good("", "");
	good("a -q b -x c", "(a)-q;(b)-x;(c)");
	setenv("POSIXLY_CORRECT", "1", 1);
	good("a -q b -x c", "(a)-q;(b)-x;(c)");
	unsetenv("POSIXLY_CORRECT");
	good("-q -- -x a", "-q;(-x)(a)");
	good("- -q", "(-)-q;");
	good("-b -- -q", "-b=--;-q;");
	good("-- --", "(--)");
}

static void test_short_options(void **state)
{
	(void)state;
	good("-qxq", "-q;-x;-q;");
	good("-b4096 -b 8192 -qb16384", "-b=4096;-b=8192;-q;-b=16384;");
	good("-b -q", "-b=-q;");
	good("-b=5", "-b==5;");
	good("-l -q", "-l;-q;");
	good("-lyes -l=no -ql=nonblock -l yes", "-l=yes;-l=no;-q;-l=nonblock;-l;(yes)");
	bad("-q -D", "unknown option '-D'");
	bad("-qD", "unknown option '-D'");
	bad("-q-", "unknown option '--'");
	bad("a -b", "option -b needs an argument: SIZE");
	bad("-\033", "unknown option '-\\x1b'");
}

static void test_long_options(void **state)
{
	(void)state;
	good("--quick --block-size=1 --block-size 2", "--quick;--block-size=1;--block-size=2;");
	good("--q --blo=1 --no-v", "--quick;--block-size=1;--no-verify;");
	good("--block-size=", "--block-size=;");
	good("--block-size=a=b", "--block-size=a=b;");
	good("--lock --lock=no --lock no", "--lock;--lock=no;--lock;(no)");
	good("--pad --pad-t 3", "--pad;--pad-to=3;");
	bad("--no-", "option '--no-' is ambiguous: --no-verify, --no-dedupe");
	bad("--pa", "option '--pa' is ambiguous: --pad, --pad-to");
	bad("--quick=1", "option --quick takes no argument");
	bad("--quickly", "unknown option '--quickly' (did you mean --quick?)");
	bad("--xyzzy", "unknown option '--xyzzy'");
	bad("--bl", "option --block-size needs an argument: SIZE");
}

static void test_setters_and_stop(void **state)
{
	struct seen seen;
	struct crx_err err;

	(void)state;
	assert_int_equal(parse("-y --no -s word", &seen, &err), 0);
	assert_true(seen.yes);
	assert_false(seen.no);
	assert_string_equal(seen.string, "word");
	assert_int_equal(parse("-cIc --size 4K -c", &seen, &err), 0);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.size, 4096);
	assert_string_equal(seen.text, "");
	bad("--size 0", "--size '0' is out of range (at least 1, and less than 2^64)");
	assert_int_equal(parse("--offset 0x10K --unit 65536", &seen, &err), 0);
	assert_int_equal(seen.off, 16384);
	assert_int_equal(seen.page, 65536);
	assert_int_equal(parse("--offset 0 --unit 128K --unit=0x1000", &seen, &err), 0);
	assert_int_equal(seen.page, 4096);
	assert_int_equal(parse("--unit 128KiB", &seen, &err), 0);
	assert_int_equal(seen.page, 131072);
	bad("--unit 8K", "--unit must be 4K, 64K or 0x20000, not '8K'");
	bad("--unit 4", "--unit must be 4K, 64K or 0x20000, not '4'");
	bad("--unit 4K,", "--unit '4K,' is not a size (examples: 4096, 0x1000, 64K, 16M)");
	bad("--unit 4KB",
	    "--unit '4KB' is ambiguous: KB can mean powers of 1000 or of 1024 (write K or "
	    "KiB for 1024)");
	bad("--offset 0x8000000000000000",
	    "--offset '0x8000000000000000' is out of range (0 to 9223372036854775807)");
	assert_int_equal(parse("a -h --unknown", &seen, &err), CRX_CLI_STOP);
	assert_string_equal(seen.text, "(a)-h;");
}

static void test_lists(void **state)
{
	struct seen seen;
	struct crx_err err;

	(void)state;
	assert_int_equal(parse("--glob *.c --glob=b", &seen, &err), 0);
	assert_int_equal(seen.list.n, 2);
	assert_string_equal(seen.list.at[0], "*.c");
	assert_string_equal(seen.list.at[1], "b");
	crx_cli_free_lists(&TABLE, &seen);
	crx_cli_free_lists(&TABLE, &seen);
	assert_int_equal(seen.list.n, 0);
	assert_null(seen.list.at);
	bad("--glob=", "--glob needs GLOB, not an empty string");
}

/* An argument that names what is read is reported before its setter runs. */
static void test_inputs(void **state)
{
	struct seen seen;
	struct crx_err err;

	(void)state;
	good("-i a -q --insert=b -ic", "<a>-i=a;-q;<b>--insert=b;<c>-i=c;");
	good("--over - x -b y", "<->--overlay=-;(x)-b=y;");
	bad("--overlay", "option --overlay needs an argument: SOURCE");
	assert_int_equal(parse("--insert= -q", &seen, &err), CRX_EARG);
	assert_string_equal(seen.text, "<>");
}

static void test_words(void **state)
{
	static const struct crx_cli_option none = { .words = "only" };
	struct crx_cli_use use = { &none, "x", "-n" };
	struct crx_err err = CRX_ERR_INIT;
	size_t i;

	(void)state;
	assert_int_equal(crx_cli_not_a_word(&use, &err), CRX_EARG);
	assert_string_equal(err.text, "-n must be only, not 'x'");
	for (i = 0; i < TABLE.noptions && !OPTIONS[i].words; i++)
		;
	use.option = &OPTIONS[i];
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_cli_not_a_word(&use, &err), CRX_EARG);
	assert_string_equal(err.text, "-n must be yes, no or nonblock, not 'x'");
}

static void test_help(void **state)
{
	struct crx_cli_table few = TABLE;
	struct capture c;

	(void)state;
	few.noptions = 7;
	capture_begin(&c);
	crx_cli_put_options(c.f, &few);
	capture_is(&c,
		   "\nFirst:\n"
		   "  -q, --quick                be quick\n"
		   "  -x                         short only\n"
		   "  -b, --block-size SIZE      size of the blocks, of which there are many, and\n"
		   "                             all of one size (default: 4096)\n"
		   "  -l, --lock[=MODE]          lock\n"
		   "\nSecond:\n"
		   "      --no-verify            long only\n");
}

/* --- numbers --- */

static void size_is(const char *text, uint64_t want)
{
	struct crx_err err = CRX_ERR_INIT;
	uint64_t v = 0;

	assert_int_equal(crx_cli_parse_size(text, 0, UINT64_MAX, "size", &v, &err), 0);
	assert_int_equal(v, want);
}

static void size_is_bad(const char *text, uint64_t max, const char *part)
{
	struct crx_err err = CRX_ERR_INIT;
	uint64_t v = 77;

	assert_int_equal(crx_cli_parse_size(text, 1, max, "size", &v, &err), CRX_EARG);
	assert_int_equal(v, 77);
	assert_non_null(strstr(err.text, part));
}

static void test_sizes(void **state)
{
	(void)state;
	size_is("0", 0);
	size_is("4096", 4096);
	size_is("010", 10);
	size_is("4K", 4096);
	size_is("4k", 4096);
	size_is("4KiB", 4096);
	size_is("16M", 16777216);
	size_is("16MiB", 16777216);
	size_is("2G", UINT64_C(2147483648));
	size_is("0x10", 16);
	size_is("0X1fK", 31744);
	size_is("18446744073709551615", UINT64_MAX);
	size_is("17179869183G", UINT64_MAX - 1073741823);
	size_is_bad("18446744073709551616", UINT64_MAX, "out of range");
	size_is_bad("0x10000000000000000", UINT64_MAX, "out of range");
	size_is_bad("17179869184G", UINT64_MAX, "out of range");
	size_is_bad("17179869185G", UINT64_MAX, "out of range");
	size_is_bad("99999999999999999999999999", UINT64_MAX, "out of range");
	size_is_bad("11", 10, "out of range (1 to 10)");
	size_is_bad("0", 10, "out of range (1 to 10)");
	size_is_bad("", UINT64_MAX, "size '' is not a size (examples: ");
	size_is_bad("-1", UINT64_MAX, "'-1' is not a size");
	size_is_bad("+1", UINT64_MAX, "not a size");
	size_is_bad(" 1", UINT64_MAX, "not a size");
	size_is_bad("1 ", UINT64_MAX, "not a size");
	size_is_bad("1KB", UINT64_MAX, "'1KB' is ambiguous");
	size_is_bad("1T", UINT64_MAX, "not a size");
	size_is_bad("1Kx", UINT64_MAX, "not a size");
	size_is_bad("0x", UINT64_MAX, "not a size");
	size_is_bad("K", UINT64_MAX, "not a size");
	size_is_bad("1.5M", UINT64_MAX, "not a size");
	size_is_bad("1\n", UINT64_MAX, "'1\\n' is not");
}

static void test_whole_numbers(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	uint64_t v = 5;

	(void)state;
	assert_int_equal(crx_cli_parse_uint("0xff", 0, 255, "byte", &v, &err), 0);
	assert_int_equal(v, 255);
	assert_int_equal(crx_cli_parse_uint("256", 0, 255, "byte", &v, &err), CRX_EARG);
	assert_string_equal(err.text, "byte '256' is out of range (0 to 255)");
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_cli_parse_uint("1K", 0, 2000, "edition", &v, &err), CRX_EARG);
	assert_string_equal(err.text, "edition '1K' is not a whole number (decimal, or hexadecimal "
				      "after 0x)");
}

static void test_numbers_for_people(void **state)
{
	static const struct {
		uint64_t n;
		const char *text;
	} size[] = {
		{ 0, "0 bytes" },           { 1, "1 byte" },           { 1023, "1023 bytes" },
		{ 1024, "1.0 KiB" },        { 1536, "1.5 KiB" },       { 1048575, "1.0 MiB" },
		{ 1048576, "1.0 MiB" },     { 1047552, "1023.0 KiB" }, { 12897485, "12.3 MiB" },
		{ UINT64_MAX, "16.0 EiB" },
	};
	char buf[CRX_CLI_NUMBER_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(size) / sizeof(size[0]); i++)
		assert_string_equal(crx_cli_size_text(size[i].n, buf), size[i].text);
	assert_string_equal(crx_cli_count_text(0, buf), "0");
	assert_string_equal(crx_cli_count_text(999, buf), "999");
	assert_string_equal(crx_cli_count_text(1000, buf), "1,000");
	assert_string_equal(crx_cli_count_text(UINT64_MAX, buf), "18,446,744,073,709,551,615");
	assert_string_equal(crx_plural(0), "s");
	assert_string_equal(crx_plural(1), "");
	assert_string_equal(crx_cli_percent_text(1, 3, buf), "33.3 %");
	assert_string_equal(crx_cli_percent_text(2, 0, buf), "-");
	assert_string_equal(crx_cli_percent_text(UINT64_MAX, UINT64_MAX, buf), "100.0 %");
	assert_string_equal(crx_cli_percent_text(0, 7, buf), "0.0 %");
}

/* --- text --- */

static void path_is(const char *path, const char *want)
{
	struct capture c;

	capture_begin(&c);
	crx_cli_put_path(c.f, path);
	capture_is(&c, want);
}

static void counts_are(const struct crx_cli_counted kind[3], bool any, const char *expected)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_true(crx_cli_put_counts(out, kind, 3) == any);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void test_counts(void **state)
{
	struct crx_cli_counted kind[] = {
		{ 2706, "file", "files" },
		{ 0, "link", "links" },
		{ 1, "directory", "directories" },
	};

	(void)state;
	counts_are(kind, true, "2,706 files, 1 directory");
	kind[0].n = 0;
	kind[2].n = 2;
	counts_are(kind, true, "2 directories");
	kind[2].n = 0;
	counts_are(kind, false, "");
}

static void test_utf8(void **state)
{
	static const char *const none[] = {
		"\x80",
		"\xc0\x80",
		"\xc1\xbf",
		"\xe0\x9f\xbf",
		"\xed\xa0\x80",
		"\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xc3",
		"\xe2\x82",
		"\xc3(",
		"\xff",
	};
	uint32_t ch;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(crx_cli_utf8(none[i], strlen(none[i]), &ch), 0);
	assert_int_equal(crx_cli_utf8("", 0, &ch), 0);
	assert_int_equal(crx_cli_utf8("A", 1, &ch), 1);
	assert_int_equal(ch, 'A');
	assert_int_equal(crx_cli_utf8("\xc3\xa4", 2, &ch), 2);
	assert_int_equal(ch, 0xe4);
	assert_int_equal(crx_cli_utf8("\xe2\x82\xac", 3, &ch), 3);
	assert_int_equal(ch, 0x20ac);
	assert_int_equal(crx_cli_utf8("\xf4\x8f\xbf\xbf", 4, &ch), 4);
	assert_int_equal(ch, 0x10ffff);
}

static void test_paths_on_a_terminal(void **state)
{
	struct capture c;
	char buf[12];

	(void)state;
	path_is("/usr/bin/gr\xc3\xb6\xc3\x9f", "/usr/bin/gr\xc3\xb6\xc3\x9f");
	path_is("a\nb\tc\\d\033[2J\x7f", "a\\nb\\tc\\\\d\\x1b[2J\\x7f");
	path_is("\xff\xc3", "\\xff\\xc3");
	path_is("\xc2\x9b"
		"31m",
		"\\u009b31m");
	path_is("\xe2\x80\xae"
		"gpj",
		"\\u202egpj");

	capture_begin(&c);
	crx_cli_put_text(c.f, "one\\\ntwo\033", "  ");
	capture_is(&c, "one\\\n  two\\x1b");

	assert_string_equal(crx_cli_quote("abc", buf, sizeof(buf)), "'abc'");
	assert_string_equal(crx_cli_quote("123456789", buf, sizeof(buf)), "'123456789'");
	assert_string_equal(crx_cli_quote("1234567890", buf, sizeof(buf)), "'123456...'");
	assert_string_equal(crx_cli_quote("\n\n\n\n\n\n", buf, sizeof(buf)), "'\\n\\n\\n...'");
}

/* --- JSON --- */

static void test_json(void **state)
{
	struct crx_cli_json j = { 0 };
	struct capture c;

	(void)state;
	capture_begin(&c);
	j.out = c.f;
	crx_cli_json_open(&j, NULL, '{', false);
	crx_cli_json_uint(&j, "n", UINT64_MAX);
	crx_cli_json_open(&j, "empty", '[', false);
	crx_cli_json_close(&j);
	crx_cli_json_open(&j, "list", '[', false);
	crx_cli_json_open(&j, NULL, '{', true);
	crx_cli_json_bool(&j, "t", true);
	crx_cli_json_open(&j, "in", '[', false);
	crx_cli_json_string(&j, NULL, NULL);
	crx_cli_json_bool(&j, NULL, false);
	crx_cli_json_close(&j);
	crx_cli_json_close(&j);
	crx_cli_json_close(&j);
	crx_cli_json_string(&j, "q\"", "\"\\\n\x1f\x7f/\xc3\xa4\xff\xed\xa0\x80\xc2\x9b");
	crx_cli_json_close(&j);
	capture_is(&c,
		   "{\n"
		   "\t\"n\": 18446744073709551615,\n"
		   "\t\"empty\": [],\n"
		   "\t\"list\": [\n"
		   "\t\t{\"t\": true, \"in\": [null, false]}\n"
		   "\t],\n"
		   "\t\"q\\\"\": "
		   "\"\\\"\\\\\\u000a\\u001f\\u007f/\xc3\xa4\\udcff\\udced\\udca0\\udc80\\u009b\"\n"
		   "}\n");
}

/* --- console --- */

static uint64_t clock_ms;

static uint64_t fake_clock(void)
{
	return clock_ms;
}

static void console_begin(struct crx_cli_console *c, struct capture *out, bool quiet)
{
	FILE *file = tmpfile(); /* not a terminal, and has a descriptor */

	assert_non_null(file);
	crx_cli_console_init(c, "prog", file, quiet);
	assert_false(c->live);
	fclose(file);
	capture_begin(out);
	c->err = out->f;
	c->now_ms = fake_clock;
	clock_ms = c->started_ms = 5000;
}

static void test_messages(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_cli_console c;
	struct capture out;

	(void)state;
	console_begin(&c, &out, false);
	crx_cli_console_log(&c, CRX_LEVEL_NOTE, NULL, "a note");
	crx_cli_console_log(&c, CRX_LEVEL_WARNING, "/x\n", "odd");
	crx_cli_console_log(&c, CRX_LEVEL_ERROR, "/y", "one of many");
	crx_cli_console_progress(&c, "working", 1, 2);
	crx_err_set_at(&err, CRX_EFORMAT, 0x1234, "/im\033g", "bad block");
	err.sys_errno = ENOSPC;
	crx_cli_console_error(&c, &err);
	crx_cli_console_free(&c);
	capture_is(&out,
		   "prog: note: a note\n"
		   "prog: warning: /x\\n: odd\n"
		   "prog: /y: one of many\n"
		   "prog: /im\\x1bg: bad block (image offset 0x1234): No space left on device\n");
}

static void test_quiet_holds_notes_until_an_error(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_cli_console c;
	struct capture out;

	(void)state;
	console_begin(&c, &out, true);
	crx_cli_console_log(&c, CRX_LEVEL_NOTE, "/a", "is too big");
	crx_cli_console_log(&c, CRX_LEVEL_WARNING, NULL, "first");
	crx_err_set(&err, CRX_ELIMIT, 0, NULL, "does not fit");
	crx_cli_console_error(&c, &err);
	crx_cli_console_log(&c, CRX_LEVEL_NOTE, "/b", "never seen");
	crx_cli_console_free(&c);
	capture_is(&out, "prog: warning: first\nprog: note: /a: is too big\nprog: does not fit\n");
}

static void test_progress(void **state)
{
	struct crx_cli_console c;
	struct capture out;

	(void)state;
	console_begin(&c, &out, false);
	c.live = true;
	clock_ms = 5999;
	crx_cli_console_progress(&c, "working", 1, 100); /* too early */
	clock_ms = 6000;
	crx_cli_console_progress(&c, "working", 50, 100);
	clock_ms = 6099;
	crx_cli_console_progress(&c, "working", 51, 100); /* too soon */
	clock_ms = 6100;
	crx_cli_console_progress(&c, "end", 0, 0);
	crx_cli_console_log(&c, CRX_LEVEL_WARNING, NULL, "w");
	crx_cli_console_clear(&c); /* there is none */
	clock_ms = 7000;
	crx_cli_console_progress(&c, "end", UINT64_MAX, UINT64_MAX);
	crx_cli_console_free(&c);
	capture_is(&out, "\rprog: working  50 %"
			 "\rprog: end          "
			 "\r                   \r"
			 "prog: warning: w\n"
			 "\rprog: end 100 %"
			 "\r               \r");
}

/* --- names --- */

static void names_of_a_program(void **state)
{
	static const char *const name[] = { "own", "other", "fsck.other", NULL };
	static const struct {
		const char *argv0;
		size_t want;
	} cases[] = {
		{ NULL, 0 },         { "", 0 },
		{ "own", 0 },        { "other", 1 },
		{ "fsck.other", 2 }, { "/usr/bin/other", 1 },
		{ "../other", 1 },   { "/usr/bin/.libs/lt-fsck.other", 2 },
		{ "lt-other", 1 },   { "lt-lt-other", 0 },
		{ "other/", 0 },     { "/other/own", 0 },
		{ "another", 0 },    { "other2", 0 },
		{ "OTHER", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(crx_cli_called(cases[i].argv0, name), cases[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_of_options_and_operands),
		cmocka_unit_test(test_short_options),
		cmocka_unit_test(test_long_options),
		cmocka_unit_test(test_setters_and_stop),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_inputs),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_whole_numbers),
		cmocka_unit_test(test_numbers_for_people),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_paths_on_a_terminal),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_quiet_holds_notes_until_an_error),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(names_of_a_program),
	};

	return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
