/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/kcore.h"

#include <string.h>
#include <sys/stat.h>

#include "read/bytes.h"

/* CRAMFS_MAGIC_WEND: the magic as a host of the other byte order sees it */
#define MAGIC_WEND 0x453dcd28u

/* The size that the kernel assumes for an image without FSID_VERSION_2. */
#define SIZE_VERSION_1 (1u << 28)

/* What the memcpy() from cramfs_read() gets while sbi->size is one page. If the flash ends before
 * that, the superblock is zero here, and so has no magic. */
static void read_super_at(const struct crx_image *img, uint64_t off, struct crx_super *super)
{
	const uint8_t *p = crx_image_bytes(img, off, CRX_SUPER_LEN);

	memset(super, 0, sizeof(*super));
	if (p)
		crx_super_decode(p, img->order, super);
}

/* The part of cramfs_read_super() that looks for the magic: first at 0, then at 512. */
static enum crx_k_why check_magic(const struct crx_image *img, struct crx_super *super)
{
	read_super_at(img, 0, super);
	if (super->magic == CRX_MAGIC)
		return CRX_K_OK;
	if (super->magic == MAGIC_WEND)
		return CRX_K_WRONG_ENDIANNESS;
	read_super_at(img, CRX_BOOT_PAD_LEN, super);
	if (super->magic == CRX_MAGIC)
		return CRX_K_OK;
	return super->magic == MAGIC_WEND ? CRX_K_WRONG_ENDIANNESS : CRX_K_WRONG_MAGIC;
}

enum crx_k_why crx_k_read_super(const struct crx_image *img)
{
	struct crx_super super;
	enum crx_k_why why = check_magic(img, &super);

	if (why)
		return why;
	if (super.flags & ~CRX_FLAGS_SUPPORTED)
		return CRX_K_UNSUPPORTED_FEATURES;
	if (!S_ISDIR(super.root.mode))
		return CRX_K_ROOT_NOT_DIRECTORY;
	/* offset 0 is an "empty filesystem", and mounts */
	if (super.root.off && !(super.flags & CRX_FLAG_SHIFTED_ROOT_OFFSET) &&
	    super.root.off != CRX_SUPER_LEN && super.root.off != CRX_BOOT_PAD_LEN + CRX_SUPER_LEN)
		return CRX_K_BAD_ROOT_OFFSET;
	return CRX_K_OK;
}

enum crx_k_why crx_k_mtd_fill_super(const struct crx_image *img)
{
	enum crx_k_why why;

	/* "Map only one page for now": mtd_point() fails if that passes the end */
	if (img->len < img->page_size)
		return CRX_K_NO_DIRECT_ACCESS;
	why = crx_k_read_super(img);
	if (why)
		return why;
	/* "Remap the whole filesystem now": 256 MiB for version 1 */
	if (crx_k_sb_size(img) > img->len)
		return CRX_K_NO_DIRECT_ACCESS;
	/* mtd_point() of no bytes returns no address, and cramfs_read() then uses a block device
	 * that does not exist */
	return crx_k_sb_size(img) ? CRX_K_OK : CRX_K_CRASH;
}

uint32_t crx_k_sb_size(const struct crx_image *img)
{
	return img->super.flags & CRX_FLAG_FSID_VERSION_2 ? img->super.size : SIZE_VERSION_1;
}

uint64_t crx_k_ino(const struct crx_inode *inode, uint64_t entry_off)
{
	uint64_t without_data = (uint32_t)entry_off + 1u; /* an unsigned int in the kernel */

	if (!inode->off || !inode->size)
		return without_data;
	switch (inode->mode & S_IFMT) {
	case S_IFREG:
	case S_IFDIR:
	case S_IFLNK:
		return inode->off;
	default:
		return without_data;
	}
}

enum crx_k_why crx_k_get_cramfs_inode(const struct crx_image *img, const struct crx_inode *inode)
{
	switch (inode->mode & S_IFMT) {
	case S_IFREG:
	case S_IFDIR:
	case S_IFLNK:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return CRX_K_OK;
	default:
		return crx_kernel_refuses_types(&img->kernel) ? CRX_K_INVALID_TYPE : CRX_K_OK;
	}
}

/* get_cramfs_inode(): "if the lower 2 bits are zero, the inode contains data". Entries begin at
 * multiples of 4, so the number of one without data is never such a multiple. Entry offset 0 serves
 * as well as any other. */
uint32_t crx_k_i_size(const struct crx_inode *inode)
{
	return crx_k_ino(inode, 0) & 3 ? 0 : inode->size;
}

uint32_t crx_k_max_pages(const struct crx_image *img, const struct crx_inode *inode)
{
	/* a size has 24 bits: the sum cannot wrap */
	return (crx_k_i_size(inode) + img->page_size - 1) / img->page_size;
}

enum crx_k_why crx_k_direct_read(const struct crx_image *img, uint32_t off, uint32_t len,
				 const uint8_t **p)
{
	uint32_t size = crx_k_sb_size(img);

	*p = NULL;
	if (!len || len > size || off > size - len)
		return CRX_K_OK;
	*p = crx_image_bytes(img, off, len);
	return *p ? CRX_K_OK : CRX_K_OUT_OF_BOUNDS;
}

uint64_t crx_k_point_len(const struct crx_image *img)
{
	uint64_t size = crx_k_sb_size(img);

	return size < img->len ? size : img->len;
}

bool crx_k_dirent_readable(const struct crx_image *img, uint64_t entry_off)
{
	uint64_t len = crx_k_point_len(img);

	return len >= CRX_DIRENT_READ_LEN && entry_off <= len - CRX_DIRENT_READ_LEN;
}
