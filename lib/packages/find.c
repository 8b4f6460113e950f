/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where package managers keep their databases.
 */
#include "config.h"
#include "packages/parts.h"

#include <stdlib.h>

struct find {
	struct crx_packages *p;
	const struct crx_package_files *files;
	struct crx_offenders *warnings;
	struct crx_err *err;
};

/* An error of one file is a warning, unless memory is short or the file cannot be read. */
static int tolerate(const struct find *f, const char *path, int ret, const struct crx_err *err)
{
	if (ret != CRX_EFORMAT) {
		if (ret)
			*f->err = *err;
		return ret;
	}
	crx_offenders_add(f->warnings, *err->path ? err->path : path, "%s", err->text);
	return 0;
}

/* *t.text is NULL if there is no such file; the caller frees it. */
static int read_file(const struct find *f, const char *path, struct crx_package_text *t,
		     char **text)
{
	struct crx_err err = CRX_ERR_INIT;
	int ret;

	*text = NULL;
	*t = (struct crx_package_text){ .file = path };
	ret = f->files->read(f->files->ctx, path, text, &t->len, &err);
	t->text = *text;
	return tolerate(f, path, ret, &err);
}

static void add_source(const struct find *f, const char *format, const char *path)
{
	struct crx_packages *p = f->p;

	if (p->nsources < sizeof(p->source) / sizeof(p->source[0]))
		p->source[p->nsources++] = (struct crx_package_source){ format, path };
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return len > n && !strcmp(name + len - n, end);
}

struct lists {
	const char *dir, *suffix;
	bool md5sums;
	struct crx_package_diversions *diversions;
};

static int read_list(const struct find *f, const struct lists *l, const char *name)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_package_text t;
	char *text, *path = crx_strjoin(l->dir, "/", name), *package;
	int ret = path ? read_file(f, path, &t, &text) : CRX_ENOMEM;

	if (!path)
		return crx_err_nomem(f->err, "reading the list of packages");
	package = ret || !text ? NULL : crx_strndup(name, strlen(name) - strlen(l->suffix));
	if (!ret && text && !package)
		ret = crx_err_nomem(f->err, "reading the list of packages");
	if (package) {
		ret = l->md5sums ? crx_packages_read_md5sums(f->p, package, &t, &err)
				 : crx_packages_read_paths(f->p, package, &t, l->diversions, &err);
		ret = tolerate(f, path, ret, &err);
	}
	free(package);
	free(text);
	free(path);
	return ret;
}

/* *found: there is at least one list. */
static int read_lists(const struct find *f, const struct lists *l, bool *found)
{
	struct crx_strings names = { 0 };
	size_t i;
	int ret = f->files->list(f->files->ctx, l->dir, &names, f->err);

	for (i = 0; i < names.n && !ret; i++) {
		if (!ends_with(names.at[i], l->suffix))
			continue;
		*found = true;
		ret = read_list(f, l, names.at[i]);
	}
	crx_strings_free(&names);
	return ret;
}

static int read_versions(const struct find *f, const char *path)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_package_text t;
	char *text;
	int ret = read_file(f, path, &t, &text);

	if (!ret && text)
		ret = tolerate(f, path, crx_packages_read_status(f->p, &t, &err), &err);
	free(text);
	return ret;
}

static int find_dpkg(const struct find *f)
{
	struct lists l = { .dir = "var/lib/dpkg/info", .suffix = ".list" };
	struct crx_package_text t;
	bool found = false;
	char *text;
	int ret = read_file(f, "var/lib/dpkg/diversions", &t, &text);

	if (!ret && text)
		ret = crx_package_diversions_read(&t, &l.diversions, f->err);
	free(text);
	if (!ret)
		ret = read_lists(f, &l, &found);
	if (!ret && found) {
		add_source(f, "dpkg", "var/lib/dpkg");
		ret = read_versions(f, "var/lib/dpkg/status");
	}
	crx_package_diversions_free(l.diversions);
	return ret;
}

/* Of images without dpkg itself: a file for each package with its paragraph of "status", and one
 * with the sums of its files. */
