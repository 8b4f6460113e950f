/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a tree from a directory, an archive, an mtree manifest or a cramfs image.
 */
#ifndef CRX_SOURCE_SOURCE_H
#define CRX_SOURCE_SOURCE_H

#include <sys/stat.h>

#include "input/edit/filter.h"
#include "tree/tree.h"

enum crx_source_kind {
	CRX_SOURCE_DIR,
	CRX_SOURCE_ARCHIVE,
	CRX_SOURCE_MTREE,
	CRX_SOURCE_IMAGE,
	CRX_SOURCE_KINDS
};

/*
 * Keeps what the contents of its tree need: free it after the tree. Zero both
 * before the functions below; then they can be freed even after an error.
 */
struct crx_source {
	void *state;
	void (*free)(void *state);
	enum crx_source_kind kind;
	bool squashed; /* all owners became 0:0, see crx_source_opts.squash */
};

/* node.file while a tree is read: a pattern excludes the node or a directory
 * that it is in, or (lossy) stat() failed for it. */
#define CRX_EXCLUDED (CRX_NO_FILE - 1)

/* Private to lib/input/source: remove these nodes, with all that is below them.
 * Call crx_tree_finish() after it. */
void crx_source_prune(struct crx_tree *t);

struct crx_source_opts {
	struct crx_log *log; /* for warnings and notes; may be NULL */
	/* what it matches in directories and archives is not read */
	struct crx_filter exclude;
	enum crx_order order; /* of the image that is made */
	uint32_t page_size;   /* of it; 0: 4096 */
	uint64_t max_size;    /* of it; 0: 1 GiB */
	unsigned workers;     /* that check an image; 0: one for each processor */
	bool whiteouts;       /* for crx_source_overlay(), see tree/overlay.h */
	/* Archives: keep the first 16 MiB - 1 bytes of larger files; node.size does not change,
	 * content.size does. Directories: exclude what stat() fails for, and directories
	 * that cannot be read, with a warning. Without it, nodes that cannot be read are marked
	 * (crx_node.unreadable), and the rest of the directory is read. */
	bool lossy;
	/* If every file of a directory belongs to the caller, who is not root, all owners become
	 * 0:0. */
	bool squash;
	/* Called with each file that a manifest takes contents from; an error ends the reading.
	 * May be NULL. */
	int (*on_contents)(void *ctx, const struct stat *st, struct crx_err *err);
	void *on_contents_ctx;
};

/*
 * Read the directory, archive, mtree manifest or cramfs image at path into the new
 * tree t. "-" is standard input, anything but a directory; the first bytes say what.
 * node.dropped says which attributes cramfs cannot hold (edit/dropped.h).
 *
 * An archive (archive/reader.h) is unpacked entry by entry, as GNU tar would do
 * it. Contents go to one temporary file without a name, except those of excluded
 * files and of files of 16 MiB or more. Memory is needed for each entry, but not
 * for contents.
 *
 * - A later entry of the same path replaces the earlier one. If both are
 *   directories, only the attributes change. A directory that is not empty
 *   cannot be replaced by anything else: CRX_EFORMAT.
 * - Missing parent directories are created with mode 0755 and owner 0:0, and
 *   marked `implied`. "./" is the root, which is implied if the archive has no
 *   entry for it. Parts of a path that are "." or empty are ignored. A leading
 *   '/' is removed, with one warning. ".." in a path, or in the path of a hard
 *   link, is CRX_EFORMAT.
 * - If a path leads through a symbolic link to a directory inside the tree, the
 *   entry goes to that directory. A directory entry with the path of such a link
 *   keeps the link. Links never lead outside. A path through any other link, or
 *   through something that is not a directory, is CRX_EFORMAT.
 * - Hard links have link_dev CRX_LINK_NUMBERED, and the attributes of the name
 *   that they refer to, which must be an earlier entry. Data stored with one of
 *   them belongs to all (cpio). A link that is not excluded, but refers to
 *   something excluded, is CRX_EFORMAT. In an overlay, a link may also refer to
 *   a file of the tree below, as it was before the overlay.
 * - Holes of sparse files become zeros, with one note.
 * - CRX_EBIG as soon as no image of max_size bytes can hold the contents: each
 *   page needs 4 bytes, and each entry 16. Files of 16 MiB or more count too.
 *
 * A manifest: these keywords have an effect, others are ignored: type, mode
 * (octal), uid, gid, uname and gname (used if there is no number; except "root",
 * they remain in the nodes and are looked up later), link, device
 * (native,MAJOR,MINOR or linux,..., or one number as glibc packs it), contents
 * (or content), optional, /set and /unset. If the path of an entry exists, the
 * entry changes what it mentions, and its type must be the same. Otherwise the
 * entry is created, with missing parent directories; the defaults are mode 0755
 * or 0644, and owner 0:0.
 *
 * A regular file gets its contents from the file on disk that contents= names.
 * Without contents=, a new file gets them from the file at its own path. Both
 * paths are relative to the manifest's directory, or to the current directory if
 * the manifest is read from a pipe. They must lead to regular files below it;
 * ".." and symbolic links on the way are errors. A missing file is an error,
 * unless the entry says `optional`; then the entry is ignored.
 *
 * A cramfs image (read/image.h) was made by any tool: of either byte order, any page
 * size, version 1 or 2, also after a boot pad. Files and links are read as a kernel
 * reads them, when they are needed, from the mapped file; an image from a pipe is
 * first copied to a temporary file. Each name is a separate file, because an image
 * does not say which of them are hard links (read/extract.h). Nothing but the
 * tree is taken from it: a note says if its byte order or page size is not that of
 * the new image.
 *
 * The whole image is checked first (read/check.h), with what is excluded. Errors go
 * to the log and are CRX_EFORMAT, except those that leave no doubt about names,
 * attributes and contents, such as equal files with different owners in one inode:
 * the new image does not repeat them, and a note says how many there are. Blocks that
 * are too short are warnings. CRX_EBIG if all contents have more bytes than is
 * plausible (crx_extract_check_size()).
 *
 * CRX_EFORMAT says which line or path is wrong.
 */
int crx_source_open(const char *path, const struct crx_source_opts *o, struct crx_tree *t,
		    struct crx_source *s, struct crx_err *err) CRX_MUST_CHECK;

/*
 * Merge a source over the finished tree t, as tree/overlay.h says; a manifest
 * changes t itself. t is finished again. It still needs its other sources, and
 * now s as well.
 */
int crx_source_overlay(const char *path, const struct crx_source_opts *o, struct crx_tree *t,
		       struct crx_source *s, struct crx_err *err) CRX_MUST_CHECK;

/* Read the directory at path, which may be a symbolic link. Links below it are
 * not followed. */
int crx_source_dir(const char *path, const struct crx_source_opts *o, struct crx_tree *t,
		   struct crx_source *s, struct crx_err *err) CRX_MUST_CHECK;

/*
 * *is: is path a regular file that is an archive or a manifest, which no image should replace? (An
 * old image is replaced by a new one.) Only its contents decide, not its name. A manifest begins
 * with
 * "#mtree", or with comments followed by "/set", "/unset", "." or "./...". An archive has at least
 * one entry; a file that only ends in a zip archive is not one. What may not be read is not one
 * either; any other failure to read it is an error.
 */
int crx_source_is_file(const char *path, bool *is, struct crx_err *err) CRX_MUST_CHECK;

/* Accepts a zeroed or freed one. */
void crx_source_free(struct crx_source *s);

#endif
