/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that is an image, or what mkcramfs-xip --json wrote of one.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "gate/gate.h"
#include "read/check.h"
#include "read/walk.h"

enum { JSON_MOST = 1 << 29, HEAD_LEN = 64 };

static int read_listing(const struct crx_image *img, const char *path, struct crx_gate_image *out,
			struct crx_err *err)
{
	struct crx_listing list = { 0 };
	int ret = crx_listing_read(img, &list, err);

	if (!ret)
		ret = crx_gate_image(img, &list, out, err);
	if (!ret && (list.truncated || out->incomplete))
		ret = crx_err_set(err, CRX_EFORMAT, 0, path,
				  "is a damaged image: it cannot be compared with (see "
				  "cramfsck-xip)");
	crx_listing_free(&list);
	return ret;
}

/* page_size is used if it is possible. */
static int read_image(int fd, const char *path, uint32_t page_size, struct crx_gate_image *out,
		      struct crx_err *err)
{
	struct crx_image img;
	uint32_t candidates;
	int ret = crx_image_map(&img, fd, path, page_size, err);

	if (ret)
		return ret;
	ret = crx_check_prefer_page_size(&img, &candidates, err);
	if (!ret)
		ret = read_listing(&img, path, out, err);
	crx_image_close(&img);
	return ret;
}

static bool is_json(const char *head, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (head[i] != ' ' && head[i] != '\t' && head[i] != '\r' && head[i] != '\n')
			return head[i] == '{';
	return false;
}

static int read_json(const struct crx_io_rest *rest, struct crx_gate_image *out,
		     struct crx_err *err)
{
	size_t len;
	char *text;
	int ret = crx_io_read_rest(rest, JSON_MOST, &text, &len, err);

	if (ret)
		return ret;
	ret = crx_gate_summary(text, len, rest->path, out, err);
	out->is_json = true;
	free(text);
	return ret;
}

int crx_gate_read(const char *path, uint32_t page_size, struct crx_gate_image *out,
		  struct crx_err *err)
{
	int fd = crx_io_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), ret;
	char head[HEAD_LEN];
	struct crx_io_rest rest = { fd, path, head, 0 };
	ssize_t n;

	*out = (struct crx_gate_image){ .size = 0 };
	if (fd < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot open what to compare with");
	n = crx_io_read(fd, head, sizeof(head));
	rest.head_len = n > 0 ? (size_t)n : 0;
	if (n < 0)
		ret = crx_err_set(err, CRX_EIO, errno, path, "cannot read");
	else if (is_json(head, rest.head_len))
		ret = read_json(&rest, out, err);
	else
		ret = read_image(fd, path, page_size, out, err);
	close(fd);
	return ret;
}
