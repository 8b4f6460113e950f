/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "source/lost.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#include "base/xattr.h"

/* --- what is told --- */

enum { SHOWN = 20, SHOWN_LEN = 700 };

/* In the order of the bits of CRX_XATTR_*. */
static const char *const KIND[CRX_XATTR_KINDS] = {
	"file capabilities, which cramfs cannot hold: a program that relies on them does not work",
	"SELinux labels, which cramfs cannot hold",
	"ACLs, which cramfs cannot hold: only the permission bits are stored",
	"extended attributes, which cramfs cannot hold",
};

struct list {
	char text[SHOWN_LEN];
	size_t used, n;
};

/* false: it is full. path is less than SHOWN_LEN, so the first one always fits. */
static bool add(struct list *l, const char *path)
{
	size_t len = strlen(path), room = sizeof(l->text) - 1 - l->used;

	if (l->n && (l->n == SHOWN || len + 2 > room))
		return false;
	if (l->n++) {
		memcpy(l->text + l->used, ", ", 2);
		l->used += 2;
	}
	memcpy(l->text + l->used, path, len + 1);
	l->used += len;
	return true;
}

static void tell(const struct crx_tree *t, unsigned kind, const char *what, struct crx_log *log)
{
	char path[SHOWN_LEN];
	struct list list = { .used = 0 };
	size_t i, count = 0;
	bool full = false;

	for (i = 0; i < t->nnodes; i++) {
		if (!(t->node[i]->lost & kind))
			continue;
		count++;
		full = full || !add(&list, crx_tree_path(t->node[i], path, sizeof(path)));
	}
	if (count)
		crx_log_warn(log, NULL, "%zu %s %s (%s%s)", count, count == 1 ? "entry has" : "entries have", what, list.text, full ? ", ..." : "");
}

void crx_lost_tell(const struct crx_tree *t, struct crx_log *log)
{
	int i;

	for (i = 0; i < CRX_XATTR_KINDS; i++)
		tell(t, 1U << i, KIND[i], log);
}

/* --- files on disk --- */

static const char SELINUX[] = "security.selinux";

/* XATTR_LIST_MAX and XATTR_SIZE_MAX: Linux has no longer ones. */
enum { LIST_LEN = 65536, LABEL_LEN = 4096 };

int crx_lost_disk_open(struct crx_lost_disk *l, const char *dir, struct crx_err *err)
{
	ssize_t len;

	*l = (struct crx_lost_disk){ 0 };
	l->names = crx_alloc(LIST_LEN, 1);
	l->label = crx_alloc(LABEL_LEN, 1);
	if (!l->names || !l->label)
		return crx_err_nomem(err, "reading the tree");
	len = getxattr(dir, SELINUX, l->label, LABEL_LEN);
	l->label_len = len < 0 ? 0 : (size_t)len;
	return 0;
}

void crx_lost_disk_close(struct crx_lost_disk *l)
{
	free(l->label);
	free(l->names);
	*l = (struct crx_lost_disk){ 0 };
}

static bool begins(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* Has the file at path the label that everything has where it lies? */
static bool same_label(const struct crx_lost_disk *l, const char *path)
{
	char label[LABEL_LEN];
	ssize_t len = lgetxattr(path, SELINUX, label, sizeof(label));

	return len >= 0 && (size_t)len == l->label_len && !memcmp(label, l->label, l->label_len);
}

static unsigned kind_on_disk(const struct crx_lost_disk *l, const char *path, const char *name)
{
	unsigned kind = crx_xattr_kind(name);

	if (kind == CRX_XATTR_SELINUX)
		return same_label(l, path) ? 0 : kind;
	/* NFS gives each file one, which says what its mode says */
	if (kind == CRX_XATTR_ACL)
		return begins(name, "system.posix_acl_") ? kind : 0;
	if (kind == CRX_XATTR_OTHER)
		return begins(name, "security.") || begins(name, "trusted.") || begins(name, "user.") ? kind : 0;
	return kind;
}

unsigned crx_lost_disk_ask(struct crx_lost_disk *l, const char *path, uint64_t dev)
{
	const char *name;
	unsigned kinds = 0;
	ssize_t len;

	if (l->none && l->dev == dev)
		return 0;
	len = llistxattr(path, l->names, LIST_LEN);
	if (len < 0) {
		l->none = errno == ENOTSUP;
		l->dev = dev;
		return 0;
	}
	for (name = l->names; name < l->names + len; name += strlen(name) + 1)
		kinds |= kind_on_disk(l, path, name);
	return kinds;
}
