/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that can be wrong with an image, as findings: what a kernel refuses, fails on or
 * serves wrongly, and what works but not as intended.
 */
#ifndef CRX_READ_CHECK_H
#define CRX_READ_CHECK_H

#include "read/findings.h"
#include "read/image.h"

struct crx_check_opts {
	unsigned workers;    /* 0: one for each processor */
	size_t max_findings; /* passed to emit; all are counted */
	/* One finding for each block, table and entry. Otherwise those of a table with the same
	 * fault make one finding, and so do all that are missing at the end of the image. */
	bool each;
	/* If the user chose the page size: the candidates of crx_check_page_size(), or 0. If they
	 * exclude it, what is wrong with tables and blocks makes one finding, unless each is set.
	 */
	uint32_t candidates;
	/*
	 * Gets the findings in an order that does not depend on the workers: about the superblock,
	 * what was not checked, entries in the order of the tree, what is missing at the end of the
	 * image, counts. May be NULL.
	 */
	void (*emit)(void *ctx, const struct crx_finding *f);
	void *ctx;
};

struct crx_check_result {
	size_t errors, warnings, notes;                       /* also those that were not emitted */
	size_t dirs, files, symlinks, devices, others;        /* without the root */
	uint64_t blocks, holes, compressed, stored, in_place; /* a shared table counts once */
};

/*
 * Fails only if memory is short: what is wrong with the image is in the findings. The length of the
 * image bounds time and memory. What a valid image of that length cannot hold is not checked, which
 * is a finding itself (CRX_F_INCOMPLETE).
 */
int crx_check(const struct crx_image *img, const struct crx_check_opts *o,
	      struct crx_check_result *out, struct crx_err *err) CRX_MUST_CHECK;

/* The finding for a file that is not an image, for which crx_image_map returned CRX_EFORMAT. */
void crx_check_no_image(const struct crx_err *why, struct crx_finding *out);

/*
 * The page size that the image was made for. *candidates gets a bit (page size / 4096) for each of
 * the five page sizes with which the tables, and a sample of the blocks, are consistent. *page_size
 * is the smallest candidate; if there is none, the page size with which most files are consistent.
 * Fails if memory is short, or if there is no superblock (CRX_EFORMAT).
 */
int crx_check_page_size(const void *data, uint64_t len, uint32_t *page_size, uint32_t *candidates,
			struct crx_err *err) CRX_MUST_CHECK;

/* Leaves img->page_size as it is if it is a candidate, and sets it to *page_size otherwise. */
int crx_check_prefer_page_size(struct crx_image *img, uint32_t *candidates, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
