/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which blocks and files are equal. Internal to scan.
 */
#ifndef CRX_SCAN_EQUAL_H
#define CRX_SCAN_EQUAL_H

#include "scan/scan.h"

/*
 * Fill same of every block and every file: by hash, then by comparing bytes,
 * each candidate with the first of its hash only, so in linear time. Blocks
 * that share a hash with the first of it but not its bytes stay alone.
 */
int crx_scan_find_equal(struct crx_facts *f, unsigned workers, struct crx_err *err) CRX_MUST_CHECK;

/* Fill link of every file: names of one file, by device and inode number. */
int crx_scan_find_links(struct crx_facts *f, struct crx_err *err) CRX_MUST_CHECK;

/* Fill twin. same must be there. */
int crx_scan_find_twins(struct crx_facts *f, struct crx_err *err) CRX_MUST_CHECK;

#endif
