/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device tables: the format of Buildroot's makedevs, genext2fs and mkcramfs
 * (of cramfs-tools). Read into values first, then carried out on a tree.
 *
 *   NAME TYPE MODE USER GROUP MAJOR MINOR START INC COUNT
 *   |xattr TEXT
 *
 * Fields end with white space. A '#' in front of a word begins a comment.
 * NAME is a path from the root of the image, with or without '/' in front.
 *
 * f  a regular file, which must be there; F  the same, passed over otherwise;
 * d  a directory, made if it is not there; r  NAME with all below it;
 * c, b, p  a character or block device or a FIFO, which is made.
 *
 * MODE is octal; -1 keeps the mode of what is there. USER and GROUP are
 * numbers or names; -1 keeps the owner. From MAJOR on a '-' means that this
 * field and all behind it have their default, 0; numbers go up to 1048575.
 * COUNT nodes are NAME with START, START + 1, ... behind it, with minor numbers
 * MINOR, MINOR + INC, ...
 *
 * Lines are carried out one after the other:
 * - Links on the way are followed inside the tree, and for f, F and d the last
 *   one too. r changes what is there, follows no link, not even with '/' behind
 *   it, and gives links an owner but no mode (makedevs gives up at a link that
 *   leads nowhere).
 * - ".." of the root is the root (makedevs leaves its directory by it).
 * - The directories that are missing above a d are made with mode 0777, owned
 *   by 0:0, which is what makedevs does; those above c, b and p, where
 *   makedevs and mkcramfs give up, with mode 0755.
 * - A node that is there already, with the same type and numbers, gets mode
 *   and owner. Another node is replaced, with a warning: so does makedevs under
 *   fakeroot, as Buildroot runs it (as root it takes every node that is there
 *   for an error). Anything else in its place is an error, and for mkcramfs,
 *   which leaves a node its numbers or makes a second entry of the name,
 *   another node is one as well.
 * - d where something is that is no directory is an error (makedevs changes
 *   that as if it were one).
 * - Set-user-ID bits that -1 keeps stay with a new owner, as under fakeroot.
 *
 * makedevs and mkcramfs differ, and the style says whose way it is:
 *
 *                            makedevs                 mkcramfs
 *   COUNT 1                  NAME                     NAME<START>
 *   COUNT of p               as of c and b            one FIFO, NAME
 *   f, F of a hard link      all names of the file    that name only
 *   r of a hard link         all names of the file    the names below NAME
 *   MODE, USER, GROUP left   an error                 0755, 0, 0, and defaults
 *   out, or '-'                                       for all behind
 *
 * genext2fs takes COUNT for the number to stop before, and counts d and f too:
 * tables that rely on that are not for this reader. It also knows l and s.
 * OE-core's makedevs counts as mkcramfs does, and makes a file for an f that is
 * missing, which is an error here.
 *
 * What scanf(3) makes of odd words is not imitated, but is an error: those of
 * which it reads the beginning only (0x5, 1x, 5,1, 888, c640 for c 640), a sign
 * (+2, and for owners -2), type bits in a mode, -1 as the mode of what is made,
 * numbers for owners that are -1 or more when cut to 32 bits. makedevs takes
 * what comes of these.
 *
 * mkcramfs does not know, and refuses or misreads: F, r, |xattr, users and
 * groups by name, -1, "/" itself, relative names, links on the way, missing
 * parents. Those are makedevs' in either style. Both carry out what they
 * understand of a table with errors; here nothing is then.
 */
#ifndef CRX_EDIT_DEVTABLE_H
#define CRX_EDIT_DEVTABLE_H

#include "base/place.h"
#include "input/edit/users.h"

enum crx_devtable_style { CRX_DEVTABLE_MAKEDEVS, CRX_DEVTABLE_MKCRAMFS };

#define CRX_DEVTABLE_KEEP UINT32_MAX

enum {
	CRX_DEVTABLE_FILE_MAX = 4 << 20, /* bytes */
	CRX_DEVTABLE_LINE_MAX = 8192,
	CRX_DEVTABLE_PATH_MAX = 4095,      /* as makedevs reads it */
	CRX_DEVTABLE_NUMBER_MAX = 0xfffff, /* the same; also Linux' largest minor number */
	CRX_DEVTABLE_NODES_MAX = 1 << 20   /* made by all lines together */
};

struct crx_devtable_entry {
	const char *path; /* as it was written */
	char type;
	uint32_t mode;                     /* 07777 bits, or CRX_DEVTABLE_KEEP */
	uint32_t id[CRX_USERS_KINDS];      /* owner and group, or CRX_DEVTABLE_KEEP */
	const char *name[CRX_USERS_KINDS]; /* to be looked up, or NULL */
	unsigned name_column[CRX_USERS_KINDS];
	uint32_t major, minor, start, inc;
	uint32_t count; /* 0: one node, called path; else path<start>, ... */
	struct crx_place at;
};

struct crx_devtable_xattr {
	size_t entry;
	const char *text;
	struct crx_place at;
};

/* Zero-initialise, but for style. */
struct crx_devtable {
	enum crx_devtable_style style;
	struct crx_arena text;
	struct crx_devtable_entry *entry; /* in the order of files and lines */
	size_t nentries, cap;
	struct crx_devtable_xattr *xattr;
	size_t nxattrs, xattr_cap;
	size_t nodes; /* that c, b and p make */
};

/*
 * Append what is in the file at path, or in a text of len bytes called name in
 * messages. Every error of the file goes to log as "FILE:LINE:COLUMN: what was
 * expected", then CRX_EFORMAT with their number. Words that makedevs would not
 * read, as a number behind a '-', are a warning. dt is the caller's to free in
 * any case.
 */
int crx_devtable_read(struct crx_devtable *dt, const char *path, struct crx_log *log,
		      struct crx_err *err) CRX_MUST_CHECK;
int crx_devtable_parse(struct crx_devtable *dt, const char *name, const char *text, size_t len,
		       struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;
void crx_devtable_free(struct crx_devtable *dt);

/* Are there users or groups to be looked up? */
bool crx_devtable_has_names(const struct crx_devtable *dt);

/* *id: the user or group that e asks for, or CRX_DEVTABLE_KEEP; false: its name is not known. */
bool crx_devtable_id(const struct crx_devtable_entry *e, enum crx_users_kind kind,
		     const struct crx_users *u, uint32_t *id);

/*
 * Carry it out on a finished tree, which is finished again afterwards. What
 * cannot be done, and each name that u does not have, is told, all of it, in
 * the same way; then, or short of memory, all that may be done with t is
 * crx_tree_free. |xattr lines are lost: a warning for each, with the path. Ids
 * and device numbers that cramfs has no room for are left to crx_tree_check.
 */
int crx_devtable_apply(const struct crx_devtable *dt, const struct crx_users *u, struct crx_tree *t,
		       struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;

/* When crx_tree_check has found such numbers: the lines that ask for some go to
 * log, as errors, since no option changes what a table says. */
void crx_devtable_blame(const struct crx_devtable *dt, const struct crx_users *u,
			struct crx_log *log);

#endif
