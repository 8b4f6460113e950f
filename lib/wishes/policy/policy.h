/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From facts and rules to wishes: which pages of each file may be in place and
 * because of which rule; and why an executable is skipped.
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
	uint32_t file;      /* into facts.file */
	uint32_t seg;       /* into the exec.seg of the file's first name, or CRX_WHOLE_FILE */
	uint32_t first_pg;  /* file page */
	uint32_t map_pg;    /* pages of the mapping that the file has */
	uint32_t max_pg;    /* leading pages that may be in place, by the rule and without an exact
			     * tail: 1 ... map_pg */
	bool must;          /* all of max_pg, whatever profile and budget say */
	bool unit;          /* none or all of max_pg: no MMU */
	uint32_t chosen_pg; /* leading pages that go in place: max_pg, until profile and budget
			     * choose */
};

/* A range of file pages that goes in place. */
struct crx_wish {
	uint32_t first_pg, npg;
};

struct crx_file_wish {
	struct crx_wish *range; /* ascending, disjoint, not touching; NULL if none */
	size_t nranges;
	size_t first_cand, ncands; /* into wishes.cand */
	uint32_t rule;             /* that decided: into the rules, or CRX_NO_RULE */
	enum crx_action action; /* COMPRESS also if the rule says xip and nothing may be in place */
	enum crx_skip skip;     /* why nothing of an executable may be in place */
};

struct crx_wishes {
	struct crx_file_wish *file; /* one for each of facts.file */
	size_t nfiles;
	struct crx_candidate *cand; /* by file, then by segment; each name of a file has its own */
	size_t ncands, cap;
	struct crx_exec_abi *abi; /* processors of the root's programs, ascending */
	size_t nabis;
	size_t skipped[CRX_SKIP_KINDS]; /* files by reason, hard links once */
	size_t *hits; /* for each rule: files that it matches, hard links once; NULL
		       * without rules */
};

struct crx_policy_opts {
	bool xip; /* -X: executables that no rule matches go in place */
	bool no_mmu;
	enum crx_order order;
	const struct crx_rules *rules; /* or NULL */
};

/* Warnings (damaged files, programs of the other byte order, rules that match
 * nothing or put nothing in place) go to log. The ranges are filled in. */
int crx_policy(const struct crx_tree *t, const struct crx_facts *f, const struct crx_policy_opts *o,
	       struct crx_log *log, struct crx_wishes *out, struct crx_err *err) CRX_MUST_CHECK;
void crx_wishes_free(struct crx_wishes *w);

/* Fill in the ranges of every file from chosen_pg. Call it again after each
 * change of chosen_pg. */
int crx_wishes_settle(struct crx_wishes *w, struct crx_err *err) CRX_MUST_CHECK;

/* Does page pg of the file go in place? */
bool crx_wish_has(const struct crx_file_wish *w, uint32_t pg);

/* May it, whatever was chosen? */
bool crx_wish_may_have(const struct crx_wishes *w, size_t file, uint32_t pg);

#endif
