/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/packages: each format, and what is wrong with damaged ones.
 */
#include "config.h"
#include "packages/packages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "guard.h"
#include "kept_log.h"
#include "rpm_make.h"

static struct guard guard;

/* A text that ends where memory does. */
static struct crx_package_text text_of(const void *text, size_t len)
{
	return (struct crx_package_text){ "f", (const char *)guard_copy(&guard, text, len), len };
}

/* "name version: path path; ..." */
static const char *show(const struct crx_packages *p)
{
	static char out[2000];
	size_t i, k, n = 0;

	out[0] = '\0';
	for (i = 0; i < p->n; i++) {
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s %s:", p->package[i].name,
				      p->package[i].version);
		for (k = 0; k < p->npaths; k++)
			if (p->path[k].package == i)
				n += (size_t)snprintf(out + n, sizeof(out) - n, " %s",
						      p->path[k].path);
		n += (size_t)snprintf(out + n, sizeof(out) - n, ";");
	}
	return out;
}

typedef int read_fn(struct crx_packages *p, const struct crx_package_text *t, struct crx_err *err);

static void len_is(read_fn *read, const void *text, size_t len, const char *wanted)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_packages p = { 0 };
	struct crx_package_text t = text_of(text, len);

	if (read(&p, &t, &err))
		fail_msg("%s: %s", err.path, err.text);
	assert_string_equal(show(&p), wanted);
	crx_packages_free(&p);
}

static void text_is(read_fn *read, const char *text, const char *wanted)
{
	len_is(read, text, strlen(text), wanted);
}

static void len_fails(read_fn *read, const void *text, size_t len, const char *words)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_packages p = { 0 };
	struct crx_package_text t = text_of(text, len);

	assert_int_equal(read(&p, &t, &err), CRX_EFORMAT);
	if (!strstr(err.text, words))
		fail_msg("%s, not %s", err.text, words);
	crx_packages_free(&p);
}

/* --- dpkg and opkg --- */

static int read_a(struct crx_packages *p, const struct crx_package_text *t, struct crx_err *err)
{
	return crx_packages_read_paths(p, "a:armhf", t, NULL, err);
}

static void lists(void **state)
{
	(void)state;
	text_is(read_a, "/.\n/bin\n/bin/a\n", "a : /. /bin /bin/a;");
	text_is(read_a, "/bin/a\r\n\n/with blank", "a : /bin/a /with blank;");
	text_is(read_a, "/bin/a\t0100755\n/bin/l\t0120777\ta\n", "a : /bin/a /bin/l;");
	text_is(read_a, "", "a :;");
	len_is(read_a, "/x\0y\n/z", 7, "a : /z;");
}

static void names(void **state)
{
	struct crx_package_text t = { "f", "/x\n", 3 };
	struct crx_packages p = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	char name[300];

	(void)state;
	/* one package, whatever its architectures */
	assert_int_equal(crx_packages_read_paths(&p, "a:armhf", &t, NULL, &err), 0);
	assert_int_equal(crx_packages_read_paths(&p, "b", &t, NULL, &err), 0);
	assert_int_equal(crx_packages_read_paths(&p, "a:arm64", &t, NULL, &err), 0);
	assert_string_equal(show(&p), "a : /x /x;b : /x;");
	memset(name, 'x', sizeof(name));
	name[255] = '\0';
	assert_int_equal(crx_packages_read_paths(&p, name, &t, NULL, &err), 0);
	name[255] = 'x';
	name[256] = '\0';
	assert_int_equal(crx_packages_read_paths(&p, name, &t, NULL, &err), CRX_EFORMAT);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_packages_read_paths(&p, ":x", &t, NULL, &err), CRX_EFORMAT);
	assert_int_equal(p.n, 3);
	crx_packages_free(&p);
}

