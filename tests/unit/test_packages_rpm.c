/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/packages: the databases of rpm, sound and damaged.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "packages_read.h"
#include "rpm_make.h"

static void rpm(void **state)
{
	static const uint32_t extra[] = { 0, 200, 201, 202, 203, 204, 205, 700, 3900 };
	struct rpm_bytes db;
	size_t i;
	int kind;

	(void)state;
	for (kind = 0; kind < RPM_KINDS; kind++) {
		for (i = 0; i < sizeof(extra) / sizeof(extra[0]); i++) {
			make_rpm(&db, kind, extra[i]);
			len_is(crx_packages_read_rpm, db.at, db.len, RPM_TOOL);
		}
	}
	len_fails(crx_packages_read_rpm, "", 0, "not a database");
	len_fails(crx_packages_read_rpm, "SQLite format 3", 16, "not a database");
}

/* Cut anywhere, and with each byte changed: an error or other packages, and no byte is read that is
 * not there. */
static void rpm_damaged(void **state)
{
	static const uint8_t flip[] = { 0x01, 0x80, 0xff };
	struct crx_package_text t = { .file = "f" };
	struct rpm_bytes db;
	size_t i, k, failed;
	int kind;

	(void)state;
	for (kind = 0; kind < RPM_KINDS; kind++) {
		make_rpm(&db, kind, 700);
		failed = 0;
		for (i = 0; i < db.len * 4; i++) {
			struct crx_err err = CRX_ERR_INIT;
			struct crx_packages p = { 0 };
			int ret;

			k = i % db.len;
			if (i >= db.len)
				db.at[k] ^= flip[i / db.len - 1];
			t = text_of(db.at, i < db.len ? i : db.len);
			ret = crx_packages_read_rpm(&p, &t, &err);
			assert_true(ret == err.code && (!ret || ret == CRX_EFORMAT));
			failed += ret != 0;
			crx_packages_free(&p);
			if (i >= db.len)
				db.at[k] ^= flip[i / db.len - 1];
		}
		assert_true(failed > db.len / 2);
	}
}

/* Pages that refer to themselves. */
static void rpm_loops(void **state)
{
	struct rpm_bytes db;

	(void)state;
	make_rpm(&db, 0, 700);
	rpm_put(db.at + RPM_PAGE + 8, 2, 4, true);
	len_fails(crx_packages_read_rpm, db.at, db.len, "a tree of pages is damaged");
}

/* With the 4 bytes at `at` in a database of SQLite that is sound otherwise. */
static void sqlite_fails(size_t at, const char *bytes, const char *words)
{
	struct rpm_bytes db;

	make_rpm(&db, 0, 0);
	memcpy(db.at + at, bytes, 4);
	len_fails(crx_packages_read_rpm, db.at, db.len, words);
}

enum { SCHEMA = 402, LEAF = 2 * RPM_PAGE, ROW = LEAF + 16 };

static void rpm_sqlite_rows(void **state)
{
	struct rpm_bytes db;
	static uint8_t large[65536] = "SQLite format 3";
	size_t i;

	(void)state;
	/* the table, its root page, and rows of other types */
	sqlite_fails(SCHEMA + 11, "Qack", "no table Packages");
	sqlite_fails(SCHEMA, "\x06\x16\x1d\x1d", "no table Packages");
	sqlite_fails(SCHEMA + 1, "\x17\x1d\x1d\x09", "a header is damaged");
	sqlite_fails(ROW + 3, "\x03\x01\x01\x01", "a row is damaged");
	/* a row that ends after its page, and numbers that do */
	sqlite_fails(LEAF + 7, "\0\x01\xf0\0", "a row is damaged");
	make_rpm(&db, 0, 0);
	rpm_put(db.at + LEAF + 8, RPM_PAGE - 4, 2, true);
	memcpy(db.at + LEAF + RPM_PAGE - 4, "\x50\x01\0\0", 4);
	len_fails(crx_packages_read_rpm, db.at, db.len, "a row is damaged");
	memcpy(db.at + LEAF + RPM_PAGE - 4, "\x01\xff\xff\xff", 4);
	len_fails(crx_packages_read_rpm, db.at, db.len, "a row is damaged");
	memset(db.at + LEAF + RPM_PAGE - 4, 0xff, 4);
	len_fails(crx_packages_read_rpm, db.at, db.len, "a row is damaged");
	/* the longest number: of the row */
	make_rpm(&db, 0, 0);
	memmove(db.at + ROW + 2 + 9, db.at + ROW + 3, 400);
	memset(db.at + ROW + 2, 0x81, 9);
	len_is(crx_packages_read_rpm, db.at, db.len, RPM_TOOL);
	/* trees without a page, and too deep */
	sqlite_fails(RPM_PAGE + 8, "\0\0\0\0", "a tree of pages is damaged");
	make_rpm(&db, 0, 0);
	for (i = 1; i < RPM_MAX / RPM_PAGE; i++) {
		db.at[i * RPM_PAGE] = 5;
		rpm_put(db.at + i * RPM_PAGE + 3, 0, 2, true);
		rpm_put(db.at + i * RPM_PAGE + 8, (uint32_t)i + 2, 4, true);
	}
	len_fails(crx_packages_read_rpm, db.at, sizeof(db.at), "a tree of pages is damaged");
	/* pages of 64 KiB */
	large[17] = 1;
	large[100] = 13;
	len_fails(crx_packages_read_rpm, large, sizeof(large), "no table Packages");
}

