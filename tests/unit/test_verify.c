/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A real image, made of a tree in memory, then damaged one thing at a time.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

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

static struct crx_node *add(struct crx_node *dir, const char *name, uint32_t mode)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *n;

	assert_int_equal(crx_tree_add(dir, name, &n, &err), 0);
	n->mode = mode;
	n->uid = 10;
	n->gid = 20;
	return n;
}

static void add_file(struct crx_node *dir, const char *name, uint32_t perm, const uint8_t *data,
		     size_t len)
{
	struct crx_node *n = add(dir, name, S_IFREG | perm);

	n->size = len;
	n->content = (struct crx_content){ .ops = &crx_content_memory, .key = data, .size = len };
}

static struct crx_node *find(const struct made *m, const char *path)
{
	char buf[100];
	size_t i;

	for (i = 0; i < m->t.nnodes; i++)
		if (!strcmp(crx_tree_path(m->t.node[i], buf, sizeof(buf)), path))
			return m->t.node[i];
	fail_msg("%s is not in the tree", path);
	return NULL;
}

static void make_tree(struct made *m)
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
static void wish(struct made *m, const char *path)
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

static void write_image(struct made *m, enum crx_order order)
{
	struct crx_write_from from = { &m->t, &m->k, &m->p, &m->l };
	struct crx_write_opts wo = {
		.path = "test", .order = order, .name = "test", .ext = true, .holes = true
	};
	struct crx_err err = CRX_ERR_INIT;
	FILE *f = tmpfile();
	uint32_t crc;

	assert_non_null(f);
	assert_int_equal(crx_write(fileno(f), &from, &wo, &crc, &err), 0);
	m->len = (size_t)m->l.image_size;
	m->image = malloc(m->len);
	assert_int_equal(fseek(f, 0, SEEK_SET), 0);
	assert_int_equal(fread(m->image, 1, m->len, f), m->len);
	fclose(f);
}

static void make(struct made *m, enum crx_order order, uint32_t page, unsigned workers)
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

static void unmake(struct made *m)
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

static int verify(const struct made *m, struct crx_err *err)
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

static void test_good(void **state)
{
	uint32_t page;
	unsigned i;

	(void)state;
	for (page = CRX_PAGE_MIN; page <= CRX_PAGE_MAX; page *= 4)
		for (i = 0; i < 4; i++) {
			struct crx_err err = CRX_ERR_INIT;
			struct made m;

			make(&m, i & 1 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, page, 1 + i / 2);
			if (verify(&m, &err))
				print_error("%s: %s\n", err.path, err.text);
			assert_int_equal(err.code, 0);
			/* the tests below need these to be there */
			assert_int_equal(crx_plan_promise(&m.p, find(&m, "/prog")->file, 0, 9), 4);
			assert_int_equal(crx_plan_promise(&m.p, find(&m, "/exact")->file, 0, 9), 1);
			assert_int_equal(m.p.table_of[find(&m, "/a")->file],
					 m.p.table_of[find(&m, "/b")->file]);
			assert_int_not_equal(m.p.table_of[find(&m, "/a")->file],
					     m.p.table_of[find(&m, "/c")->file]);
			unmake(&m);
		}
}

/* ---- damage ---- */

static struct crx_super get_super(const struct made *m)
{
	struct crx_super s;

	crx_super_decode(m->image, m->o.order, &s);
	return s;
}

static void put_super(struct made *m, const struct crx_super *s)
{
	crx_super_encode(s, m->o.order, m->image);
}

static struct crx_inode get_inode(const struct made *m, const char *path)
{
	struct crx_inode in;

	crx_inode_decode(m->image + m->l.entry_off[find(m, path)->index], m->o.order, &in);
	return in;
}

static void put_inode(struct made *m, const char *path, struct crx_inode in)
{
	crx_inode_encode(&in, m->o.order, m->image + m->l.entry_off[find(m, path)->index]);
}

static uint8_t *name_of(struct made *m, const char *path)
{
	return m->image + m->l.entry_off[find(m, path)->index] + CRX_INODE_LEN;
}

