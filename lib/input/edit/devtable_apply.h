/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device table on its way onto a tree. Internal to devtable*.c.
 */
#ifndef CRX_EDIT_DEVTABLE_APPLY_H
#define CRX_EDIT_DEVTABLE_APPLY_H

#include "base/place.h"
#include "input/edit/devtable_set.h"
#include "tree/names.h"

struct crx_devtable_apply {
	const struct crx_devtable *dt;
	const struct crx_users *users;
	const struct crx_devtable_entry *e; /* the line's */
	uint32_t id[CRX_USERS_KINDS];       /* the same, names looked up */
	struct crx_names names;
	struct crx_devtable_set set;
	struct crx_faults faults;
	struct crx_node **below; /* for r */
	size_t below_cap;
	size_t visits; /* by all r */
	bool *passed;  /* by entry: an F without a file */
	struct crx_err *err;
};

/* "a regular file" */
const char *crx_devtable_type_word(const struct crx_node *n);

/* What is wrong with the line, at the first len bytes of path; parts of the
 * text are why and what. Returns 0: other lines may be tried. */
int crx_devtable_cannot(struct crx_devtable_apply *a, const char *path, size_t len, const char *why,
			const char *what);

/* Are these len bytes this part of a path? */
bool crx_devtable_is_part(const char *s, size_t len, const char *part);

/*
 * The directory at the first len bytes of path; missing ones are made with
 * mode, but where it is 0. *out is NULL when that has been told to be wrong,
 * and also, for mode 0, if something is missing. *made: it was not there.
 */
int crx_devtable_walk(struct crx_devtable_apply *a, const char *path, size_t len, uint32_t mode,
		      struct crx_node **out, bool *made) CRX_MUST_CHECK;

#endif
