/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/edit/chmod: what modes mean, and which errors others have.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "input/edit/chmod.h"

/* --- modes --- */

/* Files and directories as GNU chmod(1) leaves them, with umask 0. */
static const struct {
	const char *rule;
	uint32_t mode, file, dir;
} MODES[] = {
	{ "755", 0, 0755, 0755 },
	{ "0", 07777, 0, 06000 },
	{ "7777", 0, 07777, 07777 },
	{ "1777", 06000, 01777, 07777 },
	{ "00755", 06000, 0755, 0755 },
	{ "0755", 06000, 0755, 06755 },
	{ "4755", 02000, 04755, 06755 },
	{ "000007", 07777, 07, 07 },
	{ "u+x", 0644, 0744, 0744 },
	{ "+x", 0644, 0755, 0755 },
	{ "a+x", 0644, 0755, 0755 },
	{ "go-w", 0666, 0644, 0644 },
	{ "go-rwx", 07777, 07700, 07700 },
	{ "o-rwx", 07777, 07770, 07770 },
	{ "u=rw", 07777, 03677, 07677 },
	{ "g=", 07777, 05707, 07707 },
	{ "o=", 07777, 06770, 06770 },
	{ "=r", 07777, 0444, 06444 },
	{ "a=", 07777, 0, 06000 },
	{ "=", 07777, 0, 06000 },
	{ "u+s", 0755, 04755, 04755 },
	{ "g+s", 0755, 02755, 02755 },
	{ "o+s", 0755, 0755, 0755 },
	{ "+s", 0755, 06755, 06755 },
	{ "u-s", 07755, 03755, 03755 },
	{ "g-s", 07755, 05755, 05755 },
	{ "a-s", 07755, 01755, 01755 },
	{ "ug=s", 0755, 06005, 06005 },
	{ "+t", 0, 01000, 01000 },
	{ "o+t", 0, 01000, 01000 },
	{ "u+t", 0, 0, 0 },
	{ "-t", 07000, 06000, 06000 },
	{ "a+X", 0644, 0644, 0755 },
	{ "a+X", 0645, 0755, 0755 },
	{ "a=rX", 0, 0444, 0555 },
	{ "u=rwX,go=rX", 0600, 0644, 0755 },
	{ "u=rwX,go=rX", 0700, 0755, 0755 },
	{ "g=u", 0741, 0771, 0771 },
	{ "go=u", 0740, 0777, 0777 },
	{ "u=o", 0746, 0646, 0646 },
	{ "o+g", 0750, 0755, 0755 },
	{ "a-u", 0545, 0000, 0000 },
	{ "u+r-w", 0200, 0400, 0400 },
	{ "u=r+w-r", 0, 0200, 0200 },
	{ "u+x,a+X", 0, 0111, 0111 },
	{ "ugo+r,u-r", 0, 0044, 0044 },
	{ "uuu+rrr", 0, 0400, 0400 },
	{ "u+", 0644, 0644, 0644 },
	{ "+rwxXst", 0, 07777, 07777 },
	/* an octal number after an operator also clears the set-id bits of directories */
	{ "=755", 07000, 0755, 0755 },
	{ "=0", 07777, 0, 0 },
	{ "-1", 0777, 0776, 0776 },
	{ "+4", 0, 04, 04 },
	{ "-6000", 07755, 01755, 01755 },
	{ "+007020", 0, 07020, 07020 },
	{ "u+x,=500,o+r", 0, 0504, 0504 },
	{ "d:=755", 06600, 06600, 0755 },
	{ "+r-w=1", 0, 01, 01 },
	{ "d:755", 0600, 0600, 0755 },
	{ "f:755", 0600, 0755, 0600 },
	{ "f:go-w", 0777, 0755, 0777 },
	{ "d:a+X", 0600, 0600, 0711 },
	{ "f:a+X", 0600, 0600, 0600 },
};

static void modes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(MODES) / sizeof(MODES[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_chmod c;
		uint32_t file, dir;

		if (crx_chmod_parse(MODES[i].rule, &c, &err))
			fail_msg("'%s': %s", MODES[i].rule, err.text);
		file = crx_chmod_mode(&c, S_IFREG | MODES[i].mode);
		dir = crx_chmod_mode(&c, S_IFDIR | MODES[i].mode);
		if (file != (S_IFREG | MODES[i].file) || dir != (S_IFDIR | MODES[i].dir))
			fail_msg("'%s' makes of %04o the file %o, the directory %o", MODES[i].rule,
				 MODES[i].mode, file, dir);
		/* links have none; devices and FIFOs are neither d: nor f: */
		assert_int_equal(crx_chmod_mode(&c, S_IFLNK | 0777), S_IFLNK | 0777);
		assert_int_equal(crx_chmod_mode(&c, S_IFCHR | MODES[i].mode),
				 S_IFCHR |
					 (MODES[i].rule[1] == ':' ? MODES[i].mode : MODES[i].file));
		crx_chmod_free(&c);
	}
}

static void no_modes(void **state)
{
	static const struct {
		const char *rule;
		unsigned column;
	} cases[] = {
		{ "", 1 },        { "u", 2 },        { "ug", 3 },
		{ "x", 1 },       { "u+rq", 4 },     { "u+r,", 5 },
		{ ",u+r", 1 },    { "u+r,,o+r", 5 }, { "u+r o+r", 4 },
		{ "rwx", 1 },     { "8", 1 },        { "758", 3 },
		{ "77777", 5 },   { "10000", 5 },    { "00000000000000000000000010000", 29 },
		{ "0x1", 2 },     { "755,u+r", 4 },  { "u+7", 3 },
		{ "a=7", 3 },     { "+8", 2 },       { "-17777", 6 },
		{ "=7r", 3 },     { "=7,", 4 },      { "-7+4", 3 },
		{ "u=go", 4 },    { "u=gr", 4 },     { "d:", 3 },
		{ "d:d:755", 3 }, { "x:755", 1 },    { "f:u+q", 5 },
		{ "d", 1 },       { "d755", 1 },     { "D:755", 1 },
		{ "u+a", 3 },
	};
	char column[32];
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;
		struct crx_chmod c;

		assert_int_equal(crx_chmod_parse(cases[i].rule, &c, &err), CRX_EARG);
		len = (size_t)snprintf(column, sizeof(column), "at column %u", cases[i].column);
		if (strlen(err.text) < len || strcmp(err.text + strlen(err.text) - len, column))
			fail_msg("'%s': %s", cases[i].rule, err.text);
		crx_chmod_free(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes),
		cmocka_unit_test(no_modes),
	};

	return cmocka_run_group_tests_name("chmod", tests, NULL, NULL);
}
