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
	uint64_t flash;  /* mapped directly from flash */
	uint64_t ram;    /* resident in RAM */
	uint64_t copies; /* of these, copied because the process wrote to them */
	uint64_t swapped;
	uint64_t address; /* of the first page in flash, if has_address */
	bool has_address;
};

/* The pages of all processes, each counted once. */
struct distinct {
	struct frames flash, ram, copies;
};

/*
 * Counts the pages of v in out and all. fd: pagemap of the process. Returns 0; ESRCH if the process
 * has ended; EACCES if pagemap cannot be read; ENODATA if it has no frame numbers, because the
 * reader is not root; or -1, with a message, if memory is short.
 */
int pages_count(int fd, uint64_t page_size, const struct vma *v, const struct ram *ram,
		struct pages *out, struct distinct *all);

void pages_add(struct pages *sum, const struct pages *p);
void distinct_free(struct distinct *d);

#endif
