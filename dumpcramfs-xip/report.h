/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report: a single HTML page that needs no other files.
 */
#ifndef DUMPCRAMFS_XIP_REPORT_H
#define DUMPCRAMFS_XIP_REPORT_H

#include "command.h"

/*
 * Writes what the page shows, as JSON that is safe inside a <script> element. Members are named as
 * in the JSON of list, layout, maps and super.
 */
int report_put_data(struct dump *d, FILE *out, struct crx_err *err) CRX_MUST_CHECK;

/* Writes the members mmu, totals and maps. number[i] is the index in the report of entry i of the
 * listing. */
int report_put_maps(const struct dump *d, struct crx_cli_json *j, const uint32_t *number,
		    bool *truncated, struct crx_err *err) CRX_MUST_CHECK;

/* The page before and after the data, from page/ by page/embed.sh. */
extern const unsigned char report_head[], report_tail[];
extern const size_t report_head_len, report_tail_len;

#endif
