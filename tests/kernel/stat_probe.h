/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STAT_PROBE_H
#define STAT_PROBE_H

#include "board.h"

/*
 * Touch pages of a file of the image in one way after the other, and print after each
 * which are in RAM, as mincore() says: "T STEP RANGE...". The file has 80 pages at least.
 */
void stat_pages(const char *path);

/* What mappings of a file show whose first 8 pages are in place, and more
 * after them: "T STEP WORD...". */
void stat_direct(const struct board *b, const char *path);

/* How many of the pages first ... first + pages - 1 the page cache holds: "C PAGES". */
void stat_cached(const char *path, size_t first, size_t pages);

#endif
