/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inflates each stream once, in parallel, and computes the CRC meanwhile. The work is done in
 * rounds, which bounds it: after each round it is added up in the order of the image, so that the
 * place where it ends does not depend on the workers.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/pool.h"
#include "comp/comp.h"
#include "read/check_parts.h"

enum {
	CHUNK = 64, /* extents for one job */
	WORKERS_MAX = 64,
	OUTPUT_PER_BYTE = 64 /* inflated bytes allowed for each byte of the image */
};
#define OUTPUT_MIN (1ull << 30)     /* inflated bytes always allowed */
#define ROUND_OUTPUT (256ull << 20) /* most inflated bytes of a round */

struct worker {
	struct crx_inflate *z;
	uint8_t *page;
};

struct inflating {
	struct crx_check *c;
	struct worker worker[WORKERS_MAX];
	unsigned workers;
	size_t first, end;        /* extents of this round */
	bool with_crc;            /* job 0 is the CRC */
	uint64_t *output, *input; /* for each chunk of the round: bytes worked on */
};

static bool same_bytes(const struct crx_check *c, const struct crx_extent *a,
		       const struct crx_extent *b)
{
	return a->len == b->len && a->link == b->link &&
	       !memcmp(c->img->data + a->start, c->img->data + b->start, a->len);
}

/* Inflates an extent, and adds up the work. */
static void inflate_extent(struct inflating *r, struct worker *w, struct crx_extent *x,
			   size_t chunk)
{
	const uint8_t *data = r->c->img->data + x->start;
	long n = x->len;

	if (x->kind == CRX_EXT_ZLIB) {
		n = crx_inflate_run(w->z, data, x->len, w->page, r->c->img->page_size);
		r->input[chunk] += x->len;
		r->output[chunk] += n < 0 ? r->c->img->page_size : (uint64_t)n;
		x->bad = n < 0;
		x->value = n < 0 ? 0 : (uint32_t)n & 0x7fffffff;
		data = w->page;
	}
	if (x->link && n > 0)
		x->nul = memchr(data, '\0', (size_t)n) != NULL;
}

static void run_chunk(struct inflating *r, struct worker *w, size_t chunk)
{
	size_t i = r->first + chunk * CHUNK;
	size_t end = i + CHUNK < r->end ? i + CHUNK : r->end;
	struct crx_extent *before = NULL;

	for (; i < end; i++) {
		struct crx_extent *x = &r->c->ext[i];

		if (x->kind > CRX_EXT_RUN)
			continue;
		/* blocks of zeros that are not holes come in thousands */
		if (x->kind == CRX_EXT_ZLIB && before && same_bytes(r->c, x, before)) {
			x->bad = before->bad;
			x->value = before->value;
			x->nul = before->nul;
			continue;
		}
		inflate_extent(r, w, x, chunk);
		if (x->kind == CRX_EXT_ZLIB)
			before = x;
	}
}

static int run_job(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	struct inflating *r = ctx;
	struct worker *w = &r->worker[worker];

	if (r->with_crc && !index) {
		r->c->crc = crx_image_crc(r->c->img);
		return 0;
	}
	if (!w->z) {
		w->z = crx_inflate_new();
		w->page = crx_alloc(r->c->img->page_size, 1);
	}
	if (!w->z || !w->page)
		return crx_err_nomem(err, "inflating the image's blocks");
	run_chunk(r, w, index - r->with_crc);
	return 0;
}

static int run_round(struct inflating *r, struct crx_err *err)
{
	const struct crx_pool_job job = { run_job, r };
	size_t chunks = (r->end - r->first + CHUNK - 1) / CHUNK;

	memset(r->output, 0, (chunks + 1) * sizeof(*r->output));
	memset(r->input, 0, (chunks + 1) * sizeof(*r->input));
	return crx_pool_run(r->workers, chunks + r->with_crc, &job, err);
}

/* Adds up the work of a round. False if it was more than a valid image can need. */
static bool within_limits(const struct inflating *r, uint64_t *output_left, uint64_t *input_left)
{
	size_t i;

	for (i = 0; i < (r->end - r->first + CHUNK - 1) / CHUNK; i++) {
		if (r->output[i] > *output_left || r->input[i] > *input_left)
			return false;
		*output_left -= r->output[i];
		*input_left -= r->input[i];
	}
	return true;
}

static int run_rounds(struct inflating *r, struct crx_err *err)
{
	struct crx_check *c = r->c;
	uint64_t output_left =
		c->limit > OUTPUT_MIN / OUTPUT_PER_BYTE ? c->limit * OUTPUT_PER_BYTE : OUTPUT_MIN;
	/* streams do not overlap; a little more lets the overlap itself be reported */
	uint64_t input_left = c->limit + c->limit / 4 + CRX_PAGE_MAX;
	size_t per_round = (size_t)(ROUND_OUTPUT / c->img->page_size);
	int ret;

	do {
		r->end = c->nexts - r->first < per_round ? c->nexts : r->first + per_round;
		ret = run_round(r, err);
		if (ret < 0)
			return ret;
		r->with_crc = false;
		c->inflated = r->end;
		if (!within_limits(r, &output_left, &input_left))
			break;
		r->first = r->end;
	} while (r->first < c->nexts);
	return 0;
}

int crx_check_inflate(struct crx_check *c, struct crx_err *err)
{
	struct inflating r = { .c = c, .workers = c->o->workers ? c->o->workers : crx_pool_cpus() };
	size_t chunks = (size_t)(ROUND_OUTPUT / c->img->page_size) / CHUNK + 1;
	unsigned i;
	int ret;

	if (r.workers > WORKERS_MAX)
		r.workers = WORKERS_MAX;
	r.with_crc = crx_image_has_crc(c->img);
	r.output = crx_alloc(chunks + 1, sizeof(*r.output));
	r.input = crx_alloc(chunks + 1, sizeof(*r.input));
	if (r.output && r.input)
		ret = run_rounds(&r, err);
	else
		ret = crx_err_nomem(err, "inflating the image's blocks");
	for (i = 0; i < r.workers; i++) {
		crx_inflate_free(r.worker[i].z);
		free(r.worker[i].page);
	}
	free(r.output);
	free(r.input);
	return ret;
}
