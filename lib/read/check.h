/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that can be wrong with an image, as findings: what a kernel
 * refuses, fails at or serves wrongly, and what works but not as meant.
 */
#ifndef CRX_READ_CHECK_H
#define CRX_READ_CHECK_H

#include "read/findings.h"
#include "read/image.h"

/* Findings come in the order of the image's tree, whatever the workers; in
 * front the superblock's and what was not looked at, at the end what counts
 * give. */
struct crx_check_opts {
	unsigned workers;     /* 0: one for each processor */
	size_t max_findings;  /* listed through emit; all are counted */
	void (*emit)(void *ctx, const struct crx_finding *f); /* may be NULL */
	void *ctx;
};

struct crx_check_result {
	size_t errors, warnings, notes; /* all of them */
	size_t dirs, files, symlinks, devices, others;
	uint64_t blocks, holes, compressed, stored, in_place; /* those of a shared table once */
};

/*
 * Fails only for memory; what is wrong with the image is in findings. Time
 * and memory are bounded by the image's length: what a sound image cannot
 * hold is not followed, and a finding ("check-incomplete") says so.
 */
int crx_check(const struct crx_image *img, const struct crx_check_opts *o, struct crx_check_result *out, struct crx_err *err) CRX_MUST_CHECK;

/* The finding for a file that is no image (crx_image_map says CRX_EFORMAT). */
void crx_check_no_image(const struct crx_err *why, struct crx_finding *out);

/*
 * Which page size was the image made for? Tries all five; *candidates has a
 * bit (page size / 4096) for each that makes the tables, and a sample of the
 * blocks, consistent. Returns the page size chosen: the only candidate, or the
 * smallest of several; if none fits, *candidates is 0 and that is returned
 * which fits most files. 0 if there is no superblock, or memory is short.
 */
uint32_t crx_check_page_size(const void *data, uint64_t len, uint32_t *candidates);

#endif
