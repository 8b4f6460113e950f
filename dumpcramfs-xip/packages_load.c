/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The databases and lists of packages: in the image, or where the options say.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "packages.h"
#include "read/paths.h"

enum {
	FILE_MAX = 1 << 30,    /* bytes of a file of the host */
	IMAGE_BUDGET = 1 << 28 /* bytes of databases in an image */
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_names(struct crx_strings *names)
{
	if (names->n)
		qsort(names->at, names->n, sizeof(*names->at), by_text);
}

/* --- a root in the image --- */

struct image_files {
	const struct view *v;
	struct crx_paths *paths;
	struct crx_inflate *z;
	uint64_t budget;
};

static int image_read(void *ctx, const char *path, char **text, size_t *len, struct crx_err *err)
{
	struct image_files *f = ctx;
	const struct crx_entry *e = crx_paths_find(f->paths, path, true);
	uint8_t *bytes;
	int ret;

	*text = NULL;
	if (!e || !S_ISREG(e->de.inode.mode))
		return 0;
	if (e->de.inode.size > f->budget)
		return crx_err_set(err, CRX_EFORMAT, 0, path,
				   "more databases of packages than a root has");
	f->budget -= e->de.inode.size;
	ret = crx_entry_contents(&f->v->img, e, f->z, &bytes, err);
	if (!ret) {
		*text = (char *)bytes;
		*len = crx_entry_size(e);
	}
	return ret;
}

static int image_list(void *ctx, const char *dir, struct crx_strings *names, struct crx_err *err)
{
	const struct image_files *f = ctx;
	const struct crx_listing *l = &f->v->list;
	const struct crx_entry *e = crx_paths_find(f->paths, dir, true);
	uint32_t i;
	int ret = 0;

	for (i = 0; e && i < e->nchildren && !ret; i++)
		if (!strchr(l->entry[e->first_child + i].de.name, '/'))
			ret = crx_strings_add(names, l->entry[e->first_child + i].de.name, err);
	sort_names(names);
	return ret;
}

/* --- a root in a directory of the host --- */

/* *text is NULL if path does not exist or is a directory. */
static int read_if_there(const char *path, char **text, size_t *len, struct crx_err *err)
{
	struct crx_err e = CRX_ERR_INIT;
	int ret = crx_io_read_file(path, FILE_MAX, text, len, &e);

	if (!ret)
		return 0;
	*text = NULL;
	if (e.sys_errno == ENOENT || e.sys_errno == ENOTDIR || e.sys_errno == EISDIR)
		return 0;
	*err = e;
	return ret;
}

static int host_read(void *ctx, const char *path, char **text, size_t *len, struct crx_err *err)
{
	char *whole = crx_strjoin(ctx, "/", path);
	int ret;

	*text = NULL;
	if (!whole)
		return crx_err_nomem(err, "reading the list of packages");
	ret = read_if_there(whole, text, len, err);
	free(whole);
	return ret;
}

static int host_list(void *ctx, const char *dir, struct crx_strings *names, struct crx_err *err)
{
	char *whole = crx_strjoin(ctx, "/", dir);
	const struct dirent *e;
	DIR *stream;
	int ret = 0;

	if (!whole)
		return crx_err_nomem(err, "reading the list of packages");
	stream = opendir(whole);
	if (!stream && errno != ENOENT && errno != ENOTDIR)
		ret = crx_err_set(err, CRX_EIO, errno, whole, "cannot open");
	errno = 0;
	while (stream && !ret && (e = readdir(stream))) {
		ret = crx_strings_add(names, e->d_name, err);
		errno = 0;
	}
	if (stream && !ret && errno)
		ret = crx_err_set(err, CRX_EIO, errno, whole, "cannot read the directory");
	if (stream)
		closedir(stream);
	free(whole);
	sort_names(names);
	return ret;
}

/* --- lists of the host --- */

typedef int parse_fn(struct crx_packages *p, const struct crx_package_text *t, struct crx_err *err);

static int read_list(struct packages *p, const char *path, parse_fn *parse, struct crx_err *err)
{
	struct crx_package_text t = { .file = path };
	char *text;
	int ret = crx_io_read_file(path, FILE_MAX, &text, &t.len, err);

	if (ret)
		return ret;
	t.text = text;
	ret = parse(&p->list, &t, err);
	free(text);
	p->given = true;
	return ret;
}

/* The files of a package of the manifest are in DIR/runtime-reverse/NAME. */
static int read_pkgdata(struct packages *p, const char *dir, size_t index,
			struct crx_offenders *warnings, struct crx_err *err)
{
	char *path = crx_strjoin(dir, "/runtime-reverse/", p->list.package[index].name), *text;
	struct crx_package_text t = { .file = path };
	int ret;

	if (!path)
		return crx_err_nomem(err, "reading the list of packages");
	ret = read_if_there(path, &text, &t.len, err);
	t.text = text;
	if (!ret && text)
		ret = crx_packages_read_pkgdata(&p->list, index, &t, err);
	else if (!ret)
		crx_offenders_add(warnings, path, "is missing: nothing is known of this package");
	free(text);
	free(path);
	return ret;
}

static int read_yocto(struct packages *p, const struct options *o, struct crx_offenders *warnings,
		      struct crx_err *err)
{
	size_t i = p->list.n;
	int ret = read_list(p, o->manifest, crx_packages_read_manifest, err);

	for (; i < p->list.n && !ret; i++)
		ret = read_pkgdata(p, o->pkgdata, i, warnings, err);
	return ret;
}

int packages_load(struct dump *d, struct packages *p, struct crx_paths *paths, struct crx_err *err)
{
	const struct options *o = d->o;
	struct image_files in_image = { d->view, paths, d->z, IMAGE_BUDGET };
	char *dir = o->database ? crx_strdup(o->database) : NULL;
	const struct crx_package_files image = { &in_image, image_read, image_list };
	const struct crx_package_files host = { dir, host_read, host_list };
	bool lists = o->package_list || o->manifest;
	size_t warnings = d->warnings.count;
	int ret = 0;

	if (o->database && !dir)
		return crx_err_nomem(err, "reading the list of packages");
	if (o->database || !lists)
		ret = crx_packages_find(&p->list, dir ? &host : &image, &d->warnings, err);
	d->incomplete = d->incomplete || d->warnings.count > warnings;
	p->given = p->list.nsources > 0;
	free(dir);
	if (!ret && o->database && !p->given)
		ret = crx_err_set(err, CRX_EFORMAT, 0, o->database,
				  "no database of dpkg, opkg, apk or rpm below this directory "
				  "(expected the root that the image was made from)");
	if (!ret && o->package_list)
		ret = read_list(p, o->package_list, crx_packages_read_list, err);
	if (!ret && o->manifest)
		ret = read_yocto(p, o, &d->warnings, err);
	return ret;
}
