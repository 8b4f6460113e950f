/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was built, as text.
 */
#ifndef MKCRAMFS_XIP_SUMMARY_H
#define MKCRAMFS_XIP_SUMMARY_H

#include "options.h"

struct against;
void summary_put(FILE *out, const struct options *o, const struct crx_result *r,
		 const struct against *a);

/* -v: a line for each file; -vv: its segments and blocks too (details.c). */
void details_put(FILE *out, const struct options *o, const struct crx_result *r);

/* The rows of the summary about rules, RAM and budget (choice.c). */
void choice_put(FILE *out, const struct options *o, const struct crx_result *r);

/* --policy-check: what the rules result in (policy_check.c). */
void policy_check_put(FILE *out, const struct options *o, const struct crx_result *r);

#endif
