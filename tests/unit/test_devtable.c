/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/edit/devtable: what lines mean in either style, and which errors others
 * have, and where.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/place.h"
#include "guard.h"
#include "kept_log.h"
#include "scratch.h"
#include "input/edit/devtable.h"
#include "devtable_parse.h"

/* --- lines --- */

static void put_id(char *out, size_t cap, const struct crx_devtable_entry *e,
		   enum crx_users_kind kind)
{
	if (e->name[kind])
		snprintf(out, cap, "<%s>", e->name[kind]);
	else if (e->id[kind] == CRX_DEVTABLE_KEEP)
		snprintf(out, cap, "keep");
	else
		snprintf(out, cap, "%u", e->id[kind]);
}

static void describe(const struct crx_devtable_entry *e, char *out, size_t cap)
{
	char user[64], group[64], mode[32];

	put_id(user, sizeof(user), e, CRX_USERS_USER);
	put_id(group, sizeof(group), e, CRX_USERS_GROUP);
	snprintf(mode, sizeof(mode), "%o", e->mode);
	snprintf(out, cap, "%c %s %s %s:%s %u,%u %u+%u*%u", e->type, e->path,
		 e->mode == CRX_DEVTABLE_KEEP ? "keep" : mode, user, group, e->major, e->minor,
		 e->start, e->inc, e->count);
}

/* one: what it is in both styles, or as makedevs has it; two: as mkcramfs has it, where that
 * differs */
static const struct {
	const char *line, *one, *two;
} GOOD[] = {
	{ "/dev d 755 0 0 - - - - -", "d /dev 755 0:0 0,0 0+0*0", NULL },
	{ "/dev/mem\tc\t640\t0\t0\t1\t1\t0\t0\t-", "c /dev/mem 640 0:0 1,1 0+0*0", NULL },
	{ "  \v\f dev/mem c 0640 7 8 1 1 \r", "c dev/mem 640 7:8 1,1 0+0*0", NULL },
	{ "/etc f 4755 root www-data - - - - -", "f /etc 4755 <root>:<www-data> 0,0 0+0*0", NULL },
	{ "/etc F -1 -1 -1", "F /etc keep keep:keep 0,0 0+0*0", NULL },
	{ "/etc d -1 5 -1", "d /etc keep 5:keep 0,0 0+0*0", NULL },
	{ "/etc r 7777 4294967294 4294967294", "r /etc 7777 4294967294:4294967294 0,0 0+0*0",
	  NULL },
	{ "/f p 600 0 0", "p /f 600 0:0 0,0 0+0*0", NULL },
	{ "/x f 0 0 0 # comment", "f /x 0 0:0 0,0 0+0*0", NULL },
	{ "/x f 0 0 0 #comment", "f /x 0 0:0 0,0 0+0*0", NULL },
	{ "/x#y f 0 1x 0#0", "f /x#y 0 <1x>:<0#0> 0,0 0+0*0", NULL },
	{ "/hda b 640 0 0 3 1 1 1 15", "b /hda 640 0:0 3,1 1+1*15", NULL },
	{ "/hda b 640 0 0 3 1 1 1 0", "b /hda 640 0:0 3,1 1+1*0", NULL },
	{ "/hda b 640 0 0 3 1 7 1 1", "b /hda 640 0:0 3,1 7+1*0", "b /hda 640 0:0 3,1 7+1*1" },
	{ "/hda b 640 0 0 3 1 7 1 2", "b /hda 640 0:0 3,1 7+1*2", NULL },
	{ "/f p 640 0 0 0 0 7 1 2", "p /f 640 0:0 0,0 7+1*2", "p /f 640 0:0 0,0 7+1*0" },
	{ "/f p 640 0 0 0 0 7 1 1", "p /f 640 0:0 0,0 7+1*0", NULL },
	{ "/f p 640 0 0 0 0 1048575 1048575 1048575", "p /f 640 0:0 0,0 1048575+1048575*1048575",
	  "p /f 640 0:0 0,0 1048575+1048575*0" },
	{ "/n c 640 0 0 1048575 1048575 1048575 0 1048575",
	  "c /n 640 0:0 1048575,1048575 1048575+0*1048575", NULL },
	{ "/n c 640 0 0 010 00", "c /n 640 0:0 10,0 0+0*0", NULL },
	{ "/d d 755 0 0 9 9 9 9 9", "d /d 755 0:0 9,9 9+9*9", NULL },
	{ "/n/ c 600 0 0 1 2 3 4 5", "c /n/ 600 0:0 1,2 3+4*5", NULL },
	/* left out */
	{ "/dev d", NULL, "d /dev 755 0:0 0,0 0+0*0" },
	{ "/dev d 700", NULL, "d /dev 700 0:0 0,0 0+0*0" },
	{ "/dev d 700 5", NULL, "d /dev 700 5:0 0,0 0+0*0" },
	{ "/dev d - 5 6", NULL, "d /dev 755 0:0 0,0 0+0*0" },
	{ "/dev d 700 - 6", NULL, "d /dev 700 0:0 0,0 0+0*0" },
	{ "/dev d 700 5 -", NULL, "d /dev 700 5:0 0,0 0+0*0" },
};

