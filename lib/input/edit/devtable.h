/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device tables, in the format of Buildroot's makedevs, genext2fs and mkcramfs
 * (of cramfs-tools). They are parsed into values first, then applied to a tree.
 *
 *   NAME TYPE MODE USER GROUP MAJOR MINOR START INC COUNT
 *   |xattr TEXT
 *
 * Fields are separated by white space. A '#' at the start of a word begins a
 * comment. NAME is a path from the root of the image; a leading '/' is optional.
 *
 * f        a regular file, which must exist
 * F        the same, but the line is ignored if the file does not exist
 * d        a directory, which is created if it does not exist
 * r        NAME and all below it
 * c, b, p  a character device, block device or FIFO, which is created
 *
 * MODE is octal; -1 keeps the mode. USER and GROUP are numbers or names; -1 keeps
 * the owner. From MAJOR on, '-' means that this field and all after it have their
 * default, 0. Numbers go up to 1048575. COUNT creates the nodes NAME<START>,
 * NAME<START + 1>, ... with minor numbers MINOR, MINOR + INC, ...
 *
 * Lines are applied in their order:
 * - Links on the way are followed inside the tree; f, F and d also follow a link
 *   at the end. r changes what exists and follows no link at the end, also not
 *   if a '/' follows it. It gives links an owner but no mode. (makedevs fails at
 *   a link that leads nowhere.)
 * - ".." of the root is the root. (makedevs leaves its directory by it.)
 * - Missing parent directories are owned by 0:0. Those of d get mode 0777, as
 *   from makedevs; those of c, b and p, for which makedevs and mkcramfs fail, get
 *   mode 0755.
 * - If a node of the same type and numbers exists, its mode and owner change. If
 *   it has another type or other numbers, it is replaced, with a warning. This
 *   is what makedevs does under fakeroot, as Buildroot runs it; as root it fails
 *   if the node exists. Anything else in the place of the node is an error.
 *   In mkcramfs style, another node is an error too: mkcramfs keeps the numbers of
 *   a node that exists, or creates a second entry of the same name.
 * - d for something that is not a directory is an error. (makedevs changes it as
 *   if it were one.)
 * - If -1 keeps a set-user-ID bit, a new owner does not clear it, as under
 *   fakeroot.
 *
 * Where makedevs and mkcramfs differ, the style decides:
 *
 *                            makedevs                 mkcramfs
 *   COUNT 1                  NAME                     NAME<START>
 *   COUNT of p               as for c and b           one FIFO, NAME
 *   f, F of a hard link      all names of the file    that name only
 *   r of a hard link         all names of the file    the names below NAME
 *   MODE, USER, GROUP        an error                 0755, 0, 0, and defaults
 *   missing, or '-'                                   for all after it
 *
 * genext2fs takes COUNT for the number to stop before, and uses it for d and f
 * too; tables that rely on this are not supported, nor are its types l and s.
 * OE-core's makedevs counts as mkcramfs does; and it creates the file for an f
 * that does not exist, which is an error here.
 *
 * Words that scanf(3) reads only in part, or in a surprising way, are errors
 * here, though makedevs accepts them: 0x5, 1x, 5,1, 888, c640 for c 640; a sign
 * (+2, and -2 for an owner); type bits in a mode; -1 as the mode of a new node;
 * owners that become -1 or more when cut to 32 bits.
 *
 * mkcramfs does not support, and rejects or misreads: F, r, |xattr, users and
 * groups by name, -1, "/" itself, relative names, links on the way, missing
 * parents. In both styles these work as in makedevs. Both programs apply the
 * valid lines of a table with errors; here nothing is applied then.
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
	CRX_DEVTABLE_PATH_MAX = 4095,      /* makedevs' limit */
	CRX_DEVTABLE_NUMBER_MAX = 0xfffff, /* the same, and Linux's largest minor number */
	CRX_DEVTABLE_NODES_MAX = 1 << 20   /* created by all lines together */
};

struct crx_devtable_entry {
	const char *path; /* as written */
	char type;
	uint32_t mode;                     /* 07777 bits, or CRX_DEVTABLE_KEEP */
	uint32_t id[CRX_USERS_KINDS];      /* owner and group, or CRX_DEVTABLE_KEEP */
	const char *name[CRX_USERS_KINDS]; /* to look up, or NULL */
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

/* Zero it before the first use, and set style. */
struct crx_devtable {
	enum crx_devtable_style style;
	struct crx_arena text;
	struct crx_devtable_entry *entry; /* in the order of files and lines */
	size_t nentries, cap;
	struct crx_devtable_xattr *xattr;
	size_t nxattrs, xattr_cap;
	size_t nodes; /* that c, b and p create */
};

/*
 * Append the entries of the file at path, or of a text of len bytes that messages
 * call name. Every error of the file is logged as "FILE:LINE:COLUMN: what was
 * expected"; then CRX_EFORMAT gives their number. Words that makedevs does not
 * read, such as a number after a '-', are warnings. Free dt even after an error.
 */
int crx_devtable_read(struct crx_devtable *dt, const char *path, struct crx_log *log,
		      struct crx_err *err) CRX_MUST_CHECK;
int crx_devtable_parse(struct crx_devtable *dt, const char *name, const char *text, size_t len,
		       struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;
void crx_devtable_free(struct crx_devtable *dt);

/* Do entries have users or groups by name? */
bool crx_devtable_has_names(const struct crx_devtable *dt);

/* Sets *id to the user or group of e, or to CRX_DEVTABLE_KEEP. False if u does not
 * have its name. */
bool crx_devtable_id(const struct crx_devtable_entry *e, enum crx_users_kind kind,
		     const struct crx_users *u, uint32_t *id);

/*
 * Apply dt to a finished tree, which is finished again afterwards. All lines that
 * cannot be applied, and all names that u does not have, are logged in the same
 * way. After an error t can only be freed. |xattr lines are dropped, with a
 * warning that names the path. Ids and device numbers that are too large for
 * cramfs are left to crx_tree_check().
 */
int crx_devtable_apply(const struct crx_devtable *dt, const struct crx_users *u, struct crx_tree *t,
		       struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;

/* If crx_tree_check() found such numbers: log the lines that ask for them, as
 * errors, since no option changes what a table says. */
void crx_devtable_report_limits(const struct crx_devtable *dt, const struct crx_users *u,
				struct crx_log *log);

#endif
