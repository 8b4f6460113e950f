/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules for modes, as chmod(1) takes them. Where POSIX leaves it open, as GNU's does.
 */
#ifndef CRX_EDIT_CHMOD_H
#define CRX_EDIT_CHMOD_H

#include "base/err.h"

enum crx_chmod_for { CRX_CHMOD_ALL, CRX_CHMOD_DIRS, CRX_CHMOD_FILES };

struct crx_chmod_step {
	char op;            /* + - = */
	uint32_t who;       /* the bits that may change */
	uint32_t bits;      /* as written, for user, group and others alike */
	uint32_t copy;      /* 0700, 0070 or 0007: copy the bits of these instead; or 0 */
	uint32_t dirs_keep; /* set-id bits that are not mentioned, which directories keep */
	bool x_if;          /* X: also execution, of directories and of what anyone may execute */
};

struct crx_chmod {
	enum crx_chmod_for which;
	struct crx_chmod_step *step; /* in order */
	size_t nsteps, cap;
};

/*
 * Parse [d:|f:]RULE: d: is for directories only, f: for regular files only. RULE
 * is octal, up to 7777 (directories keep their set-user-ID and set-group-ID bits,
 * unless five or more digits are given), or symbolic:
 * [ugoa...][-+=][rwxXst... or u, g, o][...], separated by ','. Without ugoa, all
 * are meant; there is no umask. The last one may also be [-+=]OCTAL without ugoa,
 * which changes these bits of directories too. CRX_EARG names the column. *c is
 * zeroed first; free it even after an error.
 */
int crx_chmod_parse(const char *text, struct crx_chmod *c, struct crx_err *err) CRX_MUST_CHECK;
void crx_chmod_free(struct crx_chmod *c);

/* The new mode (type and 07777 bits, as in stat) for an old one. The modes of
 * symbolic links do not change. */
uint32_t crx_chmod_mode(const struct crx_chmod *c, uint32_t mode);

#endif
