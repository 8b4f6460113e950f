/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/edit/devtable_apply.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Modes of missing parent directories. */
enum { PARENT_OF_DIR = 0777, PARENT_OF_NODE = 0755 };

/* Limits the time for many lines on a large tree. */
enum { VISITS_MAX = 1 << 26 };

/* Where the last part of the first len bytes of path begins. It is empty if they end
 * in '/'. */
static size_t leaf_of(const char *path, size_t len)
{
	while (len && path[len - 1] != '/')
		len--;
	return len;
}

/* A crx_tree_child for struct crx_names. */
static struct crx_node *find_child(void *ctx, const struct crx_node *dir, const char *name,
				   size_t len)
{
	return crx_names_find(ctx, dir, name, len);
}

static int set_attrs(struct crx_devtable_apply *a, struct crx_node *n)
{
	return crx_devtable_set(&a->set, n, a->e->mode, a->id, a->err);
}

static int change_file(struct crx_devtable_apply *a)
{
	const char *path = a->e->path;
	struct crx_node *n =
		crx_tree_walk(a->names.root, a->names.root, path, find_child, &a->names);

	if (n && S_ISREG(n->mode))
		return set_attrs(a, n);
	if (a->e->type == 'F') {
		a->ignored[a->e - a->dt->entry] = true;
		return 0;
	}
	return n ? crx_devtable_report(a, path, strlen(path), "is not a regular file but ",
				       crx_devtable_type_word(n))
		 : crx_devtable_report(a, path, strlen(path),
				       "does not exist, and f changes an existing file (F ignores "
				       "one that is missing)",
				       "");
}

static int apply_dir(struct crx_devtable_apply *a)
{
	const char *path = a->e->path;
	struct crx_node *dir;
	bool created;
	int ret = crx_devtable_walk(a, path, strlen(path), PARENT_OF_DIR, &dir, &created);

	if (ret < 0 || !dir)
		return ret;
	if (created && a->e->mode == CRX_DEVTABLE_KEEP)
		return crx_devtable_report(a, path, strlen(path),
					   "does not exist yet, so -1 cannot keep its mode: "
					   "expected an octal number",
					   "");
	return set_attrs(a, dir);
}

/* Find the node at the path, without following a link at its end, also if a '/' follows
 * it: nftw(3) removes that. *out is NULL if it is missing. */
static int find_without_following(struct crx_devtable_apply *a, struct crx_node **out)
{
	const char *path = a->e->path;
	size_t end = strlen(path), leaf, len;
	struct crx_node *dir;
	bool created;
	int ret;

	*out = NULL;
	while (end && path[end - 1] == '/')
		end--;
	leaf = leaf_of(path, end);
	len = end - leaf;
	if (!len || crx_devtable_is_part(path + leaf, len, ".") ||
	    crx_devtable_is_part(path + leaf, len, ".."))
		return crx_devtable_walk(a, path, strlen(path), 0, out, &created);
	ret = crx_devtable_walk(a, path, leaf, 0, &dir, &created);
	if (!ret && dir)
		*out = crx_names_find(&a->names, dir, path + leaf, len);
	return ret;
}

static int change_all_below(struct crx_devtable_apply *a)
{
	size_t errors = a->faults.error.count, n = 1, i, j;
	const char *path = a->e->path;
	struct crx_node *top, *at;
	int ret = find_without_following(a, &top);

	if (ret < 0)
		return ret;
	if (!top)
		return a->faults.error.count > errors
			       ? 0
			       : crx_devtable_report(a, path, strlen(path),
						     "does not exist, and r changes existing files",
						     "");
	if (!crx_grow(&a->below, &a->below_cap, 1, sizeof(struct crx_node *)))
		return crx_err_nomem(a->err, "applying a device table");
	a->below[0] = top;
	for (i = 0; i < n && !ret; i++) {
		at = a->below[i];
		a->visits++;
		ret = set_attrs(a, at);
		if (!crx_grow(&a->below, &a->below_cap, n + at->nchildren,
			      sizeof(struct crx_node *)))
			return crx_err_nomem(a->err, "applying a device table");
		for (j = 0; j < at->nchildren; j++)
			a->below[n++] = at->child[j];
	}
	return ret;
}

static bool is_same_node(const struct crx_devtable_apply *a, const struct crx_node *n,
			 uint32_t type, uint32_t minor)
{
	return (n->mode & S_IFMT) == type &&
	       (type == S_IFIFO || (n->dev_major == a->e->major && n->dev_minor == minor));
}

/* Something else, n, is where a node belongs. May the node replace it? With makedevs
 * under fakeroot, which is how Buildroot runs it, the last line wins. We do not let it
 * win over files and directories, which have contents. */
static bool may_replace(struct crx_devtable_apply *a, const struct crx_node *n, uint32_t type)
{
	bool node = S_ISCHR(n->mode) || S_ISBLK(n->mode) || S_ISFIFO(n->mode);
	char path[CRX_ERR_PATH_MAX / 2];

	crx_tree_path(n, path, sizeof(path));
	if (!node || a->dt->style == CRX_DEVTABLE_MKCRAMFS)
		crx_devtable_report(a, path, strlen(path),
				    "cannot be created, since there is already ",
				    (n->mode & S_IFMT) == type ? "such a device with other numbers"
							       : crx_devtable_type_word(n));
	else if (S_ISFIFO(n->mode))
		crx_fault_warn(&a->faults, &a->e->at, "%s replaces a FIFO", path);
	else
		crx_fault_warn(&a->faults, &a->e->at, "%s replaces %s, %" PRIu32 ",%" PRIu32, path,
			       crx_devtable_type_word(n), n->dev_major, n->dev_minor);
	return node && a->dt->style == CRX_DEVTABLE_MAKEDEVS;
}

