/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the pages of a mapping are: /proc/PID/pagemap.
 */
#ifndef PAGES_H
#define PAGES_H

#include "frames.h"
#include "ram.h"
#include "vmas.h"

struct pages {
	uint64_t all;
	uint64_t flash;  /* mapped straight from it */
	uint64_t ram;    /* resident */
	uint64_t copies; /* of those in RAM, the process's own: copied because it wrote to them */
	uint64_t swapped;
	uint64_t address; /* of the first page in flash; meaningless if there is none */
	bool has_address;
};

/* Each page of several processes once. */
struct distinct {
	struct frames flash, ram, copies;
};

enum pages_result { PAGES_DONE, PAGES_GONE, PAGES_DENIED, PAGES_HIDDEN, PAGES_NO_MEMORY };

/*
 * fd: pagemap of the process. PAGES_GONE: the process has ended. PAGES_DENIED: not
 * readable. PAGES_HIDDEN: without frame numbers, which only root sees.
 */
enum pages_result pages_count(int fd, uint64_t page_size, const struct vma *v,
			      const struct ram *ram, struct pages *out, struct distinct *all);

void pages_add(struct pages *sum, const struct pages *p);
void distinct_free(struct distinct *d);

#endif
