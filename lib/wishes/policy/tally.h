/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts what a rule with the action xip puts in place. Private to policy.
 */
#ifndef CRX_POLICY_TALLY_H
#define CRX_POLICY_TALLY_H

#include "wishes/policy/candidates.h"

/* Initialise to zero. A file counts once, however many names it has. */
struct crx_tally {
	size_t files;         /* the files that the rule decides about */
	bool any;             /* a page of one of them may be in place */
	bool data;            /* one of them is not an executable */
	uint32_t first;       /* the first of them ... */
	enum crx_skip skip;   /* ... and why it is skipped */
	size_t nsplit;        /* files with a mapping that is split: see struct crx_mappings */
	uint32_t split_first; /* the first of them ... */
	struct crx_mappings split_map; /* ... and its mappings */
};

/* Count a name of a file that the rule decides about. Call it in the order of files. */
void crx_tally_add(struct crx_tally *y, const struct crx_facts *f, size_t file,
		   const struct crx_mappings *m, enum crx_skip skip);

/* Warn if the rule puts nothing in place, or splits mappings that must be in place as a whole. */
void crx_tally_warn(const struct crx_tally *y, const struct crx_facts *f,
		    const struct crx_rule *rule, struct crx_log *log);

#endif
