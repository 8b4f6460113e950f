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

struct cat {
	struct dump *d;
	uint8_t *page;
};

static int put_file(const struct cat *c, const struct crx_entry *e, struct crx_err *err)
{
	const struct crx_image *img = &c->d->view->img;
	uint64_t size = crx_entry_size(e), off;
	char path[CRX_ERR_PATH_MAX];
	enum crx_k_why why;
	size_t len;

	for (off = 0; off < size; off += len) {
		why = crx_k_read_folio(img, &e->de.inode, (uint32_t)(off / img->page_size), c->d->z,
				       c->page);
		if (why)
			return crx_err_set(err, CRX_EFORMAT, 0,
					   crx_entry_path(e, path, sizeof(path)),
					   "block %lu cannot be read: %s",
					   (unsigned long)(off / img->page_size),
					   crx_k_why_text(why));
		len = size - off < img->page_size ? (size_t)(size - off) : img->page_size;
		errno = 0;
		if (fwrite(c->page, 1, len, c->d->out) != len)
			return crx_err_set(err, CRX_EIO, errno, "standard output", "cannot write");
	}
	return 0;
}

static int cat_path(void *ctx, const char *path, struct crx_err *err)
{
	struct cat *c = ctx;
	const struct crx_entry *e;
	int ret = dump_find_entry(c->d, path, true, &e, err);

	if (!ret && !S_ISREG(e->de.inode.mode))
		ret = crx_err_set(err, CRX_EARG, 0, path, "not a regular file");
	return ret ? ret : put_file(c, e, err);
}

int command_cat(struct dump *d, struct crx_err *err)
{
	struct cat c = { d, crx_alloc(d->view->img.page_size, 1) };
	int ret;

	if (!c.page)
		return crx_err_nomem(err, "reading");
	ret = dump_each_path(d, cat_path, &c, err);
	free(c.page);
	return ret;
}
