/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mappings of files on cramfs in a process: /proc/PID/smaps, or /proc/PID/maps without an MMU.
 */
#ifndef VMAS_H
#define VMAS_H

#include <stdint.h>

#include "mounts.h"

struct vma {
	uint64_t start, end;
	uint64_t off; /* into the file; if pfn and private: the physical address */
	uint64_t inode;
	char perms[5]; /* "r-xp" */
	bool pfn;      /* VmFlags pf: a direct mapping, about which pagemap says nothing */
	const struct mount *mount; /* the first mount of its device */
	char *path;                /* as this process sees it */
};

struct vmas {
	struct vma *vma;
	size_t n, cap;
};

/* Appends the mappings to out. 0, or -1 with errno; only ENOMEM has a message. */
int vmas_read(const char *proc, int pid, bool no_mmu, const struct mounts *mounts,
	      struct vmas *out);
void vmas_free(struct vmas *v);

/* Is its offset a physical address? */
bool vma_has_address(const struct vma *v);

#endif
