/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proof: the written image, reopened, through the model of the kernel. Every
 * entry, every block's hash and every page promised in place.
 */
#ifndef CRX_VERIFY_VERIFY_H
#define CRX_VERIFY_VERIFY_H

#include "place/plan/plan.h"

struct crx_verify_opts {
	unsigned workers;
	enum crx_order order;
	const char *path; /* of the image, for messages */
	const char *name; /* at most 16 bytes */
	uint32_t edition;
	bool no_mmu; /* in place is what such a kernel maps: all of a mapping, or nothing */
};

/* fd holds the image. CRX_EVERIFY with path and offset
 * of the lowest file that differs. */
int crx_verify(int fd, const struct crx_tree *t, const struct crx_facts *f,
	       const struct crx_plan *p, const struct crx_verify_opts *o, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
