/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls of nommu_libc.c, for ARM, with the names that the C library gives them.
 */
#include <asm/unistd.h>

	.syntax unified
	.thumb

/* up to six arguments; checked() in nommu_libc.c sets errno */
.macro call name, number
	.thumb_func
	.globl \name
\name:	push {r4, r5, r7}
	ldr r4, [sp, #12]
	ldr r5, [sp, #16]
	movw r7, #\number
	svc 0
	pop {r4, r5, r7}
	b checked
.endm

	call chdir, __NR_chdir
	call chroot, __NR_chroot
	call close, __NR_close
	call dup2, __NR_dup2
	call execve, __NR_execve
	call _exit, __NR_exit_group
	call ioctl, __NR_ioctl
	call klogctl, __NR_syslog
	call lseek, __NR_lseek
	call mkdir, __NR_mkdir
	call mmap, __NR_mmap2 /* in pages, but the offset is always 0 */
	call mount, __NR_mount
	call munmap, __NR_munmap
	call nanosleep, __NR_nanosleep
	call open, __NR_open
	call pause, __NR_pause
	call pipe2, __NR_pipe2
	call read, __NR_read
	call rt_sigaction, __NR_rt_sigaction
	call umount2, __NR_umount2
	call wait4, __NR_wait4
	call write, __NR_write

/* the child returns first, and overwrites the stack */
	.thumb_func
	.globl vfork
vfork:	mov ip, r7
	movw r7, #__NR_vfork
	svc 0
	mov r7, ip
	b checked

	.section .note.GNU-stack, "", %progbits
