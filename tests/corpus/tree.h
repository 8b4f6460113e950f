/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORPUS_TREE_H
#define CORPUS_TREE_H

/*
 * Writes a tree with something of everything into the new directory dir, and next to it
 * dir.devices, a device table with owners and devices, and dir.policy. Always the same. Failures
 * end the program.
 */
void corpus_tree(const char *dir);

#endif
