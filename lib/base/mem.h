/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory and checked arithmetic. All allocations of lib/ are made here, so that a test which wraps
 * malloc, calloc and realloc at link time sees all of them.
 */
#ifndef CRX_BASE_MEM_H
#define CRX_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* n * size bytes, uninitialised or zeroed. NULL on overflow or if memory is short; not if n is 0.
 * The caller frees them with free(). */
void *crx_alloc(size_t n, size_t size);
void *crx_zalloc(size_t n, size_t size);

/* Copies; NULL if memory is short. crx_strndup() reads at most len bytes. */
char *crx_strdup(const char *s);
char *crx_strndup(const char *s, size_t len);

/* a, b and c in one string. NULL if memory is short. */
char *crx_strjoin(const char *a, const char *b, const char *c);

/*
 * Makes room for `need` elements of `size` bytes in the array at *arr, which has room for *cap. It
 * grows by at least half. arr is the address of the pointer to the array. Returns false, and
 * changes nothing, if memory is short.
 */
bool crx_grow(void *arr, size_t *cap, size_t need, size_t size);

/* a + b and a * b into *out; false on overflow. */
bool crx_add_size(size_t a, size_t b, size_t *out);
bool crx_mul_size(size_t a, size_t b, size_t *out);

/* -1, 0 or 1, for qsort(). */
static inline int crx_compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Are all of these bytes 0? */
static inline bool crx_is_zero(const uint8_t *p, size_t len)
{
	return !len || (!p[0] && !memcmp(p, p + 1, len - 1));
}

/* n rounded up to a multiple of unit, a power of two. n must be <= UINT64_MAX - unit. */
static inline uint64_t crx_round_up(uint64_t n, uint64_t unit)
{
	return (n + unit - 1) & ~(unit - 1);
}

/*
 * An arena: many small allocations that are freed together. They are aligned to 8 bytes.
 * Zero-initialise it. Not thread-safe: use one for each worker.
 */
struct crx_arena {
	struct crx_arena_chunk *chunk; /* newest first */
	size_t used;                   /* bytes used of the newest */
};

/* NULL if memory is short. */
void *crx_arena_alloc(struct crx_arena *a, size_t len);
/* A copy of the len bytes at s, and a NUL. */
char *crx_arena_strndup(struct crx_arena *a, const char *s, size_t len);
void crx_arena_free(struct crx_arena *a);

#endif