static void good_lines(void **state)
{
	struct guard g = guard_new(4096);
	char got[256];
	size_t i;
	int style;

	(void)state;
	for (i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++) {
		for (style = CRX_DEVTABLE_MAKEDEVS; style <= CRX_DEVTABLE_MKCRAMFS; style++) {
			const char *want = style == CRX_DEVTABLE_MKCRAMFS && GOOD[i].two
						   ? GOOD[i].two
						   : GOOD[i].one;
			struct crx_devtable dt = { .style = (enum crx_devtable_style)style };
			size_t len = strlen(GOOD[i].line);
			int ret = parse(&dt, (char *)guard_copy(&g, GOOD[i].line, len), len);

			if (!ret != !!want)
				fail_msg("style %d, '%s': %d %s", style, GOOD[i].line, ret,
					 said.text);
			if (want) {
				assert_int_equal(dt.nentries, 1);
				assert_int_equal(said.log.warnings, 0);
				describe(&dt.entry[0], got, sizeof(got));
				assert_string_equal(got, want);
			}
			crx_devtable_free(&dt);
		}
	}
	guard_free(&g);
}

static void bad_lines(void **state)
{
	static const struct {
		const char *line, *place, *text;
	} cases[] = {
		{ "/x", "t:1:3", "expected a type" },
		{ "/x c  ", "t:1:5", "expected a mode" },
		{ "/x c 600 # c", "t:1:9", "expected a user" },
		{ "/x c 600 0", "t:1:11", "expected a group" },
		{ "/x q 600 0 0", "t:1:4", "'q' is not a type" },
		{ "/x ff 600 0 0", "t:1:4", "'ff' is not a type" },
		{ "/x l 600 0 0", "t:1:4", "'l' is not a type" },
		{ "/x f 10000 0 0", "t:1:6", "not a mode" },
		{ "/x f 888 0 0", "t:1:6", "not a mode" },
		{ "/x f 0x1 0 0", "t:1:6", "not a mode" },
		{ "/x f -2 0 0", "t:1:6", "not a mode" },
		{ "/x f +1 0 0", "t:1:6", "not a mode" },
		{ "/x f - 0 0", "t:1:6", "not a mode" },
		{ "/x f 77777777777777777777777777777777 0 0", "t:1:6", "not a mode" },
		{ "/x c -1 0 0 1 1", "t:1:6", "-1 cannot keep the mode" },
		{ "/x p -1 0 0", "t:1:6", "-1 cannot keep the mode" },
		{ "/x f 600 - 0", "t:1:10", "expected a user" },
		{ "/x f 600 0 -", "t:1:12", "expected a group" },
		{ "/x f 600 4294967295 0", "t:1:10", "up to 4294967294" },
		{ "/x f 600 0 99999999999999999999999", "t:1:12", "up to 4294967294" },
		{ "/x c 600 0 0 x 0", "t:1:14", "'x' is not a major number" },
		{ "/x c 600 0 0 1 0x1", "t:1:16", "'0x1' is not a minor number" },
		{ "/x c 600 0 0 1 1 -1 1 1", "t:1:18", "not a number to start with" },
		{ "/x c 600 0 0 1 1 1 1048576 1", "t:1:20", "not a step" },
		{ "/x c 600 0 0 1 1 1 1 1000000000", "t:1:22", "not a count" },
		{ "/x c 600 0 0 1 1 1 1 18446744073709551617", "t:1:22", "not a count" },
		{ "/x c 600 0 0 1 1048575 1 1 2", "t:1:28", "last minor number would be 1048576" },
		{ "/x b 600 0 0 1 1 1 1048575 1048575", "t:1:28",
		  "last minor number would be 1099508482051" },
		{ "/x b 600 0 0 1 1 1 524288 8193", "t:1:27",
		  "last minor number would be 4294967297" },
		{ "/x/ c 600 0 0 1 1", "t:1:1", "ends in its name" },
		{ "/ p 600 0 0", "t:1:1", "ends in its name" },
		{ " .. b 600 0 0 1 1", "t:1:2", "ends in its name" },
		{ "/x/. p 600 0 0", "t:1:1", "ends in its name" },
		{ "|xattr cap_net_raw+p", "t:1:1", "after the line of its file" },
		{ "/x f 0 0 0\n  |xattr # none", "t:2:9", "expected a capability" },
		{ "/x f 0 0 0\n|xattrs a", "t:2:1", "expected a path, or |xattr" },
		{ "|", "t:1:1", "expected a path, or |xattr" },
		{ "# a\n\n/x f 0 0 0\n\t/y z 0 0 0\n", "t:4:5", "'z' is not a type" },
	};
	struct guard g = guard_new(4096);
	char place[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_devtable dt = { 0 };
		size_t len = strlen(cases[i].line);
		int ret = parse(&dt, (char *)guard_copy(&g, cases[i].line, len), len);

		snprintf(place, sizeof(place), "%s: ", cases[i].place);
		if (ret != CRX_EFORMAT || said.errors != 1 ||
		    strncmp(said.text, place, strlen(place)) || !is_said(cases[i].text))
			fail_msg("'%s': %d, %s", cases[i].line, ret, said.text);
		crx_devtable_free(&dt);
	}
	guard_free(&g);
}

