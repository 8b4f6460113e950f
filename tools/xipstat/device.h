/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a mounted image reaches its flash. Through MTD a page that is read is
 * one page in RAM; block devices read ahead, so that what is in RAM says
 * little of what was used.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>

#include "mounts.h"

/*
 * Why this is no cramfs image on an MTD, as the end of a sentence; NULL if it is one.
 * /dev/mtdblockN as source says nothing: the kernel takes the MTD behind it if it can,
 * and only the block device if it can't.
 */
const char *device_not_mtd(const struct mount *m);

#endif
