/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tree of files that becomes the image. Every source creates one, and every
 * later stage reads it.
 */
#ifndef CRX_TREE_TREE_H
#define CRX_TREE_TREE_H

#include "base/err.h"
#include "base/mem.h"
#include "format/cramfs.h"

/*
 * The only access to the contents of files. open() gives a handle for one thread;
 * several threads may have handles of the same content. pread() fills the whole
 * buffer or fails. close() fails with CRX_ECHANGED if the file has changed since the
 * tree was read.
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
	void *source;                      /* for ops; owned by the source */
	const void *key;                   /* for ops: which file of the source */
	uint64_t size;
	uint64_t whole; /* bytes of the file, if size was cut; else 0 */
};

struct crx_node {
	struct crx_node *parent; /* NULL for the root */
	struct crx_node **child; /* directories: sorted by unsigned bytes of the name */
	size_t nchildren;
	char *name;    /* "" for the root; no '/', never "." or ".." */
	uint32_t mode; /* type (S_IFMT) and 07777 bits, as in stat */
	uint32_t uid, gid;
	/* from a manifest: names to look up instead of uid and gid (edit/owners.h), owned by the
	 * source; else NULL */
	const char *user, *group;
	uint32_t dev_major, dev_minor; /* character and block devices */
	uint64_t size;                 /* regular: bytes; symlink: length of target; else 0 */
	char *target;                  /* symlinks */
	struct crx_content content;    /* regular files and symlinks of size > 0 */
	/* names of one file have the same pair; 0, 0: the file has one name */
	uint64_t link_dev, link_ino;
	uint8_t dropped; /* CRX_XATTR_* (base/xattr.h) that it has, but cramfs cannot hold */
	/* errno, if its attributes, its entries or its target cannot be read, so that the tree is
	 * incomplete; such a node has at least its name, and a type other than S_IFLNK */
	int unreadable;
	bool implied; /* directories: not in the source, so the attributes are defaults */
	size_t index; /* in tree.node */
	size_t file;  /* in tree.file, or CRX_NO_FILE */
};

#define CRX_NO_FILE ((size_t)-1)

/* link_dev in sources without inodes, which number their links from 1 on.
 * crx_tree_overlay() keeps those of two sources apart. */
#define CRX_LINK_NUMBERED UINT64_MAX

/* In a tree that will be merged over another: link_ino is one of the numbers of the
 * other tree. */
#define CRX_LINK_BELOW (UINT64_MAX - 1)

struct crx_tree {
	struct crx_node *root;
	struct crx_node **node; /* all nodes, breadth first: siblings are adjacent */
	size_t nnodes;
	struct crx_node **file; /* nodes with contents (size > 0), in the same order */
	size_t nfiles;
};

/* Create a tree that has only a root directory, with mode 0755 and owner 0:0. */
int crx_tree_init(struct crx_tree *t, struct crx_err *err) CRX_MUST_CHECK;
void crx_tree_free(struct crx_tree *t);

/* Add a child to dir, zeroed except for name (a copy) and parent. It belongs to the
 * tree, which is not sorted until crx_tree_finish(). Fails if name is "", "." or "..",
 * or contains '/'. A name that exists already is found by crx_tree_finish(). */
int crx_tree_add(struct crx_node *dir, const char *name, struct crx_node **out, struct crx_err *err)
	CRX_MUST_CHECK;

/* Free the children of dir for which drop() returns true, with all below them. drop()
 * is called once for each, in order. Call crx_tree_finish() after it. */
void crx_tree_prune(struct crx_node *dir, bool (*drop)(void *ctx, const struct crx_node *n),
		    void *ctx);

/* The same for every directory, from the root down. Changes the index of all nodes. */
void crx_tree_prune_all(struct crx_tree *t, bool (*drop)(void *ctx, const struct crx_node *n),
			void *ctx);

/* Copy mode, owner and `dropped`; and `unreadable`, if it is set. */
void crx_tree_copy_attrs(struct crx_node *to, const struct crx_node *from);

/* Copy everything but name, target, position in the tree, and children. */
void crx_tree_copy(struct crx_node *to, const struct crx_node *from);

/* Make n as it was after crx_tree_add(): zeroed except for name and parent, and without
 * children. */
void crx_tree_clear(struct crx_node *n);

/* Sort the tree, fill t->node and t->file, and set the contents of symbolic links. Call
 * it again after changes. CRX_EFORMAT if a name occurs twice in a directory. */
int crx_tree_finish(struct crx_tree *t, struct crx_err *err) CRX_MUST_CHECK;

/* "/usr/bin/sh", or "/" for the root. If it does not fit, buf gets "..." and the end of
 * the path. Returns buf. */
const char *crx_tree_path(const struct crx_node *n, char *buf, size_t cap);

/* The whole path, for the caller to free; NULL without memory. */
char *crx_tree_path_dup(const struct crx_node *n);

/* The node at path ("/usr/bin/sh"), or NULL. Links are followed inside the tree, also at
 * the end of path, but not more than 40. As in a kernel, "name/", "name/." and "name/.."
 * exist only if name is a directory. */
struct crx_node *crx_tree_find(const struct crx_tree *t, const char *path);

/* The same, but a link at the end of path is not followed. */
struct crx_node *crx_tree_find_entry(const struct crx_tree *t, const char *path);

/*
 * The same from the directory `at`, in a tree that need not be sorted: child() finds
 * one name (len bytes, without NUL) in a directory.
 */
typedef struct crx_node *crx_tree_child(void *ctx, const struct crx_node *dir, const char *name,
					size_t len);
struct crx_node *crx_tree_walk(struct crx_node *root, struct crx_node *at, const char *path,
			       crx_tree_child *child, void *ctx);

/* The entry called name (len bytes, no NUL) of directory dir in a finished tree; NULL if there is
 * none. */
struct crx_node *crx_tree_find_child(const struct crx_node *dir, const char *name, size_t len);

/* As strcmp(), with a name of len bytes and that of n. */
int crx_tree_compare_name(const char *name, size_t len, const struct crx_node *n);

/* The whole contents of a small file: size bytes and a NUL, for the caller to free. */
int crx_content_read(const struct crx_content *c, char **out, struct crx_err *err) CRX_MUST_CHECK;

/* open() and close() of contents that need no handle. */
int crx_content_no_open(const struct crx_content *c, void **handle, struct crx_err *err);
int crx_content_no_close(const struct crx_content *c, void *handle, struct crx_err *err);

/* Contents in memory (symlink targets, tests): key points to size bytes. */
extern const struct crx_content_ops crx_content_memory;

#endif
