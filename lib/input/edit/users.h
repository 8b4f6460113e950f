/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Users and groups of the target by name.
 */
#ifndef CRX_EDIT_USERS_H
#define CRX_EDIT_USERS_H

#include "base/strings.h"
#include "tree/tree.h"

enum crx_users_kind { CRX_USERS_USER, CRX_USERS_GROUP, CRX_USERS_KINDS };

struct crx_user {
	const char *name;
	uint32_t id;
	size_t order;
};

struct crx_users {
	struct crx_arena names;
	struct crx_user *user[CRX_USERS_KINDS]; /* sorted by name */
	size_t n[CRX_USERS_KINDS], cap[CRX_USERS_KINDS];
};

/*
 * Read the files of each kind, in the format of passwd(5) and group(5); where there is none of a
 * kind, /etc/passwd or /etc/group of the finished tree t (if it has one; t may be NULL), which is
 * where makedevs looks. Lines that make no entry are passed over, as getpwnam(3) does, but a file
 * that is named must have one at least: CRX_EFORMAT. *u is zeroed first, and the caller's to free
 * in any case.
 */
int crx_users_load(struct crx_users *u, const struct crx_strings file[CRX_USERS_KINDS],
		   const struct crx_tree *t, struct crx_err *err) CRX_MUST_CHECK;
void crx_users_free(struct crx_users *u);

/* Of several entries of one name the first counts. */
bool crx_users_find(const struct crx_users *u, enum crx_users_kind kind, const char *name,
		    uint32_t *id);

/* "user" and "passwd", or "group" and "group": for messages. */
const char *crx_users_word(enum crx_users_kind kind);
const char *crx_users_option(enum crx_users_kind kind);

#endif
