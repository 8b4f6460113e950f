/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts, wishes and slots of files that do not exist, for the tests of plan
 * and layout; and an opinion on the result that is not the code's own: where
 * cramfs_read_folio() would look for each block.
 *
 * A file is written as a string, a character a block:
 *   .      zeros
 *   a ... z  contents that compress (equal letters: equal contents)
 *   A ... Z  contents that do not
 * and a second one of the same length says with '#' what is wished for, or,
 * if it begins with '=', that the file is to be stored.
 */
#ifndef CRX_TESTS_PLAN_SCENE_H
#define CRX_TESTS_PLAN_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "place/layout/layout.h"

/* Numbers that are the same each time. */
struct random {
	uint64_t x;
};

static inline uint32_t below(struct random *r, uint32_t n)
{
	r->x ^= r->x << 13;
	r->x ^= r->x >> 7;
	r->x ^= r->x << 17;
	return (uint32_t)((r->x * 0x2545f4914f6cdd1dull) >> 33) % n;
}

enum { SCENE_FILES = 64, SCENE_LETTERS = 128 };

struct scene {
	uint32_t page;
	bool ext, holes, dedupe;
	uint32_t stream_len[SCENE_LETTERS]; /* by letter; cut where a block is shorter */
	struct crx_layout_opts lo;

	const char *text[SCENE_FILES], *wish[SCENE_FILES];
	uint32_t last_len[SCENE_FILES];
	struct crx_tree tree;
	struct crx_node *node[SCENE_FILES];
	size_t nfiles;

	struct crx_facts facts;
	struct crx_wishes wishes;
	struct crx_packed packed;
	struct crx_plan plan;
	struct crx_layout layout;
};

static inline void scene_init(struct scene *s, uint32_t page)
{
	struct crx_err err = CRX_ERR_INIT;
	int i;

	memset(s, 0, sizeof(*s));
	s->page = page;
	s->ext = s->holes = s->dedupe = true;
	for (i = 0; i < SCENE_LETTERS; i++)
		s->stream_len[i] = 1000;
	assert_int_equal(crx_tree_init(&s->tree, &err), 0);
}

/* text and wish are kept by the caller; wish may be NULL. last_len: bytes of
 * the last block, 0 for a whole one. */
static inline struct crx_node *scene_add(struct scene *s, struct crx_node *dir, const char *name,
					 const char *text, const char *wish, uint32_t last_len)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *n;

	assert_true(s->nfiles < SCENE_FILES);
	assert_int_equal(crx_tree_add(dir, name, &n, &err), 0);
	n->mode = S_IFREG | 0644;
	n->size = (uint64_t)strlen(text) * s->page - (last_len ? s->page - last_len : 0);
	n->content = (struct crx_content){ .ops = &crx_content_memory, .size = n->size };
	s->text[s->nfiles] = text;
	s->wish[s->nfiles] = wish;
	s->last_len[s->nfiles] = last_len ? last_len : s->page;
	s->node[s->nfiles++] = n;
	return n;
}

static inline struct crx_node *scene_file(struct scene *s, const char *text, const char *wish,
					  uint32_t last_len)
{
	char name[16];

	snprintf(name, sizeof(name), "f%03zu", s->nfiles);
	return scene_add(s, s->tree.root, name, text, wish, last_len);
}

static inline bool scene_are_twins(const struct crx_file_fact *a, const struct crx_file_fact *b)
{
	return a->same == b->same && a->node->mode == b->node->mode &&
	       a->node->uid == b->node->uid && a->node->gid == b->node->gid;
}

/* Facts: what scan would find. Contents are equal where letter and length are. */
static inline void scene_facts(struct scene *s)
{
	struct crx_facts *f = &s->facts;
	size_t i, j, b = 0;
	uint32_t k;

	*f = (struct crx_facts){ .page_size = s->page, .nfiles = s->nfiles };
	f->file = calloc(s->nfiles + 1, sizeof(*f->file));
	for (i = 0; i < s->nfiles; i++)
		f->nblks += strlen(s->text[i]);
	f->blk = calloc(f->nblks + 1, sizeof(*f->blk));
	assert_true(f->file && f->blk);
	for (i = 0; i < s->nfiles; i++) {
		s->node[i]->file = i;
		f->file[i] = (struct crx_file_fact){
			.node = s->node[i],
			.first_blk = (uint32_t)b,
			.nblks = (uint32_t)strlen(s->text[i]),
			.same = (uint32_t)i,
			.link = (uint32_t)i,
			.inode = (uint32_t)i,
		};
		for (j = 0; s->dedupe && j < i && f->file[i].same == i; j++)
			if (!strcmp(s->text[i], s->text[j]) && s->last_len[i] == s->last_len[j])
				f->file[i].same = (uint32_t)j;
		for (j = 0; j < i && f->file[i].inode == i; j++)
			if (scene_are_twins(&f->file[j], &f->file[i]))
				f->file[i].inode = (uint32_t)j;
		for (k = 0; k < f->file[i].nblks; k++, b++) {
			/* the hash stands for the contents: letter and length */
			f->blk[b] = (struct crx_block_fact){
				.file = (uint32_t)i,
				.same = (uint32_t)b,
				.zero = s->text[i][k] == '.',
			};
			f->blk[b].hash.lo = (uint64_t)(unsigned char)s->text[i][k];
			f->blk[b].hash.hi = k + 1 < f->file[i].nblks ? s->page : s->last_len[i];
			for (j = 0; s->dedupe && !f->blk[b].zero && j < b && f->blk[b].same == b;
			     j++)
				if (!memcmp(&f->blk[j].hash, &f->blk[b].hash,
					    sizeof(f->blk[b].hash)))
					f->blk[b].same = (uint32_t)j;
		}
	}
}

