/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A header of rpm: the number of tags and the length of the data, an index of 16 bytes for each tag
 * (tag, type, offset, count), the data. All numbers are big-endian (rpm, docs/manual/hregions.md
 * and lib/header.c).
 */
#include "config.h"
#include "packages/parts.h"

#include <stdio.h>
#include <stdlib.h>

enum { LEAD = 8, INDEX = 16 };

enum tag {
	TAG_NAME = 1000,
	TAG_VERSION = 1001,
	TAG_RELEASE = 1002,
	TAG_FILESTATES = 1029,
	TAG_DIRINDEXES = 1116,
	TAG_BASENAMES = 1117,
	TAG_DIRNAMES = 1118
};

enum type { TYPE_CHAR = 1, TYPE_INT8 = 2, TYPE_INT32 = 4, TYPE_STRING = 6, TYPE_STRINGS = 8 };

struct header {
	const uint8_t *index, *data;
	uint32_t ntags, len; /* of the data */
};

/* A tag's values. */
struct values {
	const uint8_t *at, *end; /* end: of the data */
	uint32_t n;
};

static bool find_tag(const struct header *h, enum tag tag, enum type type, struct values *out)
{
	const uint8_t *e = h->index;
	uint32_t i, off;

	*out = (struct values){ 0 };
	for (i = 0; i < h->ntags; i++, e += INDEX)
		if (packages_be32(e) == (uint32_t)tag && packages_be32(e + 4) == (uint32_t)type)
			break;
	if (i == h->ntags)
		return false;
	off = packages_be32(e + 8);
	if (off > h->len)
		return false;
	*out = (struct values){ h->data + off, h->data + h->len, packages_be32(e + 12) };
	return true;
}

/* The next string; false if there is none. */
static bool next_string(struct values *v, struct span *out)
{
	const uint8_t *nul = v->n ? memchr(v->at, '\0', (size_t)(v->end - v->at)) : NULL;

	if (!nul)
		return false;
	*out = (struct span){ (const char *)v->at, (size_t)(nul - v->at) };
	v->at = nul + 1;
	v->n--;
	return true;
}

static bool one_string(const struct header *h, enum tag tag, struct span *out)
{
	struct values v;

	return find_tag(h, tag, TYPE_STRING, &v) && next_string(&v, out);
}

static int read_version(struct crx_packages *p, uint32_t package, const struct header *h,
			struct crx_err *err)
{
	struct span version, release;
	char text[256];
	int len;

	if (!one_string(h, TAG_VERSION, &version))
		return 0;
	if (!one_string(h, TAG_RELEASE, &release))
		return crx_packages_set_version(p, package, version, err);
	len = snprintf(text, sizeof(text), "%s-%s", version.at, release.at);
	if ((size_t)len >= sizeof(text))
		len = sizeof(text) - 1;
	return crx_packages_set_version(p, package, (struct span){ text, (size_t)len }, err);
}

/* The directories, which the index of each file refers to. */
static int read_dirs(const struct header *h, struct span **out, uint32_t *n, struct crx_err *err)
{
	struct values v;
	struct span *dir;

	*out = NULL;
	*n = 0;
	if (!find_tag(h, TAG_DIRNAMES, TYPE_STRINGS, &v) || v.n > h->len)
		return 0;
	dir = crx_alloc(v.n, sizeof(*dir));
	if (!dir)
		return crx_err_nomem(err, "reading the database of rpm");
	while (next_string(&v, &dir[*n]))
		++*n;
	*out = dir;
	return 0;
}

/* Files that were not installed, or that another package has replaced, are not the package's. */
static int read_files(struct crx_packages *p, uint32_t package, const struct header *h,
		      struct crx_err *err)
{
	struct values base, index, state;
	struct span *dir, name;
	uint32_t ndirs, i, d;
	bool states = find_tag(h, TAG_FILESTATES, TYPE_CHAR, &state) ||
		      find_tag(h, TAG_FILESTATES, TYPE_INT8, &state);
	int ret = read_dirs(h, &dir, &ndirs, err);

	if (ret)
		return ret;
	find_tag(h, TAG_BASENAMES, TYPE_STRINGS, &base);
	if (!find_tag(h, TAG_DIRINDEXES, TYPE_INT32, &index))
		base.n = 0;
	for (i = 0; !ret && i < index.n && next_string(&base, &name); i++) {
		if (index.end - index.at < 4)
			break;
		d = packages_be32(index.at);
		index.at += 4;
		if (states && i < state.n && i < (size_t)(state.end - state.at) && state.at[i])
			continue;
		if (d < ndirs)
			ret = crx_packages_add_path(p, package, dir[d], name, err);
	}
	free(dir);
	return ret;
}

int crx_packages_rpm_header(struct crx_packages *p, const uint8_t *data, size_t len,
			    const char *file, struct crx_err *err)
{
	struct header h = { .index = data + LEAD };
	struct values files;
	struct span name;
	uint32_t package;
	int ret;

	if (len >= LEAD) {
		h.ntags = packages_be32(data);
		h.len = packages_be32(data + 4);
	}
	if (len < LEAD || h.ntags > (len - LEAD) / INDEX ||
	    h.len > len - LEAD - (size_t)h.ntags * INDEX)
		return crx_err_set(err, CRX_EFORMAT, 0, file, "a header is damaged");
	h.data = h.index + (size_t)h.ntags * INDEX;
	if (!one_string(&h, TAG_NAME, &name) || !find_tag(&h, TAG_BASENAMES, TYPE_STRINGS, &files))
		return 0;
	ret = crx_packages_add(p, name, true, &package, err);
	if (!ret)
		ret = read_version(p, package, &h, err);
	return ret ? ret : read_files(p, package, &h, err);
}