static void every_error_of_a_file(void **state)
{
	static const char six[] = "/x q 9 - -\n/y f 600 0 0\n/z c 1 2 3 x y\n";
	struct crx_devtable dt = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	char many[5000] = "";
	size_t i;

	(void)state;
	assert_int_equal(parse(&dt, six, strlen(six)), CRX_EFORMAT);
	assert_int_equal(said.errors, 6);
	for (i = 0; i < 150; i++)
		strcat(many, "/x q 600 0 0\n");
	kept_begin_paths(&said, CRX_LEVEL_ERROR);
	assert_int_equal(crx_devtable_parse(&dt, "t", many, strlen(many), &said.log, &err),
			 CRX_EFORMAT);
	assert_int_equal(said.errors, CRX_FAULTS_SHOWN);
	assert_non_null(strstr(err.text, "150 errors, of which the first 100"));
	/* NUL ends it; a line that is too long does not */
	assert_int_equal(parse(&dt, "/x\0 q\n/x q 0 0 0", 16), CRX_EFORMAT);
	assert_int_equal(said.errors, 1);
	assert_true(is_said("t:1:3: NUL byte"));
	crx_devtable_free(&dt);
}

static void long_lines_and_paths(void **state)
{
	char *text = malloc(20000);
	struct crx_devtable dt = { 0 };
	size_t i, n;

	(void)state;
	for (i = 4094; i <= 4096; i++) {
		n = (size_t)sprintf(text, "/%0*d f 0 0 0", (int)i, 0);
		assert_int_equal(parse(&dt, text, n), i < 4095 ? 0 : CRX_EFORMAT);
		assert_true(i < 4095 || is_said("t:1:4096: the path is too long"));
	}
	n = (size_t)sprintf(text, "/a f 0 0 0 %*s\n/b q 0 0 0", 8192 - 11, "");
	assert_int_equal(parse(&dt, text, n), CRX_EFORMAT);
	assert_int_equal(said.errors, 1);
	assert_true(is_said("t:2:4"));
	n = (size_t)sprintf(text, "/a f 0 0 0 %*s\n/b q 0 0 0", 8192 - 10, "");
	assert_int_equal(parse(&dt, text, n), CRX_EFORMAT);
	assert_int_equal(said.errors, 2);
	assert_true(is_said("t:1:8193: the line is too long"));
	crx_devtable_free(&dt);
	free(text);
}

/* Numbers without effect are reported; a missing count is not. */
static void warnings(void **state)
{
	static const struct {
		const char *line, *place; /* and what is said; NULL: nothing */
	} cases[] = {
		{ "/x c 600 0 0 1 3 - 1 4", "t:1:20" },
		{ "/x c 600 0 0 1 3 - - 4", "t:1:22" },
		{ "/x c 600 0 0 1 3 0 0 - 4", "t:1:24" },
		{ "/x c 600 0 0 1 3 0 0 2 what", "t:1:24" },
		{ "/x c 600 0 0 1 3 0 0 2 #what", NULL },
		{ "/x c 600 0 0 1 3 - - -", NULL },
		{ "/x c 600 0 0 1 -", "t:1:1: a device without minor number: it gets 1, 0" },
		{ "/x b 600 0 0", "t:1:1: a device without major and minor number: it gets 0, 0" },
		{ "/x p 600 0 0", NULL },
		{ "/x c 600 0 0 0 0", NULL },
	};
	char place[100];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_devtable dt = { 0 };

		assert_int_equal(parse(&dt, cases[i].line, strlen(cases[i].line)), 0);
		snprintf(place, sizeof(place), "warning: %s", cases[i].place ? cases[i].place : "");
		if (said.log.warnings != !!cases[i].place || (cases[i].place && !is_said(place)))
			fail_msg("'%s': %s", cases[i].line, said.text);
		crx_devtable_free(&dt);
	}
}

