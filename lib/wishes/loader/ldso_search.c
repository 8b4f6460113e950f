/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of directories, and the search for a name in them.
 */
#include "config.h"
#include "wishes/loader/ldso.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "exec/mapping.h"

enum {
	DIR_STEPS = 16,   /* walking to a directory */
	LINK_STEPS = 1024 /* following a chain of up to 40 links */
};

bool crx_ldso_spend(struct crx_ldso *l, size_t steps)
{
	l->steps -= steps < l->steps ? steps : l->steps;
	return l->steps;
}

int crx_ldso_add_dir(struct crx_ldso *l, struct crx_ldso_dirs *d, const char *path, size_t len,
		     struct crx_err *err)
{
	char buf[CRX_LDSO_PATH_CAP];
	const struct crx_node *n;
	size_t i;

	if (!len || len >= sizeof(buf) || d->n >= CRX_LDSO_DIRS_MAX ||
	    !crx_ldso_spend(l, DIR_STEPS))
		return 0;
	memcpy(buf, path, len);
	buf[len] = '\0';
	n = crx_tree_find(l->t, buf);
	if (!n || !S_ISDIR(n->mode))
		return 0;
	for (i = 0; i < d->n; i++)
		if (d->dir[i] == n)
			return 0;
	if (!crx_grow(&d->dir, &d->cap, d->n + 1, sizeof(*d->dir)))
		return crx_err_nomem(err, "looking for libraries");
	d->dir[d->n++] = n;
	return 0;
}

/* The length of "$NAME" or "${NAME}" at s, if it is this name; or 0. */
static size_t variable_len(const char *s, size_t len, const char *name)
{
	size_t n = strlen(name);

	if (len >= n + 3 && s[1] == '{' && !memcmp(s + 2, name, n) && s[n + 2] == '}')
		return n + 3;
	return len >= n + 1 && !memcmp(s + 1, name, n) ? n + 1 : 0;
}

bool crx_ldso_expand(const struct crx_ldso *l, const char *s, size_t len,
		     const struct crx_node *origin, char *buf, size_t cap)
{
	char path[CRX_LDSO_PATH_CAP];
	const char *value;
	size_t used = 0, i, n, take;

	for (i = 0; i < len; i += take) {
		value = s + i;
		n = take = 1;
		if (s[i] == '$' && (take = variable_len(s + i, len - i, "ORIGIN"))) {
			value = crx_tree_path(origin, path, sizeof(path));
			n = strlen(value);
			/* a path that was cut does not begin with a slash */
			if (*value != '/')
				return false;
		} else if (s[i] == '$' &&
			   (l->musl || (take = variable_len(s + i, len - i, "PLATFORM")))) {
			return false;
		} else if (s[i] == '$' && (take = variable_len(s + i, len - i, "LIB"))) {
			value = l->lib;
			n = strlen(value);
		}
		if (!take)
			take = 1;
		if (n >= cap - used)
			return false;
		memcpy(buf + used, value, n);
		used += n;
	}
	buf[used] = '\0';
	return true;
}

int crx_ldso_add_list(struct crx_ldso *l, struct crx_ldso_dirs *d, const char *list,
		      const char *separators, const struct crx_node *origin, struct crx_err *err)
{
	char buf[CRX_LDSO_PATH_CAP];
	size_t len;
	int ret = 0;

	for (; !ret && l->steps; list += len + 1) {
		len = strcspn(list, separators);
		if (!origin) {
			ret = crx_ldso_add_dir(l, d, list, len, err);
		} else if (crx_ldso_expand(l, list, len, origin, buf, sizeof(buf))) {
			ret = crx_ldso_add_dir(l, d, buf, strlen(buf), err);
		} else if (l->musl) {
			/* fixup_rpath(): the whole list or nothing */
			d->n = 0;
			break;
		}
		if (!list[len])
			break;
	}
	return ret;
}

/* Can the program load n? Then fill in file and node of the hit. */
static bool is_loadable(const struct crx_ldso *l, const struct crx_node *n,
			struct crx_ldso_hit *hit)
{
	const struct crx_exec *x;

	if (!n || !S_ISREG(n->mode) || n->file == CRX_NO_FILE)
		return false;
	hit->file = l->f->file[n->file].link;
	hit->node = n;
	x = &l->f->file[hit->file].exec;
	return crx_exec_is_object(x) && crx_exec_abi_equal(&x->abi, &l->prog->abi);
}

bool crx_ldso_open(struct crx_ldso *l, const char *path, struct crx_ldso_hit *hit)
{
	char dir[CRX_LDSO_PATH_CAP];
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) + 1 : 0;

	if (len >= sizeof(dir) || !crx_ldso_spend(l, LINK_STEPS) ||
	    !is_loadable(l, crx_tree_find(l->t, path), hit))
		return false;
	memcpy(dir, path, len);
	dir[len] = '\0';
	hit->origin = crx_tree_find(l->t, dir);
	return hit->origin;
}

bool crx_ldso_search(struct crx_ldso *l, const struct crx_ldso_dirs *d, const char *name,
		     struct crx_ldso_hit *hit)
{
	char path[CRX_LDSO_PATH_CAP];
	const struct crx_node *n;
	size_t i, len = strlen(name);

	for (i = 0; i < d->n && crx_ldso_spend(l, 1); i++) {
		n = crx_tree_find_child(d->dir[i], name, len);
		if (n && S_ISLNK(n->mode) && crx_ldso_spend(l, LINK_STEPS)) {
			crx_tree_path(n, path, sizeof(path));
			n = *path == '/' ? crx_tree_find(l->t, path) : NULL;
		}
		if (is_loadable(l, n, hit)) {
			hit->origin = d->dir[i];
			return true;
		}
	}
	return false;
}
