/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report: one page for a browser, with all that it needs in it.
 */
#ifndef DUMPCRAMFS_XIP_REPORT_H
#define DUMPCRAMFS_XIP_REPORT_H

#include "command.h"

/*
 * What the page shows, as JSON that may stand inside a <script> element. The
 * names of members are those of list, layout, maps and super --json.
 */
int report_put_data(struct dump *d, FILE *out, struct crx_err *err) CRX_MUST_CHECK;

/* Of these the members mmu, totals and maps. number: of each entry of the
 * listing, its place among the report's. */
int report_put_maps(const struct dump *d, struct crx_cli_json *j, const uint32_t *number,
		    bool *truncated, struct crx_err *err) CRX_MUST_CHECK;

/* What stands in front of the data and behind it: page/ by way of page/embed.sh. */
extern const unsigned char report_head[], report_tail[];
extern const size_t report_head_len, report_tail_len;

#endif
