/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A real image, made of a tree in memory, for the tests of verify to damage. Include
 * after cmocka.h.
 */
#ifndef CRX_TESTS_VERIFY_IMAGE_H
#define CRX_TESTS_VERIFY_IMAGE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../nasty/forge.h"
#include "proof/verify/verify.h"
#include "write/write.h"

enum { CONTENT_MAX = 5 * CRX_PAGE_MAX };

/* What the tests damage. */
struct made {
	struct crx_tree t;
	struct crx_facts f;
	struct crx_wishes w;
	struct crx_packed k;
	struct crx_plan p;
	struct crx_layout l;
	struct crx_verify_opts o;
	uint32_t page;
	uint8_t *text, *noise;
	uint8_t *image;
	size_t len;
	bool keep_crc; /* of the image before the damage */
};

static inline struct crx_node *add(struct crx_node *dir, const char *name, uint32_t mode)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *n;

	assert_int_equal(crx_tree_add(dir, name, &n, &err), 0);
	n->mode = mode;
	n->uid = 10;
	n->gid = 20;
	return n;
}

static inline void add_file(struct crx_node *dir, const char *name, uint32_t perm,
			    const uint8_t *data, size_t len)
{
	struct crx_node *n = add(dir, name, S_IFREG | perm);

	n->size = len;
	n->content = (struct crx_content){ .ops = &crx_content_memory, .key = data, .size = len };
}

static inline struct crx_node *find(const struct made *m, const char *path)
{
	char buf[100];
	size_t i;

	for (i = 0; i < m->t.nnodes; i++)
		if (!strcmp(crx_tree_path(m->t.node[i], buf, sizeof(buf)), path))
			return m->t.node[i];
	fail_msg("%s is not in the tree", path);
	return NULL;
}

static inline void make_tree(struct made *m)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *dir, *n;
	uint32_t p = m->page;

	assert_int_equal(crx_tree_init(&m->t, &err), 0);
	m->t.root->mode = S_IFDIR | 0700; /* the kernel makes it 0755 */
	add_file(m->t.root, "a", 0644, m->text, 3 * p + 10);
	add_file(m->t.root, "b", 0644, m->text, 3 * p + 10);
	add_file(m->t.root, "c", 0600, m->text, 3 * p + 10);
	add_file(m->t.root, "cu", 0644, m->text, 3 * p + 10);
	m->t.root->child[m->t.root->nchildren - 1]->uid = 11;
	add_file(add(m->t.root, "twin1", S_IFDIR | 0755), "f", 0644, m->text, 3 * p + 10);
	add_file(add(m->t.root, "twin2", S_IFDIR | 0755), "f", 0644, m->text, 3 * p + 10);
	dir = add(m->t.root, "dir", S_IFDIR | 0711);
	add_file(dir, "d1", 0644, m->noise, p + 904);
	add_file(dir, "d2", 0644, m->noise + p, p + 904);
	add(dir, "none", S_IFDIR | 0755);
	n = add(m->t.root, "dev", S_IFCHR | 0600);
	n->dev_major = 4;
	n->dev_minor = 65;
	add_file(m->t.root, "empty", 0644, m->text, 0);
	add_file(m->t.root, "exact", 0755, m->noise + 7, 2 * p);
	add_file(m->t.root, "hole", 0644, m->text + CONTENT_MAX, 2 * p);
	n = add(m->t.root, "link", S_IFLNK | 0777);
	n->target = crx_strdup("dir/d1");
	add_file(m->t.root, "prog", 0755, m->noise, 3 * p + 100);
	add_file(m->t.root, "prog2", 0700, m->noise, 3 * p + 100);
	assert_int_equal(crx_tree_finish(&m->t, &err), 0);
}

/* A file with one read-only segment over all of it, wished in place. */
static inline void wish(struct made *m, const char *path)
{
	size_t file = find(m, path)->file;
	struct crx_file_wish *w = &m->w.file[file];
	struct crx_exec *x = &m->f.file[file].exec;

	w->range = calloc(1, sizeof(*w->range));
	w->range[0].npg = m->f.file[file].nblks;
	w->nranges = 1;
	x->kind = CRX_EXEC_ELF;
	x->seg = calloc(2, sizeof(*x->seg));
	x->nseg = 2;
	x->seg[0].flags = 5;
	x->seg[0].filesz = x->seg[0].memsz = m->f.file[file].node->size;
	x->seg[1] = x->seg[0];
	x->seg[1].flags = 6; /* writable: nothing of it is in place */
}

static inline void write_image(struct made *m, enum crx_order order)
{
	struct crx_write_from from = { &m->t, &m->k, &m->p, &m->l };
	struct crx_write_opts wo = {
		.path = "test", .order = order, .name = "test", .ext = true, .holes = true
	};
	struct crx_err err = CRX_ERR_INIT;
	FILE *f = tmpfile();
	uint32_t crc;

	assert_non_null(f);
	assert_int_equal(crx_write(fileno(f), &from, &wo, &crc, NULL, &err), 0);
	m->len = (size_t)m->l.image_size;
	m->image = malloc(m->len);
	assert_int_equal(fseek(f, 0, SEEK_SET), 0);
	assert_int_equal(fread(m->image, 1, m->len, f), m->len);
	fclose(f);
}

