/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/miss.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What the pattern of a rule without hits does reach, the most telling last. */
enum what { NOTHING, EMPTY, LINK, DIRECTORY, OTHERWISE };

struct miss {
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

static void tell(const struct crx_rule *rule, const struct miss *miss, struct crx_log *log)
{
	char place[CRX_PLACE_MAX], path[CRX_ERR_PATH_MAX];

	crx_rule_place(rule, place, sizeof(place));
	if (miss->node)
		crx_tree_path(miss->node, path, sizeof(path));
	/* without a pattern every path will do */
	switch (rule->pattern ? miss->what : NOTHING) {
	case OTHERWISE:
		crx_log_warn(log, place, "matches no file: %s has such a path, but is not what else the rule asks for", path);
		break;
	case DIRECTORY:
		crx_log_warn(log, place, "matches no file: %s is a directory; for all below it add a '/' to the pattern", path);
		break;
	case LINK:
		crx_log_warn(log, place, "matches no file, only symbolic links such as %s; name what they lead to", path);
		break;
	case EMPTY:
		crx_log_warn(log, place, "matches no file but empty ones such as %s", path);
		break;
	default:
		crx_log_warn(log, place, "matches no file");
	}
}

/* Hold each path of the tree against the rules in todo. */
static int look(const struct crx_tree *t, const struct crx_rules *rules, const struct crx_reach *reach, const size_t *todo, size_t n, struct miss *miss, struct crx_err *err)
{
	const struct crx_node *node;
	enum what what;
	size_t i, k, len;
	char *path;

	for (i = 0; n && i < t->nnodes; i++) {
		node = t->node[i];
		path = crx_tree_path_dup(node);
		if (!path)
			return crx_err_nomem(err, "looking for what rules match");
		len = strlen(path + 1);
		for (k = 0; k < n; k++) {
			what = what_is(&rules->rule[todo[k]], node);
			if (what > miss[k].what && crx_reach_has(&reach[todo[k]], node, path + 1, len))
				miss[k] = (struct miss){ what, node };
		}
		free(path);
	}
	return 0;
}

int crx_policy_tell_misses(const struct crx_tree *t, const struct crx_rules *rules, const struct crx_reach *reach, const size_t *hits, struct crx_log *log, struct crx_err *err)
{
	size_t *todo = crx_alloc(rules->nrules, sizeof(*todo)), n = 0, i;
	struct miss *miss = crx_zalloc(rules->nrules, sizeof(*miss));
	int ret;

	for (i = 0; todo && i < rules->nrules; i++)
		if (!hits[i])
			todo[n++] = i;
	if (todo && miss)
		ret = look(t, rules, reach, todo, n, miss, err);
	else
		ret = crx_err_nomem(err, "looking for what rules match");
	for (i = 0; i < n && !ret; i++)
		tell(&rules->rule[todo[i]], &miss[i], log);
	free(todo);
	free(miss);
	return ret;
}
