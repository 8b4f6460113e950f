/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels without an MMU: there is no pagemap, but an address is a physical one, so a mapping's own
 * address says where it is. /proc/maps lists the regions of all processes, each once.
 */
#ifndef NOMMU_H
#define NOMMU_H

#include "pages.h"

/* Does the kernel have no MMU? */
bool nommu_is(const char *proc);

/* Counts the pages of v in out and all: all of them are in flash or in RAM, and those of writable
 * mappings are copies. False, with a message, if memory is short. */
bool nommu_count(uint64_t page_size, const struct vma *v, const struct ram *ram, struct pages *out,
		 struct distinct *all);

/* The regions in RAM, of all processes: also stacks and other memory that is not of a file. */
struct regions {
	uint64_t n, pages;
	uint64_t largest; /* pages of the largest one */
};

/* 0, or -1 with a message. */
int nommu_read_regions(const char *proc, uint64_t page_size, const struct ram *ram,
		       struct regions *out);

#endif
