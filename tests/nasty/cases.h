/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hostile images: each is the good one of forge_base with one thing wrong.
 */
#ifndef CRX_TEST_CASES_H
#define CRX_TEST_CASES_H

#include "forge.h"

struct nasty_case {
	const char *name; /* of the file that mknasty writes */
	void (*spoil)(struct forge *g, const struct forge_base *b);
	/* What lib/read says of it first (a part of the text): "" nothing; in
	 * the order superblock, mount, then entries and blocks breadth first. */
	const char *says;
	/* Ids of the findings that there must be, a blank between them; "": no
	 * error. crx_check reports others as well. */
	const char *finds;
};

extern const struct nasty_case nasty_cases[];
extern const size_t nasty_ncases;

/* Make the image of c. */
void nasty_make(const struct nasty_case *c, enum crx_order order, struct forge *g);

#endif
