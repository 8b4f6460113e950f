/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Applies a device table to a tree. Private to devtable*.c.
 */
#ifndef CRX_EDIT_DEVTABLE_APPLY_H
#define CRX_EDIT_DEVTABLE_APPLY_H

#include "base/place.h"
#include "input/edit/devtable_set.h"
#include "tree/names.h"

struct crx_devtable_apply {
	const struct crx_devtable *dt;
	const struct crx_users *users;
	const struct crx_devtable_entry *e; /* of the current line */
	uint32_t id[CRX_USERS_KINDS];       /* its owner and group, names looked up */
	struct crx_names names;
	struct crx_devtable_set set;
	struct crx_faults faults;
	struct crx_node **below; /* for r */
	size_t below_cap;
	size_t visits; /* nodes changed by all r */
	bool *ignored; /* by entry: it is an F, and its file does not exist */
	struct crx_err *err;
};

/* "a regular file" */
const char *crx_devtable_type_word(const struct crx_node *n);

/* Report that the current line cannot be applied: "PATH: why what", where PATH is
 * the first len bytes of path. Returns 0, so that other lines are tried. */
int crx_devtable_report(struct crx_devtable_apply *a, const char *path, size_t len, const char *why,
			const char *what);

/* Are the len bytes at s equal to part? */
bool crx_devtable_is_part(const char *s, size_t len, const char *part);

/*
 * Find the directory at the first len bytes of path. Missing directories are
 * created with mode, or not at all if mode is 0. *out is NULL if an error was
 * reported, or if mode is 0 and a directory is missing. *created says if the last
 * one is new.
 */
int crx_devtable_walk(struct crx_devtable_apply *a, const char *path, size_t len, uint32_t mode,
		      struct crx_node **out, bool *created) CRX_MUST_CHECK;

#endif
