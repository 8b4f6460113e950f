/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mappings of one file that may be in place. Private to policy.
 */
#ifndef CRX_POLICY_CANDIDATES_H
#define CRX_POLICY_CANDIDATES_H

#include "exec/mapping.h"
#include "wishes/policy/policy.h"

/* What to look for. All pointers are the caller's. */
struct crx_policy_search {
	const struct crx_facts *f;
	const struct crx_rule *rule; /* NULL: as -X without rules */
	bool no_mmu;
	struct crx_wishes *w; /* the candidates are appended; NULL: they are only counted */
};

struct crx_mappings {
	size_t n;  /* candidates */
	bool part; /* a mapping was left out: it must be in place as a whole, and not all of it may
		    */
	bool cut; /* one was left out only because of the rule's pages=: the first of them is ... */
	uint32_t cut_seg,
		cut_pg; /* ... this segment, as in struct crx_candidate, of so many pages */
};

/* How the kernel of the image loads the file; or a kernel without an MMU, if
 * only such kernels map files of its kind. */
struct crx_exec_load crx_policy_load(const struct crx_facts *f, size_t file, bool no_mmu);

/* The mappings that the rule selects of the file. Unless the rule says `file`,
 * the file must be an executable without a reason to skip it. */
int crx_policy_candidates(const struct crx_policy_search *s, size_t file, struct crx_mappings *out,
			  struct crx_err *err) CRX_MUST_CHECK;

#endif
