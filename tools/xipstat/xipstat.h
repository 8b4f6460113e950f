/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Included first in every file: feature macros for the C library, and names. Nothing comes from
 * configure, because the program is also built alone, for the target.
 */
#ifndef XIPSTAT_H
#define XIPSTAT_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
/* a 32-bit program may read the pagemap of a 64-bit process, at large offsets */
#undef _FILE_OFFSET_BITS
#define _FILE_OFFSET_BITS 64

#define PROGRAM "xipstat"
#ifndef XIPSTAT_VERSION
#define XIPSTAT_VERSION "of unknown version"
#endif

/* The same as in the other programs. */
enum { EXIT_DONE = 0, EXIT_FAILED = 8, EXIT_USAGE = 16 };

#endif
