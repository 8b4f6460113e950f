/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "dump.h"

int dump_find_entry(const struct dump *d, const char *path, bool follow,
		    const struct crx_entry **out, struct crx_err *err)
{
	*out = crx_listing_find(&d->view->img, &d->view->list, path, follow, d->z);
	if (!*out)
		return crx_err_set(err, CRX_EARG, 0, path, "no such path in the image");
	return 0;
}

void dump_incomplete(struct dump *d, const char *path, const char *text)
{
	d->incomplete = true;
	crx_offenders_add(&d->warnings, path, "%s", text);
}
