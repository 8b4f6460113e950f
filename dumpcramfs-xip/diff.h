/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the diff command share.
 */
#ifndef DUMPCRAMFS_XIP_DIFF_H
#define DUMPCRAMFS_XIP_DIFF_H

#include "blocks.h"
#include "command.h"

/* n blocks of a file, from block `first` on, that were of one kind and are now of another. */
struct kind_change {
	uint32_t first, n;
	enum block_kind from, to;
};

/* What changed at one path. b is NULL if it is only in the first image, a if only in the second. */
struct change {
	const struct crx_entry *a, *b;
	char *target_a, *target_b; /* of a symbolic link, if they differ; otherwise NULL */
	bool type, mode, owner, size, device;
	bool contents;
	uint64_t at; /* the first byte of the contents that differs */
	struct kind_change *kinds;
	size_t nkinds, cap;
};

struct diff {
	struct dump *d;
	struct crx_cli_json json;
	uint64_t blocks, bytes; /* that may still be compared, whatever a hostile image claims */
	bool truncated;         /* these were not enough */
	uint8_t *page[2];
	uint64_t ncontents, nattrs, nlayouts, nadded, nremoved;
	uint64_t no_longer_in_place, now_in_place; /* pages */
	struct crx_gate_image gate[2];
};

/* diff_entry.c: compares two entries of one path. change_free() must be called in any case. */
int diff_entry(struct diff *f, const struct crx_entry *a, const struct crx_entry *b,
	       struct change *out, struct crx_err *err) CRX_MUST_CHECK;
bool change_is_empty(const struct change *c);
void change_free(struct change *c);

/* diff_put.c. diff_put_begin returns whether the superblocks differ. */
bool diff_put_begin(struct diff *f);
void diff_put_change(struct diff *f, const struct change *c);
void diff_put_end(struct diff *f, const struct crx_gate_pair *pair);

#endif
