/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trees as text, contents and all, for tests to compare. Include after cmocka.h.
 */
#ifndef CRX_TESTS_TREE_SHOW_H
#define CRX_TESTS_TREE_SHOW_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tree/tree.h"

struct tree_text {
	char *s;
	size_t len;
};

static inline void tree_say(struct tree_text *out, const char *s, size_t len)
{
	out->s = realloc(out->s, out->len + len + 1);
	assert_non_null(out->s);
	memcpy(out->s + out->len, s, len);
	out->len += len;
	out->s[out->len] = '\0';
}

/* The whole contents; the caller's to free. */
static inline char *tree_contents(const struct crx_node *n)
{
	struct crx_err err = CRX_ERR_INIT;
	char *buf;

	if (n->content.ops)
		assert_int_equal(n->content.size, n->size);
	assert_int_equal(crx_content_read(&n->content, &buf, &err), 0);
	return buf;
}

static inline char tree_letter(const struct crx_node *n)
{
	static const struct {
		uint32_t type;
		char letter;
	} types[] = { { S_IFDIR, 'd' }, { S_IFREG, 'f' }, { S_IFLNK, 'l' }, { S_IFCHR, 'c' },
		      { S_IFBLK, 'b' }, { S_IFIFO, 'p' }, { S_IFSOCK, 's' } };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == (n->mode & S_IFMT))
			return types[i].letter;
	return '?';
}

/* The first node with n's link, or n. */
static inline const struct crx_node *tree_first_link(const struct crx_tree *t,
						     const struct crx_node *n)
{
	size_t i;

	for (i = 0; n->link_ino && i < t->nnodes; i++)
		if (t->node[i]->link_ino == n->link_ino && t->node[i]->link_dev == n->link_dev)
			return t->node[i];
	return n;
}

/*
 * A line for each node: "/usr d 755 0:0 (implied)", "/f f 644 0:0 text",
 * "/l l target", "/c c 644 0:0 5,1", and "=/a" for one more name of /a. With
 * brief only paths, and what is in them.
 */
static inline char *tree_show(const struct crx_tree *t, bool brief)
{
	struct tree_text out = { 0 };
	char path[4096], line[4300], *text;
	const struct crx_node *n, *first;
	size_t i;

	tree_say(&out, "", 0);
	for (i = brief ? 1 : 0; i < t->nnodes; i++) {
		n = t->node[i];
		first = tree_first_link(t, n);
		tree_say(&out, line,
			 (size_t)snprintf(line, sizeof(line), "%s %c",
					  crx_tree_path(n, path, sizeof(path)), tree_letter(n)));
		if (!brief && !S_ISLNK(n->mode))
			tree_say(&out, line,
				 (size_t)snprintf(line, sizeof(line), " %o %u:%u", n->mode & 07777,
						  n->uid, n->gid));
		if (S_ISCHR(n->mode) || S_ISBLK(n->mode))
			tree_say(&out, line,
				 (size_t)snprintf(line, sizeof(line), " %u,%u", n->dev_major,
						  n->dev_minor));
		if (n->implied && !brief)
			tree_say(&out, " implied", 8);
		if (first != n) {
			tree_say(&out, line,
				 (size_t)snprintf(line, sizeof(line), " =%s",
						  crx_tree_path(first, path, sizeof(path))));
		}
		if (n->size) {
			text = tree_contents(n);
			tree_say(&out, " ", 1);
			tree_say(&out, text, (size_t)n->size);
			free(text);
		}
		tree_say(&out, "\n", 1);
	}
	return out.s;
}

static inline void tree_is(const struct crx_tree *t, bool brief, const char *want)
{
	char *got = tree_show(t, brief);

	assert_string_equal(got, want);
	free(got);
}

#endif
