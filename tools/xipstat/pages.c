/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "pages.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Documentation/admin-guide/mm/pagemap.rst */
#define PRESENT (UINT64_C(1) << 63)
#define SWAPPED (UINT64_C(1) << 62)
#define OF_FILE (UINT64_C(1) << 61)
#define FRAME ((UINT64_C(1) << 55) - 1)

enum { CHUNK = 512 };

/*
 * For a direct mapping, of which pagemap says nothing. If its offset is not a physical address, a
 * number made of device, inode and page replaces the frame number.
 */
static bool count_direct(uint64_t page_size, const struct vma *v, struct pages *out,
			 struct distinct *all)
{
	uint64_t first = v->off / page_size, i;

	out->flash = out->all;
	out->has_address = vma_has_address(v);
	out->address = v->off;
	if (!out->has_address)
		first += UINT64_C(1) << 63 | (uint64_t)v->mount->minor << 48 | v->inode << 16;
	for (i = 0; i < out->all; i++)
		if (!frames_add(&all->flash, first + i))
			return false;
	return true;
}

static int count_page(uint64_t entry, uint64_t page_size, const struct ram *ram, struct pages *out,
		      struct distinct *all)
{
	uint64_t frame = entry & FRAME;
	bool copy, ok;

	if (!(entry & PRESENT)) {
		out->swapped += (entry & SWAPPED) != 0;
		return 0;
	}
	if (!frame)
		return ENODATA;
	if (ram_has(ram, frame * page_size)) {
		copy = !(entry & OF_FILE);
		out->ram++;
		out->copies += copy;
		ok = frames_add(&all->ram, frame) && (!copy || frames_add(&all->copies, frame));
	} else {
		if (!out->flash++) {
			out->address = frame * page_size;
			out->has_address = true;
		}
		ok = frames_add(&all->flash, frame);
	}
	return ok ? 0 : -1;
}

int pages_count(int fd, uint64_t page_size, const struct vma *v, const struct ram *ram,
		struct pages *out, struct distinct *all)
{
	uint64_t entry[CHUNK], first = v->start / page_size, at, n, i;
	ssize_t got;
	int ret = 0;

	*out = (struct pages){ .all = (v->end - v->start) / page_size };
	/* a gap between segments, left by the dynamic linker: nothing can use it */
	if (!strncmp(v->perms, "---", 3))
		return 0;
	if (v->pfn)
		return count_direct(page_size, v, out, all) ? 0 : -1;
	for (at = 0; at < out->all && !ret; at += n) {
		n = out->all - at < CHUNK ? out->all - at : CHUNK;
		got = pread(fd, entry, (size_t)n * sizeof(*entry),
			    (off_t)((first + at) * sizeof(*entry)));
		if (got < 0 && errno != ESRCH)
			return EACCES;
		if (got < (ssize_t)(n * sizeof(*entry)))
			return ESRCH;
		for (i = 0; i < n && !ret; i++)
			ret = count_page(entry[i], page_size, ram, out, all);
	}
	return ret;
}

void pages_add(struct pages *sum, const struct pages *p)
{
	sum->all += p->all;
	sum->flash += p->flash;
	sum->ram += p->ram;
	sum->copies += p->copies;
	sum->swapped += p->swapped;
}

void distinct_free(struct distinct *d)
{
	frames_free(&d->flash);
	frames_free(&d->ram);
	frames_free(&d->copies);
}
