/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of packages and paths, which all parsers add to.
 */
#include "config.h"
#include "packages/parts.h"

#include <stdlib.h>

#include "base/place.h"

enum {
	BUCKETS = 1 << 13,
	COMPARED_MAX = 1 << 27 /* only names that were made to be in one bucket need more */
};

static int nomem(struct crx_err *err)
{
	return crx_err_nomem(err, "reading the list of packages");
}

/* Room for a string of len bytes and its NUL. Parts of a database that it refers to many times
 * could make far more bytes than it has. */
static char *new_string(struct crx_packages *p, uint64_t len, int *ret, struct crx_err *err)
{
	char *s;

	if (len >= CRX_PACKAGES_BYTES_MAX - p->bytes) {
		*ret = crx_err_set(err, CRX_EFORMAT, 0, NULL,
				   "more than %d MiB of names, versions and paths of packages",
				   CRX_PACKAGES_BYTES_MAX >> 20);
		return NULL;
	}
	p->bytes += len + 1;
	s = crx_arena_alloc(&p->arena, (size_t)len + 1);
	*ret = s ? 0 : nomem(err);
	if (s)
		s[len] = '\0';
	return s;
}

static char *copy_string(struct crx_packages *p, struct span from, int *ret, struct crx_err *err)
{
	char *s = new_string(p, from.len, ret, err);

	if (s)
		memcpy(s, from.at, from.len);
	return s;
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
	int ret;

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
	copy = copy_string(p, name, &ret, err);
	if (ret)
		return ret;
	if (!p->bucket || !crx_grow(&p->package, &p->cap, p->n + 1, sizeof(*p->package)))
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
	int ret;
	const char *copy = copy_string(p, version, &ret, err);

	if (copy)
		p->package[index].version = copy;
	return ret;
}

int crx_packages_add_path(struct crx_packages *p, uint32_t index, struct span dir, struct span name,
			  struct crx_err *err)
{
	size_t slash = dir.len && dir.at[dir.len - 1] != '/', len = dir.len + slash + name.len;
	char *path;
	int ret;

	if (!len || len > CRX_PACKAGES_PATH_MAX || (dir.len && memchr(dir.at, '\0', dir.len)) ||
	    (name.len && memchr(name.at, '\0', name.len)))
		return 0;
	if (p->npaths >= CRX_PACKAGES_PATHS_MAX)
		return crx_err_set(err, CRX_EFORMAT, 0, NULL, "more than %d files in packages",
				   CRX_PACKAGES_PATHS_MAX);
	path = new_string(p, len, &ret, err);
	if (ret)
		return ret;
	if (!crx_grow(&p->path, &p->paths_cap, p->npaths + 1, sizeof(*p->path)))
		return nomem(err);
	if (dir.len)
		memcpy(path, dir.at, dir.len);
	if (slash)
		path[dir.len] = '/';
	if (name.len)
		memcpy(path + dir.len + slash, name.at, name.len);
	p->path[p->npaths++] = (struct crx_package_path){ path, index };
	return 0;
}

int crx_packages_at(int ret, const struct crx_place *place, struct crx_err *err)
{
	struct crx_err bare = *err;

	if (ret != CRX_EFORMAT || bare.path[0])
		return ret;
	return crx_place_err(err, ret, 0, place, "%s", bare.text);
}

void crx_packages_free(struct crx_packages *p)
{
	free(p->package);
	free(p->path);
	free(p->bucket);
	crx_arena_free(&p->arena);
	*p = (struct crx_packages){ 0 };
}
