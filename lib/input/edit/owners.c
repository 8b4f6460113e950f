/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/edit/owners.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/offenders.h"
#include "base/place.h"

static int bad_owner(const char *text, const char *at, const char *expected, struct crx_err *err)
{
	char shown[CRX_EXCERPT_MAX];

	return crx_err_set(err, CRX_EARG, 0, NULL, "%s is not an owner: expected %s at column %zu",
			   crx_place_excerpt(text, strlen(text), shown), expected,
			   (size_t)(at - text) + 1);
}

static int parse_id(struct crx_owner *o, enum crx_users_kind kind, const char *text, const char *at,
		    size_t len, struct crx_err *err)
{
	struct crx_number n = crx_number_read(at, at + len, CRX_NUMBER_DECIMAL, CRX_OWNER_KEEP - 1);

	if (n.whole) {
		if (n.over)
			return bad_owner(text, at, "a number up to 4294967294", err);
		o->id[kind] = (uint32_t)n.value;
		return 0;
	}
	o->name[kind] = crx_strndup(at, len);
	return o->name[kind] ? 0 : crx_err_nomem(err, "reading an owner");
}

int crx_owner_parse(const char *text, struct crx_owner *o, struct crx_err *err)
{
	const char *colon = strchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	int ret = 0;

	*o = (struct crx_owner){ .id = { CRX_OWNER_KEEP, CRX_OWNER_KEEP } };
	if (!*text)
		return bad_owner(text, text, "USER:GROUP, USER or :GROUP", err);
	if (len)
		ret = parse_id(o, CRX_USERS_USER, text, text, len, err);
	if (ret < 0 || !colon)
		return ret;
	if (!colon[1])
		return bad_owner(text, colon + 1, "a group", err);
	if (strchr(colon + 1, ':'))
		return bad_owner(text, strchr(colon + 1, ':'), "nothing more", err);
	return parse_id(o, CRX_USERS_GROUP, text, colon + 1, strlen(colon + 1), err);
}

int crx_owner_resolve(struct crx_owner *o, const struct crx_users *u, struct crx_err *err)
{
	char shown[CRX_EXCERPT_MAX];
	int kind;

	for (kind = 0; kind < CRX_USERS_KINDS; kind++) {
		const char *word = crx_users_word((enum crx_users_kind)kind),
			   *option = crx_users_option((enum crx_users_kind)kind);

		if (!o->name[kind])
			continue;
		if (!crx_users_find(u, (enum crx_users_kind)kind, o->name[kind], &o->id[kind]))
			return crx_err_set(err, CRX_EARG, 0, NULL,
					   "no %s is called %s: expected a number, or a name in a "
					   "file given with --%s (without one, in /etc/%s of the "
					   "image)",
					   word,
					   crx_place_excerpt(o->name[kind], strlen(o->name[kind]),
							     shown),
					   option, option);
		free(o->name[kind]);
		o->name[kind] = NULL;
	}
	return 0;
}

void crx_owner_free(struct crx_owner *o)
{
	int kind;

	for (kind = 0; kind < CRX_USERS_KINDS; kind++) {
		free(o->name[kind]);
		o->name[kind] = NULL;
	}
}

static int bad_map(const char *text, const char *at, const char *expected, struct crx_err *err)
{
	char shown[CRX_EXCERPT_MAX];

	return crx_err_set(err, CRX_EARG, 0, NULL,
			   "%s is not a map of ids: expected %s at column %zu (FROM:TO or "
			   "FROM:TO:COUNT)",
			   crx_place_excerpt(text, strlen(text), shown), expected,
			   (size_t)(at - text) + 1);
}

int crx_id_map_parse(const char *text, struct crx_id_map *m, struct crx_err *err)
{
	uint64_t v[3] = { 0, 0, 1 };
	const char *s = text, *at = text;
	struct crx_number number;
	int n;

	*m = (struct crx_id_map){ 0 };
	for (n = 0; n < 3; n++) {
		at = s;
		number = crx_number_read(at, NULL, CRX_NUMBER_DECIMAL, UINT32_MAX - 1);
		v[n] = number.value;
		s = number.end;
		if (s == at)
			return bad_map(text, at, "a number", err);
		if (number.over)
			return bad_map(text, at, "a number up to 4294967294", err);
		if (n == 2 && *s)
			return bad_map(text, s, "nothing more", err);
		if (n == 1 && !*s)
			break;
		if (n < 2 && *s++ != ':')
			return bad_map(text, s - 1, n ? "':' and a count" : "':' and the new id",
				       err);
	}
	if (!v[2])
		return bad_map(text, at, "a count of 1 or more", err);
	if (v[0] + v[2] > UINT32_MAX || v[1] + v[2] > UINT32_MAX)
		return bad_map(text, at, "a count that keeps all ids below 4294967295", err);
	*m = (struct crx_id_map){ (uint32_t)v[0], (uint32_t)v[1], (uint32_t)v[2] };
	return 0;
}

