/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Buffers that end where an unreadable page begins: one byte too far is a
 * SIGSEGV, with or without a sanitizer.
 */
#ifndef CRX_TESTS_GUARD_H
#define CRX_TESTS_GUARD_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct guard {
	uint8_t *map;
	size_t map_len; /* of the readable part */
	size_t page;
};

/* Room for buffers of up to max bytes. */
static inline struct guard guard_new(size_t max)
{
	struct guard g;
	void *p;

	g.page = (size_t)sysconf(_SC_PAGESIZE);
	g.map_len = (max / g.page + 1) * g.page;
	p = mmap(NULL, g.map_len + g.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		 0);
	if (p == MAP_FAILED)
		abort();
	g.map = p;
	if (mprotect(g.map + g.map_len, g.page, PROT_NONE))
		abort();
	return g;
}

/* The buffer of len bytes that ends at the unreadable page. */
static inline uint8_t *guard_buf(const struct guard *g, size_t len)
{
	return g->map + g->map_len - len;
}

/* The same, filled from src. */
static inline uint8_t *guard_copy(const struct guard *g, const void *src, size_t len)
{
	uint8_t *p = guard_buf(g, len);

	if (len)
		memcpy(p, src, len);
	return p;
}

/* From now on writing is fatal too (or no more). */
static inline void guard_readonly(const struct guard *g, int on)
{
	if (mprotect(g->map, g->map_len, on ? PROT_READ : PROT_READ | PROT_WRITE))
		abort();
}

static inline void guard_free(struct guard *g)
{
	munmap(g->map, g->map_len + g->page);
}

#endif
