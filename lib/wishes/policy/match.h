/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which rule decides about which file. Internal to policy.
 */
#ifndef CRX_POLICY_MATCH_H
#define CRX_POLICY_MATCH_H

#include "wishes/policy/policy.h"

/* Both arrays are the caller's. */
struct crx_policy_verdict {
	uint32_t *rule_of; /* for each of f->file: the last rule that matches it under any of its
			    * names (twin), or CRX_NO_RULE */
	size_t *hits; /* for each rule: regular files that it matches, whichever rule decides */
};

/* Fill *out. A rule that matches nothing is warned of in log, with what its
 * pattern does stand for. */
int crx_policy_match(const struct crx_tree *t, const struct crx_facts *f,
		     const struct crx_rules *rules, struct crx_log *log,
		     const struct crx_policy_verdict *out, struct crx_err *err) CRX_MUST_CHECK;

#endif
