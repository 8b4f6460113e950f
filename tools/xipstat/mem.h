/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MEM_H
#define MEM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes room for `needed` elements of `size` bytes at *array, which has room for *cap. Returns
 * false, with a message and nothing changed, if memory is short.
 */
bool mem_grow(void *array, size_t *cap, size_t needed, size_t size);

/* strdup and calloc. NULL, with a message, if memory is short. */
char *mem_copy(const char *s);
void *mem_zeroed(size_t n, size_t size);

/* The caller frees the string. NULL, with a message, if memory is short. */
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
