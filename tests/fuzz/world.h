/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small root file system in memory, for the targets that apply their input to a tree.
 */
#ifndef CRX_TESTS_FUZZ_WORLD_H
#define CRX_TESTS_FUZZ_WORLD_H

#include "scan/scan.h"

/* Makes the tree: programs, a library, links, a device, users. Its contents are static. */
void world_make_tree(struct crx_tree *t);

/* The same tree with its facts, for 4096-byte pages; made once. */
const struct crx_tree *world_tree(void);
const struct crx_facts *world_facts(void);

#endif
