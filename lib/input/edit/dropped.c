/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/edit/dropped.h"

#include <stdio.h>

#include "base/xattr.h"

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

/* False if the list is full. The first path, of less than SHOWN_LEN bytes, always fits. */
static bool add(struct list *l, const char *path)
{
	size_t room = sizeof(l->text) - l->used;
	int len = snprintf(l->text + l->used, room, "%s%s", l->n ? ", " : "", path);

	if (l->n == SHOWN || len < 0 || (size_t)len >= room) {
		l->text[l->used] = '\0';
		return false;
	}
	l->used += (size_t)len;
	l->n++;
	return true;
}

static void report_kind(const struct crx_tree *t, unsigned kind, const char *what,
			struct crx_log *log)
{
	char path[SHOWN_LEN];
	struct list list = { .used = 0 };
	size_t i, count = 0;
	bool full = false;

	for (i = 0; i < t->nnodes; i++) {
		if (!(t->node[i]->dropped & kind))
			continue;
		count++;
		full = full || !add(&list, crx_tree_path(t->node[i], path, sizeof(path)));
	}
	if (count)
		crx_log_warn(log, NULL, "%zu %s %s (%s%s)", count,
			     count == 1 ? "entry has" : "entries have", what, list.text,
			     full ? ", ..." : "");
}

void crx_dropped_report(const struct crx_tree *t, struct crx_log *log)
{
	int i;

	for (i = 0; i < CRX_XATTR_KINDS; i++)
		report_kind(t, 1U << i | (1U << i == CRX_XATTR_OTHER ? CRX_XATTR_OPAQUE : 0),
			    KIND[i], log);
}
