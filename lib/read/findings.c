/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/findings.h"

#define NOTE CRX_SEV_NOTE
#define WARNING CRX_SEV_WARNING
#define ERROR CRX_SEV_ERROR
#define REBUILD "make the image again"
#define DAMAGED "the image is damaged: copy it or make it again"

static const struct crx_finding_info INFO[CRX_F_KINDS] = {
	[CRX_F_NO_IMAGE] = { "no-image", ERROR, "cramfs_read_super",
			     "use --offset if the image is inside a larger file" },
	[CRX_F_FLAGS] = { "flags", ERROR, "cramfs_read_super",
			  "no current kernel knows these flags" },
	[CRX_F_ROOT_TYPE] = { "root-type", ERROR, "cramfs_read_super", DAMAGED },
	[CRX_F_ROOT_OFFSET] = { "root-offset", ERROR, "cramfs_read_super",
				"set SHIFTED_ROOT_OFFSET, or make the image again" },
	[CRX_F_MOUNT] = { "mount", ERROR, "cramfs_read_super", DAMAGED },
	[CRX_F_SIGNATURE] = { "signature", WARNING, NULL,
			      "kernels ignore it; other tools may not" },
	[CRX_F_FUTURE] = { "future", NOTE, NULL, NULL },
	[CRX_F_VERSION_1] = { "version-1", NOTE, "cramfs_mtd_fill_super",
			      "to mount it from an MTD, make it again as version 2" },
	[CRX_F_SIZE] = { "size", ERROR, "cramfs_direct_read", DAMAGED },
	[CRX_F_TRUNCATED] = { "truncated", ERROR, "cramfs_mtd_fill_super", "copy the whole image" },
	[CRX_F_SIZE_NOT_PAGES] = { "size-not-pages", WARNING, "cramfs_blkdev_read",
				   "pad the image to whole pages" },
	[CRX_F_FILE_LONGER] = { "file-longer", NOTE, NULL, NULL },
	[CRX_F_CRC] = { "crc", ERROR, NULL, DAMAGED },
	[CRX_F_HOLES_FLAG] = { "holes-flag", WARNING, NULL,
			       "set HOLES: kernels before 2.3.39 misread holes" },
	[CRX_F_FILES_COUNT] = { "files-count", NOTE, NULL, NULL },
	[CRX_F_BLOCKS_COUNT] = { "blocks-count", NOTE, "cramfs_statfs", NULL },
	[CRX_F_INCOMPLETE] = { "check-incomplete", ERROR, NULL, "do not trust this image" },

	[CRX_F_DIRENT] = { "dirent", ERROR, "cramfs_readdir", DAMAGED },
	[CRX_F_DIRENT_TAIL] = { "dirent-tail", ERROR, "cramfs_direct_read",
				"pad the image, and correct its size and CRC" },
	[CRX_F_DIR_CYCLE] = { "dir-cycle", ERROR, "cramfs_lookup", REBUILD },
	[CRX_F_DIR_SHARED] = { "dir-shared", ERROR, "cramfs_lookup", REBUILD },
	[CRX_F_DIR_OVERLAP] = { "dir-overlap", ERROR, "cramfs_readdir", DAMAGED },
	[CRX_F_DIR_ORDER] = { "dir-order", ERROR, "cramfs_lookup",
			      "sort the directory, or clear SORTED_DIRS" },
	[CRX_F_DIR_ORDER_ODD] = { "dir-order-odd", WARNING, "cramfs_lookup",
				  "sort the directory, or clear SORTED_DIRS" },
	[CRX_F_NAME_DOTS] = { "name-dots", ERROR, "cramfs_readdir", REBUILD },
	[CRX_F_NAME_SLASH] = { "name-slash", ERROR, "cramfs_readdir", REBUILD },
	[CRX_F_NAME_DUPLICATE] = { "name-duplicate", ERROR, "cramfs_lookup", REBUILD },
	[CRX_F_NAME_PADDING] = { "name-padding", ERROR, "cramfs_lookup", REBUILD },

	[CRX_F_TYPE] = { "type", ERROR, "get_cramfs_inode", DAMAGED },
	[CRX_F_NO_DATA] = { "no-data", ERROR, "cramino", DAMAGED },
	[CRX_F_EMPTY_OFFSET] = { "empty-with-offset", WARNING, NULL,
				 "cramfsck and fsck.cramfs refuse the image" },
	[CRX_F_DEVICE_NUMBER] = { "device-number", ERROR, "get_cramfs_inode", REBUILD },
	[CRX_F_DEVICE_OFFSET] = { "device-with-offset", WARNING, NULL, NULL },
	[CRX_F_SPECIAL_SIZE] = { "special-with-size", NOTE, NULL, NULL },
	[CRX_F_LINK_EMPTY] = { "symlink-empty", ERROR, "page_get_link", REBUILD },
	[CRX_F_LINK_LONG] = { "symlink-long", ERROR, "page_get_link", REBUILD },
	[CRX_F_LINK_NUL] = { "symlink-nul", ERROR, "page_get_link", REBUILD },
	[CRX_F_SHARED_INODE] = { "shared-inode", ERROR, "get_cramfs_inode",
				 "give each its own table, as mkcramfs-xip does" },

	[CRX_F_TABLE_OUTSIDE] = { "table-outside", ERROR, "cramfs_read_folio", DAMAGED },
	[CRX_F_TABLE_OVERLAP] = { "table-overlap", ERROR, "cramfs_read_folio", DAMAGED },
	[CRX_F_POINTER_FLAGS] = { "pointer-flags", ERROR, "cramfs_read_folio",
				  "set EXT_BLOCK_POINTERS, or make the image again" },
	[CRX_F_BLOCK_LENGTH] = { "block-length", ERROR, "cramfs_read_folio", DAMAGED },
	[CRX_F_BLOCK_OUTSIDE] = { "block-outside", ERROR, "cramfs_direct_read", DAMAGED },
	[CRX_F_BLOCK_STREAM] = { "block-stream", ERROR, "cramfs_uncompress_block", DAMAGED },
	[CRX_F_BLOCK_SHORT] = { "block-short", WARNING, "cramfs_read_folio",
				"read the file and compare it" },
	[CRX_F_BLOCK_LONG] = { "block-long", WARNING, "cramfs_read_folio",
			       "mappings show what is after the end of the file" },
	[CRX_F_BLOCK_OVERLAP] = { "block-overlap", ERROR, "cramfs_read_folio", DAMAGED },
	[CRX_F_EXACT_TAIL] = { "exact-tail", ERROR, "cramfs_read_folio",
			       "store the last block plain or compressed, as mkcramfs-xip does" },
	[CRX_F_RUN_IN_TWO_TABLES] = { "run-in-two-tables", ERROR, "add_nommu_region",
				      "share only blocks that are not mapped, as mkcramfs-xip "
				      "does" },
	[CRX_F_RUN_UNALIGNED] = { "run-unaligned", WARNING, "cramfs_physmem_mmap",
				  "align runs to pages, as mkcramfs-xip does" },
	[CRX_F_SHARED_LAST_PAGE] = { "shared-last-page", WARNING, "cramfs_last_page_is_shared",
				     "pad the last page with zeros, as mkcramfs-xip does" },
};

const struct crx_finding_info *crx_finding_info(enum crx_finding_kind kind)
{
	return &INFO[kind];
}
