/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pattern of a rule, compiled for one tree. Private to policy.
 */
#ifndef CRX_POLICY_PATTERN_H
#define CRX_POLICY_PATTERN_H

#include "wishes/policy/policy.h"

struct crx_pattern {
	enum { CRX_PATTERN_NOTHING, CRX_PATTERN_NODE, CRX_PATTERN_PATHS } kind;
	const struct crx_node *node; /* NODE: matches only this one */
	/* PATHS: matches what is below base, if the glob matches */
	char *base; /* "usr/lib/": a directory, without links in its path; "": the root */
	size_t base_len;
	char *glob;   /* of lib/base/glob.h; NULL: all */
	bool by_name; /* matched against the name, otherwise the path after base */
	/* what each match ends with, and what it contains: quick checks before the glob */
	const char *suffix;
	size_t suffix_len;
	char *part;
};

/*
 * Compile the pattern of the rule. Links of the tree are followed in the leading directories of an
 * anchored pattern, up to its first wildcard, and in all of a literal pattern; wildcards do not
 * follow links. The caller frees p, after an error too.
 */
int crx_pattern_compile(const struct crx_tree *t, const struct crx_rule *rule,
			struct crx_pattern *p, struct crx_err *err) CRX_MUST_CHECK;
void crx_pattern_free(struct crx_pattern *p);

/* Does it match n? path: that of n without the leading slash, of len bytes. */
bool crx_pattern_matches(const struct crx_pattern *p, const struct crx_node *n, const char *path,
			 size_t len);

#endif
