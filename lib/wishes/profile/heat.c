/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/profile/profile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Entries in a row that are of one path. */
struct row {
	const char *path;
	size_t first, n;
};

/* Why entries come to nothing. */
enum { MISSING, NOT_REGULAR, BEHIND, KINDS };

static const char *const WHY[KINDS] = {
	[MISSING] = "is in a profile, but not in the tree",
	[NOT_REGULAR] = "is in a profile, but no regular file",
	[BEHIND] = "has no such pages as a profile names: they are behind its end",
};

struct ignored {
	size_t paths, entries;
	size_t first; /* lowest entry; where entries > 0 */
};

struct heating {
	const struct crx_profile *p;
	const struct crx_tree *t;
	const struct crx_facts *f;
	uint32_t *count;
	struct ignored ignored[KINDS];
};

static int by_path(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int c = strcmp(x->path, y->path);

	return c ? c : x->first < y->first ? -1 : x->first > y->first;
}

/* Sorted by path. */
static int find_rows(const struct crx_profile *p, struct row **out, size_t *n, struct crx_err *err)
{
	struct row *row = NULL;
	size_t i, cap = 0;

	*n = 0;
	for (i = 0; i < p->nentries; i++) {
		if (*n && row[*n - 1].path == p->entry[i].path) {
			row[*n - 1].n++;
			continue;
		}
		if (!crx_grow(&row, &cap, *n + 1, sizeof(*row))) {
			free(row);
			return crx_err_nomem(err, "looking up a profile's paths");
		}
		row[(*n)++] = (struct row){ p->entry[i].path, i, 1 };
	}
	if (*n)
		qsort(row, *n, sizeof(*row), by_path);
	*out = row;
	return 0;
}

static void ignore(struct heating *h, int kind, size_t entry, size_t n)
{
	struct ignored *g = &h->ignored[kind];

	if (!g->entries || entry < g->first)
		g->first = entry;
	g->entries += n;
}

static void add(struct heating *h, const struct crx_node *node, const struct row *r)
{
	const struct crx_file_fact *file =
		node->file == CRX_NO_FILE ? NULL : &h->f->file[node->file];
	const struct crx_profile_entry *e;
	uint32_t *c;
	uint64_t pg;
	size_t i;

	for (i = r->first; i < r->first + r->n; i++) {
		e = &h->p->entry[i];
		pg = e->off / h->f->page_size;
		if (!file || e->off >= node->size || pg >= file->nblks) {
			ignore(h, BEHIND, i, 1);
			continue;
		}
		c = &h->count[file->first_blk + pg];
		*c = e->count > UINT32_MAX - *c ? UINT32_MAX : *c + (uint32_t)e->count;
	}
}

/* n rows of one path. */
static void add_path(struct heating *h, const struct row *r, size_t n)
{
	const struct crx_node *node = crx_tree_find(h->t, r->path);
	size_t i, behind = h->ignored[BEHIND].entries;

	if (node && S_ISREG(node->mode)) {
		for (i = 0; i < n; i++)
			add(h, node, &r[i]);
		h->ignored[BEHIND].paths += h->ignored[BEHIND].entries > behind;
		return;
	}
	for (i = 0; i < n; i++)
		ignore(h, node ? NOT_REGULAR : MISSING, r[i].first, r[i].n);
	h->ignored[node ? NOT_REGULAR : MISSING].paths++;
}

/* One page in RAM is told under each name of its inode, so the highest of their
 * counts is every name's. */
static void share_names(struct heating *h)
{
	const struct crx_file_fact *file = h->f->file;
	uint32_t *own, *first;
	size_t i, pg;
	int back;

	for (back = 0; back < 2; back++) {
		for (i = 0; i < h->f->nfiles; i++) {
			if (file[i].twin == i || file[i].nblks != file[file[i].twin].nblks)
				continue;
			own = &h->count[file[i].first_blk];
			first = &h->count[file[file[i].twin].first_blk];
			for (pg = 0; pg < file[i].nblks; pg++) {
				if (back)
					own[pg] = first[pg];
				else if (own[pg] > first[pg])
					first[pg] = own[pg];
			}
		}
	}
}

static void warn(const struct heating *h, struct crx_log *log)
{
	const struct ignored *g;
	int k;

	if (!h->p->nentries)
		crx_log_warn(log, NULL, "the profile names no page that was in use");
	for (k = 0; k < KINDS; k++) {
		g = &h->ignored[k];
		if (g->entries)
			crx_log_warn(log, h->p->entry[g->first].path,
				     "%s; ignored, with all such: %zu path%s, %zu entr%s", WHY[k],
				     g->paths, g->paths == 1 ? "" : "s", g->entries,
				     g->entries == 1 ? "y" : "ies");
	}
}

int crx_profile_heat(const struct crx_profile *p, const struct crx_tree *t,
		     const struct crx_facts *f, struct crx_log *log, struct crx_heat *out,
		     struct crx_err *err)
{
	struct heating h = { .p = p, .t = t, .f = f };
	struct row *row = NULL;
	size_t nrows, i, end;
	int ret;

	*out = (struct crx_heat){ .given = p->nfiles > 0 };
	if (!out->given)
		return 0;
	h.count = crx_zalloc(f->nblks, sizeof(*h.count));
	if (!h.count)
		return crx_err_nomem(err, "looking up a profile's paths");
	ret = find_rows(p, &row, &nrows, err);
	if (ret) {
		free(h.count);
		return ret;
	}
	for (i = 0; i < nrows; i = end) {
		for (end = i + 1; end < nrows && !strcmp(row[i].path, row[end].path); end++)
			;
		add_path(&h, &row[i], end - i);
	}
	free(row);
	share_names(&h);
	warn(&h, log);
	out->count = h.count;
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

void crx_heat_trim(const struct crx_heat *h, const struct crx_facts *f, struct crx_wishes *w)
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
