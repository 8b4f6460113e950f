/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutations of images: besides libFuzzer's own, whole images of tests/kernel/differ_make.c and
 * tests/nasty, and single fields of superblock, inodes and pointers, which are decoded, changed and
 * encoded by lib/format. The CRC is mostly made right.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "comp/comp.h"
#include "fuzz.h"
#include "read/walk.h"
#include "tests/kernel/differ_make.h"
#include "tests/nasty/cases.h"
#include "tests/unit/elf_make.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t cap, unsigned seed);

struct mutation {
	uint8_t *data;
	size_t len;
	struct differ_rng rng;
	struct crx_image img;
	struct crx_listing l;
};

static uint32_t pick(struct mutation *m, uint32_t n)
{
	return differ_random(&m->rng, n);
}

/* Takes g with it. */
static size_t take_image(struct forge *g, uint8_t *data, size_t cap)
{
	size_t len = g->len < cap ? g->len : cap;

	memcpy(data, g->data, len);
	forge_free(g);
	return len;
}

static size_t new_image(struct mutation *m, size_t cap)
{
	static const uint32_t page[] = { 4096, 4096, 8192, 16384 };
	struct differ_target target = {
		.page_size = page[pick(m, 4)],
		.order = pick(m, 2) ? CRX_ORDER_BIG : CRX_ORDER_LITTLE,
	};
	static struct differ_image made; /* large */
	struct forge_base b;

	switch (pick(m, 4)) {
	case 0:
		nasty_make(&nasty_cases[pick(m, (uint32_t)nasty_ncases)], target.order, &made.g);
		break;
	case 1:
		forge_base(&made.g, &b, target.order, target.page_size);
		break;
	default:
		differ_make(differ_classes[pick(m, (uint32_t)differ_nclasses)], &target, &m->rng,
			    &made);
		break;
	}
	return take_image(&made.g, m->data, cap);
}

/* A value that may matter where v is now. */
static uint32_t other_value(struct mutation *m, uint32_t v)
{
	uint32_t page = m->img.page_size, len = (uint32_t)m->len;

	switch (pick(m, 12)) {
	case 0:
		return 0;
	case 1:
		return UINT32_MAX;
	case 2:
		return v + 1 + pick(m, 8);
	case 3:
		return v - 1 - pick(m, 8);
	case 4:
		return v ^ 1u << pick(m, 32);
	case 5:
		return len - pick(m, 280);
	case 6:
		return pick(m, len);
	case 7:
		return (v & CRX_BLK_FLAGS) | pick(m, len);
	case 8:
		return (v & ~CRX_BLK_FLAGS) | pick(m, 4) << 30;
	case 9:
		return page * pick(m, 8) - pick(m, 3);
	case 10:
		return v / page * page + page;
	default:
		return v + page;
	}
}

static void change_super(struct mutation *m)
{
	struct crx_super *s = &m->img.super;

	switch (pick(m, 8)) {
	case 0:
		s->flags ^= 1u << pick(m, 13);
		break;
	case 1:
		s->size = other_value(m, s->size);
		break;
	case 2:
		s->blocks = other_value(m, s->blocks);
		break;
	case 3:
		s->files = other_value(m, s->files);
		break;
	case 4:
		s->root.off = other_value(m, s->root.off) & ~3u;
		break;
	case 5:
		s->root.size = other_value(m, s->root.size);
		break;
	case 6:
		s->root.mode = (uint16_t)other_value(m, s->root.mode);
		break;
	default:
		s->flags ^= CRX_FLAG_EXT_BLOCK_POINTERS;
		break;
	}
	crx_super_encode(s, m->img.order, m->data + m->img.super_off);
}

static void change_inode(struct mutation *m, struct crx_inode *in)
{
	static const uint16_t types[] = { S_IFREG, S_IFDIR, S_IFLNK, S_IFCHR, S_IFIFO, 0 };
	const struct crx_inode *other = &m->l.entry[pick(m, (uint32_t)m->l.n)].de.inode;

	switch (pick(m, 8)) {
	case 0:
		in->size = other_value(m, in->size);
		break;
	case 1:
		in->off = other_value(m, in->off) & CRX_INODE_OFF_MAX;
		break;
	case 2:
		in->namelen4 = (uint8_t)(in->namelen4 + pick(m, 5) - 2);
		break;
	case 3:
		in->mode = (uint16_t)(types[pick(m, 6)] | 0755);
		break;
	case 4: /* the same data */
		in->off = other->off;
		break;
	case 5:
		in->off = other->off;
		in->size = other->size;
		break;
	case 6:
		in->uid = (uint16_t)(in->uid + 1);
		break;
	default:
		in->size = other->size;
		break;
	}
}

