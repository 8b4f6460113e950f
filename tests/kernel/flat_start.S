/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a probe begins that flat.py has made a flat binary of. The kernel gives a flat binary no
 * auxiliary vector, without which the C library cannot begin. The probe needs no arguments.
 */
	.text
	.globl flat_start
flat_start:
	addi sp, sp, -80
	andi sp, sp, -16
	li a1, 1 /* argc */
	sd a1, 0(sp)
	lla a1, name
	sd a1, 8(sp)
	sd zero, 16(sp)
	sd zero, 24(sp) /* no environment */
	li a1, 25 /* AT_RANDOM */
	sd a1, 32(sp)
	lla a1, random
	sd a1, 40(sp)
	sd zero, 48(sp) /* AT_NULL */
	sd zero, 56(sp)
	li a0, 0 /* nothing to be called at exit */
	tail _start

	/* of a static program that relocates itself; here the kernel has done so */
	.globl _dl_relocate_static_pie
_dl_relocate_static_pie:
	ret

	.section .rodata
name:
	.asciz "init"
	.balign 16
random:
	.ascii "sixteen bytes..."
