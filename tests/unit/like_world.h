/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random trees that change, as scenes.
 */
#ifndef CRX_TESTS_LIKE_WORLD_H
#define CRX_TESTS_LIKE_WORLD_H

#include "plan_scene.h"

enum { FILES = 40, DIRS = 6, LONGEST = 20, STEPS = 3 };

/* What changes. */
struct world {
	struct {
		bool there;
		uint32_t dir, last, uid, gid;
		char text[LONGEST + 1], wish[LONGEST + 1];
	} file[FILES];
	uint32_t parent[DIRS], names[DIRS]; /* 0: the root; and how many fifos are in it */
	uint32_t page, stream_len[SCENE_LETTERS];
	bool ext, holes, dedupe, xip;
	const char *letters;
	struct crx_layout_opts lo;
};

static inline void random_text(struct random *r, struct world *w, size_t f)
{
	uint32_t n = 1 + below(r, below(r, 4) ? 4 : LONGEST), i, k = (uint32_t)strlen(w->letters);
	char *text = w->file[f].text, *wish = w->file[f].wish;

	for (i = 0; i < n; i++)
		text[i] = i && !below(r, 4) ? text[below(r, i)] : w->letters[below(r, k)];
	text[n] = '\0';
	memset(wish, w->ext && !below(r, 6) ? '=' : '.', n);
	wish[n] = '\0';
	for (i = below(r, n); w->xip && i < n && *wish != '=' && below(r, 6); i++)
		wish[i] = '#';
}

static inline void random_file(struct random *r, struct world *w, size_t f)
{
	static const uint32_t last[] = { 0, 0, 0, 1, 11, 12, 40, 1000, 4095 };
	size_t from = below(r, FILES);

	w->file[f].there = true;
	w->file[f].dir = below(r, DIRS);
	w->file[f].last = last[below(r, 9)];
	w->file[f].uid = below(r, 4) ? 0 : below(r, 3);
	random_text(r, w, f);
	if (w->file[from].there && !below(r, 5)) {
		w->file[f] = w->file[from];
		w->file[f].dir = below(r, DIRS);
	}
}

static inline void random_world(struct random *r, struct world *w)
{
	static const char *const palette[] = { "abcdefgh", "abcdABCD..", "aB.",
					       "abcdefghijklmnopABCDEFG." };
	uint32_t i;

	*w = (struct world){ .page = 4096u << (below(r, 3) ? 0 : below(r, 5)) };
	w->letters = palette[below(r, 4)];
	w->xip = below(r, 3);
	w->ext = w->xip || below(r, 2);
	w->holes = below(r, 4);
	w->dedupe = below(r, 6);
	w->lo.boot_pad = !below(r, 8);
	w->lo.erase_len = 4096u << below(r, 6);
	w->lo.reserve = below(r, 2) ? 0 : below(r, 30000);
	for (i = 0; i < DIRS; i++) {
		w->parent[i] = i ? below(r, i) : 0;
		w->names[i] = below(r, 5);
	}
	for (i = 0; i < SCENE_LETTERS; i++)
		w->stream_len[i] = below(r, 3) ? 9 + below(r, 200) : 1 + below(r, w->page - 1);
	for (i = 0; i < FILES; i++)
		if (below(r, 3))
			random_file(r, w, i);
}

static inline void change_text(struct random *r, struct world *w, size_t f)
{
	char *text = w->file[f].text;
	size_t n = strlen(text);

	if (below(r, 2))
		text[below(r, (uint32_t)n)] = w->letters[below(r, (uint32_t)strlen(w->letters))];
	else if (n < LONGEST) {
		text[n + 1] = w->file[f].wish[n + 1] = '\0';
		text[n] = w->letters[0];
		w->file[f].wish[n] = w->file[f].wish[n - 1];
	}
	if (w->xip && *w->file[f].wish != '=' && !below(r, 3))
		w->file[f].wish[below(r, (uint32_t)n)] = below(r, 2) ? '#' : '.';
}

static inline void change_world(struct random *r, struct world *w)
{
	uint32_t changes = below(r, 8), f;

	while (changes--) {
		f = below(r, FILES);
		if (!w->file[f].there || !below(r, 6))
			random_file(r, w, f);
		else if (!below(r, 3))
			w->file[f].there = false;
		else if (below(r, 4))
			change_text(r, w, f);
		else if (below(r, 2))
			w->file[f].uid = below(r, 3);
		else
			w->file[f].gid = below(r, 2);
		if (!below(r, 3))
			w->names[below(r, DIRS)] = below(r, 12);
	}
	if (!below(r, 6))
		w->lo.insert_len = below(r, 3000);
	if (!below(r, 8))
		w->stream_len[below(r, SCENE_LETTERS)] = 9 + below(r, 100);
	if (!below(r, 20)) {
		w->page = 4096u << below(r, 5);
		for (f = 0; f < SCENE_LETTERS; f++)
			w->stream_len[f] = 1 + w->stream_len[f] % (w->page - 1);
	}
	if (!below(r, 20))
		w->holes = !w->holes;
	if (!below(r, 20) && !w->xip)
		w->ext = !w->ext;
	if (!below(r, 20))
		w->dedupe = !w->dedupe;
}

static inline struct crx_node *add_node(struct crx_node *dir, char letter, uint32_t i,
					uint32_t mode)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *n;
	char name[40];

	snprintf(name, sizeof(name), "%c%0*u", letter, (int)(i % 4) * 7 + 2, i);
	assert_int_equal(crx_tree_add(dir, name, &n, &err), 0);
	n->mode = mode;
	return n;
}

static inline void make_scene(const struct world *w, struct scene *s)
{
	struct crx_node *dir[DIRS], *n;
	uint32_t i, k;
	char name[16];

	scene_init(s, w->page);
	s->ext = w->ext;
	s->holes = w->holes;
	s->dedupe = w->dedupe;
	s->lo = w->lo;
	memcpy(s->stream_len, w->stream_len, sizeof(s->stream_len));
	for (i = 0; i < DIRS; i++) {
		dir[i] = i ? add_node(dir[w->parent[i]], 'd', i, S_IFDIR | 0755) : s->tree.root;
		for (k = 0; k < w->names[i]; k++)
			add_node(dir[i], 'p', k, S_IFIFO | 0600);
	}
	for (i = 0; i < FILES; i++) {
		if (!w->file[i].there)
			continue;
		snprintf(name, sizeof(name), "f%02u", i);
		n = scene_add(s, dir[w->file[i].dir], name, w->file[i].text,
			      w->ext ? w->file[i].wish : NULL, w->file[i].last);
		n->uid = w->file[i].uid;
		n->gid = w->file[i].gid;
	}
	scene_prepare(s);
}

#endif
