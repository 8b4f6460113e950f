/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * By which of its names a program was called.
 */
#ifndef CRX_CLI_CALLED_H
#define CRX_CLI_CALLED_H

#include <stddef.h>

/*
 * The place of argv0's last part among the n names; 0, its own name, for all
 * that is not there (argv0 may be NULL). libtool's "lt-" in front is passed
 * over.
 */
size_t crx_cli_called(const char *argv0, const char *const *name, size_t n);

#endif
