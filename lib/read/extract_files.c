/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the contents of files, in parallel: a job is a few pages of a file that is already open. A
 * worker never looks up a name.
 */
#include "config.h"
#include "read/extract_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/pool.h"

enum { CHUNK_LEN = 256 << 10 };

struct job {
	size_t file; /* in the batch */
	uint32_t first_pg, npg;
	struct crx_extract_bad bad;
};

struct jobs {
	struct crx_extraction *x;
	struct job *job;
	size_t n;
};

static uint32_t pages_of(const struct crx_extraction *x, const struct crx_entry *e)
{
	return (crx_extract_size(e) + x->img->page_size - 1) / x->img->page_size;
}

static uint32_t chunk_pages(const struct crx_extraction *x)
{
	return CHUNK_LEN / x->img->page_size;
}

int crx_extract_files_init(struct crx_extraction *x, struct crx_err *err)
{
	unsigned i;

	x->workers = x->o->workers ? x->o->workers : 1;
	x->worker = crx_zalloc(x->workers, sizeof(*x->worker));
	for (i = 0; x->worker && i < x->workers; i++) {
		x->worker[i].z = crx_inflate_new();
		x->worker[i].buf = crx_alloc(CHUNK_LEN, 1);
		if (!x->worker[i].z || !x->worker[i].buf)
			break;
	}
	if (!x->worker || i < x->workers)
		return crx_err_nomem(err, "extracting files");
	return 0;
}

/* Writes the pages of the job that are not zero. The file already has its length. */
static int write_pages(struct crx_extraction *x, int fd, const struct crx_entry *e,
		       const struct job *j, const uint8_t *buf, struct crx_err *err)
{
	uint64_t off = (uint64_t)j->first_pg * x->img->page_size;
	uint64_t end = (uint64_t)(j->first_pg + j->npg) * x->img->page_size;
	size_t page = x->img->page_size, from = 0, to, len;
	char path[CRX_ERR_PATH_MAX];
	int ret = 0;

	if (end > crx_extract_size(e))
		end = crx_extract_size(e);
	len = (size_t)(end - off);
	while (from < len && !ret) {
		for (to = from;
		     to < len && !crx_is_zero(buf + to, len - to < page ? len - to : page);)
			to += len - to < page ? len - to : page;
		if (to > from)
			ret = crx_io_pwrite(fd, buf + from, to - from, off + from,
					    crx_entry_path(e, path, sizeof(path)), err);
		/* it stopped at a page of zeros, which stays a hole, or at the end */
		from = to + page;
	}
	return ret;
}

static int run_job(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	struct jobs *js = ctx;
	struct job *j = &js->job[index];
	struct crx_extraction *x = js->x;
	struct crx_extract_worker *w = &x->worker[worker];
	const struct crx_entry *e = x->batch.file[j->file].entry;

	crx_extract_pages(x->img, e, (struct crx_extract_range){ j->first_pg, j->npg }, w->z,
			  w->buf, &j->bad);
	return write_pages(x, x->batch.file[j->file].fd, e, j, w->buf, err);
}

static int list_jobs(struct jobs *js, struct crx_err *err)
{
	struct crx_extraction *x = js->x;
	uint32_t npg, pg, chunk = chunk_pages(x);
	size_t cap = 0, i;

	for (i = 0; i < x->batch.n; i++) {
		npg = pages_of(x, x->batch.file[i].entry);
		for (pg = 0; pg < npg; pg += chunk) {
			if (!crx_grow(&js->job, &cap, js->n + 1, sizeof(*js->job)))
				return crx_err_nomem(err, "extracting files");
			js->job[js->n++] = (struct job){
				.file = i,
				.first_pg = pg,
				.npg = npg - pg < chunk ? npg - pg : chunk,
			};
		}
	}
	return 0;
}

/* Adds up the jobs of file i, which begin at *j. */
static void report_bad_pages(struct crx_extraction *x, const struct jobs *js, size_t i, size_t *j)
{
	const struct crx_entry *e = x->batch.file[i].entry;
	struct crx_extract_bad bad = { 0 };

	for (; *j < js->n && js->job[*j].file == i; (*j)++) {
		if (!bad.pages)
			bad = js->job[*j].bad;
		else
			bad.pages += js->job[*j].bad.pages;
	}
	if (bad.pages)
		crx_extract_report(x, CRX_LEFT_FAILED, e,
				   "%lu of %lu page%s cannot be read, the first is page %lu: %s; "
				   "zeros replace them",
				   (unsigned long)bad.pages, (unsigned long)pages_of(x, e),
				   crx_plural(pages_of(x, e)), (unsigned long)bad.first_pg,
				   crx_k_why_text(bad.why));
}

static int finish_file(struct crx_extraction *x, size_t i, struct crx_err *err)
{
	const struct crx_entry *e = x->batch.file[i].entry;
	int fd = x->batch.file[i].fd;

	crx_extract_set_attrs(x, e, (struct crx_extract_place){ fd, NULL });
	x->batch.file[i].fd = -1;
	/* network file systems report a full disk here */
	return close(fd) < 0 ? crx_extract_sys_error(x, e, errno, "write it", err) : 0;
}

int crx_extract_files_flush(struct crx_extraction *x, struct crx_err *err)
{
	struct jobs js = { .x = x };
	struct crx_pool_job job = { run_job, &js };
	size_t i, j = 0;
	int ret = list_jobs(&js, err);

	if (!ret && js.n)
		ret = crx_pool_run(js.n < x->workers ? (unsigned)js.n : x->workers, js.n, &job,
				   err);
	for (i = 0; i < x->batch.n && !ret; i++) {
		report_bad_pages(x, &js, i, &j);
		ret = finish_file(x, i, err);
	}
	free(js.job);
	if (!ret)
		x->batch.n = 0;
	return ret;
}

int crx_extract_files_add(struct crx_extraction *x, int fd, const struct crx_entry *e,
			  struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];

	x->batch.file[x->batch.n].fd = fd;
	x->batch.file[x->batch.n++].entry = e;
	if (crx_io_ftruncate(fd, (off_t)crx_extract_size(e)) < 0)
		return crx_err_set(err, CRX_EIO, errno, crx_entry_path(e, path, sizeof(path)),
				   "cannot set its length to %lu bytes",
				   (unsigned long)crx_extract_size(e));
	return x->batch.n < CRX_EXTRACT_FILES ? 0 : crx_extract_files_flush(x, err);
}

void crx_extract_files_free(struct crx_extraction *x)
{
	unsigned w;
	size_t i;

	for (i = 0; i < x->batch.n; i++)
		if (x->batch.file[i].fd >= 0)
			close(x->batch.file[i].fd);
	x->batch.n = 0;
	for (w = 0; x->worker && w < x->workers; w++) {
		crx_inflate_free(x->worker[w].z);
		free(x->worker[w].buf);
	}
	free(x->worker);
}
