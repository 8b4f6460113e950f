/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mappings of a process that lie on certain mounts: /proc/PID/smaps.
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
	bool pfn; /* VmFlags pf: all of it is a direct mapping, of which pagemap says nothing */
	const struct mount *mount; /* the first one of its device */
	char *path;                /* as we see it */
};

struct vmas {
	struct vma *vma;
	size_t n, cap;
};

/* Appends those of files on cramfs. 0, or -1 with errno (and no message, but for ENOMEM). */
int vmas_read(const char *proc, int pid, const struct mounts *mounts, struct vmas *out);
void vmas_free(struct vmas *v);

/* Its offset field holds a physical address. */
bool vma_has_address(const struct vma *v);

#endif
