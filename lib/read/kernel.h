/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel that reads an image, where kernels from 4.15 on differ. doc/kernel.md has the sources
 * of these facts.
 */
#ifndef CRX_READ_KERNEL_H
#define CRX_READ_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Zero is a current kernel. */
struct crx_kernel {
	uint32_t version; /* CRX_KERNEL_VERSION(), or 0 */
	/* Built for a machine where char is signed, such as x86 and MIPS. Since 6.2 it makes no
	 * difference. */
	bool signed_char;
};

#define CRX_KERNEL_VERSION(major, minor, patch) \
	((uint32_t)(major) << 24 | (uint32_t)(minor) << 16 | (uint32_t)(patch))

/* "6.1" (which is 6.1.0) or "6.1.38", 4.15 or later. CRX_EARG for anything else. */
int crx_kernel_parse(const char *text, struct crx_kernel *out, struct crx_err *err) CRX_MUST_CHECK;

/* "6.1.38", without a zero at the end; "" if the version is 0. Returns buf. */
enum { CRX_KERNEL_NAME_MAX = 16 };
const char *crx_kernel_name(const struct crx_kernel *k, char buf[CRX_KERNEL_NAME_MAX]);

/* get_cramfs_inode(): does it refuse an inode of no valid type? Older kernels make it a special
 * file. */
bool crx_kernel_refuses_types(const struct crx_kernel *k);

/* Does it depend on the machine whether char is signed? Nothing but cramfs_lookup() cares. */
bool crx_kernel_char_varies(const struct crx_kernel *k);

/* cramfs_lookup(): does it compare the first byte of a stored name as a signed char? */
bool crx_kernel_compares_signed(const struct crx_kernel *k);

/* cramfs_physmem_mmap(): does a mapping that is in place in part show the wrong memory there? */
bool crx_kernel_maps_wrong_memory(const struct crx_kernel *k);

#endif
