/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "cases.h"

#include <string.h>
#include <sys/stat.h>

enum { PAGE = 4096, DIR, HOLE = 1, LINK, PLAIN, RUN }; /* entries of forge_base */

typedef void spoiler(struct forge *g, const struct forge_base *b);

static struct crx_super get_super(const struct forge *g)
{
	struct crx_super s;

	crx_super_decode(g->data, g->order, &s);
	return s;
}

static void put_super(struct forge *g, const struct crx_super *s)
{
	crx_super_encode(s, g->order, g->data);
}

static struct crx_inode get_inode(const struct forge *g, uint64_t off)
{
	struct crx_inode in;

	crx_inode_decode(g->data + off, g->order, &in);
	return in;
}

static void put_inode(struct forge *g, uint64_t off, struct crx_inode in)
{
	crx_inode_encode(&in, g->order, g->data + off);
}

static void set_extent(struct forge *g, uint64_t entry, uint32_t off, uint32_t size)
{
	struct crx_inode in = get_inode(g, entry);

	in.off = off;
	in.size = size;
	put_inode(g, entry, in);
}

#define SPOIL(name) static void name(struct forge *g, const struct forge_base *b)
#define UNUSED (void)b

SPOIL(nothing)
{
	(void)g;
	UNUSED;
}

/* ---- superblock ---- */
SPOIL(empty)
{
	g->len = 0;
	UNUSED;
}
SPOIL(half_super)
{
	g->len = 40;
	UNUSED;
}
SPOIL(only_super)
{
	g->len = 76;
	UNUSED;
}
SPOIL(cut_in_entries)
{
	g->len = (size_t)b->entry[2] + 3;
}
SPOIL(cut_in_name)
{
	g->len = (size_t)b->entry[2] + 13;
}
SPOIL(cut_in_data)
{
	g->len = (size_t)b->plain_table + 20;
}
SPOIL(cut_in_run)
{
	g->len = (size_t)b->run + 10;
}
SPOIL(no_magic)
{
	memset(g->data, 0, 4);
	UNUSED;
}
SPOIL(unknown_flags)
{
	struct crx_super s = get_super(g);
	s.flags = 0xffffffffu;
	put_super(g, &s);
	UNUSED;
}
SPOIL(size_0)
{
	struct crx_super s = get_super(g);
	s.size = 0;
	put_super(g, &s);
	UNUSED;
}
SPOIL(size_max)
{
	struct crx_super s = get_super(g);
	s.size = 0xffffffffu;
	put_super(g, &s);
	g->len = (size_t)b->end;
}
SPOIL(version_1)
{
	struct crx_super s = get_super(g);
	s.flags &= ~CRX_FLAG_FSID_VERSION_2;
	s.size = 0;
	put_super(g, &s);
	UNUSED;
}
SPOIL(root_is_file)
{
	struct crx_super s = get_super(g);
	s.root.mode = S_IFREG;
	put_super(g, &s);
	UNUSED;
}
SPOIL(root_elsewhere)
{
	struct crx_super s = get_super(g);
	s.root.off = 1024;
	put_super(g, &s);
	UNUSED;
}

static void set_root(struct forge *g, uint32_t off, uint32_t size)
{
	struct crx_super s = get_super(g);

	s.flags |= CRX_FLAG_SHIFTED_ROOT_OFFSET;
	s.root.off = off;
	s.root.size = size;
	put_super(g, &s);
}

SPOIL(root_off_0)
{
	set_root(g, 0, 100);
	UNUSED;
}
SPOIL(root_beyond)
{
	set_root(g, CRX_INODE_OFF_MAX, CRX_SIZE_MAX);
	UNUSED;
}
SPOIL(root_in_super)
{
	set_root(g, 16, 200);
	UNUSED;
}
SPOIL(root_at_end)
{
	set_root(g, (uint32_t)g->len - 8, 12);
	UNUSED;
}
SPOIL(root_huge)
{
	set_root(g, 76, CRX_SIZE_MAX);
	UNUSED;
}
SPOIL(root_size_odd)
{
	set_root(g, 76, 77);
	UNUSED;
}

/* ---- entries ---- */
static void set_namelen(struct forge *g, uint64_t entry, uint8_t namelen4)
{
	struct crx_inode in = get_inode(g, entry);

	in.namelen4 = namelen4;
	put_inode(g, entry, in);
}

