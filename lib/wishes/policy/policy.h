/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From facts and rules to wishes: which pages of each file may be in place, which rule decided, and
 * why an executable is skipped.
 */
#ifndef CRX_POLICY_POLICY_H
#define CRX_POLICY_POLICY_H

#include "scan/scan.h"
#include "wishes/policy/skip.h"
#include "wishes/rules/rule.h"

#define CRX_NO_RULE UINT32_MAX
#define CRX_WHOLE_FILE UINT32_MAX

/*
 * One mapping whose leading pages may be in place: a segment of an executable, the text of a flat
 * binary, or a whole file.
 */
struct crx_candidate {
	uint32_t file;     /* into facts.file */
	uint32_t seg;      /* into the exec.seg of the file's first name, or CRX_WHOLE_FILE */
	uint32_t first_pg; /* file page */
	uint32_t map_pg;   /* pages of the mapping that are in the file */
	/* leading pages that may be in place by the rule, without an exact tail: 1 ... map_pg */
	uint32_t max_pg;
	bool must; /* all of max_pg, whatever profile and budget say */
	bool unit; /* all of max_pg or none: no MMU */
	/* leading pages that go in place: max_pg, unless a profile or a budget chooses fewer */
	uint32_t chosen_pg;
};

/* A range of file pages that goes in place. */
struct crx_wish {
	uint32_t first_pg, npg;
};

struct crx_file_wish {
	struct crx_wish *range; /* ascending, disjoint, not touching; NULL if none */
	size_t nranges;
	size_t first_cand, ncands; /* into wishes.cand */
	uint32_t rule;             /* the one that decided: into the rules, or CRX_NO_RULE */
	enum crx_action action;    /* COMPRESS if the rule says xip but nothing may be in place */
	enum crx_skip skip;        /* why nothing of an executable may be in place */
};

struct crx_wishes {
	struct crx_file_wish *file; /* one for each of facts.file */
	size_t nfiles;
	struct crx_candidate *cand; /* by file, then by segment; each name of a file has its own */
	size_t ncands, cap;
	struct crx_exec_abi *abi; /* machines of the root's programs, ascending */
	size_t nabis;
	size_t skipped[CRX_SKIP_KINDS]; /* files, by reason; hard links count once */
	/* for each rule: files that it matches; hard links count once; NULL without rules */
	size_t *hits;
};

struct crx_policy_opts {
	bool xip; /* -X: executables that no rule matches go in place */
	bool no_mmu;
	enum crx_order order;
	const struct crx_rules *rules; /* or NULL */
};

/* Fill in *out, with its ranges. Warnings (damaged files, programs of the other byte order, rules
 * that match nothing or put nothing in place) go to log. The caller frees out, even after an error.
 */
int crx_policy(const struct crx_tree *t, const struct crx_facts *f, const struct crx_policy_opts *o,
	       struct crx_log *log, struct crx_wishes *out, struct crx_err *err) CRX_MUST_CHECK;
void crx_wishes_free(struct crx_wishes *w);

/* Derive the ranges of every file from chosen_pg. Call it after each change of chosen_pg. */
int crx_wishes_update_ranges(struct crx_wishes *w, struct crx_err *err) CRX_MUST_CHECK;

/* Does file page pg go in place? */
bool crx_wish_in_place(const struct crx_file_wish *w, uint32_t pg);

/* May file page pg be in place, whatever was chosen? */
bool crx_wish_may_be_in_place(const struct crx_wishes *w, size_t file, uint32_t pg);

#endif
