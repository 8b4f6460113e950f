/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options that change owners and modes in the whole tree. The texts are parsed into
 * values first; CRX_EARG names the column.
 */
#ifndef CRX_EDIT_OWNERS_H
#define CRX_EDIT_OWNERS_H

#include "input/edit/chmod.h"
#include "input/edit/users.h"

#define CRX_OWNER_KEEP UINT32_MAX

/* One owner for all nodes: "USER:GROUP", "USER" or ":GROUP", as numbers or as names
 * to be resolved. What is not given does not change. */
struct crx_owner {
	uint32_t id[CRX_USERS_KINDS]; /* or CRX_OWNER_KEEP */
	char *name[CRX_USERS_KINDS];  /* to look up, or NULL */
};

/* *o is initialised to change nothing; free it even after an error. */
int crx_owner_parse(const char *text, struct crx_owner *o, struct crx_err *err) CRX_MUST_CHECK;
int crx_owner_resolve(struct crx_owner *o, const struct crx_users *u, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_owner_free(struct crx_owner *o);

/* "FROM:TO[:COUNT]": the ids FROM, FROM + 1, ... become TO, TO + 1, ... */
struct crx_id_map {
	uint32_t from, to, count; /* no id is UINT32_MAX */
};

int crx_id_map_parse(const char *text, struct crx_id_map *m, struct crx_err *err) CRX_MUST_CHECK;

/* Map id by the first map that contains it. The result is not mapped again. */
uint32_t crx_id_map(const struct crx_id_map *map, size_t n, uint32_t id);

/*
 * The changes, always applied in this order: owner, maps (of the ids that result),
 * modes. They come after exclusion and overlays, and before a device table.
 */
struct crx_owners {
	const struct crx_owner *owner; /* resolved; or NULL */
	const struct crx_id_map *map[CRX_USERS_KINDS];
	size_t nmaps[CRX_USERS_KINDS];
	const struct crx_chmod *chmod; /* in order */
	size_t nchmods;
};

/* Do nodes have owners by name, which owner (may be NULL) does not replace? */
bool crx_owners_have_names(const struct crx_tree *t, const struct crx_owner *owner);

/* Look those up. Each of the first that are not known goes to log, as
 * an error; CRX_EFORMAT then. */
int crx_owners_look_up(struct crx_tree *t, const struct crx_owner *owner, const struct crx_users *u,
		       struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;

/* After crx_owners_look_up. */
void crx_owners_apply(const struct crx_owners *o, struct crx_tree *t);

#endif
