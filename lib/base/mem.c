/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

bool crx_add_size(size_t a, size_t b, size_t *out)
{
	*out = a + b;
	return *out >= a;
}

bool crx_mul_size(size_t a, size_t b, size_t *out)
{
	*out = a * b;
	return !a || *out / a == b;
}

void *crx_alloc(size_t n, size_t size)
{
	size_t len;

	if (!crx_mul_size(n, size, &len))
		return NULL;
	return malloc(len ? len : 1);
}

void *crx_zalloc(size_t n, size_t size)
{
	if (!n || !size)
		return calloc(1, 1);
	return calloc(n, size);
}

char *crx_strndup(const char *s, size_t len)
{
	size_t n = strnlen(s, len);
	char *copy = malloc(n + 1);

	if (!copy)
		return NULL;
	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *crx_strdup(const char *s)
{
	return crx_strndup(s, strlen(s));
}

char *crx_strjoin(const char *a, const char *b, const char *c)
{
	size_t la = strlen(a), lb = strlen(b), lc = strlen(c);
	char *s = crx_alloc(la + lb + lc + 1, 1);

	if (!s)
		return NULL;
	memcpy(s, a, la);
	memcpy(s + la, b, lb);
	memcpy(s + la + lb, c, lc + 1);
	return s;
}

bool crx_grow(void *arr, size_t *cap, size_t need, size_t size)
{
	size_t want, len;
	void *old, *bigger;

	if (need <= *cap)
		return true;
	want = *cap + *cap / 2;
	if (want < need)
		want = need;
	if (want < 8)
		want = 8;
	if (!crx_mul_size(want, size, &len))
		return false;
	/* *arr is a pointer of unknown type, so it is copied rather than cast */
	memcpy(&old, arr, sizeof(old));
	bigger = realloc(old, len);
	if (!bigger)
		return false;
	memcpy(arr, &bigger, sizeof(bigger));
	*cap = want;
	return true;
}

enum { ARENA_CHUNK = 256 * 1024, ARENA_ALIGN = 8 };

struct crx_arena_chunk {
	struct crx_arena_chunk *next;
	size_t cap;
	uint64_t data[];
};

void *crx_arena_alloc(struct crx_arena *a, size_t len)
{
	struct crx_arena_chunk *c = a->chunk;
	size_t cap, total;
	uint8_t *p;

	if (!crx_add_size(len, ARENA_ALIGN - 1, &len))
		return NULL;
	len -= len % ARENA_ALIGN;
	if (!c || c->cap - a->used < len) {
		cap = len > ARENA_CHUNK ? len : ARENA_CHUNK;
		if (!crx_add_size(sizeof(*c), cap, &total))
			return NULL;
		c = malloc(total);
		if (!c)
			return NULL;
		c->cap = cap;
		c->next = a->chunk;
		a->chunk = c;
		a->used = 0;
	}
	p = (uint8_t *)c->data + a->used;
	a->used += len;
	return p;
}

char *crx_arena_strndup(struct crx_arena *a, const char *s, size_t len)
{
	char *copy = crx_arena_alloc(a, len + 1);

	if (!copy)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

void crx_arena_free(struct crx_arena *a)
{
	struct crx_arena_chunk *c, *next;

	for (c = a->chunk; c; c = next) {
		next = c->next;
		free(c);
	}
	a->chunk = NULL;
	a->used = 0;
}
