/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The beginning of a static FDPIC program for ARM, whose segments may be anywhere.
 */
#ifndef FDPIC_START_H
#define FDPIC_START_H

#include <stdint.h>

enum { FDPIC_SEGMENTS_MAX = 8 };

/* struct elf32_fdpic_loadmap of the kernel's linux/elf-fdpic.h */
struct fdpic_map {
	uint16_t version, n;
	struct {
		uint32_t addr, vaddr, memsz;
	} seg[];
};

/* What the program does. sum: of each segment, as it was when the program started. */
_Noreturn void fdpic_main(const struct fdpic_map *map, const uint32_t *sum);

#endif
