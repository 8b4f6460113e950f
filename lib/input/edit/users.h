/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The target's users and groups, by name.
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
 * Read the files of each kind, in the format of passwd(5) and group(5). If no file
 * is given, read /etc/passwd or /etc/group of the finished tree t, as makedevs
 * does; t may be NULL, and need not have one. Malformed lines are ignored, as by
 * getpwnam(3), but a file that is given must have at least one entry: CRX_EFORMAT.
 * *u is zeroed first; free it even after an error.
 */
int crx_users_load(struct crx_users *u, const struct crx_strings file[CRX_USERS_KINDS],
		   const struct crx_tree *t, struct crx_err *err) CRX_MUST_CHECK;
void crx_users_free(struct crx_users *u);

/* The first of several entries with this name is used. False if there is none. */
bool crx_users_find(const struct crx_users *u, enum crx_users_kind kind, const char *name,
		    uint32_t *id);

/* For messages: "user" or "group". */
const char *crx_users_word(enum crx_users_kind kind);

/* The option that names a file: "passwd" or "group". */
const char *crx_users_option(enum crx_users_kind kind);

#endif
