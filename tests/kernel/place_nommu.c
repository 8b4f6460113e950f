/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * place.h for a kernel without an MMU. Addresses are physical there, so a mapping's own address
 * says where it is: all of it in flash, or all of it in RAM.
 */
#include "place.h"

#include <stdio.h>
#include <string.h>

int place_read_vmas(const char *pid, struct vma *vma, int max)
{
	char line[2048];
	unsigned long long start, end, off, inode;
	int n = 0, at;
	FILE *f;

	snprintf(line, sizeof(line), "/proc/%s/maps", pid);
	f = fopen(line, "re");
	if (!f)
		return 0;
	while (n < max && fgets(line, sizeof(line), f)) {
		struct vma *v = &vma[n];

		memset(v, 0, sizeof(*v));
		if (sscanf(line, "%llx-%llx %4s %llx %*x:%*x %llu %n", &start, &end, v->perms, &off,
			   &inode, &at) != 5)
			continue;
		v->start = start;
		v->end = end;
		v->off = off;
		v->inode = inode;
		line[strcspn(line, "\n")] = '\0';
		snprintf(v->path, sizeof(v->path), "%.511s", line + at);
		n++;
	}
	fclose(f);
	return n;
}

struct placing place_vma(const struct flash *f, const struct vma *v, const char *pid)
{
	(void)pid;
	if (v->start < f->base || v->end > f->base + f->len || v->end <= v->start)
		return (struct placing){ "ram", 0, 0 };
	return (struct placing){ "direct", v->start, (v->end - v->start) / f->page };
}
