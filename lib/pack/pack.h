/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compress every block that may end up compressed, each distinct one once,
 * into a slot of its own.
 */
#ifndef CRX_PACK_PACK_H
#define CRX_PACK_PACK_H

#include "comp/comp.h"
#include "policy/policy.h"

enum crx_slot_state {
	CRX_SLOT_NONE,   /* not packed: a hole, in place, or equal to another block */
	CRX_SLOT_STREAM, /* data is a zlib stream */
	CRX_SLOT_RAW     /* does not shrink: to be stored as it is (extended format only); no data here */
};

struct crx_slot {
	const uint8_t *data; /* into an arena of struct crx_packed */
	uint32_t len;        /* bytes that the block takes: stream, or raw length */
	uint8_t state;       /* enum crx_slot_state */
};

struct crx_packed {
	struct crx_slot *slot; /* one for each of facts.blk; only those with same == itself are packed */
	size_t nslots;
	struct crx_arena *arena; /* one for each worker */
	unsigned narenas;
	uint64_t cpu_blocks;     /* blocks compressed */
};

struct crx_pack_opts {
	struct crx_comp_spec comp;
	unsigned workers;
	bool ext;   /* extended format: keep what does not shrink as RAW */
	bool holes; /* zero blocks need no slot */
};

struct crx_progress {
	void (*step)(void *ctx, uint64_t done, uint64_t total); /* any thread, one at a time */
	void *ctx;
};

/* may be called with progress NULL */
int crx_pack(const struct crx_facts *f, const struct crx_wishes *w, const struct crx_pack_opts *o, const struct crx_progress *progress, struct crx_packed *out, struct crx_err *err) CRX_MUST_CHECK;
void crx_packed_free(struct crx_packed *p);

#endif
