/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All executables of an image. First the files that begin like one are found, then these are read.
 * The length of the image bounds the work, because a hostile image may have any number of tables
 * that share all their blocks.
 */
#include "config.h"
#include "proof/explain/segment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/pool.h"
#include "comp/comp.h"
#include "read/kmodel.h"

enum {
	PROBES = 65536,      /* files that are probed in any image, */
	PROBES_EACH = 4,     /* and more for each of its pages */
	READ_LEN = 16 << 20, /* bytes of executables that are read in any image, */
	READ_EACH = 16,      /* and more for each of its bytes */
	INTERPS = 64         /* names of interpreters that are looked up */
};

struct worker {
	struct crx_inflate *z;
	uint8_t *page;
};

struct work {
	const struct crx_image *img;
	const struct crx_listing *l;
	const struct crx_explain_opts *o;
	uint32_t *cand;  /* regular files, by listing index; each inode once */
	uint8_t *probed; /* for each: begins like an executable */
	size_t ncand;
	struct crx_explain_file *file;
	struct worker *worker;
	unsigned workers;
};

static uint64_t ino(const struct work *w, uint32_t i)
{
	const struct crx_entry *e = &w->l->entry[i];

	return crx_k_ino(&e->de.inode, e->de.off);
}

struct by_ino {
	uint64_t ino;
	uint32_t index;
};

static int compare(const void *a, const void *b)
{
	const struct by_ino *x = a, *y = b;
	int c = crx_compare(x->ino, y->ino);

	return c ? c : crx_compare(x->index, y->index);
}

static int by_index(const void *a, const void *b)
{
	return crx_compare(*(const uint32_t *)a, *(const uint32_t *)b);
}

/* Regular files with contents, each inode under its first name. */
static int find_candidates(struct work *w, struct crx_err *err)
{
	struct by_ino *all = crx_alloc(w->l->n, sizeof(*all));
	size_t i, n = 0;

	w->cand = crx_alloc(w->l->n, sizeof(*w->cand));
	if (!all || !w->cand) {
		free(all);
		return crx_err_nomem(err, "looking for executables");
	}
	for (i = 0; i < w->l->n; i++)
		if (S_ISREG(w->l->entry[i].de.inode.mode) && crx_entry_size(&w->l->entry[i]))
			all[n++] = (struct by_ino){ ino(w, (uint32_t)i), (uint32_t)i };
	qsort(all, n, sizeof(*all), compare);
	for (i = 0; i < n; i++)
		if (!i || all[i].ino != all[i - 1].ino)
			w->cand[w->ncand++] = all[i].index;
	free(all);
	qsort(w->cand, w->ncand, sizeof(*w->cand), by_index);
	return 0;
}

static int make_workers(struct work *w, struct crx_err *err)
{
	unsigned i;

	w->worker = crx_zalloc(w->workers, sizeof(*w->worker));
	for (i = 0; w->worker && i < w->workers; i++) {
		w->worker[i].z = crx_inflate_new();
		w->worker[i].page = crx_alloc(w->img->page_size, 1);
		if (!w->worker[i].z || !w->worker[i].page)
			return crx_err_nomem(err, "looking for executables");
	}
	return w->worker ? 0 : crx_err_nomem(err, "looking for executables");
}

static int probe_job(void *ctx, size_t i, unsigned worker, struct crx_err *err CRX_UNUSED)
{
	struct work *w = ctx;
	const struct crx_entry *e = &w->l->entry[w->cand[i]];
	uint8_t *page = w->worker[worker].page;

	if (crx_entry_size(e) >= 4 &&
	    !crx_k_read_folio(w->img, &e->de.inode, 0, w->worker[worker].z, page))
		w->probed[i] = crx_exec_probe(page, w->img->page_size);
	return 0;
}

/* Drops the candidates that do not begin like executables. False if there are more executables than
 * may be read. */
static bool keep_executables(struct work *w)
{
	uint64_t budget = READ_LEN + READ_EACH * w->img->len;
	uint64_t size;
	size_t i, n = 0;

	for (i = 0; i < w->ncand; i++) {
		if (!w->probed[i])
			continue;
		size = crx_entry_size(&w->l->entry[w->cand[i]]);
		if (size > budget)
			break;
		budget -= size;
		w->cand[n++] = w->cand[i];
	}
	size = w->ncand;
	w->ncand = n;
	return i == size;
}

