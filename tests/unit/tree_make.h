/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trees made by hand, with contents in memory. Include after cmocka.h.
 */
#ifndef CRX_TESTS_TREE_MAKE_H
#define CRX_TESTS_TREE_MAKE_H

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tree/tree.h"

static inline void tree_make_init(struct crx_tree *t)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_tree_init(t, &err), 0);
}

static inline struct crx_node *tree_make_node(struct crx_node *dir, const char *name, uint32_t mode)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *n = NULL;

	assert_int_equal(crx_tree_add(dir, name, &n, &err), 0);
	assert_non_null(n);
	n->mode = mode;
	return n;
}

static inline struct crx_node *tree_make_dir(struct crx_node *dir, const char *name)
{
	return tree_make_node(dir, name, S_IFDIR | 0755);
}

/* data is not copied. */
static inline struct crx_node *tree_make_file(struct crx_node *dir, const char *name,
					      const void *data, size_t len)
{
	struct crx_node *n = tree_make_node(dir, name, S_IFREG | 0644);

	n->size = len;
	if (len)
		n->content = (struct crx_content){
			.ops = &crx_content_memory,
			.key = data,
			.size = len,
		};
	return n;
}

static inline struct crx_node *tree_make_link(struct crx_node *dir, const char *name,
					      const char *target)
{
	struct crx_node *n = tree_make_node(dir, name, S_IFLNK | 0777);

	n->target = strdup(target);
	assert_non_null(n->target);
	return n;
}

static inline void tree_make_finish(struct crx_tree *t)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_tree_finish(t, &err), 0);
	assert_int_equal(err.code, 0);
}

#endif