SPOIL(name_len_0)
{
	set_namelen(g, b->entry[RUN], 0);
}
SPOIL(name_len_max)
{
	set_namelen(g, b->entry[RUN], 63);
}
SPOIL(name_all_nul)
{
	memset(g->data + b->entry[RUN] + 12, 0, 4);
}
SPOIL(name_nul_inside)
{
	g->data[b->entry[RUN] + 13] = 0;
}
SPOIL(type_0)
{
	struct crx_inode in = get_inode(g, b->entry[RUN]);
	in.mode = 0777;
	put_inode(g, b->entry[RUN], in);
}
SPOIL(dir_of_itself)
{
	set_extent(g, b->entry[DIR - DIR], 76, get_super(g).root.size);
}
SPOIL(dir_of_parent_run)
{
	struct crx_inode in = get_inode(g, b->entry[RUN]);
	in.mode = S_IFDIR | 0755;
	put_inode(g, b->entry[RUN], in);
}
SPOIL(dir_off_0)
{
	set_extent(g, b->entry[0], 0, 40);
}
SPOIL(dir_beyond)
{
	set_extent(g, b->entry[0], CRX_INODE_OFF_MAX, 40);
}
SPOIL(dir_cut)
{
	set_extent(g, b->entry[0], (uint32_t)b->sub_entry, 13);
}
SPOIL(device_with_data)
{
	struct crx_inode in = get_inode(g, b->entry[RUN]);
	in.mode = S_IFCHR | 0600;
	put_inode(g, b->entry[RUN], in);
}

/* 4096 levels, each a directory of one entry, the last one the first again */
SPOIL(deep)
{
	struct crx_inode dir = { .mode = S_IFDIR | 0755, .size = 16 };
	uint64_t off = 1024, end = 15 * PAGE;

	set_extent(g, b->entry[0], 1024, 16);
	for (; off + 16 <= end; off += 16) {
		memset(g->data + off, 0, 16);
		dir.off = off + 32 <= end ? (uint32_t)off + 16 : 1024;
		forge_entry(g, off, "d", dir);
	}
}

/* two entries a level, both the same directory below: 2^n paths */
SPOIL(doubling)
{
	struct crx_inode dir = { .mode = S_IFDIR | 0755, .size = 32 };
	uint64_t off = 1024;

	set_extent(g, b->entry[0], 1024, 32);
	for (; off + 64 <= 15 * PAGE; off += 32) {
		memset(g->data + off, 0, 32);
		dir.off = (uint32_t)off + 32;
		forge_entry(g, off, "a", dir);
		forge_entry(g, off + 16, "b", dir);
	}
	memset(g->data + off, 0, 32);
	dir.off = dir.size = 0;
	forge_entry(g, off, "a", dir);
	forge_entry(g, off + 16, "b", dir);
}

/* ---- tables and blocks; "run" is the last file that is looked at in the root ---- */
static void set_run(struct forge *g, const struct forge_base *b, uint32_t off, uint32_t size)
{
	set_extent(g, b->entry[RUN], off, size);
}

static void set_pointers(struct forge *g, const struct forge_base *b, uint32_t p0, uint32_t p1,
			 uint32_t p2)
{
	forge_put32(g, b->run_table, p0);
	forge_put32(g, b->run_table + 4, p1);
	forge_put32(g, b->run_table + 8, p2);
}

