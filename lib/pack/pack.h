/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compress every block that may end up compressed, each distinct one once,
 * into a slot of its own.
 */
#ifndef CRX_PACK_PACK_H
#define CRX_PACK_PACK_H

#include "comp/comp.h"
#include "wishes/policy/policy.h"

enum crx_slot_state {
	CRX_SLOT_NONE,   /* not packed: a hole, in place, or equal to another block */
	CRX_SLOT_STREAM, /* data is a zlib stream */
	CRX_SLOT_RAW /* does not shrink: to be stored as it is (extended format only); no data here
		      */
};

struct crx_slot {
	const uint8_t *data; /* into an arena of struct crx_packed */
	uint32_t len;        /* bytes that the block takes: stream, or raw length */
	uint8_t state;       /* enum crx_slot_state */
};

struct crx_packed {
	struct crx_slot
		*slot; /* one for each of facts.blk; only those with same == itself are packed */
	size_t nslots;
	struct crx_arena *arena; /* one for each worker */
	unsigned narenas;
	/*
	 * What pages in place would take compressed, from a sample of them: every
	 * stride-th, so that their cost can be told without compressing all.
	 */
	uint64_t sample_pages, sample_bytes;
	uint32_t sample_stride; /* 1: all were tried */
};

struct crx_pack_opts {
	struct crx_comp_spec comp;
	unsigned workers;
	bool ext;        /* extended format: keep what does not shrink as RAW */
	bool holes;      /* zero blocks need no slot */
	bool candidates; /* a slot for every page that may be in place, too: its cost is to be
			    weighed */
};

struct crx_progress {
	void (*step)(void *ctx, uint64_t done,
		     uint64_t total); /* in blocks; from any worker, several at a time */
	void *ctx;
};

/* Does the plan put block i of the file in a run, going by its wish? Does it
 * keep the whole file as it is? One place, for pack (what needs no slot) and
 * plan (what is a RUN, what is STORED whatever its slot says). */
bool crx_pack_stores(const struct crx_wishes *w, size_t file);
bool crx_pack_in_run(const struct crx_facts *f, const struct crx_wishes *w, size_t file,
		     uint32_t i);

/* progress may be NULL. */
int crx_pack(const struct crx_facts *f, const struct crx_wishes *w, const struct crx_pack_opts *o,
	     const struct crx_progress *progress, struct crx_packed *out, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_packed_free(struct crx_packed *p);

#endif
