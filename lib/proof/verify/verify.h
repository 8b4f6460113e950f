/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proof: reads the written image back through the kernel model, and checks every entry, the hash of
 * every block, and every page that was promised in place.
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
	bool no_mmu; /* for a kernel without an MMU, which maps a whole mapping in place or nothing
		      */
};

/* fd: the image. CRX_EVERIFY: err has the path and the offset of the first file that differs. */
int crx_verify(int fd, const struct crx_tree *t, const struct crx_facts *f,
	       const struct crx_plan *p, const struct crx_verify_opts *o, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
