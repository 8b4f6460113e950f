/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the pages of a process's mappings are: in the flash, or in RAM.
 */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>
#include <stdint.h>

struct vma {
	uint64_t start, end, off;
	uint64_t inode;
	char perms[5];
	char path[512];
	bool pfn; /* VM_PFNMAP: off is a physical address */
};

/* The image's part of the flash bank, in physical addresses. */
struct flash {
	uint64_t base, len;
	uint64_t page; /* page size */
};

struct placing {
	const char *kind; /* "pfn", "mixed", "ram", "unknown" */
	uint64_t address; /* of the first page, if in flash */
	uint64_t pages;   /* leading ones in flash */
};

/* The mappings of a process, from /proc/PID/smaps; at most max. */
int place_read_vmas(const char *pid, struct vma *vma, int max);

struct placing place_vma(const struct flash *f, const struct vma *v, const char *pid);

#endif
