/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What came of a rule that puts files in place. Internal to policy.
 */
#ifndef CRX_POLICY_TALLY_H
#define CRX_POLICY_TALLY_H

#include "wishes/policy/candidates.h"

/* Zero-initialise. Files count once, whatever names they have. */
struct crx_tally {
	size_t files;       /* that the rule decides about */
	bool any;           /* one of them has something that can go in place */
	bool data;          /* one of them is no executable */
	uint32_t first;     /* the first of them, and what speaks against it */
	enum crx_skip skip;
	size_t cut;         /* files with a mapping that pages= makes a part, where it goes as a whole or not at all */
	uint32_t cut_first; /* the first of them, and its mapping */
	struct crx_mappings cut_map;
};

/* Each name of each file that the rule decides about, in the order of files. */
void crx_tally_file(struct crx_tally *y, const struct crx_facts *f, size_t file, const struct crx_mappings *m, enum crx_skip skip);

/* Warn if nothing came of it, or if it asks for parts that cannot be had. */
void crx_tally_tell(const struct crx_tally *y, const struct crx_facts *f, const struct crx_rule *rule, struct crx_log *log);

#endif
