/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MEM_H
#define MEM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Make room for `wanted` elements of `size` bytes at *array, which has room for
 * *cap. false, with a message and everything as it was, if there is no memory.
 */
bool mem_grow(void *array, size_t *cap, size_t wanted, size_t size);

/* The same with a message as strdup and calloc. NULL if there is no memory. */
char *mem_copy(const char *s);
void *mem_zeroed(size_t n, size_t size);

/* A string that the caller frees; NULL if there is no memory. */
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