SPOIL(table_off_0)
{
	set_run(g, b, 0, 100);
}
SPOIL(table_beyond)
{
	set_run(g, b, CRX_INODE_OFF_MAX, CRX_SIZE_MAX);
}
SPOIL(table_at_end)
{
	set_run(g, b, (uint32_t)g->len - 4, CRX_SIZE_MAX);
}
SPOIL(file_huge)
{
	set_run(g, b, (uint32_t)b->run_table, CRX_SIZE_MAX);
}
SPOIL(pointers_all_ones)
{
	set_pointers(g, b, 0xffffffffu, 0xffffffffu, 0xffffffffu);
}
SPOIL(pointers_0)
{
	set_pointers(g, b, 0, 0, 0);
}
SPOIL(plain_backwards)
{
	set_pointers(g, b, 5000, 4000, 3000);
}
SPOIL(plain_too_long)
{
	set_pointers(g, b, (uint32_t)b->run_table + 12 + 2 * PAGE + 1, 0, 0);
}
SPOIL(stored_too_long)
{
	set_pointers(g, b, forge_ptr_stored(b->run_table + 12 + PAGE + 1), 0, 0);
}
SPOIL(plain_at_1g)
{
	set_pointers(g, b, 0x3fffffffu, 0x3fffffffu, 0x3fffffffu);
}
SPOIL(header_at_end)
{
	set_pointers(g, b, forge_ptr_direct(g->len - 4), forge_ptr_direct(g->len), 0x3fffffffu);
	forge_put16(g, g->len - 4, 0xffff);
}
SPOIL(header_cut)
{
	g->len -= 3;
	set_pointers(g, b, forge_ptr_direct(g->len - 1), 0, 0);
}
SPOIL(direct_at_4g)
{
	set_pointers(g, b, forge_ptr_direct(0xfffffffcu), 0x3fffffffu, forge_ptr_run(0xfffffffcu));
}
SPOIL(run_at_4g)
{
	set_pointers(g, b, forge_ptr_run(0xfffff000u), forge_ptr_run(0), forge_ptr_run(PAGE));
}
SPOIL(run_at_end)
{
	set_pointers(g, b, forge_ptr_run(15 * PAGE), forge_ptr_run(16 * PAGE),
		     forge_ptr_run(17 * PAGE));
}
SPOIL(run_misaligned)
{
	set_pointers(g, b, forge_ptr_run(b->run + 4), forge_ptr_run(b->run + 4 + PAGE),
		     forge_ptr_run(b->run + 4 + 2 * PAGE));
}
SPOIL(run_tail_cut)
{
	set_pointers(g, b, forge_ptr_run(13 * PAGE), forge_ptr_run(14 * PAGE),
		     forge_ptr_run(15 * PAGE));
	g->len = 15 * PAGE + 100;
}
SPOIL(run_over_super)
{
	set_pointers(g, b, forge_ptr_run(0), forge_ptr_run(PAGE), forge_ptr_run(2 * PAGE));
}
SPOIL(link_huge)
{
	set_extent(g, b->entry[LINK], (uint32_t)b->link_table, CRX_SIZE_MAX);
}
SPOIL(run_and_dir)
{
	set_run(g, b, (uint32_t)b->sub_entry, 100);
}

/* ---- streams; of "run", block 0 is direct compressed in the last page ---- */
static void set_stream(struct forge *g, const struct forge_base *b, const void *bytes, size_t len)
{
	uint64_t off = 15 * PAGE;

	memset(g->data + off, 0, PAGE);
	forge_put16(g, off, (uint16_t)len);
	forge_bytes(g, off + 2, bytes, len);
	set_pointers(g, b, forge_ptr_direct(off), (uint32_t)(off + 2 + len),
		     (uint32_t)(off + 2 + len));
}

SPOIL(stream_noise)
{
	uint8_t n[100];
	forge_pattern(n, sizeof(n), 99);
	set_stream(g, b, n, sizeof(n));
}
SPOIL(stream_one_byte)
{
	set_stream(g, b, "\x78", 1);
}
SPOIL(stream_dictionary)
{
	set_stream(g, b, "\x78\xbb\0\0\0\1\3\0\0\0\0\1", 12);
}
SPOIL(stream_empty)
{
	set_stream(g, b, "\x78\x9c\3\0\0\0\0\1", 8);
}
SPOIL(stream_far_back)
{
	set_stream(g, b, "\x78\x9c\x03\x7e\0\0\0\0\0\1", 10);
}

/* 78 9c, one byte of a fixed block, then matches of 258 bytes at distance 1 */
SPOIL(stream_bomb)
{
	static const uint8_t bomb[] = { 0x78, 0x9c, 0xed, 0xc1, 0x01, 0x01, 0x00, 0x00,
					0x00, 0x80, 0x90, 0xfe, 0xaf, 0xee, 0x08, 0x0a };

	set_stream(g, b, bomb, sizeof(bomb));
}

SPOIL(stream_page_and_one)
{
	uint64_t off = 14 * PAGE;
	size_t len = forge_direct(g, off, PAGE + 1, 3);

	set_pointers(g, b, forge_ptr_direct(off), (uint32_t)(off + len), (uint32_t)(off + len));
}

