/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A layer as a cpio archive ("newc"). As GNU cpio has it, the data of a file with several names is
 * stored with the last of them.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "recipe.h"
#include "tests/unit/tar_make.h"

enum { PATH_LEN_MAX = RECIPE_ITEMS * (RECIPE_NAME_MAX + 1) };

static void path_of(const struct recipe_tree *t, int i, char *out)
{
	out[0] = '\0';
	if (t->item[i].parent > 0) {
		path_of(t, t->item[i].parent, out);
		strcat(out, "/");
	}
	strcat(out, i ? t->item[i].name : ".");
}

/* Names of item i; *last is the last of them. */
static unsigned names_of(const struct recipe_tree *t, int i, int *last)
{
	int first = t->item[i].link < 0 ? i : t->item[i].link, j;
	unsigned n = 0;

	for (j = first; j < t->n; j++)
		if (j == first || t->item[j].link == first) {
			*last = j;
			n++;
		}
	return n;
}

static void put(struct tar_make *out, const struct recipe_tree *t, int i)
{
	const struct recipe_item *e = &t->item[i];
	static char path[PATH_LEN_MAX];
	int last = i;
	unsigned links = S_ISREG(e->mode) ? names_of(t, i, &last) : 1;
	size_t len = i == last ? e->len : 0;
	char h[111];

	path_of(t, i, path);
	snprintf(h, sizeof(h), "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
		 (unsigned)(e->link < 0 ? i : e->link) + 1, e->mode, e->uid, e->gid, links, 0u,
		 (unsigned)len, 3u, 1u, e->dev_major, e->dev_minor, (unsigned)strlen(path) + 1, 0u);
	tar_raw(out, h, 110, 1);
	tar_raw(out, path, strlen(path) + 1, 4);
	tar_raw(out, e->data, len, 4);
}

uint8_t *recipe_archive(const struct recipe_tree *t, size_t *len)
{
	struct tar_make out = { 0 };
	int i;

	for (i = 0; i < t->n; i++)
		if (!t->item[i].gone && !t->item[i].implied)
			put(&out, t, i);
	cpio_end(&out);
	*len = out.len;
	return out.bytes;
}
