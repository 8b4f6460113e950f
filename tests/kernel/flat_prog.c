/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A flat binary for the image, freestanding: no C library can run with its text in flash and its
 * data elsewhere. No writable data of its own; flat.py adds some after the text. For RISC-V.
 *
 * Without arguments it prints "entry ADDRESS sum SUM BYTES": where it is, and what the data is
 * that the kernel has loaded. With one it copies its input to its output.
 */
#include <stddef.h>
#include <stdint.h>

#include "syscalls.h"

enum { ALIGN = 32, SEARCH = 16384, COMPARED = 1024 };
enum { DATA_START_AT = 12, DATA_END_AT = 16 };

static uint32_t word(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static char *number(char *to, uint64_t n, unsigned base)
{
	char digit[20];
	int i = 0;

	do {
		digit[i++] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	while (i)
		*to++ = digit[--i];
	return to;
}

static char *text(char *to, const char *s)
{
	while (*s)
		*to++ = *s++;
	return to;
}

/* Nothing says where the data is, but the stack is somewhere after it. It begins as flat.py has
 * made it, at an address that is a multiple of FLAT_DATA_ALIGN. */
static const unsigned char *find_data(const void *sp, uint32_t len)
{
	const unsigned char *p = (const unsigned char *)((uintptr_t)sp / ALIGN * ALIGN);
	uint32_t i, n;

	for (n = 0; n < SEARCH; n++, p -= ALIGN) {
		for (i = 0;
		     i < len && i < COMPARED && p[i] == (unsigned char)(i * 7 + 3 + (i >> 8) * 13);
		     i++)
			;
		if (i == len || i == COMPARED)
			return p;
	}
	return NULL;
}

void _start(void);

__attribute__((used)) static void begin(const long *sp, const unsigned char *head)
{
	const unsigned char *data;
	uint32_t len = word(head + DATA_END_AT) - word(head + DATA_START_AT), sum = 0, i;
	char line[128], *end = line;
	long n;

	if (*sp > 1) {
		while ((n = call(SYS_read, 0, (long)line, sizeof(line))) > 0)
			call(SYS_write, 1, (long)line, n);
		call(SYS_exit, 0, 0, 0);
	}
	data = len ? find_data(sp, len) : NULL;
	for (i = 0; data && i < len; i++)
		sum = sum * 31 + data[i];
	end = text(end, "entry ");
	end = number(end, (uintptr_t)_start, 16);
	end = text(end, " sum ");
	end = number(end, sum, 10);
	*end++ = ' ';
	end = number(end, len, 10);
	*end++ = '\n';
	call(SYS_write, 1, (long)line, end - line);
	call(SYS_exit, len && !data, 0, 0);
}

/* the header is a page before what was the ELF header */
__asm__(".globl _start\n_start:\n\tmv a0, sp\n\tlla a1, __ehdr_start - 4096\n\ttail begin\n");
