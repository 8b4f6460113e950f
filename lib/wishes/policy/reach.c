/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/reach.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/glob.h"

static const char DOING[] = "reading the policy's patterns";

/*
 * Leading components without a wildcard, each with a '/' behind it: their
 * names, backslashes taken out, into name, which has room for the pattern.
 * Returns the bytes of the pattern that they are.
 */
static size_t literal_directories(const char *pattern, char *name)
{
	const char *p = pattern;
	size_t behind = 0, used = 0, keep = 0;

	while (*p && !strchr("*?[", *p)) {
		if (*p == '\\' && p[1])
			p++;
		name[used++] = *p++;
		if (p[-1] == '/') {
			behind = (size_t)(p - pattern);
			keep = used;
		}
	}
	name[keep] = '\0';
	return behind;
}

/*
 * The glob of what is below the directories that a glob matches. The '/' has a
 * backslash, which means the same, but for a "**" at the end: with a plain '/'
 * behind it, it would match no directory as well. And a backslash that stands
 * for itself at the end goes on to do so.
 */
static char *below(const char *prefix, const char *glob)
{
	static const char suffix[] = "\\/**";
	size_t head = strlen(prefix), len = strlen(glob);
	char *out = crx_alloc(head + len + sizeof(suffix), 1);

	if (!out)
		return NULL;
	memcpy(out, prefix, head);
	memcpy(out + head, glob, len);
	memcpy(out + head + len, suffix, sizeof(suffix));
	return out;
}

static int reach_below(struct crx_reach *r, const struct crx_node *dir, struct crx_err *err)
{
	size_t len;

	if (!dir || !S_ISDIR(dir->mode))
		return 0;
	r->base = crx_tree_path_dup(dir);
	if (!r->base)
		return crx_err_nomem(err, DOING);
	/* "/usr/lib" to "usr/lib/"; "/" to "" */
	len = strlen(r->base);
	memmove(r->base, r->base + 1, len - 1);
	if (len > 1)
		r->base[len - 1] = '/';
	r->base_len = len > 1 ? len : 0;
	r->base[r->base_len] = '\0';
	r->kind = CRX_REACH_PATHS;
	return 0;
}

/* "**" and one more component ask for a name at any depth. */
static bool is_name_at_any_depth(const char *glob)
{
	return !strncmp(glob, "**/", 3) && !strchr(glob + 3, '/');
}

/* The last of the longest stretches that stand for themselves, in front of any
 * set. A '/' is in none, since that behind "**" may be missing. */
static const char *longest_piece(const char *glob, size_t *len)
{
	const char *best = glob;
	size_t n;

	*len = 0;
	while (*glob && *glob != '[') {
		n = strcspn(glob, "*?[\\/");
		if (n && n >= *len) {
			best = glob;
			*len = n;
		}
		glob += n;
		if (*glob == '\\' && glob[1])
			glob++;
		if (*glob && *glob != '[')
			glob++;
	}
	return best;
}

static int set_glob(struct crx_reach *r, const struct crx_rule *rule, const char *glob,
		    struct crx_err *err)
{
	const char *piece;
	size_t len;

	if (!rule->dir && rule->anchored && !strcmp(glob, "**"))
		return 0;
	if (rule->dir) {
		r->glob = below(rule->anchored ? "" : "**/", glob);
	} else {
		r->by_name = !rule->anchored || is_name_at_any_depth(glob);
		r->glob = crx_strdup(rule->anchored && r->by_name ? glob + 3 : glob);
	}
	if (!r->glob)
		return crx_err_nomem(err, DOING);
	piece = longest_piece(r->glob, &len);
	r->piece = crx_strndup(piece, len);
	if (!r->piece)
		return crx_err_nomem(err, DOING);
	for (r->tail = r->glob + strlen(r->glob);
	     r->tail > r->glob && !strchr("*?[]\\/", r->tail[-1]); r->tail--)
		r->tail_len++;
	return 0;
}

static int make_literal(const struct crx_tree *t, const struct crx_rule *rule, struct crx_reach *r,
			struct crx_err *err)
{
	char *path = crx_rule_literal(rule);
	const struct crx_node *n;

	if (!path)
		return crx_err_nomem(err, DOING);
	n = crx_tree_find(t, path);
	free(path);
	if (rule->dir)
		return reach_below(r, n, err);
	r->kind = n ? CRX_REACH_NODE : CRX_REACH_NOTHING;
	r->node = n;
	return 0;
}

static int make_anchored(const struct crx_tree *t, const struct crx_rule *rule, struct crx_reach *r,
			 struct crx_err *err)
{
	char *name = crx_alloc(strlen(rule->pattern) + 1, 1);
	size_t behind;
	int ret;

	if (!name)
		return crx_err_nomem(err, DOING);
	behind = literal_directories(rule->pattern, name);
	ret = reach_below(r, crx_tree_find(t, name), err);
	free(name);
	if (!ret && r->kind != CRX_REACH_NOTHING)
		ret = set_glob(r, rule, rule->pattern + behind, err);
	return ret;
}

int crx_reach_make(const struct crx_tree *t, const struct crx_rule *rule, struct crx_reach *r,
		   struct crx_err *err)
{
	int ret;

	*r = (struct crx_reach){ 0 };
	if (rule->pattern && rule->anchored)
		return rule->literal ? make_literal(t, rule, r, err)
				     : make_anchored(t, rule, r, err);
	ret = reach_below(r, t->root, err);
	if (!ret && rule->pattern)
		ret = set_glob(r, rule, rule->pattern, err);
	return ret;
}

void crx_reach_free(struct crx_reach *r)
{
	free(r->base);
	free(r->glob);
	free(r->piece);
	*r = (struct crx_reach){ 0 };
}

bool crx_reach_has(const struct crx_reach *r, const struct crx_node *n, const char *path,
		   size_t len)
{
	if (r->kind != CRX_REACH_PATHS)
		return r->kind == CRX_REACH_NODE && r->node == n;
	if (len <= r->base_len || memcmp(path, r->base, r->base_len) != 0)
		return false;
	if (!r->glob)
		return true;
	/* a tail has no '/', so it ends in the last component or nowhere */
	if (len - r->base_len < r->tail_len ||
	    memcmp(path + len - r->tail_len, r->tail, r->tail_len) != 0)
		return false;
	path = r->by_name ? n->name : path + r->base_len;
	return strstr(path, r->piece) && crx_glob_match(r->glob, path);
}
