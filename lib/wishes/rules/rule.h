/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy files as values. The language is described in mkcramfs-xip-policy(5);
 * a rule is a pattern, then words in any order: selectors, one action, and
 * what the action takes.
 */
#ifndef CRX_RULES_RULE_H
#define CRX_RULES_RULE_H

#include "base/place.h"

enum crx_action {
	CRX_ACTION_COMPRESS,
	CRX_ACTION_STORE, /* uncompressed, not aligned */
	CRX_ACTION_XIP
};

/* "compress", "store", "xip" */
const char *crx_action_text(enum crx_action a);

/* elf=..., as a mask: what a file must be one of. */
enum {
	CRX_RULE_ELF_EXEC = 1,   /* a program */
	CRX_RULE_ELF_DYN = 2,    /* a shared object that is neither of the others */
	CRX_RULE_ELF_INTERP = 4, /* some program's interpreter */
	CRX_RULE_ELF_ANY = 7
};

#define CRX_RULE_ALL_PAGES UINT32_MAX

struct crx_rule {
	struct crx_place at; /* file, as it was named (owned by crx_rules), and line */
	char *text; /* the rule as it was written, without comment and white space around */

	/* Which files: all that is given must hold. */
	char *pattern; /* of lib/base/glob.h, without leading or trailing '/'; NULL: every path */
	bool anchored; /* held against the path from the root, otherwise against the name */
	bool dir;      /* had a '/' at its end: the directory's contents, at any depth */
	bool literal;  /* has no wildcard: crx_rule_literal() gives the name it stands for */
	unsigned elf;  /* CRX_RULE_ELF_* mask; 0: no matter */
	bool bflt;
	int exec_bit;                /* mode=+x: 1, mode=-x: -1; 0: no matter */
	uint64_t size_min, size_max; /* inclusive; 0 and UINT64_MAX: no matter */
	char **needed_by;            /* paths of programs: loaded by each of these */
	size_t nneeded_by;

	/* What happens to them. */
	enum crx_action action;
	bool whole;       /* xip file */
	bool must;        /* xip must, xip file: whatever the budget */
	bool any_segment; /* no segments=: each that is not writable */
	uint8_t perms;    /* segments=r-x,...: bit 1 << flags (CRX_EXEC_R, _X) */
	uint32_t *index;  /* segments=#N,...: of program headers */
	size_t nindexes;
	uint32_t pages; /* pages=..N, or CRX_RULE_ALL_PAGES */
};

struct crx_rules {
	struct crx_rule
		*rule; /* in the order in which they were read: the last that matches decides */
	size_t nrules, cap;
	char **name; /* of the files */
	size_t nnames;
};

/*
 * Append the rules of the file at path, or of a text of len bytes called name
 * in messages. Every error of the file goes to log, as "FILE:LINE:COLUMN: what
 * was expected"; then CRX_EFORMAT, with their number. r is the caller's to
 * free in any case.
 */
int crx_rules_read(struct crx_rules *r, const char *path, struct crx_log *log, struct crx_err *err)
	CRX_MUST_CHECK;
int crx_rules_parse(struct crx_rules *r, const char *name, const char *text, size_t len,
		    struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;
void crx_rules_free(struct crx_rules *r);

/* The pattern with its backslashes taken out; only where literal. The caller's to free; NULL when
 * memory is short. */
char *crx_rule_literal(const struct crx_rule *r);

#endif
