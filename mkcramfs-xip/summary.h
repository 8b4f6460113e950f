/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was built, for people.
 */
#ifndef MKCRAMFS_XIP_SUMMARY_H
#define MKCRAMFS_XIP_SUMMARY_H

#include "options.h"

void summary_put(FILE *out, const struct options *o, const struct crx_build_result *r);

/* -v: a line for each file; -vv: its segments and blocks too (details.c). */
void details_put(FILE *out, const struct options *o, const struct crx_build_result *r);

#endif
