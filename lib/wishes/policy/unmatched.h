/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules that match no file, and why. Private to policy.
 */
#ifndef CRX_POLICY_UNMATCHED_H
#define CRX_POLICY_UNMATCHED_H

#include "wishes/policy/pattern.h"

/* Warn of each rule without hits. pattern: of each rule, compiled. */
int crx_policy_warn_unmatched(const struct crx_tree *t, const struct crx_rules *rules,
			      const struct crx_pattern *pattern, const size_t *hits,
			      struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;

#endif
