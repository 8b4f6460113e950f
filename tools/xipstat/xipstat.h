/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Included first in every file: what the C library is to show, and what the
 * program is called. Nothing here is made by configure, for the program is
 * also built by itself, for the target.
 */
#ifndef XIPSTAT_H
#define XIPSTAT_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
/* a 32-bit program may look at 64-bit processes: offsets into pagemap */
#undef _FILE_OFFSET_BITS
#define _FILE_OFFSET_BITS 64

#define PROGRAM "xipstat"
#ifndef XIPSTAT_VERSION
#define XIPSTAT_VERSION "of unknown version"
#endif

/* As the other programs have it. */
enum { EXIT_DONE = 0, EXIT_FAILED = 8, EXIT_USAGE = 16 };

#endif
