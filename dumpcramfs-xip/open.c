/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "open.h"

#include "read/open.h"

int view_open(struct view *v, const char *path, const struct options *o, struct crx_log *log,
	      bool *damaged, struct crx_err *err)
{
	const struct crx_open_opts oo = {
		.locate = o->offset == CRX_CLI_OFFSET_AUTO,
		.off = o->offset,
		.page_size = o->page_size,
		.kernel = o->kernel,
		.log = log,
	};
	int ret;

	*v = (struct view){ .path = path };
	ret = crx_open_image(&v->img, path, &oo, &v->candidates, err);
	if (!ret)
		ret = crx_listing_read(&v->img, &v->list, err);
	if (ret) {
		view_close(v);
		return ret;
	}
	*damaged = v->list.truncated;
	if (v->list.truncated)
		crx_log_warn(log, path,
			     "not all directory entries can be read: the output is incomplete "
			     "(see cramfsck-xip)");
	return 0;
}

void view_close(struct view *v)
{
	crx_listing_free(&v->list);
	crx_image_close(&v->img);
}
