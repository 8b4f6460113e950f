/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a rule that says xip puts in place. Private to policy.
 */
#ifndef CRX_POLICY_TALLY_H
#define CRX_POLICY_TALLY_H

#include "wishes/policy/candidates.h"

/* Initialise to zero. A file counts once, whatever names it has. */
struct crx_tally {
	size_t files;   /* that the rule decides about */
	bool any;       /* something of one of them may be in place */
	bool data;      /* one of them is not an executable */
	uint32_t first; /* the first of them, and why it is skipped */
	enum crx_skip skip;
	size_t cut;         /* files with a mapping that must be in place as a whole, of which
			     * pages= selects a part */
	uint32_t cut_first; /* the first of them, and its mapping */
	struct crx_mappings cut_map;
};

/* Call it for each name of each file that the rule decides about, in the order of files. */
void crx_tally_file(struct crx_tally *y, const struct crx_facts *f, size_t file,
		    const struct crx_mappings *m, enum crx_skip skip);

/* Warn if the rule puts nothing in place, or selects parts that cannot be. */
void crx_tally_warn(const struct crx_tally *y, const struct crx_facts *f,
		    const struct crx_rule *rule, struct crx_log *log);

#endif
