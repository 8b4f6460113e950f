/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image opened, its page size known, its entries listed.
 */
#ifndef DUMPCRAMFS_XIP_OPEN_H
#define DUMPCRAMFS_XIP_OPEN_H

#include "options.h"
#include "read/walk.h"

struct view {
	const char *path;
	struct crx_image img;
	struct crx_listing list;
	uint32_t candidates; /* as from crx_check_page_size; 0: -b was given, or none fits */
};

/* Says through log what is odd. *damaged: entries are missing. */
int view_open(struct view *v, const char *path, const struct options *o, struct crx_log *log,
	      bool *damaged, struct crx_err *err) CRX_MUST_CHECK;
void view_close(struct view *v);

#endif
