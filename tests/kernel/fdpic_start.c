/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel passes a map of the segments in r7, and the program relocates itself: .rofixup lists
 * the addresses of all pointers in its data. The last one is that of the GOT, which r9 must hold
 * before anything uses it.
 */
#include "fdpic_start.h"

/* the stack gets FDPIC_SEGMENTS_MAX words */
__asm__(".thumb\n.thumb_func\n.globl _start\n"
	"_start:\n"
	"\tadr r4, 1f\n"
	"\tldrd r1, r2, [r4]\n"
	"\tadd r1, r4\n"
	"\tadd r2, r4\n"
	"\tsub sp, #32\n"
	"\tmov r3, sp\n"
	"\tmov r0, r7\n"
	"\tbl fdpic_relocate\n"
	"\tmov r9, r0\n"
	"\tmov r0, r7\n"
	"\tmov r1, sp\n"
	"\tbl fdpic_main\n"
	"\t.balign 4\n"
	"1:\t.word __rofixup_start - 1b, __rofixup_end - 1b\n");

static uint32_t placed(const struct fdpic_map *map, uint32_t at)
{
	int i;

	for (i = 0; i < map->n; i++) {
		if (at - map->seg[i].vaddr < map->seg[i].memsz)
			return at - map->seg[i].vaddr + map->seg[i].addr;
	}
	return at;
}

static uint32_t sum_of(const unsigned char *p, uint32_t n)
{
	uint32_t sum = 0;

	while (n--)
		sum = sum * 31 + *p++;
	return sum;
}

__attribute__((used)) static uint32_t fdpic_relocate(const struct fdpic_map *map,
						     const uint32_t *fixup, const uint32_t *end,
						     uint32_t *sum)
{
	uint32_t *pointer;
	int i;

	for (i = 0; i < map->n && i < FDPIC_SEGMENTS_MAX; i++)
		sum[i] = sum_of((const unsigned char *)(uintptr_t)map->seg[i].addr,
				map->seg[i].memsz);
	for (; fixup < end - 1; fixup++) {
		pointer = (uint32_t *)(uintptr_t)placed(map, *fixup);
		*pointer = placed(map, *pointer);
	}
	return placed(map, *fixup);
}
