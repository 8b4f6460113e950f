/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts and rules to wishes: what may be in place of each file, why, and for
 * what does not qualify, the reason.
 */
#ifndef CRX_POLICY_POLICY_H
#define CRX_POLICY_POLICY_H

#include "scan/scan.h"
#include "wishes/policy/skip.h"
#include "wishes/rules/rule.h"

#define CRX_NO_RULE UINT32_MAX
#define CRX_WHOLE_FILE UINT32_MAX

/*
 * One mapping that may be in place, from its first page on: a segment of an
 * executable, the text of a flat binary, or the whole of a file.
 */
struct crx_candidate {
	uint32_t file;     /* into facts.file */
	uint32_t seg;      /* into the exec.seg of the file's first name, or CRX_WHOLE_FILE */
	uint32_t first_pg; /* file page */
	uint32_t map_pg;   /* pages of the mapping, those behind the file's end left out */
	uint32_t max_pg;   /* leading ones that may be in place: as the rule and the exact-tail rule leave; 1 ... map_pg */
	bool must;         /* all of max_pg, whatever profile and budget say */
	bool unit;         /* none or all of max_pg: no MMU */
	uint32_t chosen_pg; /* how many are to be: set to max_pg by crx_policy; changed by profile and budget */
};

/* A range of file pages that is to be in place. */
struct crx_wish {
	uint32_t first_pg, npg;
};

struct crx_file_wish {
	struct crx_wish *range; /* ascending, disjoint, not touching; NULL if none */
	size_t nranges;
	size_t first_cand, ncands; /* into wishes.cand */
	uint32_t rule;          /* that decided: into the rules, or CRX_NO_RULE */
	enum crx_action action; /* COMPRESS also where xip was wished and nothing qualifies */
	enum crx_skip skip;     /* why nothing of an executable may be in place */
};

struct crx_wishes {
	struct crx_file_wish *file; /* one for each of facts.file */
	size_t nfiles;
	struct crx_candidate *cand; /* by file, then by segment; each name of a file has its own */
	size_t ncands, cap;
	struct crx_exec_abi *abi;   /* processors of the root's programs, ascending */
	size_t nabis;
	size_t skipped[CRX_SKIP_KINDS]; /* files by reason, hard links once */
	size_t *hits;               /* for each rule: files that it matches, hard links once; NULL without rules */
};

struct crx_policy_opts {
	bool xip;    /* -X: what no rule names goes in place by default */
	bool no_mmu;
	enum crx_order order;
	const struct crx_rules *rules; /* or NULL */
};

/* Warnings (damaged files, programs of the other byte order, rules that match
 * nothing or come to nothing) go to log. The wishes are settled. */
int crx_policy(const struct crx_tree *t, const struct crx_facts *f, const struct crx_policy_opts *o, struct crx_log *log, struct crx_wishes *out, struct crx_err *err) CRX_MUST_CHECK;
void crx_wishes_free(struct crx_wishes *w);

/* Fill the ranges of every file from chosen_pg. To be called again after each
 * change of those. */
int crx_wishes_settle(struct crx_wishes *w, struct crx_err *err) CRX_MUST_CHECK;

/* Is page pg of the file wished for? */
bool crx_wish_has(const struct crx_file_wish *w, uint32_t pg);

/* The same of what may be, whatever was chosen. */
bool crx_wish_may_have(const struct crx_wishes *w, size_t file, uint32_t pg);

#endif
