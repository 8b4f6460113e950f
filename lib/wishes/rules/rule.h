/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy files as values. mkcramfs-xip-policy(5) describes the language. A rule is a pattern, then
 * words in any order: selectors, one action, and arguments of the action.
 */
#ifndef CRX_RULES_RULE_H
#define CRX_RULES_RULE_H

#include "base/place.h"
#include "base/strings.h"

enum crx_action {
	CRX_ACTION_COMPRESS,
	CRX_ACTION_STORE, /* uncompressed, not aligned */
	CRX_ACTION_XIP
};

/* "compress", "store", "xip" */
const char *crx_action_text(enum crx_action a);

/* elf=...: a mask of the kinds that a file may be. */
enum {
	CRX_RULE_ELF_EXEC = 1,   /* a program */
	CRX_RULE_ELF_DYN = 2,    /* a shared object that is not one of the others */
	CRX_RULE_ELF_INTERP = 4, /* the interpreter of a program */
	CRX_RULE_ELF_ANY = 7
};

#define CRX_RULE_ALL_PAGES UINT32_MAX

struct crx_rule {
	struct crx_place at; /* the file, by the name given (owned by crx_rules), and the line */
	char *text;          /* the rule as written, without comment and outer white space */

	/* Which files: all of these must hold. */
	char *pattern; /* of lib/base/glob.h, without leading or trailing '/'; NULL: every path */
	bool anchored; /* matched against the path from the root, otherwise the name */
	bool dir;      /* ended in '/': matches what is in the directory, at any depth */
	bool literal;  /* without wildcards: see crx_rule_literal() */
	unsigned elf;  /* mask of CRX_RULE_ELF_*; 0: any file */
	bool bflt;
	int exec_bit;                 /* mode=+x: 1; mode=-x: -1; 0: any mode */
	uint64_t size_min, size_max;  /* inclusive; 0 and UINT64_MAX: any size */
	struct crx_strings needed_by; /* paths of programs, all of which must load the file */

	/* What to do with them. */
	enum crx_action action;
	bool whole;       /* xip file */
	bool must;        /* xip must, xip file: whatever the budget */
	bool any_segment; /* no segments=: all that are not writable */
	uint8_t perms;    /* segments=r-x,...: bit 1 << flags, flags being CRX_EXEC_R, _X */
	uint32_t *index;  /* segments=#N,...: indexes of program headers */
	size_t nindexes;
	uint32_t pages; /* pages=..N, or CRX_RULE_ALL_PAGES */
};

struct crx_rules {
	struct crx_rule *rule; /* in the order read: the last one that matches decides */
	size_t nrules, cap;
	struct crx_strings name; /* of the policy files */
};

/*
 * Append to r the rules of the file at path, or of a text of len bytes that messages call name.
 * All errors of the file go to log, as "FILE:LINE:COLUMN: what was expected"; the result is then
 * CRX_EFORMAT, with their number in err. The caller frees r, after an error too.
 */
int crx_rules_read(struct crx_rules *r, const char *path, struct crx_log *log, struct crx_err *err)
	CRX_MUST_CHECK;
int crx_rules_parse(struct crx_rules *r, const char *name, const char *text, size_t len,
		    struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;
void crx_rules_free(struct crx_rules *r);

/* The name that a literal pattern stands for: the pattern without backslashes. The caller frees it.
 * NULL: out of memory. */
char *crx_rule_literal(const char *pattern);

#endif