static void too_many_nodes(void **state)
{
	static const char two[] = "/a c 600 0 0 1 0 0 0 1048575\n/b p 600 0 0\n";
	static const char three[] = "/a c 600 0 0 1 0 0 0 1048575\n/b p 600 0 0\n/c p 600 0 0\n/d "
				    "f 0 0 0\n/e q 0 0 0\n";
	struct crx_devtable dt = { 0 };

	(void)state;
	assert_int_equal(parse(&dt, two, strlen(two)), 0);
	/* several files count together */
	assert_int_equal(parse(&dt, two, strlen(two)), CRX_EFORMAT);
	crx_devtable_free(&dt);
	assert_int_equal(parse(&dt, three, strlen(three)), CRX_EFORMAT);
	assert_int_equal(said.errors, 2);
	assert_true(is_said("t:3:12: with these, the lines create more than 1048576 nodes"));
	assert_true(is_said("t:5:4"));
	crx_devtable_free(&dt);
}

/* --- large and hostile --- */

static void from_files(void **state)
{
	struct scratch *s = *state;
	struct crx_devtable dt = { 0 };
	struct crx_err err = CRX_ERR_INIT;

	scratch_text(s, "one", "/a p 600 0 0\n/b p 600 0 0");
	scratch_text(s, "two", "/c p 600 0 0\n/d p 600\n");
	kept_begin_paths(&said, CRX_LEVEL_ERROR);
	assert_int_equal(crx_devtable_read(&dt, scratch_at(s, "one"), &said.log, &err), 0);
	assert_int_equal(crx_devtable_read(&dt, scratch_at(s, "two"), &said.log, &err),
			 CRX_EFORMAT);
	assert_true(is_said("two:2:9: expected a user"));
	assert_int_equal(dt.nentries, 3);
	assert_int_equal(dt.entry[1].at.line, 2);
	assert_int_equal(dt.entry[2].at.line, 1);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_devtable_read(&dt, scratch_at(s, "three"), &said.log, &err), CRX_EIO);
	crx_devtable_free(&dt);
}

static void places(void **state)
{
	struct crx_place at = { "some/file", 12, 345 };
	char buf[64], shown[CRX_EXCERPT_MAX], umlauts[101] = "";
	size_t i;

	(void)state;
	assert_string_equal(crx_place_text(&at, buf, sizeof(buf)), "some/file:12:345");
	assert_string_equal(crx_place_text(&at, buf, 17), "some/file:12:345");
	assert_string_equal(crx_place_text(&at, buf, 16), ".../file:12:345");
	at.column = 0;
	assert_string_equal(crx_place_text(&at, buf, sizeof(buf)), "some/file:12");
	at.line = 0;
	assert_string_equal(crx_place_text(&at, buf, sizeof(buf)), "some/file");
	assert_string_equal(crx_place_excerpt("abc", 2, shown), "'ab'");
	for (i = 0; i < 50; i++)
		strcat(umlauts, "\xc3\xa4");
	/* cut between characters, wherever they begin */
	for (i = 0; i < 2; i++) {
		umlauts[0] = 'x';
		crx_place_excerpt(umlauts + i, 99, shown);
		assert_true(strlen(shown) < CRX_EXCERPT_MAX && strlen(shown) > 55);
		assert_int_equal((unsigned char)shown[strlen(shown) - 5], 0xa4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_lines),
		cmocka_unit_test(bad_lines),
		cmocka_unit_test(every_error_of_a_file),
		cmocka_unit_test(long_lines_and_paths),
		cmocka_unit_test(warnings),
		cmocka_unit_test(too_many_nodes),
		cmocka_unit_test_setup_teardown(from_files, scratch_setup, scratch_teardown),
		cmocka_unit_test(places),
	};

	return cmocka_run_group_tests_name("devtable", tests, NULL, NULL);
}
