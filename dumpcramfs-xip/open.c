/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "read/check.h"
#include "read/locate.h"

/* "4K, 8K" */
static const char *sizes_text(uint32_t candidates, char *buf, size_t cap)
{
	size_t used = 0;
	uint32_t k;

	*buf = '\0';
	for (k = 1; k <= CRX_PAGE_MAX / CRX_PAGE_MIN; k *= 2)
		if (candidates & k)
			used += (size_t)snprintf(buf + used, cap - used, "%s%luK", used ? ", " : "",
						 (unsigned long)k * 4);
	return buf;
}

/* An image does not record its page size. */
static int detect_page_size(struct view *v, struct crx_log *log, struct crx_err *err)
{
	uint32_t size;
	int ret = crx_check_page_size(v->img.data, v->img.len, &size, &v->candidates, err);
	char text[40];

	if (ret)
		return ret;
	v->img.page_size = size;
	if (!v->candidates)
		crx_log_warn(log, v->path,
			     "no page size fits all files; %luK is assumed, which fits most (use "
			     "-b "
			     "SIZE to set it)",
			     (unsigned long)size / 1024);
	else if (v->candidates & (v->candidates - 1))
		crx_log_note(log, v->path,
			     "the page size is one of %s; %luK is assumed (use -b SIZE to set it)",
			     sizes_text(v->candidates, text, sizeof(text)),
			     (unsigned long)size / 1024);
	return 0;
}

int view_open(struct view *v, const char *path, const struct options *o, struct crx_log *log,
	      bool *damaged, struct crx_err *err)
{
	uint64_t off = o->offset;
	int fd, ret = 0;
	size_t n;

	*v = (struct view){ .path = path };
	fd = crx_io_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot open");
	if (off == CRX_CLI_OFFSET_AUTO)
		ret = crx_image_locate(fd, path, log, &off, &n, err);
	if (!ret)
		ret = crx_image_map_at(&v->img, fd, path, off,
				       o->page_size ? o->page_size : CRX_PAGE_MIN, err);
	close(fd);
	if (ret)
		return ret;
	v->img.kernel = o->kernel;
	if (!o->page_size)
		ret = detect_page_size(v, log, err);
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
