/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/miss.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What the pattern of a rule without hits does reach, the most telling last. */
enum what { NOTHING, EMPTY, LINK, DIRECTORY, OTHERWISE };

struct miss {
	const struct crx_rule *rule;
	const struct crx_reach *reach;
	enum what what;
	const struct crx_node *node; /* the first of that kind */
};

static enum what what_is(const struct crx_rule *rule, const struct crx_node *n)
{
	switch (n->mode & S_IFMT) {
	case S_IFREG:
		return n->size ? OTHERWISE : EMPTY;
	case S_IFLNK:
		return LINK;
	case S_IFDIR:
		return rule->dir ? NOTHING : DIRECTORY;
	default:
		return NOTHING;
	}
}

static void warn(const struct miss *miss, struct crx_log *log)
{
	char place[CRX_PLACE_MAX], path[CRX_ERR_PATH_MAX];

	crx_place_text(&miss->rule->at, place, sizeof(place));
	if (miss->node)
		crx_tree_path(miss->node, path, sizeof(path));
	/* without a pattern every path will do */
	switch (miss->rule->pattern ? miss->what : NOTHING) {
	case OTHERWISE:
		crx_log_warn(log, place,
			     "matches no file: %s has such a path, but is not what else the rule "
			     "asks for",
			     path);
		break;
	case DIRECTORY:
		crx_log_warn(log, place,
			     "matches no file: %s is a directory; for all below it add a '/' to "
			     "the pattern",
			     path);
		break;
	case LINK:
		crx_log_warn(log, place,
			     "matches no file, only symbolic links such as %s; name what they lead "
			     "to",
			     path);
		break;
	case EMPTY:
		crx_log_warn(log, place, "matches no file but empty ones such as %s", path);
		break;
	default:
		crx_log_warn(log, place, "matches no file");
	}
}

/* What the n rules reach, path by path. */
static int look_through(const struct crx_tree *t, struct miss *miss, size_t n, struct crx_err *err)
{
	const struct crx_node *node;
	struct miss *m;
	enum what what;
	size_t i, len;
	char *path;

	for (i = 0; n && i < t->nnodes; i++) {
		node = t->node[i];
		path = crx_tree_path_dup(node);
		if (!path)
			return crx_err_nomem(err, "looking for what rules match");
		len = strlen(path + 1);
		for (m = miss; m < miss + n; m++) {
			what = what_is(m->rule, node);
			if (what > m->what && crx_reach_has(m->reach, node, path + 1, len)) {
				m->what = what;
				m->node = node;
			}
		}
		free(path);
	}
	return 0;
}

int crx_policy_warn_of_misses(const struct crx_tree *t, const struct crx_rules *rules,
			      const struct crx_reach *reach, const size_t *hits,
			      struct crx_log *log, struct crx_err *err)
{
	struct miss *miss = crx_zalloc(rules->nrules, sizeof(*miss));
	size_t n = 0, i;
	int ret;

	if (!miss)
		return crx_err_nomem(err, "looking for what rules match");
	for (i = 0; i < rules->nrules; i++)
		if (!hits[i])
			miss[n++] = (struct miss){ .rule = &rules->rule[i], .reach = &reach[i] };
	ret = look_through(t, miss, n, err);
	for (i = 0; i < n && !ret; i++)
		warn(&miss[i], log);
	free(miss);
	return ret;
}
