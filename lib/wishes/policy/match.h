/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which rule decides about which file. Internal to policy.
 */
#ifndef CRX_POLICY_MATCH_H
#define CRX_POLICY_MATCH_H

#include "wishes/policy/policy.h"

/*
 * rule_of has one place for each of f->file, and hits one for each rule; both
 * are the caller's. rule_of[i]: the last rule that matches the file under any
 * of its names (twin), or CRX_NO_RULE. hits[r]: regular files that
 * rule r matches, whoever decides in the end. A rule without any is warned of
 * in log, with what its pattern does stand for.
 */
int crx_policy_match(const struct crx_tree *t, const struct crx_facts *f, const struct crx_rules *rules, struct crx_log *log, uint32_t *rule_of, size_t *hits, struct crx_err *err) CRX_MUST_CHECK;

#endif
