/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "proof/verify/state.h"

#include <stdlib.h>
#include <string.h>

/* Is it the given name, padded with zeros? */
static bool name_is(const uint8_t name[CRX_NAME_LEN], const char *want)
{
	uint8_t padded[CRX_NAME_LEN] = { 0 };

	memcpy(padded, want, strnlen(want, CRX_NAME_LEN));
	return !memcmp(name, padded, CRX_NAME_LEN);
}

int crx_verify_super(struct crx_verify *v, struct crx_err *err)
{
	const struct crx_image *img = v->img;
	const struct crx_super *s = &img->super;
	enum crx_k_why why = crx_k_read_super(img);
	uint64_t at = img->super_off;

	if (why)
		return crx_verify_fault(v, NULL, at, err, "a kernel would not mount it: %s",
					crx_k_why_text(why));
	if (img->order != v->o->order)
		return crx_verify_fault(v, NULL, at, err,
					"its byte order is not the one that was requested");
	if (!(s->flags & CRX_FLAG_FSID_VERSION_2))
		return crx_verify_fault(v, NULL, at, err, "FSID_VERSION_2 is not set");
	if (s->size > img->len)
		return crx_verify_fault(v, NULL, at, err,
					"super.size is %lu, but the image has %llu bytes",
					(unsigned long)s->size, (unsigned long long)img->len);
	if (s->size < at + CRX_SUPER_LEN || s->size % img->page_size)
		return crx_verify_fault(v, NULL, at, err,
					"super.size is %lu, which is not a multiple of the page "
					"size",
					(unsigned long)s->size);
	if (memcmp(s->signature, CRX_SIGNATURE, sizeof(s->signature)))
		return crx_verify_fault(v, NULL, at, err, "the signature is damaged");
	if (!name_is(s->name, v->o->name))
		return crx_verify_fault(v, NULL, at, err,
					"its name is not the one that was requested");
	if (s->edition != v->o->edition)
		return crx_verify_fault(v, NULL, at, err, "edition %lu, not %lu",
					(unsigned long)s->edition, (unsigned long)v->o->edition);
	return 0;
}

/* The counts that cramfs_statfs() returns. */
static int check_counts(struct crx_verify *v, struct crx_err *err)
{
	const struct crx_super *s = &v->img->super;

	if (s->files != v->t->nnodes)
		return crx_verify_fault(v, NULL, v->img->super_off, err,
					"super.files is %lu, but there are %zu entries, including "
					"the root",
					(unsigned long)s->files, v->t->nnodes);
	if (s->blocks != v->blocks[v->ntables])
		return crx_verify_fault(v, NULL, v->img->super_off, err,
					"super.blocks is %lu, but there are %llu blocks",
					(unsigned long)s->blocks,
					(unsigned long long)v->blocks[v->ntables]);
	return 0;
}

typedef int verify_step(struct crx_verify *v, struct crx_err *err);

static int run_steps(struct crx_verify *v, struct crx_err *err)
{
	static verify_step *const step[] = { crx_verify_super,  crx_verify_walk,
					     crx_verify_inodes, crx_verify_tables,
					     check_counts,      crx_verify_blocks,
					     crx_verify_runs,   crx_verify_in_place };
	size_t i;
	int ret = 0;

	for (i = 0; i < sizeof(step) / sizeof(step[0]) && !ret; i++)
		ret = step[i](v, err);
	return ret;
}

int crx_verify(int fd, const struct crx_tree *t, const struct crx_facts *f,
	       const struct crx_plan *p, const struct crx_verify_opts *o, struct crx_err *err)
{
	struct crx_image img;
	struct crx_verify v = { .img = &img, .path = o->path, .t = t, .f = f, .p = p, .o = o };
	struct crx_err map_err = CRX_ERR_INIT;
	int ret = crx_image_map(&img, fd, o->path, f->page_size, &map_err);

	if (ret == CRX_EFORMAT)
		return crx_verify_fault(&v, NULL, 0, err, "%.200s", map_err.text);
	if (ret < 0)
		return crx_err_set(err, ret, map_err.sys_errno, o->path, "%s", map_err.text);
	v.entry = crx_zalloc(t->nnodes, sizeof(*v.entry));
	v.table = crx_alloc(f->nfiles, sizeof(*v.table));
	v.blocks = crx_alloc(f->nfiles + 1, sizeof(*v.blocks));
	if (v.entry && v.table && v.blocks)
		ret = run_steps(&v, err);
	else
		ret = crx_err_nomem(err, "verifying the image");
	free(v.entry);
	free(v.table);
	free(v.blocks);
	crx_image_close(&img);
	return ret;
}
