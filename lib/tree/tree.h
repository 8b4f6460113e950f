/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tree that goes into the image, as values: what every source makes and
 * every later stage reads.
 */
#ifndef CRX_TREE_TREE_H
#define CRX_TREE_TREE_H

#include "base/err.h"
#include "base/mem.h"
#include "format/cramfs.h"

/*
 * The one door to file contents. open() gives a handle for one reader; any
 * number of threads may hold handles of one content at a time. pread() fills
 * the buffer exactly or fails. close() may find that the file has changed
 * since the tree was read, and fails then with CRX_ECHANGED.
 */
struct crx_content;
struct crx_content_ops {
	int (*open)(const struct crx_content *c, void **handle, struct crx_err *err);
	int (*pread)(const struct crx_content *c, void *handle, void *buf, size_t len, uint64_t off,
		     struct crx_err *err);
	int (*close)(const struct crx_content *c, void *handle, struct crx_err *err);
};

struct crx_content {
	const struct crx_content_ops *ops; /* NULL: no contents */
	void *source;                      /* what ops need; owned by the source */
	const void *key;                   /* what of it: the node or its record */
	uint64_t size;
	uint64_t whole; /* bytes that the source has, where size is less; or 0 */
};

struct crx_node {
	struct crx_node *parent; /* NULL for the root */
	struct crx_node **child; /* directories: sorted by unsigned bytes of the name */
	size_t nchildren;
	char *name;    /* "" for the root; no '/', never "." or ".." */
	uint32_t mode; /* type (S_IFMT) and 07777 bits, as stat's */
	uint32_t uid, gid;
	const char *user, *group; /* of a manifest: names to be looked up instead (edit/owners.h);
				     owned by the source; else NULL */
	uint32_t dev_major, dev_minor; /* character and block devices */
	uint64_t size;                 /* regular: bytes; symlink: length of target; else 0 */
	char *target;                  /* symlinks */
	struct crx_content content;    /* regular files and symlinks of size > 0 */
	uint64_t link_dev,
		link_ino; /* names of one file have the same pair; 0, 0: has one name only */
	uint8_t dropped; /* CRX_XATTR_* (base/xattr.h) that its source has of it, for which cramfs has
			 no room */
	bool implied; /* directories: no source tells of it, so its attributes are made up */
	size_t index; /* place in tree.node */
	size_t file;  /* place in tree.file, or CRX_NO_FILE */
};

#define CRX_NO_FILE ((size_t)-1)

/* link_dev of sources that have no inodes, and number their links themselves
 * from 1 on: crx_tree_overlay keeps those of two sources apart. */
#define CRX_LINK_NUMBERED UINT64_MAX

/* In a tree that is to be laid over another: link_ino is one of those that are
 * numbered in the other. */
#define CRX_LINK_BELOW (UINT64_MAX - 1)

struct crx_tree {
	struct crx_node *root;
	struct crx_node **node; /* all: breadth first, so a directory's children are adjacent */
	size_t nnodes;
	struct crx_node **file; /* those with contents (regular and symlink, size > 0), in the order
				   of node */
	size_t nfiles;
};

/* A tree of one root directory with mode 0755, owned by 0:0. */
int crx_tree_init(struct crx_tree *t, struct crx_err *err) CRX_MUST_CHECK;
void crx_tree_free(struct crx_tree *t);

/* A new child of dir, zeroed but for name and parent, owned by the tree; not
 * sorted in until crx_tree_finish. name is copied. Fails on "", ".", "..",
 * '/' and on a name that is there already (at crx_tree_finish). */
int crx_tree_add(struct crx_node *dir, const char *name, struct crx_node **out, struct crx_err *err)
	CRX_MUST_CHECK;

/* Remove and free the children of dir for which drop says so, with all below
 * them. drop is asked once for each, in order. crx_tree_finish is due then. */
void crx_tree_prune(struct crx_node *dir, bool (*drop)(void *ctx, const struct crx_node *n),
		    void *ctx);

/* The same for every directory, from the root down. Changes index of all nodes. */
void crx_tree_prune_all(struct crx_tree *t, bool (*drop)(void *ctx, const struct crx_node *n),
			void *ctx);

/* Mode and owner, and what is lost of them. */
void crx_tree_copy_attrs(struct crx_node *to, const struct crx_node *from);

/* The same, and all else but name, place, target and what is below. */
void crx_tree_copy(struct crx_node *to, const struct crx_node *from);

/* As crx_tree_add left it: zeroed but for name and parent, with nothing below. */
void crx_tree_clear(struct crx_node *n);

/* Sort, number, and fill node and file; symlinks get their contents. Call
 * again after changes. */
int crx_tree_finish(struct crx_tree *t, struct crx_err *err) CRX_MUST_CHECK;

/* "/usr/bin/sh", "/" for the root. Cut with "..." in front if it does not
 * fit. Returns buf. */
const char *crx_tree_path(const struct crx_node *n, char *buf, size_t cap);

/* The same, whole; the caller's to free; NULL when memory is short. */
char *crx_tree_path_dup(const struct crx_node *n);

/* The node at path ("/usr/bin/sh"), links in it followed inside the tree, the
 * last one as well; NULL if there is none, or after 40 links. As for a kernel,
 * only a directory is there under "name/", "name/." or "name/..". */
struct crx_node *crx_tree_find(const struct crx_tree *t, const char *path);

/* The same, but the last part of path is not followed. */
struct crx_node *crx_tree_find_entry(const struct crx_tree *t, const char *path);

/*
 * The same from the directory `at`, in a tree whose directories need not be
 * sorted: child answers for one name (len bytes, no NUL) of a directory.
 */
typedef struct crx_node *crx_tree_child(void *ctx, const struct crx_node *dir, const char *name,
					size_t len);
struct crx_node *crx_tree_walk(struct crx_node *root, struct crx_node *at, const char *path,
			       crx_tree_child *child, void *ctx);

/* All of a small file as text: size bytes and a NUL, which the caller frees. */
int crx_content_read(const struct crx_content *c, char **out, struct crx_err *err) CRX_MUST_CHECK;

/* Contents that lie in memory (symlink targets, tests): key points at size bytes. */
extern const struct crx_content_ops crx_content_memory;

#endif
