/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "proof/verify/state.h"

#include <stdlib.h>
#include <sys/stat.h>

struct numbered {
	uint64_t ino;
	size_t node; /* index in the tree */
};

static int by_ino(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;
	int c = crx_compare(x->ino, y->ino);

	return c ? c : crx_compare(x->node, y->node);
}

/* For iget_locked(), two entries with one number are one inode, so the first that is looked up
 * determines the attributes of both. A directory cannot have two parents. */
static int check_pair(const struct crx_verify *v, const struct numbered *a,
		      const struct numbered *b, struct crx_err *err)
{
	const struct crx_inode *x = &v->entry[a->node].inode, *y = &v->entry[b->node].inode;
	char other[CRX_ERR_PATH_MAX];

	if (!S_ISDIR(x->mode) && x->mode == y->mode && x->uid == y->uid && x->gid == y->gid &&
	    x->size == y->size)
		return 0;
	crx_tree_path(v->t->node[a->node], other, sizeof(other));
	return crx_verify_fault(v, v->t->node[b->node], v->entry[b->node].off, err,
				"has inode number %llu, like %.150s, but differs from it",
				(unsigned long long)b->ino, other);
}

int crx_verify_inodes(struct crx_verify *v, struct crx_err *err)
{
	struct numbered *n = crx_alloc(v->t->nnodes, sizeof(*n));
	size_t i;
	int ret = 0;

	if (!n)
		return crx_err_nomem(err, "verifying inode numbers");
	for (i = 0; i < v->t->nnodes; i++)
		n[i] = (struct numbered){ crx_k_ino(&v->entry[i].inode, v->entry[i].off), i };
	qsort(n, v->t->nnodes, sizeof(*n), by_ino);
	for (i = 1; i < v->t->nnodes && !ret; i++)
		if (n[i].ino == n[i - 1].ino)
			ret = check_pair(v, &n[i - 1], &n[i], err);
	free(n);
	return ret;
}
