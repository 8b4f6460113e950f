/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modes as chmod(1) takes them, GNU's where POSIX leaves it open.
 */
#ifndef CRX_EDIT_CHMOD_H
#define CRX_EDIT_CHMOD_H

#include "base/err.h"

enum crx_chmod_for { CRX_CHMOD_ALL, CRX_CHMOD_DIRS, CRX_CHMOD_FILES };

struct crx_chmod_step {
	char op;            /* + - = */
	uint32_t who;       /* bits that it is about */
	uint32_t bits;      /* as written, for user, group and others at once */
	uint32_t copy;      /* 0700, 0070 or 0007: take the bits of these instead; or 0 */
	uint32_t dirs_keep; /* set-id bits that directories keep, as they are not mentioned */
	bool x_if;          /* X: and execution, for directories and what anyone may execute */
};

struct crx_chmod {
	enum crx_chmod_for which;
	struct crx_chmod_step *step; /* in order */
	size_t nsteps, cap;
};

/*
 * [d:|f:]RULE. d: is for directories only, f: for regular files only. RULE is
 * octal, up to 7777 (a directory keeps its set-user-ID and set-group-ID bits,
 * unless five or more digits are given), or symbolic:
 * [ugoa...][-+=][rwxXst... or u, g, o][...] with ',' between several. Without
 * ugoa all are meant; there is no umask. Without ugoa the last of a rule may
 * also be [-+=]OCTAL, which spares no bits of directories. CRX_EARG names the
 * column. *c is zeroed first, and the caller's to free in any case.
 */
int crx_chmod_parse(const char *text, struct crx_chmod *c, struct crx_err *err) CRX_MUST_CHECK;
void crx_chmod_free(struct crx_chmod *c);

/* The mode (type and 07777 bits, as stat's) of what had this one. A symbolic
 * link's stays. */
uint32_t crx_chmod_mode(const struct crx_chmod *c, uint32_t mode);

#endif
