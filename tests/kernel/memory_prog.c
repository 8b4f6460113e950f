/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program for kernels without an MMU, freestanding and without writable data: it writes a byte,
 * waits until its input ends, and then exits. For RISC-V and ARM.
 */
#include "syscalls.h"

void _start(void);

void _start(void)
{
	char byte = 'x';

	call(SYS_write, 1, (long)&byte, 1);
	while (call(SYS_read, 0, (long)&byte, 1) > 0)
		;
	call(SYS_exit, 0, 0, 0);
	for (;;)
		;
}