static void rpm_bdb_pages(void **state)
{
	struct rpm_bytes db;
	uint8_t *page = db.at + RPM_PAGE;
	size_t i;

	(void)state;
	make_rpm(&db, 2, 0);
	rpm_put(db.at + 20, 256, 4, false);
	len_fails(crx_packages_read_rpm, db.at, db.len, "a page is damaged");
	/* headers without a name, which share their bytes: more than the file has */
	make_rpm(&db, 2, 0);
	memset(page + 20, 0, RPM_PAGE - 20);
	page[25] = 2;
	for (i = 0; i < 80; i += 2) {
		rpm_put(page + 26 + 2 * i, 500, 2, false);
		rpm_put(page + 28 + 2 * i, 200, 2, false);
	}
	page[200] = 1;
	rpm_put(page + 20, 2, 2, false);
	len_is(crx_packages_read_rpm, db.at, 2 * RPM_PAGE, "");
	rpm_put(page + 20, 80, 2, false);
	len_fails(crx_packages_read_rpm, db.at, 2 * RPM_PAGE, "a page is damaged");
}

static void rpm_headers(void **state)
{
	const struct rpm_tag tag[] = {
		{ 1000, 6, 1, "n", 2 },
		{ 1001, 6, 1, "1", 2 },
		{ 1116, 4, 2, "\0\0\0\0\0\0\0\7", 8 },
		{ 1117, 8, 2, "a\0b", 4 },
		{ 1118, 8, 1, "/d/", 4 },
	};
	char version[300] = "", cut[300];
	const struct rpm_tag long_version[] = {
		{ 1000, 6, 1, "n", 2 },
		{ 1001, 6, 1, version, sizeof(version) },
		{ 1002, 6, 1, "2", 2 },
		{ 1117, 8, 1, "a", 2 },
	};
	const struct rpm_tag few[] = {
		{ 1000, 6, 1, "n", 2 },
		{ 1117, 8, 4, "a\0b\0c\0d", 8 },
		{ 1118, 8, 1, "/d/", 4 },
		{ 1029, 2, 1, "\1", 1 },
		{ 1116, 4, 9, "\0\0\0\0\0\0\0\0\0\0", 10 },
		{ 1001, 6, 9, "", 0 },
	};
	struct rpm_bytes h, db;

	(void)state;
	/* a directory that is not there; no release, no states */
	rpm_header(&h, tag, 5);
	rpm_ndb(&db, &h);
	len_is(crx_packages_read_rpm, db.at, db.len, "n 1: /d/a;");
	/* no files: not a package that could use flash (gpg-pubkey) */
	rpm_header(&h, tag, 2);
	rpm_ndb(&db, &h);
	len_is(crx_packages_read_rpm, db.at, db.len, "");
	/* a long version is cut */
	memset(version, '1', sizeof(version) - 1);
	snprintf(cut, sizeof(cut), "n %.255s:;", version);
	rpm_header(&h, long_version, 4);
	rpm_ndb(&db, &h);
	len_is(crx_packages_read_rpm, db.at, db.len, cut);
	/* states of another type, fewer states and directories than files */
	rpm_header(&h, few, 6);
	rpm_ndb(&db, &h);
	len_is(crx_packages_read_rpm, db.at, db.len, "n : /d/b;");
	rpm_header(&h, tag, 5);
	rpm_put(h.at + 4, 21, 4, true);
	rpm_ndb(&db, &h);
	len_fails(crx_packages_read_rpm, db.at, db.len, "a header is damaged");
}

/* Headers to which others refer many times: more work than the database has bytes. */
static void rpm_repeated(void **state)
{
	const struct rpm_tag tag[] = { { 1000, 6, 1, "n", 2 } };
	struct rpm_bytes h, db;
	size_t i;

	(void)state;
	rpm_header(&h, tag, 1);
	rpm_ndb(&db, &h);
	for (i = 2; i < 256; i++)
		memcpy(db.at + 16 * i, db.at + 16 * 5, 16);
	len_fails(crx_packages_read_rpm, db.at, db.len, "a header is damaged");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rpm),           cmocka_unit_test(rpm_damaged),
		cmocka_unit_test(rpm_loops),     cmocka_unit_test(rpm_sqlite_rows),
		cmocka_unit_test(rpm_bdb_pages), cmocka_unit_test(rpm_headers),
		cmocka_unit_test(rpm_repeated),
	};

	return cmocka_run_group_tests_name("packages_rpm", tests, packages_set_up,
					   packages_tear_down);
}
