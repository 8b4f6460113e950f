/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules that match no file, and why. Internal to policy.
 */
#ifndef CRX_POLICY_MISS_H
#define CRX_POLICY_MISS_H

#include "wishes/policy/reach.h"

/* One warning for each rule without hits; reach as crx_reach_make filled it. */
int crx_policy_warn_of_misses(const struct crx_tree *t, const struct crx_rules *rules,
			      const struct crx_reach *reach, const size_t *hits,
			      struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;

#endif
