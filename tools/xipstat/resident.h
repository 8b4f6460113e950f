/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages of a file are in RAM, without bringing any there.
 */
#ifndef RESIDENT_H
#define RESIDENT_H

#include <stdbool.h>
#include <stddef.h>

struct resident {
	int pagemap; /* /proc/self/pagemap, or -1 */
	size_t page_size;
	bool in_place; /* found: some page of some file is in place already */
	bool look_for_in_place;
	unsigned char *page; /* of the file looked at last: 1 if the page is in RAM */
	size_t n, cap;
};

/*
 * 0 and `page` filled, n of them; or errno. in_place is set if it was asked to look
 * and a page of this file is mapped straight from flash, of which nobody can say
 * whether it was used.
 */
int resident_look(struct resident *r, int fd, size_t size);
void resident_free(struct resident *r);

#endif
