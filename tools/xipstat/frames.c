/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "frames.h"

#include <stdlib.h>

#include "mem.h"

/* cap is a power of two, and at least half of the slots are empty. */
static void insert(struct frames *f, uint64_t key)
{
	size_t i = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (f->cap - 1);

	while (f->slot[i] && f->slot[i] != key)
		i = (i + 1) & (f->cap - 1);
	if (!f->slot[i])
		f->n++;
	f->slot[i] = key;
}

static bool grow(struct frames *f)
{
	struct frames bigger = { .cap = f->cap ? f->cap * 2 : 1024 };
	size_t i;

	bigger.slot = mem_zeroed(bigger.cap, sizeof(*bigger.slot));
	if (!bigger.slot)
		return false;
	for (i = 0; i < f->cap; i++)
		if (f->slot[i])
			insert(&bigger, f->slot[i]);
	free(f->slot);
	*f = bigger;
	return true;
}

bool frames_add(struct frames *f, uint64_t number)
{
	if (f->n >= f->cap / 2 && !grow(f))
		return false;
	insert(f, number + 1);
	return true;
}

void frames_free(struct frames *f)
{
	free(f->slot);
	*f = (struct frames){ 0 };
}
