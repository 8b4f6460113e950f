/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "place.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int place_read_vmas(const char *pid, struct vma *vma, int max)
{
	char line[2048];
	unsigned long long start, end, off, inode;
	struct vma *v = NULL;
	int n = 0, at;
	FILE *f;

	snprintf(line, sizeof(line), "/proc/%s/smaps", pid);
	f = fopen(line, "re");
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		char perms[5] = "";

		if (sscanf(line, "%llx-%llx %4s %llx %*x:%*x %llu %n", &start, &end, perms, &off,
			   &inode, &at) == 5) {
			if (n == max)
				break;
			v = &vma[n++];
			memset(v, 0, sizeof(*v));
			v->start = start;
			v->end = end;
			v->off = off;
			v->inode = inode;
			memcpy(v->perms, perms, sizeof(v->perms));
			line[strcspn(line, "\n")] = '\0';
			snprintf(v->path, sizeof(v->path), "%.511s", line + at);
		} else if (v && !strncmp(line, "VmFlags:", 8)) {
			v->pfn = strstr(line, " pf ") || strstr(line, " pf\n");
		}
	}
	fclose(f);
	return n;
}

static bool in_image(const struct flash *f, uint64_t phys)
{
	return phys >= f->base && phys < f->base + f->len;
}

/* Frame of the page at addr, or 0 if none is there. */
static uint64_t page_address(const struct flash *f, int pagemap, uint64_t addr)
{
	uint64_t entry;

	if (pread(pagemap, &entry, sizeof(entry), (off_t)(addr / f->page * sizeof(entry))) !=
	    (ssize_t)sizeof(entry))
		return 0;
	if (!(entry >> 63))
		return 0;
	return (entry & ((UINT64_C(1) << 55) - 1)) * f->page;
}

/*
 * A mapping by remap_pfn_range has VM_PFNMAP, nothing in pagemap, and its
 * physical address where the file offset was (private mappings); one by
 * vmf_insert_mixed has frames in pagemap. Contiguous, or it does not count.
 */
struct placing place_vma(const struct flash *f, const struct vma *v, const char *pid)
{
	struct placing at = { "ram", 0, 0 };
	uint64_t phys, n = (v->end - v->start) / f->page;
	char name[64];
	int fd;

	if (v->pfn) {
		at.kind = "pfn";
		at.address = v->off;
		at.pages = in_image(f, v->off) && in_image(f, v->off + (v->end - v->start) - 1) ? n
												: 0;
		return at;
	}
	snprintf(name, sizeof(name), "/proc/%s/pagemap", pid);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		at.kind = "unknown";
		return at;
	}
	for (; at.pages < n; at.pages++) {
		phys = page_address(f, fd, v->start + at.pages * f->page);
		if (!in_image(f, phys) || (at.pages && phys != at.address + at.pages * f->page))
			break;
		if (!at.pages) {
			at.kind = "mixed";
			at.address = phys;
		}
	}
	close(fd);
	return at;
}
