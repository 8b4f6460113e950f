/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which physical addresses are RAM: /proc/iomem.
 */
#ifndef RAM_H
#define RAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ram {
	struct {
		uint64_t first, last;
	} * range;
	size_t n, cap;
};

/* 0, or -1 with a message: also if the addresses are hidden, or no RAM is listed. */
int ram_read(const char *proc, struct ram *out);
void ram_free(struct ram *r);
bool ram_has(const struct ram *r, uint64_t address);

#endif
