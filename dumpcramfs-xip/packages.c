/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packages: bytes, pages in place, cost and RAM saved, for each package.
 */
#include "config.h"

#include "packages.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/number.h"
#include "cli/text.h"
#include "read/paths.h"

static void add_up(struct packages *p, size_t entries)
{
	struct packages_row *sum = &p->sum;
	size_t i, k;

	sum->entries = entries;

	for (i = 0; i < p->nrows; i++) {
		const struct packages_row *r = &p->row[i];

		sum->missing += r->missing;
		sum->total += r->total;
		sum->pages += r->pages;
		sum->cost += r->cost;
		for (k = 0; k < USES; k++)
			sum->bytes[k] += r->bytes[k];
	}
}

int packages_find(struct dump *d, struct packages *out, struct crx_err *err)
{
	struct crx_paths *paths;
	struct packages *p = out;
	int ret;

	*p = (struct packages){ 0 };
	ret = crx_paths_open(&d->view->img, &d->view->list, d->z, &paths, err);
	if (ret)
		return ret;
	ret = packages_load(d, p, paths, err);
	if (!ret && p->given) {
		p->none = (uint32_t)p->list.n;
		p->shared = p->none + 1;
		p->image = p->none + 2;
		p->nrows = p->none + (size_t)3;
		p->row = crx_zalloc(p->nrows, sizeof(*p->row));
		if (!p->row)
			ret = crx_err_nomem(err, "counting the bytes of packages");
		if (!ret)
			ret = packages_own(p, d->view, paths, err);
		if (!ret)
			ret = packages_count(p, d->view, err);
		if (!ret)
			add_up(p, d->view->list.n - 1);
	}
	crx_paths_free(paths);
	return ret;
}

void packages_free(struct packages *p)
{
	crx_packages_free(&p->list);
	free(p->row);
	free(p->owner);
	*p = (struct packages){ 0 };
}

/* --- JSON --- */

static void put_row(const struct packages_row *r, const struct crx_image *img,
		    struct crx_cli_json *j)
{
	size_t use;

	crx_cli_json_uint(j, "entries", r->entries);
	crx_cli_json_uint(j, "image_bytes", r->total);
	crx_cli_json_open(j, "bytes", '{', true);
	for (use = 0; use < USES; use++)
		if (r->bytes[use])
			crx_cli_json_uint(j, use_key((enum use)use), r->bytes[use]);
	crx_cli_json_close(j);
	crx_cli_json_uint(j, "pages", r->pages);
	crx_cli_json_uint(j, "cost_bytes", r->cost);
	crx_cli_json_uint(j, "ram_bytes", r->pages * img->page_size);
}

static void put_other(const struct packages_row *r, const char *key, const struct crx_image *img,
		      struct crx_cli_json *j)
{
	crx_cli_json_open(j, key, '{', true);
	put_row(r, img, j);
	crx_cli_json_close(j);
}

void packages_put_json(const struct packages *p, const struct crx_image *img,
		       struct crx_cli_json *j)
{
	size_t i;

	crx_cli_json_open(j, "databases", '[', true);
	for (i = 0; i < p->list.nsources; i++) {
		crx_cli_json_open(j, NULL, '{', true);
		crx_cli_json_string(j, "format", p->list.source[i].format);
		crx_cli_json_string(j, "path", p->list.source[i].path);
		crx_cli_json_close(j);
	}
	crx_cli_json_close(j);
	crx_cli_json_open(j, "packages", '[', false);
	for (i = 0; i < p->list.n; i++) {
		crx_cli_json_open(j, NULL, '{', true);
		crx_cli_json_string(j, "name", p->list.package[i].name);
		crx_cli_json_string(j, "version", p->list.package[i].version);
		put_row(&p->row[i], img, j);
		crx_cli_json_uint(j, "shared_bytes", p->row[i].shared);
		crx_cli_json_uint(j, "missing", p->row[i].missing);
		crx_cli_json_close(j);
	}
	crx_cli_json_close(j);
	put_other(&p->row[p->none], "no_package", img, j);
	put_other(&p->row[p->shared], "shared", img, j);
	put_other(&p->row[p->image], "image", img, j);
	put_other(&p->sum, "total", img, j);
}

