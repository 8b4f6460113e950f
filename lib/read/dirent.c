/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/image.h"

#include <string.h>

#include "read/bytes.h"

static int refuse(struct crx_err *err, uint64_t off, const char *text)
{
	return crx_err_set_at(err, CRX_EFORMAT, off, NULL, "%s", text);
}

/* The name after the inode, without its padding: cramfs_readdir() also looks for its end from the
 * back. */
static int decode_name(const uint8_t *padded, size_t len, struct crx_dirent *out,
		       struct crx_err *err)
{
	while (len && !padded[len - 1])
		len--;
	if (!len)
		return refuse(err, out->off, "a directory entry without a name");
	if (memchr(padded, '\0', len))
		return refuse(err, out->off, "a directory entry with a NUL byte in its name");
	memcpy(out->name, padded, len);
	out->name[len] = '\0';
	out->name_len = len;
	return 0;
}

int crx_image_dirent(const struct crx_image *img, const struct crx_inode *dir, uint32_t *pos,
		     struct crx_dirent *out, struct crx_err *err)
{
	const uint8_t *p;
	uint32_t left, padded;
	int ret;

	if (*pos >= dir->size)
		return 0;
	left = dir->size - *pos;
	out->off = (uint64_t)dir->off + *pos;
	if (!dir->off)
		return refuse(err, 0, "a directory with a size but no offset");
	if (*pos % 4)
		return refuse(err, out->off,
			      "a directory entry at an offset that is not a multiple of 4");
	if (left < CRX_INODE_LEN)
		return refuse(err, out->off,
			      "a directory entry that passes the end of its directory");
	p = crx_image_bytes(img, out->off, CRX_INODE_LEN);
	if (!p)
		return refuse(err, out->off, "a directory entry outside the image");
	crx_inode_decode(p, img->order, &out->inode);
	padded = out->inode.namelen4 * 4u;
	if (left - CRX_INODE_LEN < padded)
		return refuse(err, out->off,
			      "a directory entry that passes the end of its directory");
	p = crx_image_bytes(img, out->off + CRX_INODE_LEN, padded);
	if (!p)
		return refuse(err, out->off, "a directory entry outside the image");
	ret = decode_name(p, padded, out, err);
	if (ret < 0)
		return ret;
	*pos += CRX_INODE_LEN + padded;
	return 1;
}