/* Wishes: the ranges of '#'. */
static inline void scene_wishes(struct scene *s)
{
	struct crx_file_wish *w;
	uint32_t k, n;
	size_t i;

	s->wishes = (struct crx_wishes){ .nfiles = s->nfiles };
	s->wishes.file = calloc(s->nfiles + 1, sizeof(*s->wishes.file));
	assert_non_null(s->wishes.file);
	for (i = 0; i < s->nfiles; i++) {
		w = &s->wishes.file[i];
		w->rule = CRX_NO_RULE;
		if (s->wish[i] && *s->wish[i] == '=')
			w->action = CRX_ACTION_STORE;
		if (!s->wish[i] || !strchr(s->wish[i], '#'))
			continue;
		w->range = calloc(strlen(s->wish[i]), sizeof(*w->range));
		assert_non_null(w->range);
		for (k = 0; s->wish[i][k]; k += n ? n : 1) {
			n = (uint32_t)strspn(s->wish[i] + k, "#");
			if (n)
				w->range[w->nranges++] = (struct crx_wish){ k, n };
		}
	}
}

/* Does a file that is not stored by wish hold these bytes? */
static inline bool scene_needs_slot(const struct scene *s, size_t rep)
{
	size_t b;

	for (b = rep; b < s->facts.nblks; b++)
		if (s->facts.blk[b].same == rep &&
		    !crx_pack_stores(&s->wishes, s->facts.blk[b].file))
			return true;
	return false;
}

/* A slot for each distinct block, as pack would fill it. */
static inline void scene_slots(struct scene *s)
{
	static uint8_t bytes[2 * CRX_PAGE_MAX]; /* of all streams; they never differ */
	uint32_t len, letter;
	size_t b;

	s->packed = (struct crx_packed){ .nslots = s->facts.nblks };
	s->packed.slot = calloc(s->facts.nblks + 1, sizeof(*s->packed.slot));
	assert_non_null(s->packed.slot);
	for (b = 0; b < s->facts.nblks; b++) {
		if (s->facts.blk[b].same != b || (s->facts.blk[b].zero && s->holes) ||
		    !scene_needs_slot(s, b))
			continue;
		letter = (uint32_t)s->facts.blk[b].hash.lo;
		len = (uint32_t)s->facts.blk[b].hash.hi;
		if (letter >= 'A' && letter <= 'Z')
			s->packed.slot[b] = (struct crx_slot){ .len = len, .state = CRX_SLOT_RAW };
		else
			s->packed.slot[b] = (struct crx_slot){
				.data = bytes,
				.len = s->stream_len[letter],
				.state = CRX_SLOT_STREAM,
			};
		if (s->ext && s->packed.slot[b].state == CRX_SLOT_STREAM &&
		    s->packed.slot[b].len >= len)
			s->packed.slot[b] = (struct crx_slot){ .len = len, .state = CRX_SLOT_RAW };
		if (!s->ext && s->packed.slot[b].state == CRX_SLOT_RAW)
			s->packed.slot[b] = (struct crx_slot){
				.data = bytes,
				.len = (uint32_t)crx_comp_stored_len(len),
				.state = CRX_SLOT_STREAM,
			};
	}
}

/* What plan takes. */
static inline void scene_prepare(struct scene *s)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_tree_finish(&s->tree, &err), 0);
	scene_facts(s);
	scene_wishes(s);
	scene_slots(s);
}

static inline void scene_plan(struct scene *s)
{
	struct crx_plan_opts o = { .ext = s->ext, .holes = s->holes, .dedupe = s->dedupe };
	struct crx_err err = CRX_ERR_INIT;

	scene_prepare(s);
	if (crx_plan(&s->facts, &s->wishes, &s->packed, &o, &s->plan, &err))
		fail_msg("plan: %s", err.text);
}

static inline void scene_layout(struct scene *s)
{
	struct crx_offences far = { 0 };
	struct crx_err err = CRX_ERR_INIT;

	far.list = calloc(CRX_OFFENCES_LISTED, sizeof(*far.list));
	assert_non_null(far.list);
	if (crx_layout(&s->tree, &s->plan, &s->lo, &s->layout, &far, &err))
		fail_msg("layout: %s", err.text);
	assert_int_equal(far.count, 0);
	crx_offences_free(&far);
}

/* What plan and layout made; the files stay. */
static inline void scene_undo(struct scene *s)
{
	crx_layout_free(&s->layout);
	crx_plan_free(&s->plan);
	free(s->packed.slot);
	crx_wishes_free(&s->wishes);
	crx_facts_free(&s->facts);
}

static inline void scene_free(struct scene *s)
{
	scene_undo(s);
	crx_tree_free(&s->tree);
}

/* A character for each block: what became of it. '-' hole, 's' stream, 'w'
 * wrapped, 'u' stored, 'R' run, 'B' after a run; a 'd' before it: direct. */
static inline const char *scene_kinds(const struct scene *s, size_t file, char *buf, size_t cap)
{
	const struct crx_file_fact *f = &s->facts.file[crx_plan_owner(&s->plan, file)];
	size_t n = 0;
	uint32_t i;

	for (i = 0; i < f->nblks && n + 3 < cap; i++) {
		const struct crx_plan_block *b = &s->plan.block[f->first_blk + i];

		if (b->record != CRX_NO_RECORD && s->plan.record[b->record].direct)
			buf[n++] = 'd';
		buf[n++] = "-suwRB"[b->kind];
	}
	buf[n] = '\0';
	return buf;
}

/* What file i became. */
#define assert_kinds(s, file, want)                                                      \
	do {                                                                             \
		char kinds_[256];                                                        \
		assert_string_equal(scene_kinds(s, file, kinds_, sizeof(kinds_)), want); \
	} while (0)

#endif
