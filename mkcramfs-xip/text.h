/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values of a result as text.
 */
#ifndef MKCRAMFS_XIP_TEXT_H
#define MKCRAMFS_XIP_TEXT_H

#include "build/build.h"
#include "cli/number.h"

/* Room for the numbers of one line. */
struct numbers {
	char a[CRX_CLI_NUMBER_MAX], b[CRX_CLI_NUMBER_MAX], c[CRX_CLI_NUMBER_MAX];
};

/* crx_exec_abi_name() */
enum { MACHINE_MAX = 40 };

/* "board.policy:12", in buf; NULL for CRX_RESULT_NONE. */
enum { RULE_PLACE_MAX = 4096 + 16 };
const char *rule_place(const struct crx_result *r, size_t rule, char buf[RULE_PLACE_MAX]);

/* The path of the file whose table this one shares, or NULL. */
const char *same_as(const struct crx_result *r, const struct crx_result_file *f);

/* Why not all of a segment is in place: "writable: copied to RAM"; NULL if it is. */
const char *segment_reason(const struct crx_build_opts *o, const struct crx_result_file *f,
			   const struct crx_result_segment *s);

/* 0.0004 as 400, rounded up; at most 1000000. */
uint64_t share_of_million(double share);

/* A line of the summary; or its label only, and the caller prints the rest. */
void text_row(FILE *out, const char *label, const char *fmt, ...) CRX_PRINTF(3, 4);
void text_label(FILE *out, const char *label);

#endif
