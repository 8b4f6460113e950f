/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mappings of one file that may be in place. Private to policy.
 */
#ifndef CRX_POLICY_CANDIDATES_H
#define CRX_POLICY_CANDIDATES_H

#include "exec/mapping.h"
#include "wishes/policy/policy.h"

/* What to look for. The caller owns all of it. */
struct crx_policy_search {
	const struct crx_facts *f;
	const struct crx_rule *rule; /* NULL: like -X without rules */
	bool no_mmu;
	struct crx_wishes *w; /* to append the candidates to; NULL: only count them */
};

struct crx_mappings {
	size_t n; /* candidates */
	/* a mapping is none, because it must be in place as a whole and a part of it may not be */
	bool partial;
	/* one of these is none only because the rule's pages= selects a part of it */
	bool split;
	/* the first that is split: its segment, as in struct crx_candidate, and its pages */
	uint32_t split_seg, split_pg;
};

/* How the image's kernel loads the file; or how a kernel without an MMU does, if only such kernels
 * map files of this format. */
struct crx_exec_load crx_policy_load(const struct crx_facts *f, size_t file, bool no_mmu);

/* The mappings of the file that the rule selects. Unless the rule says `file`, the file must be an
 * executable that there is no reason to skip. */
int crx_policy_candidates(const struct crx_policy_search *s, size_t file, struct crx_mappings *out,
			  struct crx_err *err) CRX_MUST_CHECK;

#endif