static int find_dpkg_parts(const struct find *f)
{
	const struct lists l = { .dir = "var/lib/dpkg/status.d",
				 .suffix = ".md5sums",
				 .md5sums = true };
	struct crx_strings names = { 0 };
	bool found = false;
	size_t i;
	int ret = read_lists(f, &l, &found);

	if (ret || !found)
		return ret;
	add_source(f, "dpkg", l.dir);
	ret = f->files->list(f->files->ctx, l.dir, &names, f->err);
	for (i = 0; i < names.n && !ret; i++) {
		char *path = crx_strjoin(l.dir, "/", names.at[i]);

		if (!path)
			ret = crx_err_nomem(f->err, "reading the list of packages");
		else if (!ends_with(path, l.suffix))
			ret = read_versions(f, path);
		free(path);
	}
	crx_strings_free(&names);
	return ret;
}

static int find_opkg(const struct find *f)
{
	static const struct {
		const char *root, *info, *status;
	} place[] = { { "usr/lib/opkg", "usr/lib/opkg/info", "usr/lib/opkg/status" },
		      { "var/lib/opkg", "var/lib/opkg/info", "var/lib/opkg/status" } };
	bool found = false;
	size_t i;
	int ret = 0;

	for (i = 0; i < sizeof(place) / sizeof(place[0]) && !ret && !found; i++) {
		const struct lists l = { .dir = place[i].info, .suffix = ".list" };

		ret = read_lists(f, &l, &found);
		if (ret || !found)
			continue;
		add_source(f, "opkg", place[i].root);
		ret = read_versions(f, place[i].status);
	}
	return ret;
}

/* The first of the paths that there is, read as a whole by fn. */
struct whole {
	const char *format;
	const char *const *path; /* ends with NULL */
	int (*read)(struct crx_packages *p, const struct crx_package_text *t, struct crx_err *err);
};

static int find_whole(const struct find *f, const struct whole *w)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_package_text t;
	char *text = NULL;
	size_t i;
	int ret = 0;

	for (i = 0; w->path[i] && !ret && !text; i++) {
		ret = read_file(f, w->path[i], &t, &text);
		if (ret || !text)
			continue;
		add_source(f, w->format, w->path[i]);
		ret = tolerate(f, w->path[i], w->read(f->p, &t, &err), &err);
	}
	free(text);
	return ret;
}

/* SQLite keeps changes in a file of their own before they are in the database. */
static int warn_wal(const struct find *f, const char *database)
{
	struct crx_package_text t = { 0 };
	char *text = NULL, *path = crx_strjoin(database, "-wal", "");
	int ret = path ? read_file(f, path, &t, &text) : CRX_ENOMEM;

	if (!path)
		return crx_err_nomem(f->err, "reading the list of packages");
	if (!ret && text && t.len) {
		crx_offenders_add(f->warnings, path,
				  "changes that are not yet in the database are not read (rpm "
				  "--rebuilddb writes them to it)");
	}
	free(text);
	free(path);
	return ret;
}

static int find_rpm(const struct find *f)
{
	static const char *const path[] = { "usr/lib/sysimage/rpm/rpmdb.sqlite",
					    "var/lib/rpm/rpmdb.sqlite",
					    "usr/share/rpm/rpmdb.sqlite",
					    "usr/lib/sysimage/rpm/Packages.db",
					    "var/lib/rpm/Packages.db",
					    "usr/lib/sysimage/rpm/Packages",
					    "var/lib/rpm/Packages",
					    NULL };
	const struct whole w = { "rpm", path, crx_packages_read_rpm };
	size_t n = f->p->nsources;
	int ret = find_whole(f, &w);

	if (!ret && f->p->nsources > n && ends_with(f->p->source[n].path, ".sqlite"))
		ret = warn_wal(f, f->p->source[n].path);
	return ret;
}

int crx_packages_find(struct crx_packages *p, const struct crx_package_files *files,
		      struct crx_offenders *warnings, struct crx_err *err)
{
	static const char *const apk_path[] = { "lib/apk/db/installed", "usr/lib/apk/db/installed",
						NULL };
	const struct whole apk = { "apk", apk_path, crx_packages_read_apk };
	const struct find f = { p, files, warnings, err };
	int ret = find_dpkg(&f);

	if (!ret)
		ret = find_dpkg_parts(&f);
	if (!ret)
		ret = find_opkg(&f);
	if (!ret)
		ret = find_whole(&f, &apk);
	return ret ? ret : find_rpm(&f);
}
