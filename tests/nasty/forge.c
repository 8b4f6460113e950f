/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "forge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comp/comp.h"

static void die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(99);
}

static uint8_t *at(struct forge *g, uint64_t off, size_t len)
{
	if (len > g->len || off > g->len - len)
		die("a forged image is too small for what goes into it");
	return g->data + off;
}

void forge_init(struct forge *g, enum crx_order order, uint32_t page, size_t len)
{
	*g = (struct forge){ .len = len, .order = order, .page = page };
	g->data = calloc(len ? len : 1, 1);
	if (!g->data)
		die("out of memory");
}

static void drop_guarded(struct forge *g)
{
	if (g->guarded)
		munmap(g->guarded, g->guarded_len);
	g->guarded = NULL;
}

void forge_free(struct forge *g)
{
	drop_guarded(g);
	free(g->data);
	*g = (struct forge){ 0 };
}

void forge_super(struct forge *g, uint64_t off, uint32_t flags, const struct crx_inode *root)
{
	struct crx_super s = {
		.magic = CRX_MAGIC,
		.size = (uint32_t)g->len,
		.flags = flags,
		.files = 1,
		.root = *root,
	};

	memcpy(s.signature, CRX_SIGNATURE, sizeof(s.signature));
	memcpy(s.name, "forged", 6);
	crx_super_encode(&s, g->order, at(g, off, CRX_SUPER_LEN));
}

void forge_seal(struct forge *g)
{
	struct crx_super s;

	if (g->len < CRX_SUPER_LEN)
		return;
	crx_super_decode(g->data, g->order, &s);
	if (s.magic != CRX_MAGIC || s.size < CRX_SUPER_LEN || s.size > g->len)
		return;
	forge_put32(g, CRX_SUPER_OFF_CRC, 0);
	forge_put32(g, CRX_SUPER_OFF_CRC, crx_crc32(0, g->data, s.size));
}

uint64_t forge_entry(struct forge *g, uint64_t off, const char *name, struct crx_inode inode)
{
	size_t len = strlen(name);

	inode.namelen4 = (uint8_t)((len + 3) / 4);
	crx_inode_encode(&inode, g->order, at(g, off, CRX_INODE_LEN));
	memcpy(at(g, off + CRX_INODE_LEN, inode.namelen4 * 4u), name, len);
	return off + CRX_INODE_LEN + inode.namelen4 * 4u;
}

void forge_put32(struct forge *g, uint64_t off, uint32_t v)
{
	crx_put32(at(g, off, 4), v, g->order);
}

void forge_put16(struct forge *g, uint64_t off, uint16_t v)
{
	crx_put16(at(g, off, 2), v, g->order);
}

void forge_bytes(struct forge *g, uint64_t off, const void *data, size_t len)
{
	memcpy(at(g, off, len), data, len);
}

void forge_pattern(uint8_t *out, size_t len, unsigned seed)
{
	uint32_t x = seed * 2654435761u + 1;
	size_t i;

	for (i = 0; i < len; i++) {
		x = x * 1664525u + 1013904223u;
		out[i] = x >> 24 ? (uint8_t)(x >> 24) : 1; /* does not shrink; never zero */
	}
}

void forge_fill(struct forge *g, uint64_t off, size_t len, unsigned seed)
{
	forge_pattern(at(g, off, len), len, seed);
}

size_t forge_stream(struct forge *g, uint64_t off, size_t len, unsigned seed)
{
	size_t stream_len = crx_comp_stored_len(len);
	uint8_t *data = malloc(len + 1);

	if (!data)
		die("out of memory");
	forge_pattern(data, len, seed);
	crx_comp_stored(data, len, at(g, off, stream_len));
	free(data);
	return stream_len;
}

size_t forge_direct(struct forge *g, uint64_t off, size_t len, unsigned seed)
{
	size_t stream_len = forge_stream(g, off + CRX_DIRECT_HDR_LEN, len, seed);

	forge_put16(g, off, (uint16_t)stream_len);
	return CRX_DIRECT_HDR_LEN + stream_len;
}

uint32_t forge_ptr_run(uint64_t off)
{
	return CRX_BLK_DIRECT | CRX_BLK_UNCOMPRESSED | (uint32_t)(off >> CRX_BLK_DIRECT_SHIFT);
}

uint32_t forge_ptr_direct(uint64_t off)
{
	return CRX_BLK_DIRECT | (uint32_t)(off >> CRX_BLK_DIRECT_SHIFT);
}

uint32_t forge_ptr_stored(uint64_t end)
{
	return CRX_BLK_UNCOMPRESSED | (uint32_t)end;
}

