/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/unmatched.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What the pattern of a rule without hits matches, the most informative last. */
enum near_match { NOTHING, EMPTY, LINK, DIRECTORY, OTHER_FILE };

struct unmatched {
	const struct crx_rule *rule;
	const struct crx_pattern *pattern;
	enum near_match kind;
	const struct crx_node *node; /* the first of this kind */
};

static enum near_match near_match_of(const struct crx_rule *rule, const struct crx_node *n)
{
	switch (n->mode & S_IFMT) {
	case S_IFREG:
		return n->size ? OTHER_FILE : EMPTY;
	case S_IFLNK:
		return LINK;
	case S_IFDIR:
		return rule->dir ? NOTHING : DIRECTORY;
	default:
		return NOTHING;
	}
}

/* The warning, before and after the path of the node. */
static const struct {
	const char *before, *after;
} TEXT[] = {
	[NOTHING] = { "matches no file", "" },
	[EMPTY] = { "matches only empty files, such as ", "" },
	[LINK] = { "matches no file, only symbolic links such as ",
		   " (name the files they point to)" },
	[DIRECTORY] = { "matches no file: ", " is a directory (for all files below it, add a '/' "
					     "to the pattern)" },
	[OTHER_FILE] = { "matches no file: ", " matches its pattern, but not its selectors" },
};

static void warn(const struct unmatched *u, struct crx_log *log)
{
	/* without a pattern, the path is not to blame */
	enum near_match kind = u->rule->pattern ? u->kind : NOTHING;
	char place[CRX_PLACE_MAX], path[CRX_ERR_PATH_MAX] = "";

	crx_place_text(&u->rule->at, place, sizeof(place));
	if (kind)
		crx_tree_path(u->node, path, sizeof(path));
	crx_log_warn(log, place, "%s%s%s", TEXT[kind].before, path, TEXT[kind].after);
}

static int find_near_matches(const struct crx_tree *t, struct unmatched *rule, size_t n,
			     struct crx_err *err)
{
	const struct crx_node *node;
	enum near_match kind;
	struct unmatched *u;
	size_t i, len;
	char *path;

	for (i = 0; n && i < t->nnodes; i++) {
		node = t->node[i];
		path = crx_tree_path_dup(node);
		if (!path)
			return crx_err_nomem(err, "finding out why rules match no file");
		len = strlen(path + 1);
		for (u = rule; u < rule + n; u++) {
			kind = near_match_of(u->rule, node);
			if (kind > u->kind &&
			    crx_pattern_matches(u->pattern, node, path + 1, len)) {
				u->kind = kind;
				u->node = node;
			}
		}
		free(path);
	}
	return 0;
}

int crx_policy_warn_unmatched(const struct crx_tree *t, const struct crx_rules *rules,
			      const struct crx_pattern *pattern, const size_t *hits,
			      struct crx_log *log, struct crx_err *err)
{
	struct unmatched *rule = crx_zalloc(rules->nrules, sizeof(*rule));
	size_t n = 0, i;
	int ret;

	if (!rule)
		return crx_err_nomem(err, "finding out why rules match no file");
	for (i = 0; i < rules->nrules; i++)
		if (!hits[i])
			rule[n++] = (struct unmatched){ .rule = &rules->rule[i],
							.pattern = &pattern[i] };
	ret = find_near_matches(t, rule, n, err);
	for (i = 0; i < n && !ret; i++)
		warn(&rule[i], log);
	free(rule);
	return ret;
}
