/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of crx_check. For lib/read itself.
 *
 *   extents   where every table and block lies; each once
 *   inflate   each compressed one, in parallel
 *   then, in the order of the tree: superblock, entries, tables, counts
 */
#ifndef CRX_READ_CHECK_PARTS_H
#define CRX_READ_CHECK_PARTS_H

#include "read/check.h"
#include "read/kcore.h"
#include "read/walk.h"

enum crx_extent_kind { CRX_EXT_ZLIB, CRX_EXT_STORED, CRX_EXT_RUN, CRX_EXT_TABLE, CRX_EXT_DIR, CRX_EXT_SUPER };

struct crx_extent {
	uint32_t start;
	uint32_t len : 24;      /* 0: a place that is not filled yet */
	uint32_t kind : 3;
	uint32_t conflict : 1;  /* something else begins at the same byte */
	uint32_t overlap : 1;   /* with another that begins elsewhere */
	uint32_t two_tables : 1; /* a run's block that a second table has too */
	uint32_t link : 1;      /* a symbolic link's target */
	uint32_t bad : 1;       /* a stream that the kernel refuses */
	uint32_t value : 31;    /* of a stream: its inflated length; of a run's block, a table or directory: the entry's index */
	uint32_t nul : 1;       /* a link's target with a NUL byte in it */
};

struct crx_check {
	const struct crx_image *img;
	const struct crx_check_opts *o;
	struct crx_check_result *out;
	struct crx_listing l;
	uint64_t limit;         /* bytes of the image that a kernel may read */
	bool version_2, extended;

	uint64_t *met;          /* a bit for each table or directory offset / 4 */
	uint64_t *owner;        /* a bit for each entry: the table is looked at as its */
	uint64_t *start;        /* a bit for each byte at which an extent begins */
	uint32_t *rank;         /* for each word of start: extents before it */
	struct crx_extent *ext; /* in image order; NULL if there are too many */
	size_t nexts;
	size_t inflated;        /* extents below this index are inflated */
	bool too_many_words, too_many_exts;

	uint32_t crc;
	size_t listed;          /* findings given to emit */
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

/* Bytes of the last block: 1 .. page size. */
uint32_t crx_check_last_len(const struct crx_image *img, const struct crx_inode *inode);

/* May the block's bytes be read? All within the limit. */
static inline bool crx_check_inside(const struct crx_check *c, uint64_t start, uint64_t len)
{
	return len <= c->limit && start <= c->limit - len;
}

/* extents */
int crx_check_collect(struct crx_check *c, struct crx_err *err) CRX_MUST_CHECK;
struct crx_extent *crx_check_extent(const struct crx_check *c, uint64_t start);

/* inflate, and the CRC */
int crx_check_inflate(struct crx_check *c, struct crx_err *err) CRX_MUST_CHECK;

/* findings */
#define CRX_CHECK_NO_OFF UINT64_MAX

/* e may be NULL: the image as a whole. */
void crx_check_report(struct crx_check *c, enum crx_finding_kind kind,
		      const struct crx_entry *e, uint64_t off, const char *fmt, ...)
	CRX_PRINTF(5, 6);

void crx_check_entry(struct crx_check *c, const struct crx_entry *e);
int crx_check_names(struct crx_check *c, const struct crx_entry *dir, struct crx_err *err) CRX_MUST_CHECK;
void crx_check_table(struct crx_check *c, const struct crx_entry *e);

#endif