static void change_pointer(struct mutation *m, const struct crx_inode *in)
{
	uint32_t n = in->size / m->img.page_size + 1, i = pick(m, n), v, other;

	if (!crx_image_pointer(&m->img, in->off, i, &v))
		return;
	if (pick(m, 3) == 0 && crx_image_pointer(&m->img, in->off, pick(m, n), &other))
		v = other;
	else
		v = other_value(m, v);
	crx_put32(m->data + in->off + 4 * (size_t)i, v, m->img.order);
}

/* An executable where the file's first block is, if that is kept as it is. */
static void put_executable(struct mutation *m, const struct crx_inode *in)
{
	struct elf_make e;
	uint32_t ptr;
	uint64_t off;

	if (!crx_image_pointer(&m->img, in->off, 0, &ptr) || (ptr & CRX_BLK_FLAGS) != CRX_BLK_FLAGS)
		return;
	off = (uint64_t)(ptr & ~CRX_BLK_FLAGS) << CRX_BLK_DIRECT_SHIFT;
	elf_make_sample(&e, (int)pick(m, 2), (int)pick(m, 2));
	elf_set(&e, P_FILESZ, 2, in->size);
	elf_set(&e, P_MEMSZ, 2, in->size);
	if (off < m->len && m->len - off >= e.len && in->size >= e.len)
		memcpy(m->data + off, e.bytes, e.len);
}

static void change_entry(struct mutation *m)
{
	const struct crx_entry *e = &m->l.entry[pick(m, (uint32_t)m->l.n)];
	struct crx_inode in = e->de.inode;

	if (!e->parent)
		return;
	switch (pick(m, 4)) {
	case 0:
		m->data[e->de.off + CRX_INODE_LEN + pick(m, 4)] = (uint8_t)other_value(m, 'a');
		break;
	case 1:
		change_inode(m, &in);
		crx_inode_encode(&in, m->img.order, m->data + e->de.off);
		break;
	case 2:
		change_pointer(m, &in);
		break;
	default:
		if (S_ISREG(in.mode) && pick(m, 4) == 0)
			put_executable(m, &in);
		else
			change_pointer(m, &in);
		break;
	}
}

/* The right CRC for what super.size says. */
static void seal(struct mutation *m)
{
	uint8_t *crc = m->data + m->img.super_off + CRX_SUPER_OFF_CRC;
	uint64_t size = m->img.super.size;

	if (size < CRX_SUPER_LEN || size > m->len - m->img.super_off)
		return;
	memset(crc, 0, 4);
	crx_put32(crc, crx_crc32(0, m->data + m->img.super_off, size), m->img.order);
}

static void change_image(struct mutation *m)
{
	uint32_t n = 1 + pick(m, 3);

	while (n--) {
		if (!m->l.n || pick(m, 8) == 0)
			change_super(m);
		else
			change_entry(m);
	}
	if (pick(m, 5))
		seal(m);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t cap, unsigned seed)
{
	static const uint32_t page[] = { 4096, 4096, 4096, 8192, 16384 };
	struct mutation m = { .data = data, .len = len, .rng = { seed } };
	struct crx_err err = CRX_ERR_INIT;
	uint32_t how = pick(&m, 10);

	if (how == 0)
		return new_image(&m, cap);
	if (how < 4)
		return LLVMFuzzerMutate(data, len, cap);
	if (crx_image_view(&m.img, data, len, page[pick(&m, 5)], &err) < 0)
		return pick(&m, 2) ? new_image(&m, cap) : LLVMFuzzerMutate(data, len, cap);
	if (!crx_listing_read(&m.img, &m.l, &err))
		change_image(&m);
	crx_listing_free(&m.l);
	crx_image_close(&m.img);
	return len;
}