static uint8_t *pointer(struct made *m, const char *path, uint32_t i)
{
	return m->image + get_inode(m, path).off + i * 4u;
}

static uint32_t get_pointer(struct made *m, const char *path, uint32_t i)
{
	return crx_get32(pointer(m, path, i), m->o.order);
}

static void put_pointer(struct made *m, const char *path, uint32_t i, uint32_t v)
{
	crx_put32(pointer(m, path, i), v, m->o.order);
}

/* The first page of a file's run. */
static uint8_t *run_of(struct made *m, const char *path)
{
	return m->image + ((get_pointer(m, path, 0) & ~CRX_BLK_FLAGS) << CRX_BLK_DIRECT_SHIFT);
}

/* Another name of the same padded length, in the image and the tree. */
static void rename_both(struct made *m, const char *path, const char *to)
{
	struct crx_node *n = find(m, path);
	uint8_t *name = name_of(m, path);

	memset(name, 0, get_inode(m, path).namelen4 * 4u);
	memcpy(name, to, strlen(to));
	free(n->name);
	n->name = crx_strdup(to);
}

#define DAMAGE(name) static void name(struct made *m)
#define SUPER(change)                              \
	do {                                       \
		struct crx_super s = get_super(m); \
		change;                            \
		put_super(m, &s);                  \
	} while (0)
#define INODE(path, change)                               \
	do {                                              \
		struct crx_inode in = get_inode(m, path); \
		change;                                   \
		put_inode(m, path, in);                   \
	} while (0)