static void md5sums(void **state)
{
	static const char text[] = "0123456789abcdef0123456789abcdef  usr/bin/a\nshort  x\n";
	struct crx_err err = CRX_ERR_INIT;
	struct crx_packages p = { 0 };
	struct crx_package_text t = text_of(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(crx_packages_read_md5sums(&p, "a", &t, &err), 0);
	assert_string_equal(show(&p), "a : usr/bin/a;");
	crx_packages_free(&p);
}

static int read_status(struct crx_packages *p, const struct crx_package_text *t,
		       struct crx_err *err)
{
	const struct crx_package_text none = { "f", "", 0 };
	int ret = crx_packages_read_paths(p, "a", &none, NULL, err);

	if (!ret)
		ret = crx_packages_read_paths(p, "b", &none, NULL, err);
	return ret ? ret : crx_packages_read_status(p, t, err);
}

static void status(void **state)
{
	(void)state;
	text_is(read_status,
		"Package: a\nStatus: install ok installed\nVersion: 1:2-3\n\n"
		"Package: other\nVersion: 9\n\nPackage:b\nDescription: x\n Version: "
		"7\nVersion:\t8 ",
		"a 1:2-3:;b 8:;");
	text_is(read_status, "Version: 1\nPackage: a\n\nVersion: 2\nPackage\nPackage:\n",
		"a :;b :;");
	text_is(read_status, "Package: a\nVersions: 3\nVersion:\nPackages: b\nVersion: 4\n",
		"a 4:;b :;");
	text_is(read_status, "", "a :;b :;");
}

static void diversions(void **state)
{
	static const char text[] = "/bin/sh\n/bin/sh.distrib\ndash\n/b\n/b.away\n:\n/cut\n/c";
	const struct crx_package_text list = { "f", "/bin/sh\n/b\n/cut\n", 16 };
	struct crx_package_diversions *d;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_packages p = { 0 };
	struct crx_package_text t = text_of(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(crx_package_diversions_read(&t, &d, &err), 0);
	assert_int_equal(crx_packages_read_paths(&p, "dash", &list, d, &err), 0);
	assert_int_equal(crx_packages_read_paths(&p, "bash", &list, d, &err), 0);
	assert_string_equal(show(&p),
			    "dash : /bin/sh /b.away /cut;bash : /bin/sh.distrib /b.away /cut;");
	crx_packages_free(&p);
	crx_package_diversions_free(d);
	crx_package_diversions_free(NULL);
	t.len = 0;
	assert_int_equal(crx_package_diversions_read(&t, &d, &err), 0);
	assert_int_equal(crx_packages_read_paths(&p, "bash", &list, d, &err), 0);
	assert_string_equal(show(&p), "bash : /bin/sh /b /cut;");
	crx_packages_free(&p);
	crx_package_diversions_free(d);
}

/* --- apk --- */

static void apk(void **state)
{
	(void)state;
	text_is(crx_packages_read_apk,
		"C:Q1\nP:musl\nV:1.2-r0\nF:lib\nR:ld.so\na:0:0:755\nR:libc.so\nF:\nR:top\nR:\n\n"
		"P:b\nF:lib\nR:b.so\n\nF:lost\nR:lost\n",
		"musl 1.2-r0: lib lib/ld.so lib/libc.so top;b : lib lib/b.so;");
	text_is(crx_packages_read_apk, "X\n:\nF:x", "");
	len_is(crx_packages_read_apk, "P:a\0b\nR:x", 9, "a : x;");
	text_is(crx_packages_read_apk, "P:a\nP:b\nV:1\nR:x", "a :;b 1: x;");
	len_fails(crx_packages_read_apk, "P:\n", 3, "empty");
}

/* --- lists of build systems --- */

static void list(void **state)
{
	(void)state;
	text_is(crx_packages_read_list, "busybox,./bin/sh\nzlib,./lib/z,1\n\nbusybox,/b",
		"busybox : ./bin/sh /b;zlib : ./lib/z,1;");
	len_fails(crx_packages_read_list, "a,b\nnone\n", 9, "PACKAGE,PATH");
	len_fails(crx_packages_read_list, ",b\n", 3, "PACKAGE,PATH");
	len_fails(crx_packages_read_list, "a,\n", 3, "PACKAGE,PATH");
}

static void manifest(void **state)
{
	(void)state;
	text_is(crx_packages_read_manifest,
		"base-files qemuarm 3.0.14\n\nlibc6 cortexa15 2.39\nx\n",
		"base-files 3.0.14:;libc6 2.39:;x :;");
	len_fails(crx_packages_read_manifest, "../x a 1\n", 9, "PACKAGE ARCHITECTURE VERSION");
	len_fails(crx_packages_read_manifest, "a/b a 1\n", 8, "PACKAGE ARCHITECTURE VERSION");
	len_fails(crx_packages_read_manifest, " a 1\n", 5, "PACKAGE ARCHITECTURE VERSION");
	len_fails(crx_packages_read_manifest, "x\0y a 1\n", 8, "PACKAGE ARCHITECTURE VERSION");
}

static int read_pkgdata(struct crx_packages *p, const struct crx_package_text *t,
			struct crx_err *err)
{
	const struct crx_package_text one = { "f", "a", 1 };
	int ret = crx_packages_read_manifest(p, &one, err);

	return ret ? ret : crx_packages_read_pkgdata(p, 0, t, err);
}

static void pkgdata(void **state)
{
	(void)state;
	text_is(read_pkgdata,
		"PN: a\nFILES:a: /no\nFILES_INFO:a: {\"/bin/a\": 12, \"/etc/b c\": 3}\nPKGSIZE:a: "
		"15\n",
		"a : /bin/a /etc/b c;");
	text_is(read_pkgdata, "FILES_INFO_a: {\"/bin/a\": 12}", "a : /bin/a;");
	text_is(read_pkgdata, "FILES_INFO:a: {}\nFILES_INFO:a: none", "a :;");
	/* as json.dumps() and then unicode_escape write them */
	text_is(read_pkgdata, "FILES_INFO:a: {\"/\\\\\"\\\\\\\\q\": 1, \"/\\\\u00e4\\\\udcff\": 2}",
		"a : /\"\\q /\xc3\xa4\xff;");
	text_is(read_pkgdata, "FILES_INFO:a: {\"\\\\ud83d\\\\ude00\\\\u20ac\\\\t\\\\u0041\": 1}",
		"a : \xf0\x9f\x98\x80\xe2\x82\xac\tA;");
	text_is(read_pkgdata, "FILES_INFO:a: {\"x\\\\u0000y\": 1}", "a :;");
	text_is(read_pkgdata, "FILES_INFO:a: {\"/\\t\": 1}", "a : /\t;");
#define PKGDATA_FAILS(json) \
	len_fails(read_pkgdata, "FILES_INFO:a: " json, sizeof("FILES_INFO:a: " json) - 1, "JSON")
	PKGDATA_FAILS("{\"x");
	PKGDATA_FAILS("{\"x\\\\");
	PKGDATA_FAILS("{\"x\\");
	PKGDATA_FAILS("{\"x\\\\ud83d\\\\n\"}");
	PKGDATA_FAILS("{\"x\\\\ud83d\\\\ue000\"}");
	PKGDATA_FAILS("{\"x\\\\u12");
	PKGDATA_FAILS("{\"x\\\\u12g4\"}");
	PKGDATA_FAILS("{\"x\\\\ud83dx\"}");
	PKGDATA_FAILS("{\"x\\\\ud83d\\\\u0041\"}");
}

/* --- rpm --- */

static const char TOOL[] = "tool 1.0-2: /usr/bin/tool /etc/tool.conf;";

static void make_rpm(struct rpm_bytes *db, int kind, uint32_t extra)
{
	struct rpm_bytes h;

	rpm_tool(&h, extra);
	switch (kind) {
	case 0:
		rpm_sqlite(db, &h);
		break;
	case 1:
		rpm_ndb(db, &h);
		break;
	default:
		rpm_bdb(db, &h, kind == 3);
	}
}

enum { RPM_KINDS = 4 };

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
			len_is(crx_packages_read_rpm, db.at, db.len, TOOL);
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
	len_is(crx_packages_read_rpm, db.at, db.len, TOOL);
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
	/* states of another type, fewer states and directories than files */
	rpm_header(&h, few, 6);
	rpm_ndb(&db, &h);
	len_is(crx_packages_read_rpm, db.at, db.len, "n : /d/b;");
	rpm_header(&h, tag, 5);
	rpm_put(h.at + 4, 21, 4, true);
	rpm_ndb(&db, &h);
	len_fails(crx_packages_read_rpm, db.at, db.len, "a header is damaged");
}

/* Parts to which others refer many times: more work, or memory, than the database has bytes. */
static void repeated(void **state)
{
	enum { DIR_LEN = 4000, FILES = 70000 };
	const struct rpm_tag tag[] = { { 1000, 6, 1, "n", 2 } };
	struct rpm_bytes h, db;
	char *text = malloc(8 + 3 * DIR_LEN + 4 * FILES), *at = text;
	struct crx_packages p = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_package_text t = { "f", text, 0 };
	size_t i;

	(void)state;
	rpm_header(&h, tag, 1);
	rpm_ndb(&db, &h);
	for (i = 2; i < 256; i++)
		memcpy(db.at + 16 * i, db.at + 16 * 5, 16);
	len_fails(crx_packages_read_rpm, db.at, db.len, "a header is damaged");

	assert_non_null(text);
	at += sprintf(at, "P:a\nF:");
	memset(at, 'd', DIR_LEN);
	at[DIR_LEN] = '\n';
	at += DIR_LEN + 1;
	for (i = 0; i < FILES; i++)
		at += sprintf(at, "R:%c\n", 'b');
	t.len = (size_t)(at - text);
	assert_int_equal(crx_packages_read_apk(&p, &t, &err), CRX_EFORMAT);
	assert_non_null(strstr(err.text, "more than 256 MiB"));
	assert_true(p.bytes <= CRX_PACKAGES_BYTES_MAX);
	crx_packages_free(&p);

	/* no system has such a path */
	memset(text, 'x', 3 * DIR_LEN);
	memcpy(text, "P:a\nF:", 6);
	memcpy(text + 2 * DIR_LEN, "\nR:b\nF:d\nR:c\n", 14);
	t.len = 2 * DIR_LEN + 14;
	assert_int_equal(crx_packages_read_apk(&p, &t, &err), 0);
	assert_int_equal(p.npaths, 2);
	assert_string_equal(p.path[1].path, "d/c");
	crx_packages_free(&p);
	free(text);
}

static void long_names(void **state)
{
	char text[400];

	(void)state;
	memset(text, 'n', sizeof(text));
	text[0] = 'a';
	memcpy(text + 1, ",/b\n", 4);
	memcpy(text + 300, ",/c", 3);
	len_fails(crx_packages_read_list, text, 303, "longer than 255 bytes");
	len_fails(crx_packages_read_manifest, text + 5, 290, "longer than 255 bytes");
}

/* --- a root --- */

struct fake {
	const char *path, *text;
	size_t len; /* 0: of the text */
};

static int fake_read(void *ctx, const char *path, char **text, size_t *len, struct crx_err *err)
{
	const struct fake *f;

	(void)err;
	*text = NULL;
	for (f = ctx; f->path; f++) {
		if (strcmp(f->path, path) != 0)
			continue;
		*len = f->len ? f->len : strlen(f->text);
		*text = malloc(*len + 1);
		assert_non_null(*text);
		memcpy(*text, f->text, *len);
		(*text)[*len] = '\0';
	}
	return 0;
}

static int fake_list(void *ctx, const char *dir, struct crx_strings *names, struct crx_err *err)
{
	const struct fake *f;
	size_t len = strlen(dir);
	int ret = 0;

	for (f = ctx; f->path && !ret; f++)
		if (!strncmp(f->path, dir, len) && f->path[len] == '/')
			ret = crx_strings_add(names, f->path + len + 1, err);
	return ret;
}

static void root_is(const struct fake *f, const char *wanted, const char *sources, bool bad)
{
	const struct crx_package_files files = { (void *)(uintptr_t)f, fake_read, fake_list };
	static struct kept_log kept;
	struct crx_offenders warnings = { &kept.log, CRX_LEVEL_WARNING, 1, 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_packages p = { 0 };
	char found[200] = "";
	size_t i;

	kept_begin(&kept);
	assert_int_equal(crx_packages_find(&p, &files, &warnings, &err), 0);
	for (i = 0; i < p.nsources; i++) {
		strcat(found, p.source[i].format);
		strcat(found, " ");
	}
	assert_string_equal(show(&p), wanted);
	assert_string_equal(found, sources);
	assert_int_equal(kept.log.warnings > 0, bad);
	crx_packages_free(&p);
}

static void roots(void **state)
{
	const struct fake dpkg[] = {
		{ "var/lib/dpkg/info/a.list", "/a\n/d\n", 0 },
		{ "var/lib/dpkg/info/a.md5sums", "x\n", 0 },
		{ "var/lib/dpkg/info/.list", "/x\n", 0 },
		{ "var/lib/dpkg/diversions", "/d\n/d.away\nb\n", 0 },
		{ "var/lib/dpkg/status", "Package: a\nVersion: 1\n\nPackage: z\n", 0 },
		{ NULL, NULL, 0 },
	};
	const struct fake parts[] = {
		{ "var/lib/dpkg/status.d/a", "Package: a\nVersion: 2\n", 0 },
		{ "var/lib/dpkg/status.d/a.md5sums", "0123456789abcdef0123456789abcdef  a\n", 0 },
		{ NULL, NULL, 0 },
	};
	const struct fake opkg[] = {
		{ "var/lib/opkg/info/o.list", "/o\n", 0 },
		{ "var/lib/opkg/status", "Package: o\nVersion: 3\n", 0 },
		{ "lib/apk/db/installed", "P:k\nV:1\nF:\nR:k\n", 0 },
		{ "usr/lib/apk/db/installed", "P:k\nV:1\nF:\nR:k\n", 0 },
		{ NULL, NULL, 0 },
	};
	const struct fake stripped[] = {
		{ "var/lib/dpkg/status", "Package: a\nVersion: 1\n", 0 },
		{ NULL, NULL, 0 },
	};

	(void)state;
	root_is(dpkg, "a 1: /a /d.away;", "dpkg ", false);
	root_is(parts, "a 2: a;", "dpkg ", false);
	root_is(opkg, "o 3: /o;k 1: k;", "opkg apk ", false);
	root_is(stripped, "", "", false);
}

static void rpm_roots(void **state)
{
	struct rpm_bytes db;
	struct fake f[] = {
		{ "var/lib/rpm/rpmdb.sqlite", (const char *)db.at, 0 },
		{ "var/lib/rpm/rpmdb.sqlite-wal", "", 0 },
		{ NULL, NULL, 0 },
	};

	(void)state;
	make_rpm(&db, 0, 700);
	f[0].len = db.len;
	root_is(f, TOOL, "rpm ", false);
	f[1].text = "changes";
	root_is(f, TOOL, "rpm ", true);
	f[1].text = "";
	f[0].len = 1000;
	root_is(f, "", "rpm ", true);
}

static int set_up(void **state)
{
	(void)state;
	guard = guard_new(65536);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	guard_free(&guard);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(names),
		cmocka_unit_test(md5sums),
		cmocka_unit_test(status),
		cmocka_unit_test(diversions),
		cmocka_unit_test(apk),
		cmocka_unit_test(list),
		cmocka_unit_test(manifest),
		cmocka_unit_test(pkgdata),
		cmocka_unit_test(rpm),
		cmocka_unit_test(rpm_damaged),
		cmocka_unit_test(rpm_loops),
		cmocka_unit_test(rpm_sqlite_rows),
		cmocka_unit_test(rpm_bdb_pages),
		cmocka_unit_test(rpm_headers),
		cmocka_unit_test(repeated),
		cmocka_unit_test(long_names),
		cmocka_unit_test(roots),
		cmocka_unit_test(rpm_roots),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