static inline void make(struct made *m, enum crx_order order, uint32_t page, unsigned workers)
{
	struct crx_scan_opts so = { .page_size = page, .workers = 1, .find_equal = true };
	struct crx_pack_opts ko = { .workers = 1, .ext = true, .holes = true };
	struct crx_plan_opts po = { .ext = true, .holes = true, .dedupe = true };
	struct crx_layout_opts lo = { 0 };
	struct crx_offences far = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	size_t i;

	*m = (struct made){
		.page = page,
		.o = { .workers = workers, .order = order, .path = "the.img", .name = "test" }
	};
	m->text = calloc(2, CONTENT_MAX);
	m->noise = malloc(CONTENT_MAX);
	for (i = 0; i < CONTENT_MAX; i++)
		m->text[i] = (uint8_t)("some text "[i % 10] + (i >> 14));
	forge_pattern(m->noise, CONTENT_MAX, 1);
	make_tree(m);
	assert_int_equal(crx_scan(&m->t, &so, &m->f, &err), 0);
	m->w.nfiles = m->f.nfiles;
	m->w.file = calloc(m->f.nfiles, sizeof(*m->w.file));
	wish(m, "/prog");
	wish(m, "/prog2");
	wish(m, "/exact");
	assert_int_equal(crx_comp_parse("zlib:1", false, &ko.comp, &err), 0);
	assert_int_equal(crx_pack(&m->f, &m->w, &ko, NULL, &m->k, &err), 0);
	assert_int_equal(crx_plan(&m->f, &m->w, &m->k, &po, &m->p, &err), 0);
	assert_int_equal(crx_layout(&m->t, &m->p, &lo, &m->l, &far, &err), 0);
	write_image(m, order);
	crx_offences_free(&far);
}

static inline void unmake(struct made *m)
{
	size_t i;

	for (i = 0; i < m->w.nfiles; i++)
		free(m->w.file[i].range);
	free(m->w.file);
	crx_layout_free(&m->l);
	crx_plan_free(&m->p);
	crx_packed_free(&m->k);
	crx_facts_free(&m->f);
	crx_tree_free(&m->t);
	free(m->image);
	free(m->text);
	free(m->noise);
}

static inline int verify(const struct made *m, struct crx_err *err)
{
	FILE *f = tmpfile();
	int ret;

	assert_non_null(f);
	assert_int_equal(fwrite(m->image, 1, m->len, f), m->len);
	assert_int_equal(fflush(f), 0);
	ret = crx_verify(fileno(f), &m->t, &m->f, &m->p, &m->o, err);
	fclose(f);
	return ret;
}

/* ---- parts of the image, to damage ---- */

static inline struct crx_super get_super(const struct made *m)
{
	struct crx_super s;

	crx_super_decode(m->image, m->o.order, &s);
	return s;
}

static inline void put_super(struct made *m, const struct crx_super *s)
{
	crx_super_encode(s, m->o.order, m->image);
}

static inline struct crx_inode get_inode(const struct made *m, const char *path)
{
	struct crx_inode in;

	crx_inode_decode(m->image + m->l.entry_off[find(m, path)->index], m->o.order, &in);
	return in;
}

static inline void put_inode(struct made *m, const char *path, struct crx_inode in)
{
	crx_inode_encode(&in, m->o.order, m->image + m->l.entry_off[find(m, path)->index]);
}

static inline uint8_t *name_of(struct made *m, const char *path)
{
	return m->image + m->l.entry_off[find(m, path)->index] + CRX_INODE_LEN;
}

static inline uint8_t *pointer(struct made *m, const char *path, uint32_t i)
{
	return m->image + get_inode(m, path).off + i * 4u;
}

static inline uint32_t get_pointer(struct made *m, const char *path, uint32_t i)
{
	return crx_get32(pointer(m, path, i), m->o.order);
}

static inline void put_pointer(struct made *m, const char *path, uint32_t i, uint32_t v)
{
	crx_put32(pointer(m, path, i), v, m->o.order);
}

/* The first page of a file's run. */
static inline uint8_t *run_of(struct made *m, const char *path)
{
	return m->image + ((get_pointer(m, path, 0) & ~CRX_BLK_FLAGS) << CRX_BLK_DIRECT_SHIFT);
}

/* so that it is not the CRC which is found */
static inline void fix_crc(struct made *m)
{
	uint32_t crc;

	if (m->keep_crc || m->len < CRX_SUPER_LEN)
		return;
	memset(m->image + CRX_SUPER_OFF_CRC, 0, 4);
	crc = crx_crc32(0, m->image, m->len);
	crx_put32(m->image + CRX_SUPER_OFF_CRC, crc, m->o.order);
}

#endif