DAMAGE(no_magic)
{
	memset(m->image, 0, 4);
}
DAMAGE(cut)
{
	m->len -= m->page;
}
DAMAGE(cut_all)
{
	m->len = 10;
}
DAMAGE(other_order)
{
	m->o.order = CRX_ORDER_BIG;
	m->keep_crc = true;
}
DAMAGE(other_name)
{
	m->o.name = "tes";
	m->keep_crc = true;
}
DAMAGE(other_edition)
{
	m->o.edition = 1;
	m->keep_crc = true;
}
DAMAGE(unknown_flag)
{
	SUPER(s.flags |= 0x1000);
}
DAMAGE(no_version)
{
	SUPER(s.flags &= ~CRX_FLAG_FSID_VERSION_2);
}
DAMAGE(not_sorted)
{
	SUPER(s.flags &= ~CRX_FLAG_SORTED_DIRS);
}
DAMAGE(no_ext)
{
	SUPER(s.flags &= ~CRX_FLAG_EXT_BLOCK_POINTERS);
}
DAMAGE(no_holes)
{
	SUPER(s.flags &= ~CRX_FLAG_HOLES);
}
DAMAGE(odd_size)
{
	SUPER(s.size -= 4);
}
DAMAGE(signature)
{
	m->image[16] ^= 1;
}
DAMAGE(padding_of_name)
{
	m->image[48 + 15] = 1;
}
DAMAGE(files_count)
{
	SUPER(s.files++);
}
DAMAGE(blocks_count)
{
	SUPER(s.blocks--);
}
DAMAGE(crc)
{
	m->image[m->len - 1] ^= 1;
	m->keep_crc = true;
}
DAMAGE(root_mode)
{
	SUPER(s.root.mode |= 02000);
}
DAMAGE(root_size)
{
	SUPER(s.root.size -= 4);
}
DAMAGE(mode)
{
	INODE("/c", in.mode ^= 04000);
}
DAMAGE(uid)
{
	INODE("/dir", in.uid++);
}
DAMAGE(gid)
{
	INODE("/dev", in.gid++);
}
DAMAGE(dev)
{
	INODE("/dev", in.size++);
}
DAMAGE(size)
{
	INODE("/prog", in.size--);
}
DAMAGE(empty_with_off)
{
	INODE("/empty", in.off = 100);
}
DAMAGE(name)
{
	name_of(m, "/dir/d1")[0] = 'e';
}
DAMAGE(name_len)
{
	INODE("/a", in.namelen4 = 0);
}
DAMAGE(dir_short)
{
	INODE("/dir", in.size -= 16);
}
DAMAGE(dir_elsewhere)
{
	INODE("/dir", in.off = 76);
}
DAMAGE(name_padding)
{
	rename_both(m, "/prog2", "pro");
}
DAMAGE(order)
{
	rename_both(m, "/prog2", "prof2");
}
DAMAGE(empty_dir_with_off)
{
	INODE("/dir/none", in.off = 100);
}
DAMAGE(one_inode_uid)
{
	INODE("/cu", in.off = get_inode(m, "/a").off);
}
DAMAGE(one_dir)
{
	INODE("/twin2", in.off = get_inode(m, "/twin1").off);
}
DAMAGE(last_264)
{
	struct crx_inode in = get_inode(m, "/dir");

	memcpy(m->image + m->len - in.size, m->image + in.off, in.size);
	in.off = (uint32_t)(m->len - in.size);
	put_inode(m, "/dir", in);
}
DAMAGE(one_inode)
{
	INODE("/c", in.off = get_inode(m, "/a").off);
}
DAMAGE(one_table)
{
	INODE("/dir/d2", in.off = get_inode(m, "/dir/d1").off);
}
DAMAGE(facts_of_other)
{
	m->f.blk[m->f.file[find(m, "/b")->file].first_blk].hash.lo ^= 1;
}
DAMAGE(tables_count)
{
	m->p.ntables++;
}
DAMAGE(behind_end)
{
	put_pointer(m, "/dir/d1", 1, get_pointer(m, "/dir/d1", 1) + 16);
}
DAMAGE(zero_exact_tail)
{
	put_pointer(m, "/hole", 1, get_pointer(m, "/prog", 0));
}
DAMAGE(bad_pointer)
{
	put_pointer(m, "/a", 0, 0x3fffffffu);
}
DAMAGE(bad_stream)
{
	m->image[get_inode(m, "/a").off + 16 + 20] ^= 0x55;
}
DAMAGE(swapped_pages)
{
	uint32_t p0 = get_pointer(m, "/prog", 0);

	put_pointer(m, "/prog", 0, get_pointer(m, "/prog", 1));
	put_pointer(m, "/prog", 1, p0);
}
DAMAGE(byte_of_run)
{
	run_of(m, "/prog")[m->page + 5] ^= 1;
}
DAMAGE(tail_of_run)
{
	run_of(m, "/prog")[3 * m->page + 100] = 1;
}
DAMAGE(exact_tail)
{
	put_pointer(m, "/exact", 1, get_pointer(m, "/exact", 0) + m->page / 4);
}
DAMAGE(link_target)
{
	m->image[get_inode(m, "/link").off + 4 + 1] ^= 8;
}
DAMAGE(hash)
{
	m->f.blk[m->f.file[find(m, "/c")->file].first_blk + 3].hash.hi ^= 1;
}
DAMAGE(target)
{
	find(m, "/link")->target[0] = 'e';
}

/* the same bytes, read from the run of another table */
DAMAGE(one_run)
{
	uint32_t i;

	for (i = 0; i < 4; i++)
		put_pointer(m, "/prog2", i, get_pointer(m, "/prog", i));
}

DAMAGE(misaligned)
{
	uint8_t *run = run_of(m, "/prog");
	uint32_t i;

	memmove(run + 4, run, 3 * m->page + 100);
	for (i = 0; i < 4; i++)
		put_pointer(m, "/prog", i, get_pointer(m, "/prog", i) + 1);
}

/* more promised than there is, and less */
DAMAGE(promise_more)
{
	m->p.block[m->f.file[find(m, "/exact")->file].first_blk + 1].kind = CRX_KIND_RUN;
}
DAMAGE(promise_less)
{
	m->p.block[m->f.file[find(m, "/prog")->file].first_blk + 3].kind = CRX_KIND_STREAM;
}

struct damage {
	const char *name;
	void (*make)(struct made *m);
	const char *path, *says;
};

