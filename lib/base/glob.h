/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shell patterns over paths, byte by byte, whatever the locale.
 *
 *   *      any bytes but '/'          ?      one byte but '/'
 *   [a-z]  one byte of a set, [!a-z] or [^a-z] not of it; never '/'
 *   **     as a whole component: any number of directories, none as well;
 *          at the end, everything below
 *   \x     x itself
 */
#ifndef CRX_BASE_GLOB_H
#define CRX_BASE_GLOB_H

#include <stdbool.h>

enum { CRX_GLOB_MAX = 4096 }; /* bytes of a pattern that users give */

/* Neither pattern nor path begins with '/'. Time is bounded by the product
 * of their lengths. A '[' that is never closed stands for itself. */
bool crx_glob_match(const char *pattern, const char *path);

#endif
