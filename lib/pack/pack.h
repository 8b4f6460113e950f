/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compresses every distinct block that may end up compressed, once, into a slot.
 */
#ifndef CRX_PACK_PACK_H
#define CRX_PACK_PACK_H

#include "comp/comp.h"
#include "old/old.h"
#include "wishes/policy/policy.h"

enum crx_slot_state {
	CRX_SLOT_NONE,   /* empty: a hole, in place, or equal to another block */
	CRX_SLOT_STREAM, /* data is a zlib stream */
	CRX_SLOT_RAW     /* does not shrink, so it is stored; no data (extended format only) */
};

struct crx_slot {
	const uint8_t *data; /* in an arena of struct crx_packed, or in the old image */
	uint32_t len;        /* bytes of the stream, or of the stored block */
	uint8_t state;       /* enum crx_slot_state */
};

struct crx_packed {
	struct crx_slot *slot; /* one for each of facts.blk; used if blk.same is the block itself */
	size_t nslots;
	struct crx_arena *arena; /* one for each worker */
	unsigned narenas;
	/*
	 * What pages in place would take if they were compressed. Only every stride-th
	 * page is compressed to estimate this.
	 */
	uint64_t sample_pages, sample_bytes;
	uint32_t sample_stride; /* 1: all pages were compressed; 0: none was */
};

struct crx_pack_opts {
	struct crx_comp_spec comp;
	unsigned workers;
	bool ext;        /* extended format: blocks that do not shrink become CRX_SLOT_RAW */
	bool holes;      /* zero blocks need no slot */
	bool sample;     /* compress some of the pages in place, to estimate their cost */
	bool candidates; /* also fill slots of pages that may be in place, to know their cost */
	/* Take the streams of this image for contents that it has: nothing is compressed anew.
	 * NULL: none. It must outlive the slots. */
	const struct crx_old *old;
};

struct crx_progress {
	/* done of total blocks; called from several workers at a time */
	void (*step)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

/* Do the wishes store the whole file, whatever its slots contain? Used by pack and plan. */
bool crx_pack_stores(const struct crx_wishes *w, size_t file);

/* Do the wishes put block i of the file in a run? Used by pack and plan. */
bool crx_pack_in_run(const struct crx_facts *f, const struct crx_wishes *w, size_t file,
		     uint32_t i);

/* progress may be NULL. Free *out even after an error. */
int crx_pack(const struct crx_facts *f, const struct crx_wishes *w, const struct crx_pack_opts *o,
	     const struct crx_progress *progress, struct crx_packed *out, struct crx_err *err)
	CRX_MUST_CHECK;

/* The same for what crx_pack() filled in, with the same options except that candidates is set now:
 * fills the slots that are missing. */
int crx_pack_candidates(const struct crx_facts *f, const struct crx_wishes *w,
			const struct crx_pack_opts *o, const struct crx_progress *progress,
			struct crx_packed *out, struct crx_err *err) CRX_MUST_CHECK;
void crx_packed_free(struct crx_packed *p);

#endif
