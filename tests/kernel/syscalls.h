/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls of freestanding programs. For RISC-V and ARM.
 */
#ifndef CRX_TESTS_SYSCALLS_H
#define CRX_TESTS_SYSCALLS_H

#ifdef __riscv
enum { SYS_read = 63, SYS_write = 64, SYS_exit = 93 };

static long call(long n, long a, long b, long c)
{
	register long a7 __asm__("a7") = n;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
	return a0;
}
#else
enum { SYS_exit = 1, SYS_read = 3, SYS_write = 4 };

static long call(long n, long a, long b, long c)
{
	register long r7 __asm__("r7") = n;
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;

	__asm__ volatile("svc 0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2) : "memory");
	return r0;
}
#endif

#endif
