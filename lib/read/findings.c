/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/findings.h"

#define NOTE CRX_SEV_NOTE
#define WARNING CRX_SEV_WARNING
#define ERROR CRX_SEV_ERROR
#define REBUILD "make the image again"
#define DAMAGED "copy the image again, or make it again"

static const struct crx_finding_info INFO[CRX_F_KINDS] = {
	[CRX_F_NO_IMAGE] = { "no-image", ERROR, "cramfs_read_super", "the mount fails",
			     "if an image is inside the file, use --offset N or --offset auto" },
	[CRX_F_FLAGS] = { "flags", ERROR, "cramfs_read_super", "the mount fails",
			  "make the image again, without these flags" },
	[CRX_F_ROOT_TYPE] = { "root-type", ERROR, "cramfs_read_super", "the mount fails", DAMAGED },
	[CRX_F_ROOT_OFFSET] = { "root-offset", ERROR, "cramfs_read_super", "the mount fails",
				"set SHIFTED_ROOT_OFFSET, or make the image again" },
	[CRX_F_MOUNT] = { "mount", ERROR, "cramfs_read_super", "the mount fails", DAMAGED },
	[CRX_F_SIGNATURE] = { "signature", WARNING, NULL, "kernels ignore it; other tools may not",
			      "make the image again if a tool refuses it" },
	[CRX_F_FUTURE] = { "future", NOTE, NULL, NULL, NULL },
	[CRX_F_VERSION_1] = { "version-1", NOTE, "cramfs_mtd_fill_super", NULL,
			      "to mount it from an MTD, make it again as version 2" },
	[CRX_F_SIZE] = { "size", ERROR, "cramfs_direct_read",
			 "from an MTD, all that is after this size reads as zeros", DAMAGED },
	[CRX_F_TRUNCATED] = { "truncated", ERROR, "cramfs_mtd_fill_super",
			      "the mount from an MTD fails", "copy the whole image" },
	[CRX_F_SIZE_NOT_PAGES] = { "size-not-pages", WARNING, "cramfs_blkdev_read", NULL,
				   "pad the image to whole pages" },
	[CRX_F_FILE_LONGER] = { "file-longer", NOTE, NULL, NULL, NULL },
	[CRX_F_CRC] = { "crc", ERROR, NULL, "kernels do not check it", DAMAGED },
	[CRX_F_HOLES_FLAG] = { "holes-flag", WARNING, NULL, "kernels before 2.3.39 misread holes",
			       "set HOLES" },
	[CRX_F_FILES_COUNT] = { "files-count", NOTE, NULL, NULL, NULL },
	[CRX_F_BLOCKS_COUNT] = { "blocks-count", NOTE, "cramfs_statfs", NULL, NULL },
	[CRX_F_INCOMPLETE] = { "check-incomplete", ERROR, NULL, NULL, "do not trust this image" },
	[CRX_F_PAGE_SIZE] = { "page-size", ERROR, "cramfs_read_folio",
			      "a kernel with pages of this size misreads files",
			      "omit -b, or use it with a size that fits" },

	[CRX_F_DIRENT] = { "dirent", ERROR, "cramfs_readdir", "a listing ends there, or is wrong",
			   DAMAGED },
	[CRX_F_DIRENT_TAIL] = { "dirent-tail", ERROR, "cramfs_direct_read", NULL,
				"pad the image, and correct its size and CRC" },
	[CRX_F_DIR_CYCLE] = { "dir-cycle", ERROR, "cramfs_lookup", "looking it up fails with ELOOP",
			      REBUILD },
	[CRX_F_DIR_SHARED] = { "dir-shared", ERROR, "cramfs_lookup",
			       "it moves to the name that was looked up last", REBUILD },
	[CRX_F_DIR_OVERLAP] = { "dir-overlap", ERROR, "cramfs_readdir", NULL, DAMAGED },
	[CRX_F_DIR_ORDER] = { "dir-order", ERROR, "cramfs_lookup", NULL,
			      "sort the directory, or clear SORTED_DIRS" },
	[CRX_F_DIR_ORDER_ODD] = { "dir-order-odd", WARNING, "cramfs_lookup",
				  "the name is found all the same",
				  "sort the directory, or clear SORTED_DIRS" },
	[CRX_F_NAME_DOTS] = { "name-dots", ERROR, "cramfs_readdir", NULL, REBUILD },
	[CRX_F_NAME_SLASH] = { "name-slash", ERROR, "cramfs_readdir", "the listing ends with EIO",
			       REBUILD },
	[CRX_F_NAME_DUPLICATE] = { "name-duplicate", ERROR, "cramfs_lookup", NULL, REBUILD },
	[CRX_F_NAME_PADDING] = { "name-padding", ERROR, "cramfs_lookup", NULL, REBUILD },

	[CRX_F_TYPE] = { "type", ERROR, "get_cramfs_inode", "looking it up fails with EIO",
			 DAMAGED },
	[CRX_F_NO_DATA] = { "no-data", ERROR, "cramino", NULL, DAMAGED },
	[CRX_F_EMPTY_OFFSET] = { "empty-with-offset", WARNING, NULL,
				 "cramfsck and fsck.cramfs refuse the image",
				 "make the image again if one of them is used" },
	[CRX_F_DEVICE_NUMBER] = { "device-number", ERROR, "get_cramfs_inode", NULL, REBUILD },
	[CRX_F_DEVICE_OFFSET] = { "device-with-offset", WARNING, NULL, "kernels ignore it", NULL },
	[CRX_F_SPECIAL_SIZE] = { "special-with-size", NOTE, NULL, NULL, NULL },
	[CRX_F_LINK_EMPTY] = { "symlink-empty", ERROR, "page_get_link", NULL, REBUILD },
	[CRX_F_LINK_LONG] = { "symlink-long", ERROR, "page_get_link", NULL, REBUILD },
	[CRX_F_LINK_NUL] = { "symlink-nul", ERROR, "page_get_link", NULL, REBUILD },
	[CRX_F_SHARED_INODE] = { "shared-inode", ERROR, "get_cramfs_inode", NULL,
				 "give each its own table, as mkcramfs-xip does" },

	[CRX_F_TABLE_OUTSIDE] = { "table-outside", ERROR, "cramfs_read_folio",
				  "from an MTD, zeros are read in its place", DAMAGED },
	[CRX_F_TABLE_OVERLAP] = { "table-overlap", ERROR, "cramfs_read_folio", NULL, DAMAGED },
	[CRX_F_POINTER_FLAGS] = { "pointer-flags", ERROR, "cramfs_read_folio", NULL,
				  "set EXT_BLOCK_POINTERS, or make the image again" },
	[CRX_F_BLOCK_LENGTH] = { "block-length", ERROR, "cramfs_read_folio",
				 "reading the page fails with EIO", DAMAGED },
	[CRX_F_BLOCK_OUTSIDE] = { "block-outside", ERROR, "cramfs_direct_read",
				  "from an MTD, reading it fails or gives zeros", DAMAGED },
	[CRX_F_BLOCK_STREAM] = { "block-stream", ERROR, "cramfs_uncompress_block",
				 "reading the page fails with EIO", DAMAGED },
	[CRX_F_BLOCK_SHORT] = { "block-short", WARNING, "cramfs_read_folio", NULL,
				"read the file and compare it" },
	[CRX_F_BLOCK_LONG] = { "block-long", WARNING, "cramfs_read_folio",
			       "mappings show what is after the end of the file",
			       "make the image again" },
	[CRX_F_BLOCK_OVERLAP] = { "block-overlap", ERROR, "cramfs_read_folio", NULL, DAMAGED },
	[CRX_F_EXACT_TAIL] = { "exact-tail", ERROR, "cramfs_read_folio", NULL,
			       "store the last block plain or compressed, as mkcramfs-xip does" },
	[CRX_F_RUN_IN_TWO_TABLES] = { "run-in-two-tables", ERROR, "add_nommu_region", NULL,
				      "share only blocks that are not mapped, as mkcramfs-xip "
				      "does" },
	[CRX_F_RUN_UNALIGNED] = { "run-unaligned", WARNING, "cramfs_physmem_mmap", NULL,
				  "align runs to pages, as mkcramfs-xip does" },
	[CRX_F_SHARED_LAST_PAGE] = { "shared-last-page", WARNING, "cramfs_last_page_is_shared",
				     NULL, "pad the last page with zeros, as mkcramfs-xip does" },
};

const struct crx_finding_info *crx_finding_info(enum crx_finding_kind kind)
{
	return &INFO[kind];
}
