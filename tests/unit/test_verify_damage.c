/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/proof/verify: a real image, damaged one thing at a time.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verify_image.h"

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
DAMAGE(order_first)
{
	rename_both(m, "/prog2", "lrog2");
}
DAMAGE(empty_dir_with_off)
{
	INODE("/dir/none", in.off = 100);
}
DAMAGE(one_inode_uid)
{
	INODE("/cu", in.off = get_inode(m, "/a").off);
}
DAMAGE(one_inode_gid)
{
	find(m, "/b")->gid = 21;
	INODE("/b", in.gid = 21);
}
DAMAGE(one_inode_size)
{
	INODE("/dir/d1", in.off = get_inode(m, "/a").off);
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
DAMAGE(after_end)
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
/* the block should be equal to another, but its stream is not */
DAMAGE(other_stream)
{
	struct crx_block_fact *c = &m->f.blk[m->f.file[find(m, "/c")->file].first_blk];
	uint32_t other = m->f.file[find(m, "/a")->file].first_blk + 1;

	c->same = other;
	c->hash = m->f.blk[other].hash;
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
	CASE(root_mode, "/", "mode 42755, not 40755"),
	CASE(root_size, "/", "end of its directory"),
	CASE(mode, "/c", "mode 104600, not 100600"),
	CASE(uid, "/dir", "owner 11:20, not 10:20"),
	CASE(gid, "/dev", "owner 10:21"),
	CASE(dev, "/dev", "size is 1090, not 1089"),
	CASE(size, "/prog", "inode.size"),
	CASE(empty_with_off, "/empty", "inode.offset"),
	CASE(name, "/dir/d1", "is named 'e1'"),
	CASE(name_len, "/", "without a name"),
	CASE(dir_short, "/dir", "entries are missing"),
	CASE(dir_elsewhere, "/dir/d1", "is named 'a'"),
	CASE(name_padding, "/pro", "a name of 3 bytes with a stored length of 2 words"),
	CASE(order, "/prof2", "out of order after 'prog'"),
	CASE(order_first, "/lrog2", "out of order after 'prog'"),
	CASE(one_inode_gid, "/b", "inode number"),
	CASE(one_inode_size, "/dir/d1", "inode number"),
	CASE(empty_dir_with_off, "/dir/none", "inode.offset"),
	CASE(last_264, "/dir/d1", "less than 264 bytes"),
	CASE(one_inode_uid, "/cu", "inode number"),
	CASE(one_dir, "/twin2", "inode number"),
	CASE(facts_of_other, "/b", "contents differ"),
	CASE(tables_count, "the.img", "tables, not"),
	CASE(after_end, "/dir/d1", "after the end of the file"),
	CASE(zero_exact_tail, "/hole", "treats it as a hole"),
	CASE(one_inode, "/c", "inode number"),
	CASE(one_table, "/dir/d2", "not the planned one"),
	CASE(bad_pointer, "/a", "bad data blocksize"),
	CASE(bad_stream, "/a", "block 0"),
	CASE(swapped_pages, "/prog", "block 0 differs"),
	CASE(byte_of_run, "/prog", "block 1 differs"),
	CASE(tail_of_run, "/prog", "last page is shared"),
	CASE(exact_tail, "/exact", "block 1 differs"),
	CASE(link_target, "/link", "block 0"),
	CASE(hash, "/c", "block 3 differs"),
	CASE(other_stream, "/c", "block 0 differs"),
	CASE(target, "/link", "target of the link differs"),
	CASE(one_run, "/prog2", "belongs to another block"),
	CASE(misaligned, "/prog", "not page-aligned"),
	CASE(promise_more, "/exact", "in place, not 2"),
	CASE(promise_less, "/prog", "in place, not 3"),
};

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
		fix_crc(&m);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_no_mmu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
