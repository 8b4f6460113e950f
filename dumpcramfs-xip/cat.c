/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cat: the contents of files, as read() returns them.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "comp/comp.h"
#include "inode.h"
#include "read/kmodel.h"

static int put_file(const struct dump *d, const struct crx_entry *e, uint8_t *page,
		    struct crx_err *err)
{
	const struct crx_image *img = &d->view->img;
	uint64_t size = crx_entry_size(e), off;
	char path[CRX_ERR_PATH_MAX];
	enum crx_k_why why;
	size_t len;

	for (off = 0; off < size; off += len) {
		why = crx_k_read_folio(img, &e->de.inode, (uint32_t)(off / img->page_size), d->z,
				       page);
		if (why)
			return crx_err_set(err, CRX_EFORMAT, 0,
					   crx_entry_path(e, path, sizeof(path)),
					   "block %lu cannot be read: %s",
					   (unsigned long)(off / img->page_size),
					   crx_k_why_text(why));
		len = size - off < img->page_size ? (size_t)(size - off) : img->page_size;
		errno = 0;
		if (fwrite(page, 1, len, d->out) != len)
			return crx_err_set(err, CRX_EIO, errno, "standard output", "cannot write");
	}
	return 0;
}

int command_cat(struct dump *d, struct crx_err *err)
{
	uint8_t *page = crx_alloc(d->view->img.page_size, 1);
	const struct crx_entry *e;
	size_t i;
	int ret = 0;

	if (!page)
		return crx_err_nomem(err, "reading");
	for (i = 0; i < d->npaths && !ret; i++) {
		ret = dump_find_entry(d, d->path[i], true, &e, err);
		if (!ret && !S_ISREG(e->de.inode.mode))
			ret = crx_err_set(err, CRX_EARG, 0, d->path[i], "not a regular file");
		if (!ret)
			ret = put_file(d, e, page, err);
	}
	free(page);
	return ret;
}
