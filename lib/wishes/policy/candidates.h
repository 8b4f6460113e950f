/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mappings of one file that may be in place. Internal to policy.
 */
#ifndef CRX_POLICY_CANDIDATES_H
#define CRX_POLICY_CANDIDATES_H

#include "exec/mapping.h"
#include "wishes/policy/policy.h"

struct crx_mappings {
	size_t n;        /* candidates */
	bool part;       /* a mapping was left out: it goes as a whole or not at all, and not all of it may */
	bool cut;        /* such a one for no other reason than the rule's pages=: the first of them */
	uint32_t cut_seg, cut_pg; /* its segment as in struct crx_candidate, and its pages */
};

/* How the kernel of the image loads the file; a kernel without an MMU, if no
 * other maps such files at all. */
struct crx_exec_load crx_policy_load(const struct crx_facts *f, size_t file, bool no_mmu);

/*
 * Append to w what the rule selects of the file; rule NULL: what -X does. A
 * rule that is not `file` is for executables that nothing speaks against.
 * w NULL: only look.
 */
int crx_policy_candidates(const struct crx_facts *f, size_t file, const struct crx_rule *rule, bool no_mmu, struct crx_wishes *w, struct crx_mappings *out, struct crx_err *err) CRX_MUST_CHECK;

#endif
