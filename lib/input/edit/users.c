/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/edit/users.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/number.h"

enum { FILE_LEN_MAX = 4 << 20 };

static const char *const IN_IMAGE[] = { "/etc/passwd", "/etc/group" };

const char *crx_users_word(enum crx_users_kind kind)
{
	return kind == CRX_USERS_USER ? "user" : "group";
}

const char *crx_users_option(enum crx_users_kind kind)
{
	return kind == CRX_USERS_USER ? "passwd" : "group";
}

/* name:password:id:...; the line of a group may end after the id, as in glibc */
static int parse_line(struct crx_users *u, enum crx_users_kind kind, const char *s, const char *end,
		      struct crx_err *err)
{
	const char *name_end, *id, *id_end;
	size_t n = u->n[kind];
	uint64_t v;
	char *name;

	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	/* '+' and '-' refer to other databases (NIS) */
	if (s == end || strchr("#+-:", *s))
		return 0;
	name_end = memchr(s, ':', (size_t)(end - s));
	id = name_end ? memchr(name_end + 1, ':', (size_t)(end - name_end - 1)) : NULL;
	id_end = id ? memchr(id + 1, ':', (size_t)(end - id - 1)) : NULL;
	if (id && !id_end && kind == CRX_USERS_GROUP)
		id_end = end;
	/* -1 itself is not an id */
	if (!id_end || !crx_number_parse(id + 1, id_end, CRX_NUMBER_DECIMAL, UINT32_MAX - 1, &v))
		return 0;
	name = crx_arena_strndup(&u->names, s, (size_t)(name_end - s));
	if (!name || !crx_grow(&u->user[kind], &u->cap[kind], n + 1, sizeof(struct crx_user)))
		return crx_err_nomem(err, "reading users and groups");
	u->user[kind][n] = (struct crx_user){ name, (uint32_t)v, n };
	u->n[kind]++;
	return 0;
}

static int parse_text(struct crx_users *u, enum crx_users_kind kind, const char *text, size_t len,
		      struct crx_err *err)
{
	const char *at = text, *end = text + len, *stop;
	int ret = 0;

	while (at < end && !ret) {
		stop = memchr(at, '\n', (size_t)(end - at));
		if (!stop)
			stop = end;
		/* a NUL byte would end a name early */
		if (!memchr(at, 0, (size_t)(stop - at)))
			ret = parse_line(u, kind, at, stop, err);
		at = stop + 1;
	}
	return ret;
}

static int read_file(struct crx_users *u, enum crx_users_kind kind, const char *path,
		     struct crx_err *err)
{
	size_t len, before = u->n[kind];
	char *text;
	int ret = crx_io_read_file(path, FILE_LEN_MAX, &text, &len, err);

	if (ret < 0)
		return ret;
	ret = parse_text(u, kind, text, len, err);
	free(text);
	if (!ret && u->n[kind] == before)
		ret = crx_err_set(err, CRX_EFORMAT, 0, path,
				  "contains no %s (expected lines as in %s(5): "
				  "name:password:number:...)",
				  crx_users_word(kind), crx_users_option(kind));
	return ret;
}

static int read_from_image(struct crx_users *u, enum crx_users_kind kind, const struct crx_tree *t,
			   struct crx_err *err)
{
	const struct crx_node *n = t ? crx_tree_find(t, IN_IMAGE[kind]) : NULL;
	char *text;
	int ret;

	if (!n || !S_ISREG(n->mode) || !n->content.ops || !n->size)
		return 0;
	if (n->content.size > FILE_LEN_MAX)
		return crx_err_set(err, CRX_EBIG, 0, IN_IMAGE[kind],
				   "in the image is larger than %d bytes (use another one: --%s)",
				   FILE_LEN_MAX, crx_users_option(kind));
	ret = crx_content_read(&n->content, &text, err);
	if (ret < 0)
		return ret;
	ret = parse_text(u, kind, text, (size_t)n->content.size, err);
	free(text);
	return ret;
}

static int by_name(const void *a, const void *b)
{
	const struct crx_user *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c ? c : crx_compare(x->order, y->order);
}

int crx_users_load(struct crx_users *u, const struct crx_strings file[CRX_USERS_KINDS],
		   const struct crx_tree *t, struct crx_err *err)
{
	int kind, ret = 0;
	size_t i;

	*u = (struct crx_users){ 0 };
	for (kind = 0; kind < CRX_USERS_KINDS && !ret; kind++) {
		for (i = 0; i < file[kind].n && !ret; i++)
			ret = read_file(u, (enum crx_users_kind)kind, file[kind].at[i], err);
		if (!file[kind].n)
			ret = read_from_image(u, (enum crx_users_kind)kind, t, err);
		if (u->n[kind])
			qsort(u->user[kind], u->n[kind], sizeof(struct crx_user), by_name);
	}
	return ret;
}

void crx_users_free(struct crx_users *u)
{
	int kind;

	for (kind = 0; kind < CRX_USERS_KINDS; kind++)
		free(u->user[kind]);
	crx_arena_free(&u->names);
	*u = (struct crx_users){ 0 };
}

bool crx_users_find(const struct crx_users *u, enum crx_users_kind kind, const char *name,
		    uint32_t *id)
{
	size_t lo = 0, hi = u->n[kind], mid;

	/* the first of equal names */
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (strcmp(u->user[kind][mid].name, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == u->n[kind] || strcmp(u->user[kind][lo].name, name))
		return false;
	*id = u->user[kind][lo].id;
	return true;
}
