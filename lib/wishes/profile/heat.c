/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/profile/profile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/number.h"

/* Consecutive entries of one path. */
struct group {
	const char *path;
	size_t first, n;
};

/* Why entries are ignored. */
enum { MISSING, NOT_REGULAR, AFTER_END, KINDS };

static const char *const WHY[KINDS] = {
	[MISSING] = "is in a profile, but not in the tree",
	[NOT_REGULAR] = "is in a profile, but is not a regular file",
	[AFTER_END] = "is in a profile with pages after its end",
};

struct ignored {
	size_t paths, entries;
	size_t first; /* the lowest entry; valid if entries > 0 */
};

struct lookup {
	const struct crx_profile *p;
	const struct crx_tree *t;
	const struct crx_facts *f;
	uint32_t *count;
	struct ignored ignored[KINDS];
};

static int by_path(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int c = strcmp(x->path, y->path);

	return c ? c : crx_compare(x->first, y->first);
}

/* The groups, sorted by path. */
static int group_entries(const struct crx_profile *p, struct group **out, size_t *n,
			 struct crx_err *err)
{
	struct group *group = NULL;
	size_t i, cap = 0;

	*n = 0;
	for (i = 0; i < p->nentries; i++) {
		if (*n && group[*n - 1].path == p->entry[i].path) {
			group[*n - 1].n++;
			continue;
		}
		if (!crx_grow(&group, &cap, *n + 1, sizeof(*group))) {
			free(group);
			return crx_err_nomem(err, "looking up the paths of a profile");
		}
		group[(*n)++] = (struct group){ p->entry[i].path, i, 1 };
	}
	if (*n)
		qsort(group, *n, sizeof(*group), by_path);
	*out = group;
	return 0;
}

static void count_ignored(struct lookup *l, int kind, size_t entry, size_t n)
{
	struct ignored *g = &l->ignored[kind];

	if (!g->entries || entry < g->first)
		g->first = entry;
	g->entries += n;
}

static void add_group(struct lookup *l, const struct crx_node *node, const struct group *g)
{
	const struct crx_file_fact *file =
		node->file == CRX_NO_FILE ? NULL : &l->f->file[node->file];
	const struct crx_profile_entry *e;
	uint32_t *c;
	uint64_t pg;
	size_t i;

	for (i = g->first; i < g->first + g->n; i++) {
		e = &l->p->entry[i];
		pg = e->off / l->f->page_size;
		if (!file || e->off >= node->size || pg >= file->nblks) {
			count_ignored(l, AFTER_END, i, 1);
			continue;
		}
		c = &l->count[file->first_blk + pg];
		*c = e->count > UINT32_MAX - *c ? UINT32_MAX : *c + (uint32_t)e->count;
	}
}

/* n groups of one path. */
static void add_path(struct lookup *l, const struct group *g, size_t n)
{
	const struct crx_node *node = crx_tree_find(l->t, g->path);
	size_t i, before = l->ignored[AFTER_END].entries;

	if (node && S_ISREG(node->mode)) {
		for (i = 0; i < n; i++)
			add_group(l, node, &g[i]);
		l->ignored[AFTER_END].paths += l->ignored[AFTER_END].entries > before;
		return;
	}
	for (i = 0; i < n; i++)
		count_ignored(l, node ? NOT_REGULAR : MISSING, g[i].first, g[i].n);
	l->ignored[node ? NOT_REGULAR : MISSING].paths++;
}

/* A page in RAM is listed under each name of its inode, so all of them get the highest count. */
static void share_counts(struct lookup *l)
{
	const struct crx_file_fact *file = l->f->file;
	uint32_t *own, *first;
	size_t i, pg;
	int back;

	for (back = 0; back < 2; back++) {
		for (i = 0; i < l->f->nfiles; i++) {
			if (file[i].inode == i || file[i].nblks != file[file[i].inode].nblks)
				continue;
			own = &l->count[file[i].first_blk];
			first = &l->count[file[file[i].inode].first_blk];
			for (pg = 0; pg < file[i].nblks; pg++) {
				if (back)
					own[pg] = first[pg];
				else if (own[pg] > first[pg])
					first[pg] = own[pg];
			}
		}
	}
}

static void warn(const struct lookup *l, struct crx_log *log)
{
	const struct ignored *g;
	int k;

	if (!l->p->nentries)
		crx_log_warn(log, NULL, "the profile lists no used page");
	for (k = 0; k < KINDS; k++) {
		g = &l->ignored[k];
		if (g->entries)
			crx_log_warn(log, l->p->entry[g->first].path,
				     "%s (ignored %zu such entr%s for %zu path%s)", WHY[k],
				     g->entries, g->entries == 1 ? "y" : "ies", g->paths,
				     crx_plural(g->paths));
	}
}

int crx_profile_heat(const struct crx_profile *p, const struct crx_tree *t,
		     const struct crx_facts *f, struct crx_log *log, struct crx_heat *out,
		     struct crx_err *err)
{
	struct lookup l = { .p = p, .t = t, .f = f };
	struct group *group = NULL;
	size_t ngroups, i, end;
	int ret;

	*out = (struct crx_heat){ .given = p->nfiles > 0 };
	if (!out->given)
		return 0;
	l.count = crx_zalloc(f->nblks, sizeof(*l.count));
	if (!l.count)
		return crx_err_nomem(err, "looking up the paths of a profile");
	ret = group_entries(p, &group, &ngroups, err);
	if (ret) {
		free(l.count);
		return ret;
	}
	for (i = 0; i < ngroups; i = end) {
		for (end = i + 1; end < ngroups && !strcmp(group[i].path, group[end].path); end++)
			;
		add_path(&l, &group[i], end - i);
	}
	free(group);
	share_counts(&l);
	warn(&l, log);
	out->count = l.count;
	return 0;
}

void crx_heat_free(struct crx_heat *h)
{
	free(h->count);
	*h = (struct crx_heat){ 0 };
}

uint32_t crx_heat_of(const struct crx_heat *h, const struct crx_facts *f, size_t file, uint32_t pg)
{
	if (!h->given)
		return 1;
	return pg < f->file[file].nblks ? h->count[f->file[file].first_blk + pg] : 0;
}

void crx_heat_choose(const struct crx_heat *h, const struct crx_facts *f, struct crx_wishes *w)
{
	struct crx_candidate *c;
	uint32_t n;
	size_t i;

	for (i = 0; i < w->ncands; i++) {
		c = &w->cand[i];
		for (n = c->max_pg; n && !crx_heat_of(h, f, c->file, c->first_pg + n - 1); n--)
			;
		c->chosen_pg = c->must || (c->unit && n) ? c->max_pg : n;
	}
}
