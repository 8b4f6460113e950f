/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be found: the one table. Ids are for machines and stay.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "read/check_parts.h"

#define NOTE CRX_SEV_NOTE
#define WARNING CRX_SEV_WARNING
#define ERROR CRX_SEV_ERROR
#define REBUILD "make the image again"
#define DAMAGED "the image is damaged: copy it or make it again"

static const struct {
	const char *id;
	enum crx_severity severity;
	const char *kernel, *todo;
} KNOWN[CRX_F_COUNT] = {
	[CRX_F_NO_IMAGE] = { "no-image", ERROR, "cramfs_read_super", "give --offset if the image lies inside a larger file" },
	[CRX_F_FLAGS] = { "flags", ERROR, "cramfs_read_super", "no kernel of today mounts this" },
	[CRX_F_ROOT_TYPE] = { "root-type", ERROR, "cramfs_read_super", DAMAGED },
	[CRX_F_ROOT_OFFSET] = { "root-offset", ERROR, "cramfs_read_super", "set SHIFTED_ROOT_OFFSET, or make the image again" },
	[CRX_F_MOUNT] = { "mount", ERROR, "cramfs_read_super", DAMAGED },
	[CRX_F_SIGNATURE] = { "signature", WARNING, "", "kernels do not look at it; other tools may" },
	[CRX_F_FUTURE] = { "future", NOTE, "", "" },
	[CRX_F_VERSION_1] = { "version-1", NOTE, "cramfs_mtd_fill_super", "to mount it from MTD, make it again as version 2" },
	[CRX_F_SIZE] = { "size", ERROR, "cramfs_direct_read", DAMAGED },
	[CRX_F_TRUNCATED] = { "truncated", ERROR, "cramfs_mtd_fill_super", "copy the whole image" },
	[CRX_F_SIZE_NOT_PAGES] = { "size-not-pages", WARNING, "cramfs_blkdev_read", "pad the image to whole pages" },
	[CRX_F_FILE_LONGER] = { "file-longer", NOTE, "", "" },
	[CRX_F_CRC] = { "crc", ERROR, "", DAMAGED },

	[CRX_F_DIRENT] = { "dirent", ERROR, "cramfs_readdir", DAMAGED },
	[CRX_F_DIRENT_TAIL] = { "dirent-tail", ERROR, "cramfs_direct_read", "pad the image, and make its size and CRC right again" },
	[CRX_F_DIR_CYCLE] = { "dir-cycle", ERROR, "cramfs_lookup", REBUILD },
	[CRX_F_DIR_SHARED] = { "dir-shared", ERROR, "cramfs_lookup", REBUILD },
	[CRX_F_DIR_OVERLAP] = { "dir-overlap", ERROR, "cramfs_readdir", DAMAGED },
	[CRX_F_DIR_ORDER] = { "dir-order", ERROR, "cramfs_lookup", "sort the directory, or clear SORTED_DIRS" },
	[CRX_F_DIR_ORDER_ODD] = { "dir-order-odd", WARNING, "cramfs_lookup", "sort the directory, or clear SORTED_DIRS" },
	[CRX_F_NAME_DOTS] = { "name-dots", ERROR, "cramfs_readdir", REBUILD },
	[CRX_F_NAME_SLASH] = { "name-slash", ERROR, "cramfs_readdir", REBUILD },
	[CRX_F_NAME_DUPLICATE] = { "name-duplicate", ERROR, "cramfs_lookup", REBUILD },
	[CRX_F_NAME_PADDING] = { "name-padding", ERROR, "cramfs_lookup", REBUILD },

	[CRX_F_TYPE] = { "type", ERROR, "get_cramfs_inode", DAMAGED },
	[CRX_F_NO_DATA] = { "no-data", ERROR, "cramino", DAMAGED },
	[CRX_F_EMPTY_OFFSET] = { "empty-with-offset", WARNING, "", "cramfsck and fsck.cramfs refuse the image" },
	[CRX_F_DEVICE_NUMBER] = { "device-number", ERROR, "get_cramfs_inode", REBUILD },
	[CRX_F_DEVICE_OFFSET] = { "device-with-offset", WARNING, "", "" },
	[CRX_F_SPECIAL_SIZE] = { "special-with-size", NOTE, "", "" },
	[CRX_F_LINK_EMPTY] = { "symlink-empty", ERROR, "page_get_link", REBUILD },
	[CRX_F_LINK_LONG] = { "symlink-long", ERROR, "page_get_link", REBUILD },
	[CRX_F_LINK_NUL] = { "symlink-nul", ERROR, "page_get_link", REBUILD },
	[CRX_F_SHARED_INODE] = { "shared-inode", ERROR, "get_cramfs_inode", "give each its own table: mkcramfs-xip does" },

	[CRX_F_TABLE_OUTSIDE] = { "table-outside", ERROR, "cramfs_read_folio", DAMAGED },
	[CRX_F_TABLE_OVERLAP] = { "table-overlap", ERROR, "cramfs_read_folio", DAMAGED },
	[CRX_F_POINTER_FLAGS] = { "pointer-flags", ERROR, "cramfs_read_folio", "set EXT_BLOCK_POINTERS, or make the image again" },
	[CRX_F_BLOCK_LENGTH] = { "block-length", ERROR, "cramfs_read_folio", DAMAGED },
	[CRX_F_BLOCK_OUTSIDE] = { "block-outside", ERROR, "cramfs_direct_read", DAMAGED },
	[CRX_F_BLOCK_STREAM] = { "block-stream", ERROR, "cramfs_uncompress_block", DAMAGED },
	[CRX_F_BLOCK_SHORT] = { "block-short", WARNING, "cramfs_read_folio", "read the file and compare it" },
	[CRX_F_BLOCK_LONG] = { "block-long", WARNING, "cramfs_read_folio", "what lies behind the file's end is visible in mappings" },
	[CRX_F_BLOCK_OVERLAP] = { "block-overlap", ERROR, "cramfs_read_folio", DAMAGED },
	[CRX_F_EXACT_TAIL] = { "exact-tail", ERROR, "cramfs_read_folio", "store the last block plain or compressed: mkcramfs-xip does" },
	[CRX_F_RUN_IN_TWO_TABLES] = { "run-in-two-tables", ERROR, "add_nommu_region", "share only blocks that are not mapped: mkcramfs-xip does" },
	[CRX_F_RUN_UNALIGNED] = { "run-unaligned", WARNING, "cramfs_physmem_mmap", "align runs to pages: mkcramfs-xip does" },
	[CRX_F_SHARED_LAST_PAGE] = { "shared-last-page", WARNING, "cramfs_last_page_is_shared", "pad the last page with zeros: mkcramfs-xip does" },

	[CRX_F_HOLES_FLAG] = { "holes-flag", WARNING, "", "set HOLES: kernels before 2.3.39 misread holes" },
	[CRX_F_FILES_COUNT] = { "files-count", NOTE, "", "" },
	[CRX_F_BLOCKS_COUNT] = { "blocks-count", NOTE, "cramfs_statfs", "" },
	[CRX_F_INCOMPLETE] = { "check-incomplete", ERROR, "", "do not trust this image" },
};

