/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xipstat profile: the pages of an image that were used, for mkcramfs-xip --profile.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include "options.h"

/* Returns the exit status. */
int profile_run(const struct options *o);

#endif