uint32_t crx_id_map(const struct crx_id_map *map, size_t n, uint32_t id)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (id >= map[i].from && id - map[i].from < map[i].count)
			return map[i].to + (id - map[i].from);
	return id;
}

/* --- owners by name, from a manifest --- */

static const char **name_of(struct crx_node *n, int kind)
{
	return kind == CRX_USERS_USER ? &n->user : &n->group;
}

static bool replaces(const struct crx_owner *owner, int kind)
{
	return owner && owner->id[kind] != CRX_OWNER_KEEP;
}

bool crx_owners_have_names(const struct crx_tree *t, const struct crx_owner *owner)
{
	size_t i;
	int kind;

	for (i = 0; i < t->nnodes; i++)
		for (kind = 0; kind < CRX_USERS_KINDS; kind++)
			if (*name_of(t->node[i], kind) && !replaces(owner, kind))
				return true;
	return false;
}

/* The name that the source left becomes an id, or one more offender. */
static void look_up(struct crx_node *n, enum crx_users_kind kind, const struct crx_users *u,
		    struct crx_offenders *unknown)
{
	char path[CRX_ERR_PATH_MAX], shown[CRX_EXCERPT_MAX];
	const char *name = *name_of(n, kind);

	if (!crx_users_find(u, kind, name, kind == CRX_USERS_USER ? &n->uid : &n->gid))
		crx_offenders_add(unknown, crx_tree_path(n, path, sizeof(path)),
				  "no %s is called %s: neither in a file given with --%s, nor, "
				  "without one, in /etc/%s of the image",
				  crx_users_word(kind),
				  crx_place_excerpt(name, strlen(name), shown),
				  crx_users_option(kind), crx_users_option(kind));
}

int crx_owners_look_up(struct crx_tree *t, const struct crx_owner *owner, const struct crx_users *u,
		       struct crx_log *log, struct crx_err *err)
{
	struct crx_offenders unknown = { log, CRX_LEVEL_ERROR, CRX_OFFENDERS_MOST, 0 };
	const char **name;
	size_t i;
	int kind;

	for (i = 0; i < t->nnodes; i++) {
		for (kind = 0; kind < CRX_USERS_KINDS; kind++) {
			name = name_of(t->node[i], kind);
			if (*name && !replaces(owner, kind))
				look_up(t->node[i], (enum crx_users_kind)kind, u, &unknown);
			*name = NULL;
		}
	}
	if (!unknown.count)
		return 0;
	crx_offenders_end(&unknown, NULL, NULL);
	return crx_err_set(err, CRX_EFORMAT, 0, NULL,
			   "%zu owner%s of a manifest %s not known (uid= and gid= there need no "
			   "names, and --owner replaces them)",
			   unknown.count, crx_plural(unknown.count),
			   unknown.count == 1 ? "is" : "are");
}

/* --- all changes --- */

void crx_owners_apply(const struct crx_owners *o, struct crx_tree *t)
{
	struct crx_node *n;
	uint32_t *id[CRX_USERS_KINDS];
	size_t i, j;
	int kind;

	for (i = 0; i < t->nnodes; i++) {
		n = t->node[i];
		id[CRX_USERS_USER] = &n->uid;
		id[CRX_USERS_GROUP] = &n->gid;
		for (kind = 0; kind < CRX_USERS_KINDS; kind++) {
			if (replaces(o->owner, kind))
				*id[kind] = o->owner->id[kind];
			*id[kind] = crx_id_map(o->map[kind], o->nmaps[kind], *id[kind]);
		}
		for (j = 0; j < o->nchmods; j++)
			n->mode = crx_chmod_mode(&o->chmod[j], n->mode);
	}
}
