/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was built, for people.
 */
#ifndef MKCRAMFS_XIP_SUMMARY_H
#define MKCRAMFS_XIP_SUMMARY_H

#include "options.h"

/* A line of the summary. */
void summary_row(FILE *out, const char *label, const char *fmt, ...) CRX_PRINTF(3, 4);

void summary_put(FILE *out, const struct options *o, const struct crx_build_result *r);

/* -v: a line for each file; -vv: its segments and blocks too (details.c). */
void details_put(FILE *out, const struct options *o, const struct crx_build_result *r);

/* The rows of the summary about rules, RAM and budget (choice.c). */
void choice_put(FILE *out, const struct options *o, const struct crx_build_result *r);

/* Is the cost of each file and rule known, and exactly? */
bool costs_known(const struct options *o);

/* 0.0004 as 400, rounded up; at most 1000000. */
uint64_t share_of_million(double share);

/* --policy-check: what the rules come to (policy_check.c). */
void policy_check_put(FILE *out, const struct options *o, const struct crx_build_result *r);

#endif