int forge_view(struct forge *g, struct crx_image *img, struct crx_err *err)
{
	size_t unit = (size_t)sysconf(_SC_PAGESIZE);
	size_t whole = (g->len + unit - 1) / unit * unit;
	uint8_t *p;

	drop_guarded(g);
	p = mmap(NULL, whole + unit, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED || mprotect(p + whole, unit, PROT_NONE) < 0)
		die("no memory for a guarded copy");
	g->guarded = p;
	g->guarded_len = whole + unit;
	memcpy(p + whole - g->len, g->data, g->len);
	return crx_image_view(img, p + whole - g->len, g->len, g->page, err);
}

uint32_t forge_direct_len(uint32_t page)
{
	return page < 60000 ? page : 60000;
}

/*
 * "plain": stream, hole, stored block, short stream. "run": two pages and a
 * tail. "dir/direct": direct stream, the block that follows it, a run page,
 * what follows that.
 */
static uint64_t base_tables(struct forge *g, struct forge_base *b, uint64_t off)
{
	uint32_t p = g->page;
	uint64_t at_off;

	b->hole_table = off;
	forge_put32(g, off, (uint32_t)(off + 8));
	forge_put32(g, off + 4, (uint32_t)(off + 8));
	off += 8;
	b->link_table = off;
	off += 4 + forge_stream(g, off + 4, 9, 1);
	forge_put32(g, b->link_table, (uint32_t)off);
	b->plain_table = off = (off + 3) & ~(uint64_t)3;
	at_off = off + 16 + forge_stream(g, off + 16, p, 2);
	forge_put32(g, off, (uint32_t)at_off);
	forge_put32(g, off + 4, (uint32_t)at_off);
	forge_fill(g, at_off, p, 3);
	forge_put32(g, off + 8, forge_ptr_stored(at_off + p));
	at_off += p + forge_stream(g, at_off + p, 100, 4);
	forge_put32(g, off + 12, (uint32_t)at_off);
	b->run_table = off = (at_off + 3) & ~(uint64_t)3;
	b->direct_table = off + 12;
	at_off = off + 12 + 16;
	forge_put32(g, b->direct_table, forge_ptr_direct(at_off));
	at_off += forge_direct(g, at_off, forge_direct_len(p), 5);
	at_off += forge_stream(g, at_off, p, 6);
	forge_put32(g, b->direct_table + 4, (uint32_t)at_off);
	return at_off;
}

static void base_runs(struct forge *g, struct forge_base *b, uint64_t off)
{
	uint32_t p = g->page, i;

	b->run = off = (off + p - 1) / p * p;
	for (i = 0; i < 3; i++)
		forge_put32(g, b->run_table + i * 4u, forge_ptr_run(off + (uint64_t)i * p));
	forge_fill(g, off, 2 * p + 100, 7);
	off += 3 * (uint64_t)p;
	forge_fill(g, off, 2 * p, 8);
	forge_put32(g, b->direct_table + 8, forge_ptr_run(off));
	forge_put32(g, b->direct_table + 12, forge_ptr_stored(off + 2 * (uint64_t)p));
	b->end = off + 2 * (uint64_t)p;
}

void forge_base(struct forge *g, struct forge_base *b, enum crx_order order, uint32_t page)
{
	struct crx_inode dir = { .mode = S_IFDIR | 0755, .off = FORGE_ROOT };
	struct crx_inode file = { .mode = S_IFREG | 0644, .uid = 1000, .gid = 100 };
	uint64_t off = 1024; /* the entries have room */
	uint64_t sub = 512;

	forge_init(g, order, page, 16 * (size_t)page);
	base_runs(g, b, base_tables(g, b, off));
	b->entry[0] = FORGE_ROOT;
	b->sub_entry = sub;
	file.off = (uint32_t)b->direct_table;
	file.size = 4 * page;
	off = forge_entry(g, sub, "direct", file);
	b->entry[1] = forge_entry(g, FORGE_ROOT, "dir",
				  (struct crx_inode){ .mode = S_IFDIR | 0755,
						      .off = (uint32_t)sub,
						      .size = (uint32_t)(off - sub) });
	file.off = (uint32_t)b->hole_table;
	file.size = page + 1;
	b->entry[2] = forge_entry(g, b->entry[1], "hole", file);
	b->entry[3] = forge_entry(g, b->entry[2], "link",
				  (struct crx_inode){ .mode = S_IFLNK | 0777,
						      .off = (uint32_t)b->link_table,
						      .size = 9 });
	file.off = (uint32_t)b->plain_table;
	file.size = 3 * page + 100;
	b->entry[4] = forge_entry(g, b->entry[3], "plain", file);
	file.off = (uint32_t)b->run_table;
	file.size = 2 * page + 100;
	file.mode = S_IFREG | 0755;
	dir.size = (uint32_t)(forge_entry(g, b->entry[4], "run", file) - FORGE_ROOT);
	forge_super(g, 0,
		    CRX_FLAG_FSID_VERSION_2 | CRX_FLAG_SORTED_DIRS | CRX_FLAG_HOLES |
			    CRX_FLAG_EXT_BLOCK_POINTERS,
		    &dir);
}
