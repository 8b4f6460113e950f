/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a tree comes from.
 */
#ifndef CRX_SOURCE_SOURCE_H
#define CRX_SOURCE_SOURCE_H

#include <sys/stat.h>

#include "tree/tree.h"

/* A source keeps what the contents of its tree need: free it after the tree.
 * After an error too, tree and source are there to be freed, where they were
 * zeroed before the call. */
struct crx_source {
	void *state;
	void (*free)(void *state);
	bool squashed; /* see crx_source_opts.squash: its owners are 0:0 */
};

/* `file` of a node, while its tree is read: it will not stay, since a pattern
 * takes it or what it lies in, or it cannot be looked at. */
#define CRX_LEFT_OUT (CRX_NO_FILE - 1)

/* For lib/input/source itself: such nodes go, with all below them. crx_tree_finish is due then. */
void crx_source_leave_out(struct crx_tree *t);

struct crx_source_opts {
	struct crx_log *log; /* gets warnings and notes; or NULL */
	/* Patterns of edit/filter.h: what they match in a directory or an archive is not read. */
	char *const *exclude;
	size_t nexcludes;
	uint32_t page_size; /* of the image; 0: 4096 */
	uint64_t max_size;  /* of the image; 0: 1 GiB */
	bool whiteouts;     /* for crx_source_lay: see tree/overlay.h */
	/* Keep the first 16 MiB less a byte of an archive's larger files: node.size is the file's,
	 * content.size what is kept. Leave out what stat() fails for, with a warning. */
	bool lossy;
	bool squash; /* a directory that is all the caller's, who is not root, comes as 0:0 */
	/* Called with each file that a manifest takes contents from; its error is returned. Or
	 * NULL. */
	int (*on_contents)(void *ctx, const struct stat *st, struct crx_err *err);
	void *on_contents_ctx;
};

/*
 * The directory, the archive or the mtree manifest at path; "-": an archive or
 * a manifest from standard input, told apart by the first bytes.
 * What cramfs has no room for is marked in the nodes (`lost`): see edit/lost.h.
 *
 * An archive (archive/reader.h) is unpacked as GNU tar would do it, entry by
 * entry. Contents go to one temporary file without a name; what patterns
 * exclude and files of 16 MiB or more do not. Memory is needed for each entry,
 * none for contents.
 *
 * - A later entry of a path replaces the earlier one; a directory's only
 *   brings other attributes. A directory that holds something is replaced by
 *   nothing else: CRX_EFORMAT.
 * - Missing parents are made, 0755 of 0:0, and marked `implied`. "./" is the
 *   root, and implied if there is none. "." and empty parts of paths mean
 *   nothing. A leading '/' is taken off, with one warning. ".." anywhere in a
 *   path, or in that of a hard link, is CRX_EFORMAT.
 * - Below a symbolic link that leads to a directory inside the tree, an entry
 *   goes to that directory, and an entry of type directory in its place keeps
 *   the link; links never lead outside. Below any other link, or below what
 *   is no directory, it is CRX_EFORMAT.
 * - Hard links have link_dev CRX_LINK_NUMBERED, and the attributes of the name
 *   they refer to, which must have come before. Data that comes with one is
 *   the data of all (cpio). One that refers to what is excluded, and is not
 *   itself, is CRX_EFORMAT. In an overlay it may refer to what is below, as it
 *   is there before anything is laid over it.
 * - Holes of sparse files are zeros, with one note.
 * - CRX_EBIG as soon as no image of max_size bytes can hold it: each page
 *   takes 4 bytes there, and each entry 16; files of 16 MiB or more count, too.
 *
 * Of a manifest, type, mode (octal), uid, gid, uname and gname (where there is
 * no number; left in the nodes to be looked up, but for "root"), link, device
 * (native,MAJOR,MINOR or linux,... or one number as glibc packs it), contents
 * (or content), optional, /set and /unset are heeded; other keywords say
 * nothing about the image. An entry whose path is there changes only what it
 * says of it, and its type must agree. Any other makes it: missing parents
 * too; mode 0755 or 0644, owner 0:0.
 *
 * A regular file gets its contents from the file on disk that contents= names,
 * or else, where t has no such file, from the one at its own path; both
 * relative to the manifest's directory, or to the current one where it comes
 * from standard input or any other pipe. They must be regular files below it:
 * ".." and symbolic links on the way are errors. One that is missing is an
 * error, unless optional stands there (then it is left out).
 *
 * CRX_EFORMAT names the line, or the path.
 */
int crx_source_open(const char *path, const struct crx_source_opts *o, struct crx_tree *t,
		    struct crx_source *s, struct crx_err *err) CRX_MUST_CHECK;

/*
 * The same as an overlay, laid over the finished tree t as tree/overlay.h says;
 * a manifest changes t as it says. t is finished again, and keeps needing its
 * other sources. s is to be freed after t, too.
 */
int crx_source_lay(const char *path, const struct crx_source_opts *o, struct crx_tree *t,
		   struct crx_source *s, struct crx_err *err) CRX_MUST_CHECK;

/* The directory at path and all below it. Symbolic links are not followed
 * (path itself may be one). */
int crx_source_dir(const char *path, const struct crx_source_opts *o, struct crx_tree *t,
		   struct crx_source *s, struct crx_err *err) CRX_MUST_CHECK;

/* Does the file at path begin as an mtree manifest does: "#mtree", or comments
 * and then "/set", "." or "./..."? */
bool crx_source_is_mtree(const char *path);

/* Accepts a zeroed or freed one. */
void crx_source_free(struct crx_source *s);

#endif
