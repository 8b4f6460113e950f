/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "subject.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "read/locate.h"

/* A FIFO or a directory is an error, not a finding: it is not a damaged image. */
static int open_image(const char *path, int *fd, struct crx_err *err)
{
	struct stat st;

	/* O_NONBLOCK: do not wait for the writer of a FIFO */
	*fd = crx_io_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0 || fstat(*fd, &st) < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot open");
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return crx_err_set(err, CRX_EIO, 0, path,
				   "neither a regular file nor a block device");
	return 0;
}

/* Maps it, or sets no_image. */
static int map_image(struct subject *s, const struct options *o, int fd, struct crx_log *log,
		     struct crx_err *why)
{
	size_t n = 0;
	int ret = 0;

	if (o->offset == CRX_CLI_OFFSET_AUTO)
		ret = crx_image_locate(fd, o->image, log, &s->offset, &n, why);
	if (!ret)
		ret = crx_image_map_at(&s->img, fd, o->image, s->offset,
				       o->page_size ? o->page_size : CRX_PAGE_MIN, why);
	s->mapped = !ret;
	if (ret != CRX_EFORMAT || n > 1)
		return ret;
	crx_check_no_image(why, &s->no_image);
	return 0;
}

/* Detects it even if it is given, to know whether that is right. */
static int find_page_size(struct subject *s, struct crx_err *err)
{
	uint32_t size;
	int ret = crx_check_page_size(s->img.data, s->img.len, &size, &s->candidates, err);

	if (!ret && s->detected)
		s->img.page_size = size;
	return ret;
}

int subject_open(struct subject *s, const struct options *o, struct crx_log *log,
		 struct crx_err *err)
{
	struct crx_err why = CRX_ERR_INIT;
	int fd = -1, ret;

	*s = (struct subject){ .detected = !o->page_size };
	if (o->offset != CRX_CLI_OFFSET_AUTO)
		s->offset = o->offset;
	ret = open_image(o->image, &fd, err);
	if (!ret) {
		ret = map_image(s, o, fd, log, &why);
		if (ret)
			*err = why;
	}
	if (fd >= 0)
		close(fd);
	if (ret || !s->mapped)
		return ret;
	s->img.kernel = o->kernel;
	return find_page_size(s, err);
}

void subject_close(struct subject *s)
{
	if (s->mapped)
		crx_image_close(&s->img);
	s->mapped = false;
}
