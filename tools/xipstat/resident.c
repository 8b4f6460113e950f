/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "resident.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mem.h"

enum { CHUNK = 512 };

/*
 * Removes pages in place from r->page, because mincore() reports them as resident. They are present
 * in a new mapping at once; pages in RAM would be only after an access, and nothing accesses this
 * mapping. It is longer than the file, so that the kernel cannot map all of it directly: pagemap
 * says nothing about such mappings.
 */
static bool clear_in_place(struct resident *r, const unsigned char *addr, size_t first)
{
	uint64_t entry[CHUNK];
	size_t at, n, i;
	off_t off;
	bool found = false;

	for (at = first; at < r->n; at += n) {
		n = r->n - at < CHUNK ? r->n - at : CHUNK;
		off = (off_t)(((uintptr_t)addr / r->page_size + at - first) * sizeof(*entry));
		if (pread(r->pagemap, entry, n * sizeof(*entry), off) !=
		    (ssize_t)(n * sizeof(*entry)))
			break;
		for (i = 0; i < n; i++) {
			if (!(entry[i] >> 63))
				continue;
			r->page[at + i] = 0;
			found = true;
		}
	}
	return found;
}

/* Only a run at the first page of a mapping is in place, so this maps the file from each page on.
 */
static bool has_later_run(const struct resident *r, int fd)
{
	uint64_t entry = 0;
	unsigned char *addr;
	size_t pg, len;
	off_t off;

	for (pg = 1; pg < r->n; pg++) {
		len = (r->n - pg + 1) * r->page_size;
		addr = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, (off_t)(pg * r->page_size));
		if (addr == MAP_FAILED)
			return false;
		off = (off_t)((uintptr_t)addr / r->page_size * sizeof(entry));
		if (pread(r->pagemap, &entry, sizeof(entry), off) != (ssize_t)sizeof(entry))
			entry = 0;
		munmap(addr, len);
		if (entry >> 63)
			return true;
	}
	return false;
}

int resident_find(struct resident *r, int fd, size_t size)
{
	size_t pages = size / r->page_size + (size % r->page_size != 0), len, i;
	unsigned char *addr;
	int ret = 0;

	r->n = 0;
	if (!pages)
		return 0;
	if (pages >= SIZE_MAX / r->page_size)
		return EFBIG;
	if (!mem_grow(&r->page, &r->cap, pages, 1))
		return ENOMEM;
	len = (pages + 1) * r->page_size;
	addr = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (addr == MAP_FAILED)
		return errno;
	r->n = pages;
	if (mincore(addr, pages * r->page_size, r->page))
		ret = errno;
	for (i = 0; i < pages; i++)
		r->page[i] &= 1;
	if (!ret && r->pagemap >= 0) {
		r->in_place |= clear_in_place(r, addr, 0);
		if (r->check_in_place && !r->in_place)
			r->in_place = has_later_run(r, fd);
	}
	munmap(addr, len);
	return ret;
}

void resident_free(struct resident *r)
{
	free(r->page);
	if (r->pagemap >= 0)
		close(r->pagemap);
	r->page = NULL;
	r->pagemap = -1;
}