/* clang-format off */
#define CASE(spoil, says, finds) { #spoil, spoil, says, finds }
/* clang-format on */
const struct nasty_case nasty_cases[] = {
	CASE(nothing, "", ""),
	CASE(empty, "no cramfs superblock", "no-image"),
	CASE(half_super, "no cramfs superblock", "no-image"),
	CASE(only_super, "outside the image", "truncated dirent"),
	CASE(cut_in_entries, "unreadable entry", "truncated dirent dirent-tail"),
	CASE(cut_in_name, "unreadable entry", "truncated dirent"),
	CASE(cut_in_data, "out of bounds", "truncated block-outside table-outside"),
	CASE(cut_in_run, "out of bounds", "truncated block-outside"),
	CASE(no_magic, "no cramfs superblock", "no-image"),
	CASE(unknown_flags, "unsupported filesystem features", "flags"),
	CASE(size_0, "unreadable entry", "size dirent-tail table-outside"),
	CASE(size_max, "", "truncated"),
	CASE(version_1, "", ""),
	CASE(root_is_file, "root is not a directory", "root-type"),
	CASE(root_elsewhere, "bad root offset", "root-offset"),
	CASE(root_off_0, "no offset", "no-data dirent"),
	CASE(root_beyond, "outside the image", "dirent"),
	CASE(root_in_super, "NUL", "dirent"),
	CASE(root_at_end, "outside the image", "dirent"),
	CASE(root_huge, "without a name", "dirent"),
	CASE(root_size_odd, "end of its directory", "dirent"),
	CASE(name_len_0, "without a name", "dirent"),
	CASE(name_len_max, "end of its directory", "dirent"),
	CASE(name_all_nul, "without a name", "dirent"),
	CASE(name_nul_inside, "NUL", "dirent"),
	CASE(type_0, "", "type"),
	CASE(dir_of_itself, "directory seen before", "dir-cycle"),
	CASE(dir_of_parent_run, "a directory entry with", "dirent"),
	CASE(dir_off_0, "no offset", "no-data"),
	CASE(dir_beyond, "outside the image", "dirent"),
	CASE(dir_cut, "end of its directory", "dirent"),
	CASE(device_with_data, "", ""),
	CASE(deep, "bad data blocksize", "dir-cycle"),
	CASE(doubling, "bad data blocksize", "dir-shared"),
	CASE(table_off_0, "", "no-data"),
	CASE(table_beyond, "bad data blocksize", "table-outside"),
	CASE(table_at_end, "bad data blocksize", "table-outside"),
	CASE(file_huge, "bad data blocksize", "table-overlap block-length"),
	CASE(pointers_all_ones, "", "block-outside"),
	CASE(pointers_0, "bad data blocksize", "block-length"),
	CASE(plain_backwards, "bad data blocksize", "block-length"),
	CASE(plain_too_long, "bad data blocksize", "block-length"),
	CASE(stored_too_long, "bad data blocksize", "block-length"),
	CASE(plain_at_1g, "bad data blocksize", "block-length"),
	CASE(header_at_end, "bad data blocksize", "block-length"),
	CASE(header_cut, "out of bounds", "truncated block-outside"),
	CASE(direct_at_4g, "error while decompressing", "block-outside"),
	CASE(run_at_4g, "out of bounds", "block-outside"),
	CASE(run_at_end, "out of bounds", "block-outside"),
	CASE(run_misaligned, "", ""),
	CASE(run_tail_cut, "out of bounds", "truncated"),
	CASE(run_over_super, "", "block-overlap"),
	CASE(link_huge, "bad data blocksize", "symlink-long table-overlap"),
	CASE(run_and_dir, "bad data blocksize", "shared-inode"),
	CASE(stream_noise, "error while decompressing", "block-stream"),
	CASE(stream_one_byte, "error while decompressing", "block-stream"),
	CASE(stream_dictionary, "error while decompressing", "block-stream"),
	CASE(stream_empty, "", ""),
	CASE(stream_far_back, "error while decompressing", "block-stream"),
	CASE(stream_bomb, "error while decompressing", "block-stream"),
	CASE(stream_page_and_one, "error while decompressing", "block-stream"),
};
const size_t nasty_ncases = sizeof(nasty_cases) / sizeof(nasty_cases[0]);

void nasty_make(const struct nasty_case *c, enum crx_order order, struct forge *g)
{
	struct forge_base b;

	forge_base(g, &b, order, PAGE);
	c->spoil(g, &b);
	forge_seal(g);
}
