/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tree as lines of text: written by the probe on the kernel under test and
 * by facts on the host, so that they can be compared.
 *
 *   B IMAGE STEP ERRNO      an image begins: all lines up to the next B are of it; STEP is
 *                           "mounted" with 0, or what failed (the probe's), or "source"
 *   N PATH TYPE MODE UID GID SIZE DEVICE TARGET   a node; "N PATH error ERRNO" if lstat fails
 *   I INODE                 of the node above (probe only)
 *   R PAGE...               contents by read() of the node above, a hash for each page
 *   M PAGE... or M =        contents by mmap(); =: as by read()
 *   D PATH COUNT HASH ERRNO a directory's listing: names and types in their order
 *
 * Fields are separated by one space; names, paths and targets are escaped
 * (%XX). A PAGE is a hash of 8 hex digits, "zero" for a page of zeros, "eN"
 * where reading failed with errno N, "bus" where touching it raised SIGBUS,
 * and has a '+' after it if the page holds anything but zeros after the end
 * of the file. The console is slow: nothing is said twice.
 */
#ifndef WALK_H
#define WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Unit of hashing, whatever the page size of the machine. */
enum { WALK_PAGE = 4096 };

struct walk {
	FILE *out;
	bool source; /* a source directory: sort its listings, work out what cramfs makes of sizes
		      */
	bool squash; /* all owned by 0:0, as with -q */
};

/* Call once before anything that touches mapped pages. */
void walk_catch_sigbus(void);

/* All below the directory root_fd, which is "/" in the lines. 0, or -1 with errno. */
int walk_tree(const struct walk *w, int root_fd);

/* Hashes of len mapped bytes at p, len a multiple of WALK_PAGE; left bytes of
 * them belong to the file, what follows must be zero. Each with a space in
 * front. */
void walk_print_mapped(FILE *out, const unsigned char *p, size_t len, uint64_t left);

void walk_escape(FILE *out, const char *s);
bool walk_unescape(char *s); /* in place */

#endif
