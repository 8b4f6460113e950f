/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a probe begins that flat.py has made a flat binary of. The kernel gives a flat binary no
 * auxiliary vector, without which the C library cannot begin.
 */
	.text
	.globl flat_start
flat_start:
	/* the arguments are copied, without the environment, and what the kernel leaves out follows */
	mv t0, sp
	ld t1, 0(t0) /* argc */
	addi t2, t1, 8
	slli t2, t2, 3
	sub sp, sp, t2
	andi sp, sp, -16
	mv t3, sp
	addi t1, t1, 2 /* itself, the pointers, and NULL */
1:	ld t2, 0(t0)
	sd t2, 0(t3)
	addi t0, t0, 8
	addi t3, t3, 8
	addi t1, t1, -1
	bnez t1, 1b
	sd zero, 0(t3)
	li a1, 25 /* AT_RANDOM */
	sd a1, 8(t3)
	lla a1, random
	sd a1, 16(t3)
	sd zero, 24(t3) /* AT_NULL */
	sd zero, 32(t3)
	li a0, 0 /* nothing to be called at exit */
	tail _start

	/* of a static program that relocates itself; here the kernel has done so */
	.globl _dl_relocate_static_pie
_dl_relocate_static_pie:
	ret

	.section .rodata
	.balign 16
random:
	.ascii "sixteen bytes..."
