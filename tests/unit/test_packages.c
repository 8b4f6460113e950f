/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/packages: each format, and what is wrong with damaged ones. Those of rpm:
 * test_packages_rpm.c.
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

#include "kept_log.h"
#include "packages_read.h"
#include "rpm_make.h"

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
	len_is(crx_packages_read_apk, "P:a\nF:x\0y\nR:z\nF:b", 17, "a : b;");
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

/* Parts to which others refer many times: more work, or memory, than the database has bytes. */
static void repeated(void **state)
{
	enum { DIR_LEN = 4000, FILES = 70000 };
	char *text = malloc(8 + 3 * DIR_LEN + 4 * FILES), *at = text;
	struct crx_packages p = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_package_text t = { "f", text, 0 };
	size_t i;

	(void)state;
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

/* No root has so many packages. */
static void many(void **state)
{
	char *text = malloc(CRX_PACKAGES_MAX * 9 + 9), *at = text;
	struct crx_packages p = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_package_text t = { "f", text, 0 };
	unsigned i;

	(void)state;
	assert_non_null(text);
	for (i = 0; i <= CRX_PACKAGES_MAX; i++) {
		t.len = (size_t)(at - text);
		at += sprintf(at, "%06x,\n", i);
		at[-1] = 'x';
		*at++ = '\n';
	}
	assert_int_equal(crx_packages_read_list(&p, &t, &err), 0);
	assert_int_equal(p.n, CRX_PACKAGES_MAX);
	crx_packages_free(&p);
	t.len = (size_t)(at - text);
	assert_int_equal(crx_packages_read_list(&p, &t, &err), CRX_EFORMAT);
	assert_non_null(strstr(err.text, "more than 65536 packages"));
	crx_packages_free(&p);
	free(text);
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
	root_is(f, RPM_TOOL, "rpm ", false);
	f[1].text = "changes";
	root_is(f, RPM_TOOL, "rpm ", true);
	f[1].text = "";
	f[0].len = 1000;
	root_is(f, "", "rpm ", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),    cmocka_unit_test(names),      cmocka_unit_test(md5sums),
		cmocka_unit_test(status),   cmocka_unit_test(diversions), cmocka_unit_test(apk),
		cmocka_unit_test(list),     cmocka_unit_test(manifest),   cmocka_unit_test(pkgdata),
		cmocka_unit_test(repeated), cmocka_unit_test(long_names), cmocka_unit_test(many),
		cmocka_unit_test(roots),    cmocka_unit_test(rpm_roots),
	};

	return cmocka_run_group_tests_name("packages", tests, packages_set_up, packages_tear_down);
}
