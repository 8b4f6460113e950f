/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds out if a block device is mounted. Private to lib/write.
 */
#ifndef CRX_WRITE_MOUNTED_H
#define CRX_WRITE_MOUNTED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Does mountinfo, the text of /proc/self/mountinfo (proc(5)), list a file system on the
 * device dev? If so, where gets its first mount point, cut to cap bytes.
 *
 * A file system on MTD is listed as one on the block device 31:N, whether it was mounted
 * as mtdN, mtd:NAME or /dev/mtdblockN (Linux, drivers/mtd/mtdsuper.c, mtd_get_sb()).
 * Opening that device with O_EXCL does not find the mount, which does not hold it.
 */
bool crx_output_mounted(const char *mountinfo, dev_t dev, char *where, size_t cap);

#endif
