/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of packages and paths, which all parsers add to.
 */
#include "config.h"
#include "packages/parts.h"

#include <stdlib.h>

enum {
	BUCKETS = 1 << 13,
	COMPARED_MAX = 1 << 27 /* only names that were made to be in one bucket need more */
};

static int nomem(struct crx_err *err)
{
	return crx_err_nomem(err, "reading the list of packages");
}

static uint32_t hash(struct span s)
{
	uint32_t h = 2166136261u; /* FNV-1a */
	size_t i;

	for (i = 0; i < s.len; i++)
		h = (h ^ (uint8_t)s.at[i]) * 16777619u;
	return h ^ h >> 16;
}

bool crx_packages_known(struct crx_packages *p, struct span name, uint32_t *index)
{
	uint32_t h = hash(name), i = p->bucket ? p->bucket[h % BUCKETS] : 0;

	for (; i && p->compared < COMPARED_MAX; i = p->package[i - 1].next) {
		const struct crx_package *other = &p->package[i - 1];

		p->compared++;
		if (other->hash == h && other->len == name.len &&
		    !memcmp(other->name, name.at, name.len)) {
			*index = i - 1;
			return true;
		}
	}
	return false;
}

int crx_packages_add(struct crx_packages *p, struct span name, bool again, uint32_t *index,
		     struct crx_err *err)
{
	const char *nul = memchr(name.at, '\0', name.len);
	struct crx_package *new;
	uint32_t *bucket;
	char *copy;

	if (nul)
		name.len = (size_t)(nul - name.at);
	if (!name.len || name.len > CRX_PACKAGES_NAME_MAX)
		return crx_err_set(err, CRX_EFORMAT, 0, NULL, "a name of a package is %s",
				   name.len ? "longer than 255 bytes" : "empty");
	if (!again && crx_packages_known(p, name, index))
		return 0;
	if (p->n >= CRX_PACKAGES_MAX)
		return crx_err_set(err, CRX_EFORMAT, 0, NULL, "more than %d packages",
				   CRX_PACKAGES_MAX);
	if (!p->bucket)
		p->bucket = crx_zalloc(BUCKETS, sizeof(*p->bucket));
	copy = crx_arena_strndup(&p->arena, name.at, name.len);
	if (!p->bucket || !copy || !crx_grow(&p->package, &p->cap, p->n + 1, sizeof(*p->package)))
		return nomem(err);
	new = &p->package[p->n];
	*new = (struct crx_package){ copy, "", hash(name), (uint32_t)name.len, 0 };
	bucket = &p->bucket[new->hash % BUCKETS];
	new->next = *bucket;
	*index = (uint32_t)p->n++;
	*bucket = *index + 1;
	return 0;
}

int crx_packages_set_version(struct crx_packages *p, uint32_t index, struct span version,
			     struct crx_err *err)
{
	const char *copy = crx_arena_strndup(&p->arena, version.at, version.len);

	if (!copy)
		return nomem(err);
	p->package[index].version = copy;
	return 0;
}

int crx_packages_add_path(struct crx_packages *p, uint32_t index, struct span dir, struct span name,
			  struct crx_err *err)
{
	size_t slash = dir.len && dir.at[dir.len - 1] != '/', len = dir.len + slash + name.len;
	char *path;

	if (!len || (dir.len && memchr(dir.at, '\0', dir.len)) ||
	    (name.len && memchr(name.at, '\0', name.len)))
		return 0;
	if (p->npaths >= CRX_PACKAGES_PATHS_MAX)
		return crx_err_set(err, CRX_EFORMAT, 0, NULL, "more than %d files in packages",
				   CRX_PACKAGES_PATHS_MAX);
	path = crx_arena_alloc(&p->arena, len + 1);
	if (!path || !crx_grow(&p->path, &p->paths_cap, p->npaths + 1, sizeof(*p->path)))
		return nomem(err);
	if (dir.len)
		memcpy(path, dir.at, dir.len);
	if (slash)
		path[dir.len] = '/';
	if (name.len)
		memcpy(path + dir.len + slash, name.at, name.len);
	path[len] = '\0';
	p->path[p->npaths++] = (struct crx_package_path){ path, index };
	return 0;
}

void crx_packages_free(struct crx_packages *p)
{
	free(p->package);
	free(p->path);
	free(p->bucket);
	crx_arena_free(&p->arena);
	*p = (struct crx_packages){ 0 };
}
