/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_H
#define KERNEL_H

/* Warns if the kernel that runs here, by /proc/sys/kernel/osrelease, maps the wrong memory. */
void kernel_warn(const char *proc);

#endif
