/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Images of 16 MiB that ask for more time or memory than they have bytes.
 */
#ifndef CRX_TEST_HUGE_H
#define CRX_TEST_HUGE_H

#include "forge.h"

struct huge_case {
	const char *name;
	uint32_t page;
	void (*make)(struct forge *g);
	const char *finds; /* ids of findings that there must be, a blank between them */
};

extern const struct huge_case huge_cases[];
extern const size_t huge_ncases;

/* Make the image of c. */
void huge_make(const struct huge_case *c, enum crx_order order, struct forge *g);

#endif
