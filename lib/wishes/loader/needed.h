/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files of a tree the dynamic linker would load for a program.
 */
#ifndef CRX_LOADER_NEEDED_H
#define CRX_LOADER_NEEDED_H

#include "scan/scan.h"

/*
 * What ld.so would load for the program at path, links followed, the program
 * and its interpreter included: member[i] = 1 for each such file of f->file,
 * under its first name (link). member has nfiles bytes, zeroed by the caller.
 * Says in the log what is needed and not there. path may be that of a shared
 * object as well, one that a program loads with dlopen(); and a program that
 * loads nothing (static, flat) is alone.
 *
 * DT_NEEDED is followed breadth first, and each name is looked for as glibc
 * does it, in this order:
 *  1. DT_RPATH of the object, of the one that loaded it, ... of the program,
 *     where the object has no DT_RUNPATH; of these, that of each which has none;
 *  2. DT_RUNPATH of the object itself;
 *  3. /etc/ld.so.conf with what it includes, instead of ld.so.cache, which is
 *     made of it;
 *  4. what is built in, here told from the tree: the directory in which the
 *     interpreter lies, its links followed, and that of its name; directories
 *     called *-linux-* of /lib and /usr/lib (multiarch); lib64 or lib32 and
 *     libx32; /lib and /usr/lib.
 * and as musl does it where the interpreter is called ld-musl-*: DT_RUNPATH or
 * else DT_RPATH of the object and of all up to the program, then what
 * /etc/ld-musl-ARCH.path says, or /lib, /usr/local/lib, /usr/lib. What is for
 * another processor, or no ELF file, is passed over. A name that an object was
 * loaded by, or has as its DT_SONAME (glibc), is not looked for again. With a
 * '/' it is a path; one that does not begin with it counts from the root.
 * glibc's /etc/ld.so.preload is honoured.
 *
 * Not seen: dlopen() (NSS, gconv, PAM, plugins), LD_LIBRARY_PATH and
 * LD_PRELOAD, variants for some processors (glibc-hwcaps), directories with
 * $PLATFORM, DF_1_NODEFLIB, DT_FILTER and DT_AUXILIARY.
 *
 * The work is bounded (CRX_LDSO_STEPS): beyond it, a warning.
 */
int crx_loader_needed(const struct crx_tree *t, const struct crx_facts *f, const char *path,
		      struct crx_log *log, uint8_t *member, struct crx_err *err) CRX_MUST_CHECK;

#endif
