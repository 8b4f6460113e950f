/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/pattern.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/glob.h"

static const char DOING[] = "compiling the patterns of a policy";

/*
 * Copy the leading directories without wildcards to name, without backslashes. name has room for
 * the whole pattern. Returns their length in the pattern, with the slash after them.
 */
static size_t literal_directories(const char *pattern, char *name)
{
	const char *p = pattern;
	size_t end = 0, used = 0, keep = 0;

	while (*p && !strchr("*?[", *p)) {
		if (*p == '\\' && p[1])
			p++;
		name[used++] = *p++;
		if (p[-1] == '/') {
			end = (size_t)(p - pattern);
			keep = used;
		}
	}
	name[keep] = '\0';
	return end;
}

static int set_base(struct crx_pattern *p, const struct crx_node *dir, struct crx_err *err)
{
	size_t len;

	if (!dir || !S_ISDIR(dir->mode))
		return 0;
	p->base = crx_tree_path_dup(dir);
	if (!p->base)
		return crx_err_nomem(err, DOING);
	/* "/usr/lib" to "usr/lib/"; "/" to "" */
	len = strlen(p->base);
	memmove(p->base, p->base + 1, len - 1);
	if (len > 1)
		p->base[len - 1] = '/';
	p->base_len = len > 1 ? len : 0;
	p->base[p->base_len] = '\0';
	p->kind = CRX_PATTERN_PATHS;
	return 0;
}

/* "**" and one more component match a name at any depth. */
static bool is_name_at_any_depth(const char *glob)
{
	return !strncmp(glob, "**/", 3) && !strchr(glob + 3, '/');
}

/* The longest (of several, the last) sequence of literal bytes before the first set. It contains no
 * slash, because "**" followed by a slash may match nothing. */
static const char *longest_literal(const char *glob, size_t *len)
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

static int set_glob(struct crx_pattern *p, const struct crx_rule *rule, const char *glob,
		    struct crx_err *err)
{
	const char *part;
	size_t len;

	if (!rule->dir && rule->anchored && !strcmp(glob, "**"))
		return 0;
	if (rule->dir) {
		/*
		 * All that is below the directories that the glob matches. The added slash is
		 * escaped: if the glob ends in "**", an unescaped slash after it could match no
		 * directory at all. If the glob ends in a single backslash, the added one makes it
		 * literal.
		 */
		p->glob = crx_strjoin(rule->anchored ? "" : "**/", glob, "\\/**");
	} else {
		p->by_name = !rule->anchored || is_name_at_any_depth(glob);
		p->glob = crx_strdup(rule->anchored && p->by_name ? glob + 3 : glob);
	}
	if (!p->glob)
		return crx_err_nomem(err, DOING);
	part = longest_literal(p->glob, &len);
	p->part = crx_strndup(part, len);
	if (!p->part)
		return crx_err_nomem(err, DOING);
	for (p->suffix = p->glob + strlen(p->glob);
	     p->suffix > p->glob && !strchr("*?[]\\/", p->suffix[-1]); p->suffix--)
		p->suffix_len++;
	return 0;
}

static int compile_literal(const struct crx_tree *t, const struct crx_rule *rule,
			   struct crx_pattern *p, struct crx_err *err)
{
	char *path = crx_rule_literal(rule->pattern);
	const struct crx_node *n;

	if (!path)
		return crx_err_nomem(err, DOING);
	n = crx_tree_find(t, path);
	free(path);
	if (rule->dir)
		return set_base(p, n, err);
	p->kind = n ? CRX_PATTERN_NODE : CRX_PATTERN_NOTHING;
	p->node = n;
	return 0;
}

static int compile_anchored(const struct crx_tree *t, const struct crx_rule *rule,
			    struct crx_pattern *p, struct crx_err *err)
{
	char *name = crx_alloc(strlen(rule->pattern) + 1, 1);
	size_t dirs_len;
	int ret;

	if (!name)
		return crx_err_nomem(err, DOING);
	dirs_len = literal_directories(rule->pattern, name);
	ret = set_base(p, crx_tree_find(t, name), err);
	free(name);
	if (!ret && p->kind != CRX_PATTERN_NOTHING)
		ret = set_glob(p, rule, rule->pattern + dirs_len, err);
	return ret;
}

int crx_pattern_compile(const struct crx_tree *t, const struct crx_rule *rule,
			struct crx_pattern *p, struct crx_err *err)
{
	int ret;

	*p = (struct crx_pattern){ 0 };
	if (rule->pattern && rule->anchored)
		return rule->literal ? compile_literal(t, rule, p, err)
				     : compile_anchored(t, rule, p, err);
	ret = set_base(p, t->root, err);
	if (!ret && rule->pattern)
		ret = set_glob(p, rule, rule->pattern, err);
	return ret;
}

void crx_pattern_free(struct crx_pattern *p)
{
	free(p->base);
	free(p->glob);
	free(p->part);
	*p = (struct crx_pattern){ 0 };
}

bool crx_pattern_matches(const struct crx_pattern *p, const struct crx_node *n, const char *path,
			 size_t len)
{
	if (p->kind != CRX_PATTERN_PATHS)
		return p->kind == CRX_PATTERN_NODE && p->node == n;
	if (len <= p->base_len || memcmp(path, p->base, p->base_len) != 0)
		return false;
	if (!p->glob)
		return true;
	/* a suffix has no slash, so it is the end of a name */
	if (len - p->base_len < p->suffix_len ||
	    memcmp(path + len - p->suffix_len, p->suffix, p->suffix_len) != 0)
		return false;
	path = p->by_name ? n->name : path + p->base_len;
	return strstr(path, p->part) && crx_glob_match(p->glob, path);
}
