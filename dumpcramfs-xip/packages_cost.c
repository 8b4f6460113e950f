/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pages in place take beyond their compressed size: each is compressed, as a build does by
 * default. One of zeros would take nothing.
 */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/pool.h"
#include "comp/comp.h"
#include "packages.h"

enum { BATCH = 64 /* pages in one job */ };

struct cost {
	const struct crx_image *img;
	struct packages_page *page; /* sorted */
	uint32_t *len;              /* of each of the distinct ones, compressed */
	size_t *first;              /* of each distinct one, its index in page; then n */
	size_t distinct;
	struct crx_comp_spec spec;
	void **comp;   /* for each worker */
	uint8_t **buf; /* for each worker */
};

static int by_off(const void *a, const void *b)
{
	const struct packages_page *x = a, *y = b;
	int c = crx_compare(x->off, y->off);

	return c ? c : crx_compare(x->row, y->row);
}

static int compress_batch(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	struct cost *c = ctx;
	uint32_t size = c->img->page_size;
	size_t i, end = (index + 1) * BATCH;

	if (!c->comp[worker]) {
		c->comp[worker] = c->spec.backend->create(c->spec.level);
		c->buf[worker] = crx_alloc(size, 1);
	}
	if (!c->comp[worker] || !c->buf[worker])
		return crx_err_nomem(err, "compressing pages");
	for (i = index * BATCH; i < end && i < c->distinct; i++) {
		uint64_t off = c->page[c->first[i]].off, len = c->img->len - off;
		const uint8_t *data = c->img->data + off;
		size_t got;

		if (len > size)
			len = size;
		if (crx_is_zero(data, (size_t)len))
			continue;
		got = c->spec.backend->compress(c->comp[worker], data, (size_t)len, c->buf[worker],
						size);
		c->len[i] = got ? (uint32_t)got : size;
	}
	return 0;
}

static int compress(struct cost *c, struct crx_err *err)
{
	unsigned workers = crx_pool_cpus(), i;
	struct crx_pool_job job = { compress_batch, c };
	int ret = crx_comp_parse(NULL, false, &c->spec, err);

	c->comp = crx_zalloc(workers, sizeof(*c->comp));
	c->buf = crx_zalloc(workers, sizeof(*c->buf));
	if (!ret && (!c->comp || !c->buf))
		ret = crx_err_nomem(err, "compressing pages");
	if (!ret)
		ret = crx_pool_run(workers, (c->distinct + BATCH - 1) / BATCH, &job, err);
	for (i = 0; c->comp && c->buf && i < workers; i++) {
		if (c->comp[i])
			c->spec.backend->destroy(c->comp[i]);
		free(c->buf[i]);
	}
	free(c->comp);
	free(c->buf);
	return ret;
}

/* A page that several rows have is shared. */
static void add_up(struct packages *p, const struct cost *c)
{
	size_t i;

	for (i = 0; i < c->distinct; i++) {
		uint32_t row = c->page[c->first[i]].row;

		if (c->page[c->first[i + 1] - 1].row != row)
			row = p->shared;
		p->row[row].cost += c->img->page_size - c->len[i];
	}
}

int packages_cost(struct packages *p, const struct crx_image *img, struct packages_page *page,
		  size_t n, struct crx_err *err)
{
	struct cost c = { .img = img, .page = page };
	size_t i;
	int ret;

	if (!n)
		return 0;
	qsort(page, n, sizeof(*page), by_off);
	c.first = crx_alloc(n + 1, sizeof(*c.first));
	c.len = crx_zalloc(n, sizeof(*c.len));
	if (c.first && c.len) {
		for (i = 0; i < n; i++)
			if (!i || page[i].off != page[i - 1].off)
				c.first[c.distinct++] = i;
		c.first[c.distinct] = n;
		ret = compress(&c, err);
		if (!ret)
			add_up(p, &c);
	} else {
		ret = crx_err_nomem(err, "compressing pages");
	}
	free(c.first);
	free(c.len);
	return ret;
}
