/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/open.h"

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
static int detect_page_size(struct crx_image *img, const char *path, struct crx_log *log,
			    uint32_t *candidates, struct crx_err *err)
{
	uint32_t size;
	int ret = crx_check_page_size(img->data, img->len, &size, candidates, err);
	char text[40];

	if (ret)
		return ret;
	img->page_size = size;
	if (!*candidates)
		crx_log_warn(log, path,
			     "no page size fits all files; %luK is assumed, which fits most (use "
			     "-b "
			     "SIZE to set it)",
			     (unsigned long)size / 1024);
	else if (*candidates & (*candidates - 1))
		crx_log_note(log, path,
			     "the page size is one of %s; %luK is assumed (use -b SIZE to set it)",
			     sizes_text(*candidates, text, sizeof(text)),
			     (unsigned long)size / 1024);
	return 0;
}

int crx_open_image(struct crx_image *img, const char *path, const struct crx_open_opts *o,
		   uint32_t *candidates, struct crx_err *err)
{
	uint64_t off = o->off;
	int fd, ret = 0;
	size_t n;

	*candidates = 0;
	*img = (struct crx_image){ .data = NULL };
	/* O_NONBLOCK: do not wait for the writer of a FIFO */
	fd = crx_io_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot open");
	if (o->locate)
		ret = crx_image_locate(fd, path, o->log, &off, &n, err);
	if (!ret)
		ret = crx_image_map_at(img, fd, path, off,
				       o->page_size ? o->page_size : CRX_PAGE_MIN, err);
	close(fd);
	if (ret)
		return ret;
	img->kernel = o->kernel;
	if (!o->page_size)
		ret = detect_page_size(img, path, o->log, candidates, err);
	if (ret)
		crx_image_close(img);
	return ret;
}