static void fill_known(enum crx_check_id id, struct crx_finding *out)
{
	*out = (struct crx_finding){ .severity = KNOWN[id].severity, .id = KNOWN[id].id, .kernel = KNOWN[id].kernel, .todo = KNOWN[id].todo };
}

bool crx_check_known(size_t i, struct crx_finding *out)
{
	if (i >= CRX_F_COUNT)
		return false;
	fill_known((enum crx_check_id)i, out);
	return true;
}

void crx_check_no_image(const struct crx_err *why, struct crx_finding *out)
{
	fill_known(CRX_F_NO_IMAGE, out);
	out->has_off = why->has_off;
	out->off = why->off;
	snprintf(out->text, sizeof(out->text), "%.255s", why->text);
}

static void count(struct crx_check_result *r, enum crx_severity severity)
{
	if (severity == CRX_SEV_ERROR)
		r->errors++;
	else if (severity == CRX_SEV_WARNING)
		r->warnings++;
	else
		r->notes++;
}

void crx_check_say(struct crx_check *c, enum crx_check_id id, const struct crx_entry *e, uint64_t off, const char *fmt, ...)
{
	struct crx_finding f;
	va_list ap;

	count(c->out, KNOWN[id].severity);
	if (!c->o->emit || c->listed >= c->o->max_findings)
		return;
	c->listed++;
	fill_known(id, &f);
	if (off != CRX_CHECK_NO_OFF) {
		f.has_off = true;
		f.off = off;
	}
	if (e)
		crx_entry_path(e, f.path, sizeof(f.path));
	va_start(ap, fmt);
	vsnprintf(f.text, sizeof(f.text), fmt, ap);
	va_end(ap);
	c->o->emit(c->o->ctx, &f);
}
