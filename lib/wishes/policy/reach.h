/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the pattern of a rule reaches in one tree. Internal to policy.
 */
#ifndef CRX_POLICY_REACH_H
#define CRX_POLICY_REACH_H

#include "wishes/policy/policy.h"

struct crx_reach {
	enum { CRX_REACH_NOTHING, CRX_REACH_NODE, CRX_REACH_PATHS } kind;
	const struct crx_node *node; /* NODE: this one under this name */
	/* PATHS: those below base that the glob matches */
	char *base; /* "usr/lib/": a directory, no link in its path; "" for the root */
	size_t base_len;
	char *glob;   /* of lib/base/glob.h; NULL: all */
	bool by_name; /* held against the last component, otherwise against what follows base */
	/* what each match ends with, and what is somewhere in it: cheap to look for first */
	const char *tail;
	size_t tail_len;
	char *piece;
};

/*
 * The leading literal directories of an anchored pattern are walked through
 * the links of the tree, a wholly literal pattern to its end; wildcards see
 * names as they are. r is to be freed where this fails as well.
 */
int crx_reach_make(const struct crx_tree *t, const struct crx_rule *rule, struct crx_reach *r,
		   struct crx_err *err) CRX_MUST_CHECK;
void crx_reach_free(struct crx_reach *r);

/* Is n, whose path without the leading '/' is path of len bytes, reached? */
bool crx_reach_has(const struct crx_reach *r, const struct crx_node *n, const char *path,
		   size_t len);

#endif
