/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Owners and modes of a whole tree, as options ask for them. Texts are parsed
 * into values first; CRX_EARG names the column.
 */
#ifndef CRX_EDIT_OWNERS_H
#define CRX_EDIT_OWNERS_H

#include "input/edit/chmod.h"
#include "input/edit/users.h"

#define CRX_OWNER_KEEP UINT32_MAX

/* One owner for all: "USER:GROUP", "USER" or ":GROUP"; what is not given stays
 * as it is. Numbers, or names, which are to be resolved. */
struct crx_owner {
	uint32_t id[CRX_USERS_KINDS]; /* or CRX_OWNER_KEEP */
	char *name[CRX_USERS_KINDS];  /* to be looked up, or NULL */
};

/* *o is set to keep both first, and the caller's to free in any case. */
int crx_owner_parse(const char *text, struct crx_owner *o, struct crx_err *err) CRX_MUST_CHECK;
int crx_owner_resolve(struct crx_owner *o, const struct crx_users *u, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_owner_free(struct crx_owner *o);

/* "FROM:TO[:COUNT]": the ids FROM, FROM + 1, ... become TO, TO + 1, ... */
struct crx_id_map {
	uint32_t from, to,
		count; /* count is 1 where it is not given; none of the ids is UINT32_MAX */
};

int crx_id_map_parse(const char *text, struct crx_id_map *m, struct crx_err *err) CRX_MUST_CHECK;

/* The first of n maps that has the id decides: what is mapped is not mapped again. */
uint32_t crx_id_map(const struct crx_id_map *map, size_t n, uint32_t id);

/*
 * All of it, in this order whatever that of the options: owner, maps (of the
 * ids that owner leaves), modes. What is excluded has gone before, overlays
 * have been laid; a device table comes last and has the final word.
 */
struct crx_owners {
	const struct crx_owner *owner; /* resolved; or NULL */
	const struct crx_id_map *map[CRX_USERS_KINDS];
	size_t nmaps[CRX_USERS_KINDS];
	const struct crx_chmod *chmod; /* in order */
	size_t nchmods;
};

/* Do nodes have owners by name that owner (may be NULL) does not replace? */
bool crx_owners_named(const struct crx_tree *t, const struct crx_owner *owner);

/* Look those up. Each of the first that are not known goes to log, as
 * an error; CRX_EFORMAT then. */
int crx_owners_look_up(struct crx_tree *t, const struct crx_owner *owner, const struct crx_users *u,
		       struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;

/* After crx_owners_look_up. */
void crx_owners_apply(const struct crx_owners *o, struct crx_tree *t);

#endif