static int read_job(void *ctx, size_t i, unsigned worker, struct crx_err *err)
{
	struct work *w = ctx;

	return crx_explain_entry(w->img, &w->l->entry[w->cand[i]], w->o, w->worker[worker].z,
				 &w->file[i], err);
}

static int probe_and_read(struct work *w, struct crx_explain *out, struct crx_err *err)
{
	uint64_t probes = PROBES + w->img->len / w->img->page_size * PROBES_EACH;
	struct crx_pool_job probe = { probe_job, w }, read = { read_job, w };
	int ret;

	if (w->ncand > probes) {
		w->ncand = (size_t)probes;
		out->truncated = true;
	}
	w->probed = crx_zalloc(w->ncand, 1);
	if (!w->probed)
		return crx_err_nomem(err, "looking for executables");
	ret = crx_pool_run(w->workers, w->ncand, &probe, err);
	if (ret)
		return ret;
	if (!keep_executables(w))
		out->truncated = true;
	w->file = crx_zalloc(w->ncand, sizeof(*w->file));
	if (!w->file)
		return crx_err_nomem(err, "looking for executables");
	out->file = w->file;
	out->nfiles = w->ncand;
	return crx_pool_run(w->workers, w->ncand, &read, err);
}

static struct crx_explain_file *find_file(const struct work *w, struct crx_explain *x,
					  const struct crx_entry *e)
{
	size_t i;

	for (i = 0; e && i < x->nfiles; i++)
		if (x->file[i].entry == e || ino(w, x->file[i].entry->index) == ino(w, e->index))
			return &x->file[i];
	return NULL;
}

/* Most programs name the same interpreter, so a name is not looked up twice in succession. */
static int mark_interpreters(const struct work *w, struct crx_explain *x, struct crx_err *err)
{
	const char *last = NULL;
	struct crx_explain_file *f = NULL;
	bool missing = false;
	size_t i, n = 0;

	for (i = 0; i < x->nfiles && n < INTERPS; i++) {
		const char *name = x->file[i].exec.interp;
		const struct crx_entry *e;

		if (!name)
			continue;
		if (!last || strcmp(name, last)) {
			last = name;
			n++;
			e = crx_listing_find(w->img, w->l, name, true, w->worker[0].z);
			if (!e && errno == ENOMEM)
				return crx_err_nomem(err, "looking for interpreters");
			f = find_file(w, x, e);
			missing = !e;
		}
		if (f)
			f->role = CRX_EXPLAIN_INTERPRETER;
		x->file[i].interp = f;
		x->file[i].interp_missing = missing;
	}
	return 0;
}

/* Drops files without segments, and adds up the pages of the others. */
static void total_pages(struct crx_explain *x)
{
	size_t i, n = 0;

	for (i = 0; i < x->nfiles; i++) {
		if (!x->file[i].nsegs) {
			crx_explain_file_free(&x->file[i]);
			continue;
		}
		x->pages += x->file[i].pages;
		x->in_place += x->file[i].in_place;
		x->file[n++] = x->file[i];
	}
	x->nfiles = n;
}

int crx_explain_image(const struct crx_image *img, const struct crx_listing *l,
		      const struct crx_explain_opts *o, struct crx_explain *out,
		      struct crx_err *err)
{
	struct work w = { .img = img, .l = l, .o = o, .workers = o->workers ? o->workers : 1 };
	unsigned i;
	int ret;

	*out = (struct crx_explain){ 0 };
	ret = find_candidates(&w, err);
	if (!ret)
		ret = make_workers(&w, err);
	if (!ret)
		ret = probe_and_read(&w, out, err);
	if (!ret) {
		total_pages(out);
		ret = mark_interpreters(&w, out, err);
	}
	for (i = 0; w.worker && i < w.workers; i++) {
		crx_inflate_free(w.worker[i].z);
		free(w.worker[i].page);
	}
	free(w.worker);
	free(w.cand);
	free(w.probed);
	if (ret)
		crx_explain_free(out);
	return ret;
}

void crx_explain_free(struct crx_explain *x)
{
	size_t i;

	if (!x)
		return;
	for (i = 0; x->file && i < x->nfiles; i++)
		crx_explain_file_free(&x->file[i]);
	free(x->file);
	*x = (struct crx_explain){ 0 };
}
