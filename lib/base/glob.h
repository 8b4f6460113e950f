/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shell patterns for paths. They match bytes, whatever the locale.
 *
 *   *      any number of bytes except '/'
 *   ?      one byte except '/'
 *   [a-z]  one byte of the set; [!a-z] and [^a-z]: one byte not of the set; never '/'
 *   **     as a whole component: any number of directories, also none; as the last component,
 *          everything below
 *   \x     x itself
 */
#ifndef CRX_BASE_GLOB_H
#define CRX_BASE_GLOB_H

#include <stdbool.h>

enum { CRX_GLOB_MAX = 4096 }; /* limit for the length of a pattern that a user gives */

/* Neither pattern nor path begins with '/'. The time is at most proportional to the product of
 * their lengths. A '[' that is not closed matches itself. */
bool crx_glob_match(const char *pattern, const char *path);

#endif
