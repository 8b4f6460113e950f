/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages of a file are in RAM. Reads none of them, so that none gets there.
 */
#ifndef RESIDENT_H
#define RESIDENT_H

#include <stdbool.h>
#include <stddef.h>

struct resident {
	int pagemap; /* /proc/self/pagemap, or -1 */
	size_t page_size;
	bool in_place;       /* result: a file has pages that are already in place */
	bool check_in_place; /* look for such pages */
	unsigned char *page; /* of the last file: 1 if the page is in RAM */
	size_t n, cap;
};

/*
 * Fills page[0 .. n - 1] for a file of size bytes. in_place is set if check_in_place is, and a page
 * of the file is mapped directly from flash: whether such a page was used is not known. Returns 0
 * or errno.
 */
int resident_find(struct resident *r, int fd, size_t size);
void resident_free(struct resident *r);

#endif
