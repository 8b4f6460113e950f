/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which rule decides about which file. Private to policy.
 */
#ifndef CRX_POLICY_MATCH_H
#define CRX_POLICY_MATCH_H

#include "wishes/policy/policy.h"

/* The caller owns both arrays. */
struct crx_policy_verdict {
	/* for each of f->file: the last rule that matches it or a file that shares its inode, or
	 * CRX_NO_RULE */
	uint32_t *rule_of;
	size_t *hits; /* for each rule: regular files that it matches, whichever rule decides */
};

/* Fill in *out. A rule that matches no file is a warning in log, which says what its pattern
 * matches instead. */
int crx_policy_match(const struct crx_tree *t, const struct crx_facts *f,
		     const struct crx_rules *rules, struct crx_log *log,
		     const struct crx_policy_verdict *out, struct crx_err *err) CRX_MUST_CHECK;

#endif
