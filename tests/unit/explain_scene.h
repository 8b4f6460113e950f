/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image whose one executable is in one run, for the tests of explain. Include
 * after cmocka.h.
 */
#ifndef CRX_TESTS_EXPLAIN_SCENE_H
#define CRX_TESTS_EXPLAIN_SCENE_H

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../nasty/forge.h"
#include "comp/comp.h"
#include "elf_make.h"
#include "proof/explain/explain.h"

enum {
	P = 4096,
	IMAGE_PAGES = 40,
	ENTRIES = 76,
	TABLE = 0x400,
	OTHER_TABLE = 0x500,
	STREAM = 2 * P,
	RUN = 8 * P,
	OTHER_RUN = 30 * P,
	TEXT = 2,
	DATA = 3,
	RELRO = 0, /* program headers of the sample */
	R_X = 5,
	RW = 6,
	R = 4,
	BASE = 0x60000000
};

static const uint32_t FLAGS = CRX_FLAG_FSID_VERSION_2 | CRX_FLAG_SORTED_DIRS | CRX_FLAG_HOLES |
			      CRX_FLAG_EXT_BLOCK_POINTERS;

struct scene {
	struct forge g;
	struct elf_make elf;
	uint32_t size; /* of the file */
	uint64_t entry_end;
	struct crx_image img;
	struct crx_listing l;
	struct crx_inflate *z;
	struct crx_explain_file f;
};

/* An ARM program of type ET_EXEC: text on pages 0 to 2, data on page 3. */
static inline void begin(struct scene *s)
{
	memset(s, 0, sizeof(*s));
	forge_init(&s->g, CRX_ORDER_LITTLE, P, IMAGE_PAGES * P);
	elf_make_sample(&s->elf, 0, 0);
	elf_set(&s->elf, E_TYPE, 0, 2);
	elf_make_phdr(&s->elf, TEXT, 1, R_X, 0, 2 * P + 100, 2 * P + 100);
	elf_make_phdr(&s->elf, DATA, 1, RW, 3 * P, 500, 500);
	s->size = 3 * P + 600;
	s->entry_end = ENTRIES;
}

static inline void put_name(struct scene *s, const char *name, uint32_t table)
{
	struct crx_inode in = { .mode = S_IFREG | 0755, .size = s->size, .off = table };

	s->entry_end = forge_entry(&s->g, s->entry_end, name, in);
}

/* The file at run, every block of it direct and uncompressed. */
static inline void put_file(struct scene *s, uint32_t table, uint32_t run)
{
	uint32_t i, n = (s->size + P - 1) / P;

	for (i = 0; i < n; i++)
		forge_put32(&s->g, table + 4 * i, forge_ptr_run(run + i * P));
	forge_fill(&s->g, run, s->size, 7);
	forge_bytes(&s->g, run, s->elf.bytes, s->elf.len);
}

static inline void put_compressed(struct scene *s, uint32_t i)
{
	forge_direct(&s->g, STREAM + i * 0x200, 64, i);
	forge_put32(&s->g, TABLE + 4 * i, forge_ptr_direct(STREAM + i * 0x200));
}

static inline void open_scene(struct scene *s)
{
	struct crx_inode root = {
		.mode = S_IFDIR | 0755,
		.off = ENTRIES,
		.size = (uint32_t)s->entry_end - ENTRIES,
	};
	struct crx_err err = CRX_ERR_INIT;

	forge_super(&s->g, 0, FLAGS, &root);
	assert_int_equal(forge_view(&s->g, &s->img, &err), 0);
	assert_int_equal(crx_listing_read(&s->img, &s->l, &err), 0);
	s->z = crx_inflate_new();
	assert_non_null(s->z);
}

static inline void explain(struct scene *s, const struct crx_explain_opts *o)
{
	static const struct crx_explain_opts none = { .workers = 1 };
	struct crx_err err = CRX_ERR_INIT;

	crx_explain_file_free(&s->f);
	assert_int_equal(crx_explain_entry(&s->img, &s->l.entry[1], o ? o : &none, s->z, &s->f,
					   &err),
			 0);
}

static inline void finish(struct scene *s)
{
	crx_explain_file_free(&s->f);
	crx_inflate_free(s->z);
	crx_listing_free(&s->l);
	crx_image_close(&s->img);
	forge_free(&s->g);
}

/* The usual scene, once `begin` and some changes have been made. */
static inline void complete(struct scene *s)
{
	put_name(s, "prog", TABLE);
	put_file(s, TABLE, RUN);
}

struct want_segment {
	uint32_t page, pages, in_place;
	struct crx_explain_why why;
};

static inline void assert_why(struct crx_explain_why why, struct crx_explain_why want)
{
	assert_int_equal(why.exec, want.exec);
	assert_int_equal(why.bar, want.bar);
	assert_int_equal(why.kernel, want.kernel);
}

static inline void assert_segment(const struct scene *s, size_t i, const struct want_segment *want)
{
	const struct crx_explain_segment *g = &s->f.seg[i];
	const struct crx_explain_group *last;

	assert_true(i < s->f.nsegs);
	assert_in_range(g->ngroups, 1, CRX_EXPLAIN_GROUPS);
	last = &g->group[g->ngroups - 1];
	assert_int_equal(g->file_page, want->page);
	assert_int_equal(g->pages, want->pages);
	assert_int_equal(g->in_place, want->in_place);
	assert_why(g->why, want->why);
	if (want->in_place == want->pages) {
		assert_int_equal(g->ngroups, 1);
		assert_true(last->in_place);
		return;
	}
	assert_int_equal(g->ngroups, want->in_place ? 2 : 1);
	assert_int_equal(last->first_pg, want->page + want->in_place);
	assert_int_equal(last->npg, want->pages - want->in_place);
	assert_false(last->in_place);
	assert_why(last->why, want->why);
}

#define ASSERT_SEGMENT(s, i, ...) assert_segment(s, i, &(struct want_segment){ __VA_ARGS__ })
#define IN_PLACE                          \
	{                                 \
		.bar = CRX_EXPLAIN_NO_BAR \
	}
#define KERNEL(w)           \
	{                   \
		.kernel = w \
	}
#define BAR(b)           \
	{                \
		.bar = b \
	}
#define EXEC(w)           \
	{                 \
		.exec = w \
	}

struct want {
	uint64_t start, end;
	const char *perms;
	uint64_t off;
	bool physical, gap;
};

static inline void assert_lines(struct scene *s, bool no_mmu, const struct want *w, size_t n)
{
	struct crx_explain_opts o = { .no_mmu = no_mmu, .has_base = true, .base = BASE };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_explain_line *line;
	char perms[5] = "";
	size_t got, i;

	assert_int_equal(crx_explain_lines(&s->img, &s->f, &o, &line, &got, &err), 0);
	assert_int_equal(got, n);
	for (i = 0; i < n; i++) {
		assert_int_equal(line[i].start, w[i].start);
		assert_int_equal(line[i].end, w[i].end);
		crx_exec_flags_name(line[i].flags, perms);
		perms[3] = line[i].shared ? 's' : 'p';
		assert_string_equal(perms, w[i].perms);
		assert_int_equal(line[i].off, w[i].off);
		assert_int_equal(line[i].physical, w[i].physical);
		assert_int_equal(line[i].seg == NULL, w[i].gap);
	}
	free(line);
}

#endif
