/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "dump.h"

#include <errno.h>

int dump_find_entry(const struct dump *d, const char *path, bool follow,
		    const struct crx_entry **out, struct crx_err *err)
{
	*out = crx_listing_find(&d->view->img, &d->view->list, path, follow, d->z);
	if (*out)
		return 0;
	switch (errno) {
	case ENOMEM:
		return crx_err_nomem(err, "looking up a path");
	case ENOENT:
		return crx_err_set(err, CRX_EARG, 0, path, "no such path in the image");
	case ENOTDIR:
		return crx_err_set(err, CRX_EARG, 0, path,
				   "no such path in the image: a part of it is not a directory");
	case ELOOP:
		return crx_err_set(err, CRX_EARG, 0, path,
				   "leads through too many symbolic links, perhaps in a loop");
	default:
		return crx_err_set(err, CRX_EFORMAT, 0, path,
				   "leads through a symbolic link that cannot be read");
	}
}

int dump_each_path(const struct dump *d, dump_path_fn *one, void *ctx, struct crx_err *err)
{
	int ret = 0, got;
	size_t i;

	for (i = 0; i < d->npaths; i++) {
		struct crx_err each = CRX_ERR_INIT;

		got = one(ctx, d->path[i], &each);
		if (!got)
			continue;
		if (ret)
			crx_log_error(d->log, err->path, "%s", err->text);
		*err = each;
		ret = got;
		if (ret != CRX_EARG && ret != CRX_EFORMAT)
			break;
	}
	return ret;
}

void dump_incomplete(struct dump *d, const char *path, const char *text)
{
	d->incomplete = true;
	crx_offenders_add(&d->warnings, path, "%s", text);
}
