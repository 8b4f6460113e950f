/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of crx_check, in the order in which they work. Private to lib/read.
 *
 *   check_extents.c   finds where every table and block is, each once
 *   check_inflate.c   inflates the compressed ones, in parallel
 *   check.c           the superblock; then, in the order of the tree:
 *   check_entries.c   an entry, and entries that are one inode
 *   check_names.c     the names of a directory
 *   check_tables.c    the blocks of a file or symbolic link
 */
#ifndef CRX_READ_CHECK_PARTS_H
#define CRX_READ_CHECK_PARTS_H

#include "read/check.h"
#include "read/kcore.h"
#include "read/walk.h"

enum crx_extent_kind {
	CRX_EXT_ZLIB,
	CRX_EXT_STORED,
	CRX_EXT_RUN,
	CRX_EXT_TABLE,
	CRX_EXT_DIR,
	CRX_EXT_SUPER
};

struct crx_extent {
	uint32_t start;
	uint32_t len:24; /* 0: not filled in yet */
	uint32_t kind:3;
	uint32_t conflict:1;   /* something else begins at the same byte */
	uint32_t overlap:1;    /* with an extent that begins elsewhere */
	uint32_t two_tables:1; /* a block of a run that two tables point to */
	uint32_t link:1;       /* the target of a symbolic link */
	uint32_t bad:1;        /* a stream that the kernel refuses */
	/* of a stream, its inflated length; of a block of a run, a table or a directory, the index
	 * of the entry */
	uint32_t value:31;
	uint32_t nul:1; /* the target of a link that contains a NUL byte */
};

/* Faults of one kind with one cause, which make one finding. */
struct crx_faults {
	uint64_t n, nentries; /* nentries: counts neighbours only once */
	const struct crx_entry *first, *last;
	uint64_t off;   /* of the first */
	char text[256]; /* about the first */
};

struct crx_check {
	const struct crx_image *img;
	const struct crx_check_opts *o;
	struct crx_check_result *out;
	struct crx_listing l;
	uint64_t limit; /* bytes of the image that a kernel may read */
	bool version_2, extended;

	uint64_t *claimed; /* a bit for each offset / 4 of a table or directory that has an owner */
	uint64_t *owner;   /* a bit for each entry: its table or directory is checked as its own */
	uint64_t *start;   /* a bit for each byte at which an extent begins */
	uint32_t *rank;    /* for each word of start, the number of extents before it */
	struct crx_extent *ext; /* in image order; NULL if there are too many */
	size_t nexts;
	size_t inflated; /* extents below this index are inflated */
	bool too_many_words, too_many_exts;

	uint32_t crc;
	struct crx_faults table[CRX_F_KINDS]; /* of the table that is being checked */
	struct crx_faults image[CRX_F_KINDS]; /* at the end of the image; by a wrong page size */
	bool wrong_page_size;
	bool is_cut;   /* tables or directory entries are missing at the end of the image */
	size_t listed; /* findings passed to emit */
	uint64_t holes_unflagged;
};

static inline bool crx_bit(const uint64_t *map, uint64_t i)
{
	return map[i / 64] >> i % 64 & 1;
}

static inline void crx_bit_set(uint64_t *map, uint64_t i)
{
	map[i / 64] |= 1ull << i % 64;
}

/* Bytes of the last block of an inode that has data: 1 to page_size. */
uint32_t crx_check_last_len(const struct crx_image *img, const struct crx_inode *inode);

/* Are all of these bytes within the limit? */
static inline bool crx_check_inside(const struct crx_check *c, uint64_t start, uint64_t len)
{
	return len <= c->limit && start <= c->limit - len;
}

/*
 * Is it missing although the size in the superblock, or that of the file, says that it is there?
 * Then the cause is that these sizes differ, and not what points to it.
 */
static inline bool crx_check_is_cut(const struct crx_check *c, uint64_t start, uint64_t len)
{
	uint64_t size = c->version_2 ? c->img->super.size : 0;
	uint64_t there = size > c->img->len ? size : c->img->len;

	return !crx_check_inside(c, start, len) && len <= there && start <= there - len;
}

/* Fills in claimed, owner, start, rank and ext. */
int crx_check_extents(struct crx_check *c, struct crx_err *err) CRX_MUST_CHECK;

/* The extent that begins at start, or NULL. */
struct crx_extent *crx_check_extent_at(const struct crx_check *c, uint64_t start);

/* Inflates the extents, and computes the CRC. */
int crx_check_inflate(struct crx_check *c, struct crx_err *err) CRX_MUST_CHECK;

#define CRX_CHECK_NO_OFF UINT64_MAX

/* Reports a finding about e, or about the image as a whole if e is NULL. off may be
 * CRX_CHECK_NO_OFF. If it follows from a wrong page size, it is a fault of the image instead. */
void crx_check_report(struct crx_check *c, enum crx_finding_kind kind, const struct crx_entry *e,
		      uint64_t off, const char *fmt, ...) CRX_PRINTF(5, 6);

/* Adds a fault about e to set (c->table or c->image), for crx_check_report_faults(). */
void crx_check_fault(struct crx_check *c, struct crx_faults *set, enum crx_finding_kind kind,
		     const struct crx_entry *e, uint64_t off, const char *fmt, ...)
	CRX_PRINTF(6, 7);

/* Reports what was added to set, one finding for each kind, and empties it. */
void crx_check_report_faults(struct crx_check *c, struct crx_faults *set);

void crx_check_entry(struct crx_check *c, const struct crx_entry *e);
int crx_check_names(struct crx_check *c, const struct crx_entry *dir, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_check_table(struct crx_check *c, const struct crx_entry *e);

#endif
