/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of page frames, which counts each frame once.
 */
#ifndef FRAMES_H
#define FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frames {
	uint64_t *slot; /* number + 1; 0 is empty */
	size_t n, cap;
};

/* False, with a message, if memory is short. */
bool frames_add(struct frames *f, uint64_t number);
void frames_free(struct frames *f);

#endif
