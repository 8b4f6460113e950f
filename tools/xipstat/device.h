/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a mounted image reads its flash. Through MTD, only pages that are used get into RAM. Block
 * devices read ahead, so what is in RAM says little about what was used.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>

#include "mounts.h"

/*
 * Why m is not a cramfs image on an MTD, as text; NULL if it is one. The source
 * /dev/mtdblockN does not decide it: the kernel uses the MTD of that number if it can, and the
 * block device otherwise.
 */
const char *device_not_mtd(const struct mount *m);

#endif
