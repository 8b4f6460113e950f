/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that runs out: malloc, calloc and realloc fail when a test wants it.
 * What the C library and other libraries allocate does not count. From any
 * thread. Include in one file of a program, and link it with $(FAILING_ALLOC).
 *
 * To let each allocation fail in turn:
 *
 *     for (n = 1;; n++) {
 *         alloc_fail(n, false);
 *         ret = what_is_tested();
 *         alloc_succeed();
 *         if (!ret && alloc_count() < n)
 *             break;
 *         (ret must be CRX_ENOMEM)
 *     }
 */
#ifndef CRX_TESTS_FAILING_ALLOC_H
#define CRX_TESTS_FAILING_ALLOC_H

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static struct {
	atomic_long count; /* allocations since alloc_fail() */
	atomic_long live;  /* allocated and not freed yet */
	long fail_at;      /* this allocation fails; 0: none */
	bool for_good;     /* and so do all after it */
} failing_alloc;

/* From now on, the n-th allocation fails (from 1); for_good: all after it too. */
static inline void alloc_fail(long n, bool for_good)
{
	failing_alloc.count = 0;
	failing_alloc.for_good = for_good;
	failing_alloc.fail_at = n;
}

/* From now on, no allocation fails. */
static inline void alloc_succeed(void)
{
	failing_alloc.fail_at = 0;
}

/* Starts counting at 0; no allocation fails. */
static inline void alloc_start_count(void)
{
	alloc_fail(0, false);
}

/* Allocations since the last alloc_fail() or alloc_start_count(). */
static inline long alloc_count(void)
{
	return failing_alloc.count;
}

/* Pieces of memory that are allocated now. */
static inline long alloc_live(void)
{
	return failing_alloc.live;
}

void *__real_malloc(size_t len);
void *__real_calloc(size_t n, size_t len);
void *__real_realloc(void *p, size_t len);
void __real_free(void *p);
void *__wrap_malloc(size_t len);
void *__wrap_calloc(size_t n, size_t len);
void *__wrap_realloc(void *p, size_t len);
void __wrap_free(void *p);

static inline bool alloc_fails(void)
{
	long n = atomic_fetch_add(&failing_alloc.count, 1) + 1, at = failing_alloc.fail_at;

	if (!at || n < at || (n > at && !failing_alloc.for_good))
		return false;
	errno = ENOMEM;
	return true;
}

void *__wrap_malloc(size_t len)
{
	void *p = alloc_fails() ? NULL : __real_malloc(len);

	if (p)
		atomic_fetch_add(&failing_alloc.live, 1);
	return p;
}

void *__wrap_calloc(size_t n, size_t len)
{
	void *p = alloc_fails() ? NULL : __real_calloc(n, len);

	if (p)
		atomic_fetch_add(&failing_alloc.live, 1);
	return p;
}

void *__wrap_realloc(void *old, size_t len)
{
	void *p = alloc_fails() ? NULL : __real_realloc(old, len);

	if (p && !old)
		atomic_fetch_add(&failing_alloc.live, 1);
	return p;
}

void __wrap_free(void *p)
{
	if (p)
		atomic_fetch_sub(&failing_alloc.live, 1);
	__real_free(p);
}

#endif
