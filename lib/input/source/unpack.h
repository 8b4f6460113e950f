/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tree that grows entry by entry out of an archive. For lib/input/source itself.
 */
#ifndef CRX_SOURCE_UNPACK_H
#define CRX_SOURCE_UNPACK_H

#include "input/archive/reader.h"
#include "input/source/source.h"
#include "input/source/spool.h"
#include "tree/names.h"

/* Names of one file: by their link_ino, less 1 */
struct crx_unpack_group {
	uint64_t size;
	struct crx_content content;
	bool skipped; /* excluded when it came, so its contents are not there */
};

struct crx_unpack {
	const char *archive; /* for messages */
	const struct crx_source_opts *o;
	uint32_t page_size;
	struct crx_archive_reader *reader;
	struct crx_spool *spool;
	struct crx_tree *tree;
	struct crx_tree *below; /* over which it will be laid, or NULL */
	uint64_t below_links;   /* link_ino that are taken there */
	struct crx_names names;
	struct crx_unpack_group *group;
	size_t ngroups, groups_cap;
	size_t absolute, sparse; /* entries of that kind */
	uint64_t pages, entries;
	uint8_t *buf; /* CRX_UNPACK_BUF bytes */
};

enum { CRX_UNPACK_BUF = 64 * 1024 };

/* Where an entry belongs: a name of len bytes in a directory. */
struct crx_unpack_spot {
	struct crx_node *dir;
	const char *name;
	size_t len;
};

/* --- unpack_path.c --- */

/*
 * Where path belongs: its last part is not looked up; with make set, missing
 * directories on the way are made. spot->dir is NULL if path is the root, or
 * (without make) if a directory on the way is missing.
 */
int crx_unpack_path(struct crx_unpack *u, const char *path, bool make, struct crx_unpack_spot *spot,
		    struct crx_err *err) CRX_MUST_CHECK;

/* A new node, counted unless its parent is skipped. */
int crx_unpack_add(struct crx_unpack *u, const struct crx_unpack_spot *spot, struct crx_node **out,
		   struct crx_err *err) CRX_MUST_CHECK;

/* The node at spot as a new one, whatever it was before. */
int crx_unpack_fresh(struct crx_unpack *u, const struct crx_archive_member *m,
		     const struct crx_unpack_spot *spot, struct crx_node **out, struct crx_err *err)
	CRX_MUST_CHECK;

/* Ask the patterns, now that the type of n is known: what is skipped does not count. */
int crx_unpack_skip(struct crx_unpack *u, struct crx_node *n, struct crx_err *err) CRX_MUST_CHECK;

/* --- unpack_data.c --- */

/* The data of the latest entry into *size and *content. */
int crx_unpack_data(struct crx_unpack *u, const struct crx_archive_member *m, uint64_t *size,
		    struct crx_content *content, struct crx_err *err) CRX_MUST_CHECK;
/* More entries or pages than fit. */
int crx_unpack_too_big(const struct crx_unpack *u, struct crx_err *err) CRX_MUST_CHECK;

/* --- unpack_link.c --- */

/* The hard link m at spot. *out NULL: it leads to itself. */
int crx_unpack_link(struct crx_unpack *u, const struct crx_archive_member *m,
		    const struct crx_unpack_spot *spot, struct crx_node **out, struct crx_err *err)
	CRX_MUST_CHECK;
/* All have come: contents of hard links. */
void crx_unpack_finish(struct crx_unpack *u);

/* --- unpack.c --- */

int crx_unpack_entry(struct crx_unpack *u, const struct crx_archive_member *m, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
