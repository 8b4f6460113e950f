/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be wrong with an image: the kinds of findings, and one finding.
 */
#ifndef CRX_READ_FINDINGS_H
#define CRX_READ_FINDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum crx_severity {
	CRX_SEV_NOTE,    /* worth knowing */
	CRX_SEV_WARNING, /* works, but not as intended */
	CRX_SEV_ERROR    /* a kernel refuses it, fails on it or serves wrong data */
};

enum crx_finding_kind {
	/* the image */
	CRX_F_NO_IMAGE,
	CRX_F_FLAGS,
	CRX_F_ROOT_TYPE,
	CRX_F_ROOT_OFFSET,
	CRX_F_MOUNT,
	CRX_F_SIGNATURE,
	CRX_F_FUTURE,
	CRX_F_VERSION_1,
	CRX_F_SIZE,
	CRX_F_TRUNCATED,
	CRX_F_SIZE_NOT_PAGES,
	CRX_F_FILE_LONGER,
	CRX_F_CRC,
	CRX_F_HOLES_FLAG,
	CRX_F_FILES_COUNT,
	CRX_F_BLOCKS_COUNT,
	CRX_F_INCOMPLETE,
	CRX_F_PAGE_SIZE,

	/* directories */
	CRX_F_DIRENT,
	CRX_F_DIRENT_TAIL,
	CRX_F_DIR_CYCLE,
	CRX_F_DIR_SHARED,
	CRX_F_DIR_OVERLAP,
	CRX_F_DIR_ORDER,
	CRX_F_DIR_ORDER_ODD,
	CRX_F_NAME_DOTS,
	CRX_F_NAME_SLASH,
	CRX_F_NAME_DUPLICATE,
	CRX_F_NAME_PADDING,

	/* entries */
	CRX_F_TYPE,
	CRX_F_NO_DATA,
	CRX_F_EMPTY_OFFSET,
	CRX_F_DEVICE_NUMBER,
	CRX_F_DEVICE_OFFSET,
	CRX_F_SPECIAL_SIZE,
	CRX_F_LINK_EMPTY,
	CRX_F_LINK_LONG,
	CRX_F_LINK_NUL,
	CRX_F_SHARED_INODE,

	/* tables and blocks */
	CRX_F_TABLE_OUTSIDE,
	CRX_F_TABLE_OVERLAP,
	CRX_F_POINTER_FLAGS,
	CRX_F_BLOCK_LENGTH,
	CRX_F_BLOCK_OUTSIDE,
	CRX_F_BLOCK_STREAM,
	CRX_F_BLOCK_SHORT,
	CRX_F_BLOCK_LONG,
	CRX_F_BLOCK_OVERLAP,
	CRX_F_EXACT_TAIL,
	CRX_F_RUN_IN_TWO_TABLES,
	CRX_F_RUN_UNALIGNED,
	CRX_F_SHARED_LAST_PAGE,
	CRX_F_MIXED_MAPPING,

	CRX_F_KINDS
};

/* What all findings of a kind have in common. */
struct crx_finding_info {
	const char *id; /* for machines; never changes: "exact-tail", "dirent-tail", ... */
	enum crx_severity severity;
	const char *kernel; /* the kernel function concerned, or NULL */
	const char *effect; /* what kernels or other programs do then, or NULL */
	const char *todo;   /* our advice, or NULL */
};

const struct crx_finding_info *crx_finding_info(enum crx_finding_kind kind);

struct crx_finding {
	enum crx_finding_kind kind;
	uint64_t count; /* of the blocks, tables or entries that it is about; at least 1 */
	bool has_off;
	uint64_t off;                /* image offset */
	char path[CRX_ERR_PATH_MAX]; /* "" for the image as a whole */
	char text[256];              /* what is wrong, with its numbers */
};

#endif
