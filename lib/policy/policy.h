/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts and options to wishes: which pages of which file are to be in place,
 * and for what does not qualify, the reason.
 */
#ifndef CRX_POLICY_POLICY_H
#define CRX_POLICY_POLICY_H

#include "scan/scan.h"

/* Why an executable of the tree is not in place. */
enum crx_skip {
	CRX_SKIP_NONE,      /* it is, or it is no executable */
	CRX_SKIP_DEBUG,     /* separate debug file */
	CRX_SKIP_MACHINE,   /* for another processor than the root's programs */
	CRX_SKIP_UNALIGNED, /* p_offset and p_vaddr differ mod the page size */
	CRX_SKIP_DAMAGED,
	CRX_SKIP_KINDS
};

/* A range of file pages that is to be in place. */
struct crx_wish {
	uint32_t first_pg, npg;
};

struct crx_file_wish {
	struct crx_wish *range; /* ascending, disjoint, not touching; NULL if none */
	size_t nranges;
	enum crx_skip skip;
};

struct crx_wishes {
	struct crx_file_wish *file; /* one for each of facts.file */
	size_t nfiles;
	struct crx_exec_abi *abi;   /* processors of the root's programs, ascending */
	size_t nabis;
	size_t skipped[CRX_SKIP_KINDS]; /* files by reason, hard links once */
};

struct crx_policy_opts {
	bool xip; /* -X */
	enum crx_order order;
};

/* Warnings (damaged files, programs of the other byte order) go to log. */
int crx_policy(const struct crx_tree *t, const struct crx_facts *f, const struct crx_policy_opts *o, struct crx_log *log, struct crx_wishes *out, struct crx_err *err) CRX_MUST_CHECK;
void crx_wishes_free(struct crx_wishes *w);

/* Is page pg of the file wished for? */
bool crx_wish_has(const struct crx_file_wish *w, uint32_t pg);

/* "separate debug file", ... */
const char *crx_skip_text(enum crx_skip s);

#endif