static void put_json(const struct dump *d, const struct packages *p)
{
	struct crx_cli_json j = { .out = d->out };

	crx_cli_json_open(&j, NULL, '{', false);
	crx_cli_json_uint(&j, "page_size", d->view->img.page_size);
	crx_cli_json_uint(&j, "size", d->view->img.super.size);
	crx_cli_json_uint(&j, "file_size", d->view->img.len);
	packages_put_json(p, &d->view->img, &j);
	crx_cli_json_close(&j);
}

/* --- text --- */

static void put_numbers(const struct dump *d, const struct packages_row *r)
{
	fprintf(d->out, "%10" PRIu64 " %10" PRIu64 " %7" PRIu64 " %10" PRIu64 " %10" PRIu64 "  ",
		r->total, r->shared, r->pages, r->cost, r->pages * d->view->img.page_size);
}

static void put_parts(const struct dump *d, const struct packages_row *r, const char *what)
{
	size_t use;

	put_numbers(d, r);
	fprintf(d->out, "%s:", what);
	for (use = 0; use < USES; use++)
		if (r->bytes[use])
			fprintf(d->out, " %s %" PRIu64, use_name((enum use)use), r->bytes[use]);
	fputc('\n', d->out);
}

static void put_package(const struct dump *d, const struct packages *p, size_t i)
{
	put_numbers(d, &p->row[i]);
	crx_cli_put_path(d->out, p->list.package[i].name);
	if (*p->list.package[i].version)
		fputc(' ', d->out);
	crx_cli_put_path(d->out, p->list.package[i].version);
	fputc('\n', d->out);
}

struct sorted {
	uint64_t total;
	size_t index;
};

static int most_first(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int c = crx_compare(y->total, x->total);

	return c ? c : crx_compare(x->index, y->index);
}

static int put_text(const struct dump *d, const struct packages *p, struct crx_err *err)
{
	struct sorted *s = crx_alloc(p->list.n, sizeof(*s));
	uint64_t empty = 0;
	size_t i;

	if (!s)
		return crx_err_nomem(err, "sorting the packages");
	for (i = 0; i < p->list.n; i++)
		s[i] = (struct sorted){ p->row[i].total, i };
	if (i)
		qsort(s, i, sizeof(*s), most_first);
	fprintf(d->out, "%10s %10s %7s %10s %10s  %s\n", "bytes", "shared", "pages", "cost",
		"RAM saved", "package");
	for (i = 0; i < p->list.n; i++) {
		if (p->row[s[i].index].entries)
			put_package(d, p, s[i].index);
		else
			empty++;
	}
	put_parts(d, &p->row[p->none], "no package");
	put_parts(d, &p->row[p->shared], "shared");
	put_parts(d, &p->row[p->image], "image");
	put_numbers(d, &p->sum);
	fputs("total\n", d->out);
	if (empty)
		fprintf(d->out, "%10" PRIu64 " package%s nothing in the image\n", empty,
			empty == 1 ? " has" : "s have");
	if (p->sum.missing)
		fprintf(d->out, "%10" PRIu64 " path%s of packages %s not in the image\n",
			p->sum.missing, crx_plural(p->sum.missing),
			p->sum.missing == 1 ? "is" : "are");
	free(s);
	return 0;
}

int command_packages(struct dump *d, struct crx_err *err)
{
	struct packages p;
	int ret = packages_find(d, &p, err);

	if (!ret && !p.given)
		ret = crx_err_set(err, CRX_EFORMAT, 0, d->view->path,
				  "no database of dpkg, opkg, apk or rpm is in the image (give one "
				  "with --database, --package-list or --manifest)");
	if (!ret && p.truncated)
		dump_incomplete(d, NULL,
				"more tables or blocks than an image of this size can hold: not "
				"all are counted");
	if (!ret && d->o->json)
		put_json(d, &p);
	else if (!ret)
		ret = put_text(d, &p, err);
	packages_free(&p);
	return ret;
}
