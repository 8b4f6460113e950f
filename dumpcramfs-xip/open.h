/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An open image with its page size and the list of its entries.
 */
#ifndef DUMPCRAMFS_XIP_OPEN_H
#define DUMPCRAMFS_XIP_OPEN_H

#include "options.h"
#include "read/walk.h"

struct view {
	const char *path;
	struct crx_image img;
	struct crx_listing list;
	uint32_t candidates; /* from crx_check_page_size; 0 if -b was given or none fits */
};

/* Warns through log if entries are missing, which sets *damaged, or if the page size is uncertain.
 */
int view_open(struct view *v, const char *path, const struct options *o, struct crx_log *log,
	      bool *damaged, struct crx_err *err) CRX_MUST_CHECK;
void view_close(struct view *v);

#endif
