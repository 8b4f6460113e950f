/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of its names a program was called by.
 */
#ifndef CRX_CLI_CALLED_H
#define CRX_CLI_CALLED_H

#include <stddef.h>

/*
 * The index of the last component of argv0 in name[0 .. n - 1], ignoring the prefix "lt-" of
 * libtool. 0, the program's own name, if it is not among them. argv0 may be NULL.
 */
size_t crx_cli_called(const char *argv0, const char *const *name, size_t n);

#endif