/* clang-format off */
#define CASE(name, path, says) { #name, name, path, says }
/* clang-format on */
static const struct damage damages[] = {
	CASE(no_magic, "the.img", "no cramfs superblock"),
	CASE(cut, "the.img", "super.size is"),
	CASE(cut_all, "the.img", "too short"),
	CASE(other_order, "the.img", "byte order"),
	CASE(other_name, "the.img", "name is not the one"),
	CASE(other_edition, "the.img", "edition"),
	CASE(unknown_flag, "the.img", "unsupported filesystem features"),
	CASE(no_version, "the.img", "FSID_VERSION_2"),
	CASE(not_sorted, "the.img", "SORTED_DIRS"),
	CASE(no_ext, "/a", "EXT_BLOCK_POINTERS"),
	CASE(no_holes, "/hole", "HOLES"),
	CASE(odd_size, "the.img", "multiple of the page"),
	CASE(signature, "the.img", "signature"),
	CASE(padding_of_name, "the.img", "name is not the one"),
	CASE(files_count, "the.img", "super.files"),
	CASE(blocks_count, "the.img", "super.blocks"),
	CASE(crc, "the.img", "CRC"),
	CASE(root_mode, "/", "mode 42755 in place of 40755"),
	CASE(root_size, "/", "end of its directory"),
	CASE(mode, "/c", "mode 104600 in place of 100600"),
	CASE(uid, "/dir", "owner 11:20 in place of 10:20"),
	CASE(gid, "/dev", "owner 10:21"),
	CASE(dev, "/dev", "size is 1090 in place of 1089"),
	CASE(size, "/prog", "inode.size"),
	CASE(empty_with_off, "/empty", "inode.offset"),
	CASE(name, "/dir/d1", "an entry named 'e1'"),
	CASE(name_len, "/", "without a name"),
	CASE(dir_short, "/dir", "entries are missing"),
	CASE(dir_elsewhere, "/dir/d1", "an entry named 'a'"),
	CASE(name_padding, "/pro", "a name of 3 bytes with a length of 2 words"),
	CASE(order, "/prof2", "out of order behind 'prog'"),
	CASE(empty_dir_with_off, "/dir/none", "inode.offset"),
	CASE(last_264, "/dir/d1", "less than 264 bytes"),
	CASE(one_inode_uid, "/cu", "one inode number"),
	CASE(one_dir, "/twin2", "one inode number"),
	CASE(facts_of_other, "/b", "contents are others"),
	CASE(tables_count, "the.img", "tables in place of"),
	CASE(behind_end, "/dir/d1", "behind the end of the file"),
	CASE(zero_exact_tail, "/hole", "takes it for a hole"),
	CASE(one_inode, "/c", "one inode number"),
	CASE(one_table, "/dir/d2", "not the planned one"),
	CASE(bad_pointer, "/a", "bad data blocksize"),
	CASE(bad_stream, "/a", "block 0"),
	CASE(swapped_pages, "/prog", "block 0 differs"),
	CASE(byte_of_run, "/prog", "block 1 differs"),
	CASE(tail_of_run, "/prog", "last page is shared"),
	CASE(exact_tail, "/exact", "block 1 differs"),
	CASE(link_target, "/link", "block 0"),
	CASE(hash, "/c", "block 3 differs"),
	CASE(target, "/link", "target differs"),
	CASE(one_run, "/prog2", "another one's as well"),
	CASE(misaligned, "/prog", "not page-aligned"),
	CASE(promise_more, "/exact", "in place, not 2"),
	CASE(promise_less, "/prog", "in place, not 3"),
};

/* so that it is not the CRC which is found */
static void mend_crc(struct made *m)
{
	uint32_t crc;

	if (m->keep_crc || m->len < CRX_SUPER_LEN)
		return;
	memset(m->image + CRX_SUPER_OFF_CRC, 0, 4);
	crc = crx_crc32(0, m->image, m->len);
	crx_put32(m->image + CRX_SUPER_OFF_CRC, crc, m->o.order);
}

