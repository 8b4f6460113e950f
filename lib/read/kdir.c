/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cramfs_readdir() and cramfs_lookup(). They check almost nothing: an entry may pass the end of its
 * directory, names may contain NUL and '/', and lookup may not find a name that a listing shows.
 */
#include "config.h"
#include "read/kcore.h"

#include <string.h>

/* The sizeof(*de) + CRAMFS_MAXPATHLEN bytes at off that cramfs_read() returns. *first is name[0],
 * which the kernel looks at even if the name has no bytes. */
static void read_entry(const struct crx_image *img, uint32_t off, struct crx_dirent *out,
		       uint8_t *first)
{
	const uint8_t *p;

	memset(out, 0, sizeof(*out));
	out->off = off;
	*first = 0;
	/* the zero page stands for what passes super.size, and here also for what is missing from
	 * the image */
	if (crx_k_direct_read(img, off, CRX_DIRENT_READ_LEN, &p) || !p)
		return;
	crx_inode_decode(p, img->order, &out->inode);
	out->name_len = out->inode.namelen4 * 4u;
	memcpy(out->name, p + CRX_INODE_LEN, out->name_len);
	*first = p[CRX_INODE_LEN];
}

/* The kernel's "for (;;)" over the padding. False is -EIO: nothing but NUL bytes, or no bytes. */
static bool cut_padding(struct crx_dirent *de)
{
	while (de->name_len && !de->name[de->name_len - 1])
		de->name_len--;
	return de->name_len;
}

enum crx_k_why crx_k_readdir(const struct crx_image *img, const struct crx_inode *dir,
			     uint32_t *pos, struct crx_dirent *out)
{
	uint8_t first;

	if (*pos >= crx_k_i_size(dir))
		return CRX_K_NO_ENTRY;
	read_entry(img, dir->off + *pos, out, &first);
	*pos += CRX_INODE_LEN + (uint32_t)out->name_len;
	if (!cut_padding(out))
		return CRX_K_EMPTY_NAME;
	/* verify_dirent_name() of fs/readdir.c */
	return memchr(out->name, '/', out->name_len) ? CRX_K_SLASH_IN_NAME : CRX_K_OK;
}

enum crx_k_why crx_k_lookup(const struct crx_image *img, const struct crx_inode *dir,
			    const char *name, size_t len, struct crx_dirent *out)
{
	bool sorted = img->super.flags & CRX_FLAG_SORTED_DIRS;
	bool is_signed = crx_kernel_compares_signed(&img->kernel);
	uint32_t offset = 0;
	uint8_t first;
	size_t padded;
	int order;

	while (offset < crx_k_i_size(dir)) {
		read_entry(img, dir->off + offset, out, &first);
		/* "Try to take advantage of sorted directories". A signed byte over 0x7f is less
		 * than any byte of the name: fewer unsorted names are missed. */
		if (sorted && (uint8_t)name[0] < first && (first <= 0x7f || !is_signed))
			return CRX_K_NO_ENTRY;
		padded = out->name_len;
		offset += CRX_INODE_LEN + (uint32_t)padded;
		if (((len + 3) & ~(size_t)3) != padded)
			continue;
		if (!cut_padding(out))
			return CRX_K_EMPTY_NAME;
		if (out->name_len != len)
			continue;
		order = memcmp(name, out->name, len);
		if (!order)
			return CRX_K_OK;
		if (order < 0 && sorted)
			return CRX_K_NO_ENTRY;
	}
	return CRX_K_NO_ENTRY;
}
