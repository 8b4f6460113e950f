/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory and checked arithmetic. Every allocation of lib/ goes through here,
 * so a test that wraps malloc, calloc and realloc at link time reaches all.
 */
#ifndef CRX_BASE_MEM_H
#define CRX_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* n * size bytes, uninitialised / zeroed; NULL on overflow or when memory is
 * short. n == 0 gives a pointer that may be freed. Free with free(). */
void *crx_alloc(size_t n, size_t size);
void *crx_zalloc(size_t n, size_t size);

/* Copies; NULL when memory is short. crx_strndup reads at most len bytes. */
char *crx_strdup(const char *s);
char *crx_strndup(const char *s, size_t len);

/*
 * Make room for need elements in the array *arr of *cap elements of `size`
 * bytes, growing by half at least. Returns false and leaves all as it was
 * when memory is short. arr is the address of the array pointer.
 */
bool crx_grow(void *arr, size_t *cap, size_t need, size_t size);

/* a + b and a * b into *out; false on overflow. */
bool crx_add_size(size_t a, size_t b, size_t *out);
bool crx_mul_size(size_t a, size_t b, size_t *out);

/* -1, 0 or 1, as qsort() wants it. */
static inline int crx_compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* n rounded up to a multiple of unit, a power of two. n must be <= UINT64_MAX - unit. */
static inline uint64_t crx_round_up(uint64_t n, uint64_t unit)
{
	return (n + unit - 1) & ~(unit - 1);
}

/*
 * An arena: many small pieces that live and die together. Pieces are aligned
 * to 8 bytes. Zero-initialise. Not thread-safe: one per worker.
 */
struct crx_arena {
	struct crx_arena_chunk *chunk; /* newest first */
	size_t used;                   /* bytes used of the newest */
};

void *crx_arena_alloc(struct crx_arena *a, size_t len); /* NULL when memory is short */
void crx_arena_free(struct crx_arena *a);

#endif
