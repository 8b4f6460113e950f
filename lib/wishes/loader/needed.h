/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files of a tree the dynamic linker would load for a program.
 */
#ifndef CRX_LOADER_NEEDED_H
#define CRX_LOADER_NEEDED_H

#include "scan/scan.h"

/*
 * Find what ld.so would load for the program at path (links are followed), including the program
 * and its interpreter: member[i] = 1 for each such file of f->file, by its first name (link).
 * member has nfiles bytes, which the caller has set to zero. Files that are needed and missing are
 * warnings in the log. path may also be a shared object, which a program would load by dlopen(). A
 * program that loads nothing (static, flat) needs only itself.
 *
 * DT_NEEDED is followed breadth first. Each name is searched for as in glibc, in this order:
 *  1. if the object has no DT_RUNPATH: DT_RPATH of the object, of the one that loaded it, and so
 *     on up to the program, except of those that have a DT_RUNPATH;
 *  2. DT_RUNPATH of the object itself;
 *  3. /etc/ld.so.conf and the files it includes, instead of ld.so.cache, which is made from them;
 *  4. the directories built into ld.so, as far as the tree shows them: the one the interpreter is
 *     in, after links and by its name; those called *-linux-* in /lib and /usr/lib (multiarch);
 *     lib64, or lib32 and libx32; /lib and /usr/lib.
 * If the interpreter is called ld-musl-*, the search is that of musl: DT_RUNPATH or else DT_RPATH
 * of the object and of all objects up to the program, then the directories in
 * /etc/ld-musl-ARCH.path or, without such a file, /lib, /usr/local/lib and /usr/lib.
 *
 * Files for other machines, and files that are not ELF, are ignored. A name by which an object was
 * loaded, or which is its DT_SONAME (glibc), is not searched for again. A name with a '/' is a
 * path; a relative one begins at the root. glibc's /etc/ld.so.preload is read.
 *
 * Not covered: dlopen() (NSS, gconv, PAM, plugins), LD_LIBRARY_PATH and LD_PRELOAD, variants for
 * some processors (glibc-hwcaps), directories with $PLATFORM, DF_1_NODEFLIB, DT_FILTER and
 * DT_AUXILIARY.
 *
 * The work has a limit (CRX_LDSO_STEPS); reaching it is a warning.
 */
int crx_loader_needed(const struct crx_tree *t, const struct crx_facts *f, const char *path,
		      struct crx_log *log, uint8_t *member, struct crx_err *err) CRX_MUST_CHECK;

#endif
