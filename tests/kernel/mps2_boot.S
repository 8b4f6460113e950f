/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the processor of the mps2 board finds at address 0: it jumps to the kernel as
 * Documentation/arm/booting.rst says.
 */
	.syntax unified
	.thumb
	.word 0x20400000 /* the stack, which is not used */
	.word start + 1
start:	movs r0, #0
	mvn r1, #0
	ldr r2, =DTB
	ldr r3, =KERNEL + 1
	bx r3
