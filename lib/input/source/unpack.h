/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds a tree from the entries of an archive. Private to lib/input/source.
 */
#ifndef CRX_SOURCE_UNPACK_H
#define CRX_SOURCE_UNPACK_H

#include "input/archive/reader.h"
#include "input/source/source.h"
#include "input/source/spool.h"
#include "tree/names.h"

/* The names of one file. Their link_ino, less 1, is its index. */
struct crx_unpack_group {
	uint64_t size;
	struct crx_content content;
	bool no_data; /* the name that had the data was excluded, so it was not read */
};

struct crx_unpack {
	const char *archive; /* for messages */
	const struct crx_source_opts *o;
	uint32_t page_size;
	struct crx_archive_reader *reader;
	struct crx_spool *spool;
	struct crx_tree *tree;
	struct crx_tree *below; /* that it will be merged over, or NULL */
	uint64_t below_links;   /* the highest link_ino in use there */
	struct crx_names names;
	struct crx_unpack_group *group;
	size_t ngroups, groups_cap;
	size_t absolute, sparse; /* entries of that kind */
	uint64_t pages, entries; /* that the image needs at least */
	uint8_t *buf;            /* CRX_UNPACK_BUF bytes */
};

enum {
	CRX_UNPACK_BUF = 64 * 1024,
	CRX_UNPACK_PATH_MAX = 65535 /* bytes of a path: deep paths cost time for each entry */
};

/* Where an entry belongs: a directory, and a name of len bytes in it. */
struct crx_unpack_spot {
	struct crx_node *dir;
	const char *name;
	size_t len;
};

/* --- unpack_path.c --- */

/*
 * Find the spot of path. Its last part need not exist, and is not followed if it
 * is a link. With create set, missing directories on the way are created.
 * spot->dir is NULL if path is the root or, without create, if a directory on
 * the way is missing.
 */
int crx_unpack_find_spot(struct crx_unpack *u, const char *path, bool create,
			 struct crx_unpack_spot *spot, struct crx_err *err) CRX_MUST_CHECK;

/* Add a node. It is counted unless its parent is excluded. */
int crx_unpack_add(struct crx_unpack *u, const struct crx_unpack_spot *spot, struct crx_node **out,
		   struct crx_err *err) CRX_MUST_CHECK;

/* An empty node at spot: a new one, or the existing one without its attributes. A
 * directory that is not empty cannot be replaced: CRX_EFORMAT. */
int crx_unpack_replace(struct crx_unpack *u, const struct crx_archive_member *m,
		       const struct crx_unpack_spot *spot, struct crx_node **out,
		       struct crx_err *err) CRX_MUST_CHECK;

/* Exclude n if a pattern matches it; call it when the type of n is known. An excluded
 * node is no longer counted. */
int crx_unpack_apply_patterns(struct crx_unpack *u, struct crx_node *n, struct crx_err *err)
	CRX_MUST_CHECK;

/* --- unpack_data.c --- */

/* Read the data of the latest entry. *content is empty if the file is too large for
 * cramfs; then *size still says how large it is. */
int crx_unpack_read_data(struct crx_unpack *u, const struct crx_archive_member *m, uint64_t *size,
			 struct crx_content *content, struct crx_err *err) CRX_MUST_CHECK;

/* CRX_EBIG if there are more entries or pages than any image can hold. */
int crx_unpack_check_size(const struct crx_unpack *u, struct crx_err *err) CRX_MUST_CHECK;

/* --- unpack_link.c --- */

/* Unpack the hard link m at spot. *out is NULL if it refers to itself. */
int crx_unpack_link(struct crx_unpack *u, const struct crx_archive_member *m,
		    const struct crx_unpack_spot *spot, struct crx_node **out, struct crx_err *err)
	CRX_MUST_CHECK;

/* After the last entry: set size and contents of all hard links. */
void crx_unpack_fill_links(struct crx_unpack *u);

/* --- unpack.c --- */

int crx_unpack_entry(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
