/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds equal blocks and files. Private to lib/scan.
 */
#ifndef CRX_SCAN_EQUAL_H
#define CRX_SCAN_EQUAL_H

#include "scan/scan.h"

/*
 * Set `same` of every block and file: by hash, then by comparing bytes. A block is
 * compared only with the first block of the same hash, so the time is linear. If they
 * differ, the later one is not the same as any other.
 */
int crx_scan_find_equal(struct crx_facts *f, unsigned workers, struct crx_err *err) CRX_MUST_CHECK;

/* Set `link` of every file, by device and inode number. */
int crx_scan_find_links(struct crx_facts *f, struct crx_err *err) CRX_MUST_CHECK;

/* Set `inode` of every file, after `same`. */
int crx_scan_find_inodes(struct crx_facts *f, struct crx_err *err) CRX_MUST_CHECK;

#endif
