/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of diff.
 */
#ifndef DUMPCRAMFS_XIP_DIFF_H
#define DUMPCRAMFS_XIP_DIFF_H

#include "blocks.h"
#include "command.h"

/* Blocks of a file that were of one kind and are of another. */
struct moved {
	uint32_t first, n;
	enum block_kind from, to;
};

/* One path. Only in the first image: b is NULL; only in the second: a is. */
struct change {
	const struct crx_entry *a, *b;
	char *target_a, *target_b; /* links whose targets differ */
	bool type, mode, owner, size, device;
	bool contents;
	uint64_t at; /* first byte that differs */
	struct moved *moved;
	size_t nmoved, cap;
};

struct diff {
	struct dump *d;
	struct crx_cli_json json;
	uint64_t blocks, bytes; /* that may still be looked at */
	bool truncated;
	uint8_t *page[2];
	uint64_t ncontents, nattrs, nlayouts, nadded, nremoved;
	uint64_t to_ram, to_place; /* pages that left, and that came to be in place */
};

/* What differs of two entries of one path (diff_entry.c). */
int diff_entry(struct diff *f, const struct crx_entry *a, const struct crx_entry *b,
	       struct change *out, struct crx_err *err) CRX_MUST_CHECK;
bool change_is_any(const struct change *c);
void change_free(struct change *c);

/* (diff_put.c) */
bool diff_put_super(struct diff *f);
void diff_put_begin(struct diff *f);
void diff_put_change(struct diff *f, const struct change *c);
void diff_put_end(struct diff *f);

#endif