static int create_node(struct crx_devtable_apply *a, struct crx_node *dir, const char *name,
		       uint32_t type, uint32_t minor)
{
	struct crx_node *n = crx_names_find(&a->names, dir, name, strlen(name));
	bool exists = n && is_same_node(a, n, type, minor);
	int ret = 0;

	if (n && !exists && !may_replace(a, n, type))
		return 0;
	if (!n)
		ret = crx_names_add(&a->names, dir, name, strlen(name), &n, a->err);
	if (ret < 0)
		return ret;
	if (!exists) {
		n->mode = type;
		n->dev_major = type == S_IFIFO ? 0 : a->e->major;
		n->dev_minor = type == S_IFIFO ? 0 : minor;
	}
	return set_attrs(a, n);
}

static int create_nodes(struct crx_devtable_apply *a)
{
	uint32_t type = a->e->type == 'c' ? S_IFCHR : a->e->type == 'b' ? S_IFBLK : S_IFIFO, i;
	size_t leaf = leaf_of(a->e->path, strlen(a->e->path));
	char name[CRX_DEVTABLE_PATH_MAX + 16];
	struct crx_node *dir;
	bool created;
	int ret = crx_devtable_walk(a, a->e->path, leaf, PARENT_OF_NODE, &dir, &created);

	if (ret < 0 || !dir)
		return ret;
	if (!a->e->count)
		return create_node(a, dir, a->e->path + leaf, type, a->e->minor);
	for (i = 0; i < a->e->count && !ret; i++) {
		snprintf(name, sizeof(name), "%s%u", a->e->path + leaf, a->e->start + i);
		ret = create_node(a, dir, name, type, a->e->minor + i * a->e->inc);
	}
	return ret;
}

/* An unknown name is reported, and keeps the owner: other errors are reported too. */
static void look_up(struct crx_devtable_apply *a, enum crx_users_kind kind)
{
	const struct crx_devtable_entry *e = a->e;
	struct crx_place at = { e->at.file, e->at.line, e->name_column[kind] };
	char shown[CRX_EXCERPT_MAX];

	if (!crx_devtable_id(e, kind, a->users, &a->id[kind]))
		crx_fault(&a->faults, &at,
			  "no %s is called %s: expected a number, or a name in a file given with "
			  "--%s (without one, in /etc/%s of the image)",
			  crx_users_word(kind),
			  crx_place_excerpt(e->name[kind], strlen(e->name[kind]), shown),
			  crx_users_option(kind), crx_users_option(kind));
}

static int apply_line(struct crx_devtable_apply *a)
{
	look_up(a, CRX_USERS_USER);
	look_up(a, CRX_USERS_GROUP);
	switch (a->e->type) {
	case 'f':
	case 'F':
		return change_file(a);
	case 'd':
		return apply_dir(a);
	case 'r':
		return change_all_below(a);
	default:
		return create_nodes(a);
	}
}

static void report_dropped(struct crx_devtable_apply *a)
{
	const struct crx_devtable_xattr *x;
	size_t i;

	for (i = 0; i < a->dt->nxattrs; i++) {
		x = &a->dt->xattr[i];
		if (!a->ignored[x->entry])
			crx_fault_warn(&a->faults, &x->at,
				       "%s: capability %s is dropped, since cramfs cannot hold it "
				       "(a program that relies on it will not work)",
				       a->dt->entry[x->entry].path, x->text);
	}
}

int crx_devtable_apply(const struct crx_devtable *dt, const struct crx_users *u, struct crx_tree *t,
		       struct crx_log *log, struct crx_err *err)
{
	struct crx_devtable_apply a = {
		.dt = dt, .users = u, .faults = crx_faults_of(log), .err = err
	};
	size_t i;
	int ret;

	if (!dt->nentries)
		return 0;
	a.ignored = crx_zalloc(dt->nentries, sizeof(bool));
	if (!a.ignored)
		return crx_err_nomem(err, "applying a device table");
	a.set = (struct crx_devtable_set){
		.tree = t,
		.all_names = dt->style == CRX_DEVTABLE_MAKEDEVS,
	};
	ret = crx_names_init(&a.names, t, err);
	for (i = 0; i < dt->nentries && !ret; i++) {
		a.e = &dt->entry[i];
		ret = apply_line(&a);
		if (!ret && (a.visits > VISITS_MAX || a.set.visits > VISITS_MAX))
			ret = crx_place_err(err, CRX_ELIMIT, 0, &a.e->at,
					    "the lines up to this one change too many files too "
					    "often: more than %d in all",
					    VISITS_MAX);
	}
	crx_names_free(&a.names);
	crx_devtable_set_free(&a.set);
	if (!ret) {
		report_dropped(&a);
		ret = crx_faults_verdict(&a.faults, dt->entry[0].at.file, err);
	}
	free(a.below);
	free(a.ignored);
	return ret < 0 ? ret : crx_tree_finish(t, err);
}