static void test_damage(void **state)
{
	unsigned wrong = 0;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		const struct damage *d = &damages[i];
		struct crx_err err = CRX_ERR_INIT;
		struct made m;
		int ret;

		make(&m, CRX_ORDER_LITTLE, 4096, 2);
		d->make(&m);
		mend_crc(&m);
		ret = verify(&m, &err);
		if (ret != CRX_EVERIFY || err.code != ret || !err.has_off ||
		    strcmp(err.path, d->path) || !strstr(err.text, d->says) ||
		    !strstr(err.text, "please report")) {
			print_error("%s: %d, %s: %s\n", d->name, ret, err.path, err.text);
			wrong++;
		}
		unmake(&m);
	}
	assert_int_equal(wrong, 0);
}

/* A kernel without an MMU maps all of a mapping in place, or nothing. */
static void test_no_mmu(void **state)
{
	static const struct {
		void (*make)(struct made *m);
		const char *path, *says;
	} cases[] = {
		{ NULL, NULL, NULL },
		{ promise_more, "/exact",
		  "segment 0 is not in place without an MMU: unsuitable block layout" },
		{ promise_less, "/prog", "a run is in place without an MMU: all of it is" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;
		struct made m;

		make(&m, CRX_ORDER_BIG, 4096, 1);
		m.o.no_mmu = true;
		if (cases[i].make)
			cases[i].make(&m);
		assert_int_equal(verify(&m, &err), cases[i].make ? CRX_EVERIFY : 0);
		if (cases[i].make) {
			assert_string_equal(err.path, cases[i].path);
			if (!strstr(err.text, cases[i].says))
				fail_msg("%s", err.text);
		}
		unmake(&m);
	}
}

/* of several that differ, the lowest file, whatever the number of workers */
static void test_lowest_file(void **state)
{
	unsigned workers;

	(void)state;
	for (workers = 1; workers <= 4; workers++) {
		struct crx_err err = CRX_ERR_INIT;
		struct made m;

		make(&m, CRX_ORDER_BIG, 65536, workers);
		put_pointer(&m, "/prog2", 1, 0x3fffffffu);
		put_pointer(&m, "/exact", 0, 0x3fffffffu);
		put_pointer(&m, "/dir/d2", 1, 0x3fffffffu);
		assert_int_equal(verify(&m, &err), CRX_EVERIFY);
		assert_string_equal(err.path, "/exact");
		assert_int_equal(err.off, get_inode(&m, "/exact").off);
		unmake(&m);
	}
}

/* also when tables do not lie in the order of files */
static void test_lowest_file_not_offset(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_inode in1, in2;
	uint32_t b1, b2, off, i;
	struct made m;

	(void)state;
	make(&m, CRX_ORDER_LITTLE, 4096, 1);
	in1 = get_inode(&m, "/dir/d1");
	in2 = get_inode(&m, "/dir/d2");
	off = in1.off;
	in1.off = in2.off;
	in2.off = off;
	put_inode(&m, "/dir/d1", in1);
	put_inode(&m, "/dir/d2", in2);
	b1 = m.f.file[find(&m, "/dir/d1")->file].first_blk;
	b2 = m.f.file[find(&m, "/dir/d2")->file].first_blk;
	for (i = 0; i < 2; i++) {
		struct crx_hash h = m.f.blk[b1 + i].hash;

		m.f.blk[b1 + i].hash = m.f.blk[b2 + i].hash;
		m.f.blk[b2 + i].hash = h;
	}
	mend_crc(&m);
	assert_int_equal(verify(&m, &err), 0);
	put_pointer(&m, "/dir/d1", 1, 0x3fffffffu);
	put_pointer(&m, "/dir/d2", 1, 0x3fffffffu);
	assert_int_equal(verify(&m, &err), CRX_EVERIFY);
	assert_string_equal(err.path, "/dir/d1");
	unmake(&m);
}

static void test_unreadable(void **state)
{
	struct crx_err err = CRX_ERR_INIT;
	struct made m;

	(void)state;
	make(&m, CRX_ORDER_LITTLE, 4096, 1);
	assert_int_equal(crx_verify(-1, &m.t, &m.f, &m.p, &m.o, &err), CRX_EIO);
	assert_string_equal(err.path, "the.img");
	assert_int_not_equal(err.sys_errno, 0);
	unmake(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_no_mmu),
		cmocka_unit_test(test_lowest_file),
		cmocka_unit_test(test_lowest_file_not_offset),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
