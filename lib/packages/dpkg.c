/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of dpkg, and of opkg, which are like them (dpkg(1), deb-control(5), dpkg-divert(1);
 * libopkg/opkg_conf.c and pkg.c of opkg).
 */
#include "config.h"
#include "packages/parts.h"

#include <stdlib.h>

struct diversion {
	struct span from, to, by;
};

struct crx_package_diversions {
	char *text; /* a copy, which the spans point into */
	struct diversion *at;
	size_t n, cap;
};

static struct span name_of(const char *name)
{
	return (struct span){ name, strcspn(name, ":") };
}

static bool same(struct span a, struct span b)
{
	return a.len == b.len && !memcmp(a.at, b.at, a.len);
}

static int compare(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int c = len ? memcmp(a.at, b.at, len) : 0;

	return c ? c : crx_compare(a.len, b.len);
}

static int by_from(const void *a, const void *b)
{
	return compare(((const struct diversion *)a)->from, ((const struct diversion *)b)->from);
}

int crx_package_diversions_read(const struct crx_package_text *t,
				struct crx_package_diversions **out, struct crx_err *err)
{
	struct crx_package_diversions *d = crx_zalloc(1, sizeof(*d));
	struct crx_package_text copy = *t;
	struct diversion one;
	size_t at = 0;

	*out = d;
	if (d)
		copy.text = d->text = crx_strndup(t->text, t->len);
	if (!d || !d->text)
		goto nomem;
	copy.len = strlen(d->text);
	while (crx_packages_line(&copy, &at, &one.from) && crx_packages_line(&copy, &at, &one.to) &&
	       crx_packages_line(&copy, &at, &one.by)) {
		if (!crx_grow(&d->at, &d->cap, d->n + 1, sizeof(*d->at)))
			goto nomem;
		d->at[d->n++] = one;
	}
	if (d->n)
		qsort(d->at, d->n, sizeof(*d->at), by_from);
	return 0;
nomem:
	crx_package_diversions_free(d);
	*out = NULL;
	return crx_err_nomem(err, "reading the list of packages");
}

void crx_package_diversions_free(struct crx_package_diversions *d)
{
	if (!d)
		return;
	free(d->text);
	free(d->at);
	free(d);
}

/* Where a file of this package is: a diversion moves those of all packages but its own. */
static struct span divert(const struct crx_package_diversions *d, struct span package,
			  struct span path)
{
	struct diversion wanted = { .from = path };
	const struct diversion *found;

	if (!d || !d->n)
		return path;
	found = bsearch(&wanted, d->at, d->n, sizeof(*d->at), by_from);
	return found && !same(found->by, package) ? found->to : path;
}

int crx_packages_read_paths(struct crx_packages *p, const char *name,
			    const struct crx_package_text *t,
			    const struct crx_package_diversions *diversions, struct crx_err *err)
{
	struct span package = name_of(name), line;
	size_t at = 0;
	uint32_t index;
	int ret = crx_packages_add(p, package, false, &index, err);

	while (!ret && crx_packages_line(t, &at, &line)) {
		const char *tab = memchr(line.at, '\t', line.len);

		if (tab)
			line.len = (size_t)(tab - line.at);
		ret = crx_packages_add_path(p, index, (struct span){ 0 },
					    divert(diversions, package, line), err);
	}
	return ret;
}

int crx_packages_read_md5sums(struct crx_packages *p, const char *name,
			      const struct crx_package_text *t, struct crx_err *err)
{
	enum { SUM = 32 + 2 };
	struct span line;
	size_t at = 0;
	uint32_t index;
	int ret = crx_packages_add(p, name_of(name), false, &index, err);

	while (!ret && crx_packages_line(t, &at, &line))
		if (line.len > SUM)
			ret = crx_packages_add_path(p, index, (struct span){ 0 },
						    (struct span){ line.at + SUM, line.len - SUM },
						    err);
	return ret;
}

int crx_packages_read_status(struct crx_packages *p, const struct crx_package_text *t,
			     struct crx_err *err)
{
	struct span line, value;
	uint32_t index = 0;
	bool known = false;
	size_t at = 0;
	int ret = 0;

	while (!ret && crx_packages_line(t, &at, &line)) {
		if (!line.len)
			known = false; /* the end of a paragraph */
		else if (crx_packages_field(line, "Package", &value))
			known = crx_packages_known(p, value, &index);
		else if (known && crx_packages_field(line, "Version", &value))
			ret = crx_packages_set_version(p, index, value, err);
	}
	return ret;
}
