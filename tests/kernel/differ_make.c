/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each class is a good image of files that use all kinds of pointers, with
 * something of the class's kind made odd or wrong, in the byte order and for the
 * page size of the machine that they are for.
 */
#include "config.h"
#include "differ_make.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "comp/comp.h"

enum { ENTRIES = 12, ENTRIES_ROOM = 1500, TEXT_MAX = 3 * DIFFER_PAGE_MAX };

struct entry {
	char name[CRX_DIRENT_NAME_MAX];
	size_t len;
	struct crx_inode in;
	uint32_t table; /* pointers at in.off, 0 for none */
};

struct draft {
	struct differ_rng *r;
	struct differ_image *out;
	struct forge *g;
	const char *class;
	uint32_t page;
	uint64_t super;        /* where it stands */
	uint64_t low, low_end; /* free for entries, tables, streams */
	uint64_t high;         /* free for runs, to the end */
	struct entry list[ENTRIES];
	size_t n;
	bool sorted;
};

uint32_t differ_random(struct differ_rng *r, uint32_t n)
{
	r->state = r->state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((r->state >> 33) % n);
}

static uint32_t rnd(struct draft *d, uint32_t n)
{
	return differ_random(d->r, n);
}

static bool chance(struct draft *d, uint32_t percent)
{
	return rnd(d, 100) < percent;
}

static bool is(const struct draft *d, const char *class)
{
	return !strcmp(d->class, class);
}

static uint32_t any32(struct draft *d)
{
	return rnd(d, 65536) << 16 | rnd(d, 65536);
}

static uint64_t up(uint64_t n, uint32_t to)
{
	return (n + to - 1) / to * to;
}

/* ---- streams ---- */

static void make_text(struct draft *d, uint8_t *p, size_t len)
{
	unsigned letters = 1 + rnd(d, 40);
	size_t i;

	if (chance(d, 30)) {
		forge_pattern(p, len, rnd(d, 1000));
		return;
	}
	for (i = 0; i < len; i++)
		p[i] = (uint8_t)('a' + rnd(d, letters));
}

/* A sound zlib stream of len bytes; its length, or 0 where cap is too small. */
static size_t sound_stream(struct draft *d, uint8_t *dst, size_t cap, size_t len)
{
	const struct crx_comp_backend *const *backends = crx_comp_backends();
	const struct crx_comp_backend *b;
	uint8_t text[TEXT_MAX];
	size_t n = 0, used;
	void *c;

	make_text(d, text, len);
	while (backends[n])
		n++;
	b = backends[rnd(d, (uint32_t)n)];
	c = b->create(b->level_min + (int)rnd(d, (uint32_t)(b->level_default - b->level_min + 1)));
	used = c ? b->compress(c, text, len, dst, cap) : 0;
	if (c)
		b->destroy(c);
	return used;
}

/* One wrong thing about the stream of used bytes at off; its new length. */
static size_t spoil_stream(struct draft *d, uint64_t off, size_t used, size_t cap)
{
	uint8_t *p = d->g->data + off;
	uint8_t windows = (uint8_t)(rnd(d, 9) << 4 | 8);

	switch (rnd(d, 10)) {
	case 0:
		p[rnd(d, (uint32_t)used)] ^= (uint8_t)(1u << rnd(d, 8));
		break;
	case 1:
		used -= 1 + rnd(d, used > 8 ? 8 : (uint32_t)used - 1);
		break;
	case 2:
		used += rnd(d, 64);
		break;
	case 3:
		p[used - 1 - rnd(d, 4)]++;
		break;
	case 4:
		used = 0;
		break;
	case 5:
		used = 2 * d->page;
		break;
	case 6:
		used = 2 * d->page + 1;
		break;
	case 7:
		forge_pattern(p, used, any32(d));
		break;
	case 8: /* another window size, with its check bits */
		p[0] = windows;
		p[1] = (uint8_t)(31 - windows * 256u % 31);
		break;
	default:
		p[1] |= 0x20;
		break; /* a preset dictionary, or wrong check bits */
	}
	return used < cap ? used : cap;
}

/* Where the block may extend to. */
static uint64_t room_at(const struct draft *d, uint64_t off)
{
	return off <= d->low_end ? d->low_end - off : d->g->len - off;
}

/* A stream at off for len bytes of a file: what the pointers will say of its
 * length. 0: no room. */
static size_t put_stream(struct draft *d, uint64_t off, size_t len)
{
	size_t cap = (size_t)room_at(d, off), used;
	bool spoilt = is(d, "stream") && chance(d, 50);

	if (spoilt && chance(d, 25))
		len = rnd(d, 2) ? d->page + 1 + rnd(d, d->page) : 1 + rnd(d, (uint32_t)len);
	used = sound_stream(d, d->g->data + off, cap, len);
	if (used && spoilt)
		used = spoil_stream(d, off, used, cap);
	return used;
}

/* ---- tables ---- */

struct table {
	uint64_t off, prev; /* prev: where the kernel sees the block before end */
	uint32_t i, n, size;
	bool in_run;
};

/* Behind what comes before: may the block stand there? */
static bool at_frontier(const struct draft *d, const struct table *t)
{
	return t->prev == d->low || t->prev == d->high;
}

static void advance(struct draft *d, struct table *t, uint64_t end)
{
	if (t->prev == d->low)
		d->low = end;
	else
		d->high = end;
	t->prev = end;
}

static uint32_t put_plain(struct draft *d, struct table *t, size_t len)
{
	size_t used = at_frontier(d, t) ? put_stream(d, t->prev, len) : 0;

	if (used)
		advance(d, t, t->prev + used);
	return (uint32_t)t->prev;
}

static uint32_t put_stored(struct draft *d, struct table *t, size_t len)
{
	if (!at_frontier(d, t) || room_at(d, t->prev) < len)
		return (uint32_t)t->prev;
	make_text(d, d->g->data + t->prev, len);
	advance(d, t, t->prev + len);
	return forge_ptr_stored(t->prev);
}

static uint32_t put_direct(struct draft *d, struct table *t, size_t len)
{
	uint64_t at = up(d->low, 4);
	size_t used;

	if (at + 64 > d->low_end)
		return (uint32_t)t->prev;
	used = put_stream(d, at + 2, len);
	forge_put16(d->g, at, (uint16_t)used);
	d->low = t->prev = at + 2 + used;
	return forge_ptr_direct(at);
}

static uint32_t put_run(struct draft *d, struct table *t, size_t len)
{
	uint64_t at = t->in_run && t->prev == d->high ? d->high : up(d->high, d->page);

	if (is(d, "run") && chance(d, 8))
		at += 4 * (uint64_t)rnd(d, 512);
	if (is(d, "run") && chance(d, 8))
		at += d->page;
	if (at % 4 || at + d->page > d->g->len)
		return put_direct(d, t, len);
	make_text(d, d->g->data + at, is(d, "run") && chance(d, 40) ? d->page : len);
	d->high = t->prev = at + d->page;
	t->in_run = true;
	return forge_ptr_run(at);
}

static uint32_t put_block(struct draft *d, struct table *t, uint32_t kind)
{
	uint32_t left = t->size - t->i * d->page;
	size_t len = left < d->page ? left : d->page;

	if (kind != 3)
		t->in_run = false;
	switch (kind) {
	case 0:
		return put_plain(d, t, len);
	case 1:
		return put_stored(d, t, len);
	case 2:
		return put_direct(d, t, len);
	case 3:
		return put_run(d, t, len);
	default:
		return (uint32_t)t->prev; /* a hole */
	}
}

static uint32_t odd_pointer(struct draft *d, uint32_t ptr)
{
	uint32_t flags = rnd(d, 4) << 30;

	switch (rnd(d, 12)) {
	case 0:
		return 0;
	case 1:
		return 0xffffffffu;
	case 2:
		return any32(d);
	case 3:
		return ptr ^ CRX_BLK_DIRECT;
	case 4:
		return ptr ^ CRX_BLK_UNCOMPRESSED;
	case 5:
		return ptr + rnd(d, 64);
	case 6:
		return ptr - rnd(d, 64);
	case 7:
		return ptr + 2 * d->page - 2 + rnd(d, 4);
	case 8:
		return flags | ((uint32_t)d->g->len - rnd(d, 16));
	case 9:
		return flags | ((uint32_t)d->g->len / 4 - rnd(d, 16) / 4);
	case 10:
		return flags | (0x3fffffffu - rnd(d, 3 * d->page / 4)); /* wraps */
	default:
		return flags | rnd(d, (uint32_t)d->g->len);
	}
}

static uint32_t random_size(struct draft *d)
{
	const uint32_t last[] = {
		1, 2, 100, d->page / 2, d->page - 4, d->page - 1, d->page, d->page
	};
	uint32_t pages = 1 + rnd(d, chance(d, 10) ? 7 : 3);

	if (chance(d, 5))
		return 0;
	return (pages - 1) * d->page + last[rnd(d, sizeof(last) / sizeof(last[0]))];
}

static void put_file(struct draft *d, struct entry *e)
{
	struct table t = { .size = random_size(d) };
	/* of one kind, as files of real images are, or mixed; the fifth is runs with other blocks
	 * after them */
	uint32_t style = rnd(d, 6), kind, ptr;

	e->in.size = t.size;
	t.n = (t.size + d->page - 1) / d->page;
	t.off = up(d->low, 4);
	if (!t.n || t.off + 4 * t.n + 64 > d->low_end) {
		e->in.size = 0;
		return;
	}
	e->in.off = (uint32_t)t.off;
	e->table = t.n;
	d->low = t.prev = t.off + 4 * t.n;
	for (t.i = 0; t.i < t.n; t.i++) {
		kind = style == 4   ? (t.i + 1 < t.n ? 3 : rnd(d, 4))
		       : style == 5 ? rnd(d, 5)
				    : style;
		if (is(d, "run") && chance(d, 70))
			kind = 3;
		if (is(d, "version1") && kind > 0)
			kind = 4 * rnd(d, 2);
		ptr = put_block(d, &t, kind);
		if (is(d, "table") && chance(d, 25))
			ptr = odd_pointer(d, ptr);
		forge_put32(d->g, t.off + 4 * t.i, ptr);
	}
}

static void put_link(struct draft *d, struct entry *e)
{
	uint64_t off = up(d->low, 4);
	size_t used;

	e->in.mode = S_IFLNK | 0777;
	if (off + 128 > d->low_end)
		return;
	e->in.size = 1 + rnd(d, 60);
	e->in.off = (uint32_t)off;
	used = put_stream(d, off + 4, e->in.size);
	e->table = 1;
	d->low = off + 4 + used;
	forge_put32(d->g, off, (uint32_t)d->low);
}

/* ---- directories ---- */

static size_t random_name(struct draft *d, char *name)
{
	size_t len = 1 + rnd(d, chance(d, 10) ? CRX_DIRENT_NAME_MAX : 6), i;

	for (i = 0; i < len; i++)
		name[i] = (char)(chance(d, 5) ? 0x80 + rnd(d, 120) : 'a' + rnd(d, 4));
	return len;
}

static void odd_name(struct draft *d, struct entry *e)
{
	switch (rnd(d, 7)) {
	case 0:
		e->name[rnd(d, (uint32_t)e->len)] = '\0';
		break;
	case 1:
		e->name[rnd(d, (uint32_t)e->len)] = '/';
		break;
	case 2:
		memset(e->name, 0, e->len);
		break;
	case 3:
		e->len = 0;
		break;
	case 4:
		memcpy(e->name, "..", 2);
		e->len = 1 + rnd(d, 2);
		break;
	case 5:
		if (d->n)
			memcpy(e->name, d->list[d->n - 1].name, e->len);
		break;
	default:
		e->len = CRX_DIRENT_NAME_MAX;
		memset(e->name, 'x', e->len);
		break;
	}
}

static struct entry *new_entry(struct draft *d)
{
	struct entry *e = &d->list[d->n];

	memset(e, 0, sizeof(*e));
	e->in = (struct crx_inode){
		.mode = (uint16_t)(S_IFREG | rnd(d, 4096)),
		.uid = (uint16_t)rnd(d, 65536),
		.gid = (uint8_t)rnd(d, 256),
	};
	e->len = random_name(d, e->name);
	if (is(d, "dir") && chance(d, 20))
		odd_name(d, e);
	d->n++;
	return e;
}

static void put_special(struct draft *d, struct entry *e)
{
	static const uint16_t types[] = { S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK };

	e->in.mode = (uint16_t)(types[rnd(d, 4)] | 0600);
	e->in.size = rnd(d, 65536);
	if (chance(d, 20))
		e->in.off = 4 * rnd(d, 5000); /* as some tools leave it */
}

/* The entry of another, with other metadata. */
static void put_shared(struct draft *d, struct entry *e)
{
	const struct entry *other = &d->list[rnd(d, (uint32_t)d->n)];
	static const uint16_t types[] = { S_IFREG, S_IFREG, S_IFLNK, S_IFDIR, S_IFCHR };

	if (e == other)
		return;
	e->in.off = other->in.off;
	e->in.size = chance(d, 60) ? other->in.size : random_size(d);
	e->table = other->table;
	if (chance(d, 50))
		e->in.mode = (uint16_t)(types[rnd(d, 5)] | rnd(d, 4096));
	if (chance(d, 10))
		e->in.off += 4;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	size_t len = x->len < y->len ? x->len : y->len;
	int order = memcmp(x->name, y->name, len);

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

static void remember(struct draft *d, const struct entry *e)
{
	struct differ_image *o = d->out;

	if (!e->len || o->nnames == DIFFER_NAMES || memchr(e->name, '/', e->len) ||
	    memchr(e->name, '\0', e->len))
		return;
	memcpy(o->name[o->nnames], e->name, e->len);
	o->name[o->nnames++][e->len] = '\0';
}

/* The entries of the list from first on, at off; what they are long. They are
 * taken out of the list. Nothing is written past end. */
static uint32_t put_dir(struct draft *d, size_t first, uint64_t off, uint64_t end)
{
	struct entry *e;
	uint64_t at = off, len;
	size_t i;

	if (d->sorted)
		qsort(&d->list[first], d->n - first, sizeof(*e), by_name);
	for (i = first; i < d->n; i++) {
		e = &d->list[i];
		len = up(e->len, 4);
		if (at + CRX_INODE_LEN + len > end)
			break;
		e->in.namelen4 = (uint8_t)(len / 4);
		if (is(d, "dir") && chance(d, 6))
			e->in.namelen4 = (uint8_t)rnd(d, 64);
		if (is(d, "dir") && chance(d, 6))
			e->in.mode = (uint16_t)any32(d);
		crx_inode_encode(&e->in, d->g->order, d->g->data + at);
		memcpy(d->g->data + at + CRX_INODE_LEN, e->name, e->len);
		remember(d, e);
		at += CRX_INODE_LEN + len;
	}
	d->n = first;
	return (uint32_t)(at - off);
}

static void put_entry(struct draft *d, int depth);

static void put_subdir(struct draft *d, struct entry *e, int depth)
{
	size_t first = d->n;
	uint64_t off;
	uint32_t i, n = rnd(d, 4);

	for (i = 0; i < n && d->n < ENTRIES; i++)
		put_entry(d, depth + 1);
	off = up(d->low, 4);
	e->in.mode = S_IFDIR | 0755;
	e->in.size = put_dir(d, first, off, d->low_end);
	e->in.off = e->in.size ? (uint32_t)off : 0;
	d->low = off + e->in.size;
	if (!is(d, "dir") || !chance(d, 30))
		return;
	switch (rnd(d, 5)) {
	case 0:
		e->in.size += 1 + rnd(d, 300);
		break;
	case 1:
		e->in.size -= e->in.size ? 1 + rnd(d, e->in.size) : 0;
		break;
	case 2:
		e->in.off = (uint32_t)d->super + CRX_SUPER_LEN;
		break; /* the root again */
	case 3:
		e->in.off = 4 * rnd(d, (uint32_t)d->g->len / 4 + 100);
		break;
	default:
		e->in.size = any32(d) & CRX_SIZE_MAX;
		break;
	}
}

static void put_entry(struct draft *d, int depth)
{
	struct entry *e = new_entry(d);
	uint32_t pick = rnd(d, 100);

	if ((is(d, "share") && d->n > 1 && chance(d, 50)))
		put_shared(d, e);
	else if (pick < 60)
		put_file(d, e);
	else if (pick < 70)
		put_link(d, e);
	else if (pick < 80 || depth > 1)
		put_special(d, e);
	else
		put_subdir(d, e, depth);
}

/* ---- images ---- */

static void odd_super(struct draft *d)
{
	struct crx_super s;
	uint32_t len = (uint32_t)d->g->len;
	/* not 0: that is the kernel's end, as doc/kernel.md says */
	const uint32_t sizes[] = { len - 4, len / 2, len + 1,  len + d->page, 1,           76,
				   264,     d->page, 1u << 28, 0xffffffffu,   0x7fffffffu, 600 };

	crx_super_decode(d->g->data + d->super, d->g->order, &s);
	switch (rnd(d, 9)) {
	case 0:
		s.magic = rnd(d, 2) ? any32(d) : 0x453dcd28u;
		break;
	case 1:
		s.flags ^= 1u << rnd(d, 32);
		break;
	case 2:
		s.flags = any32(d) & 0xfff;
		break;
	case 3:
		s.size = sizes[rnd(d, sizeof(sizes) / sizeof(sizes[0]))];
		break;
	case 4:
		s.root.mode = (uint16_t)any32(d);
		break;
	case 5:
		s.root.off = 4 * rnd(d, 400);
		s.flags |= rnd(d, 2) * CRX_FLAG_SHIFTED_ROOT_OFFSET;
		break;
	case 6:
		s.root.size = any32(d) & CRX_SIZE_MAX;
		break;
	case 7:
		s.root.off = 0;
		break;
	default:
		memset(s.signature, 0, sizeof(s.signature));
		s.future = any32(d);
		s.blocks = any32(d);
		s.files = any32(d);
		break;
	}
	crx_super_encode(&s, d->g->order, d->g->data + d->super);
	if (chance(d, 10))
		memset(d->g->data, rnd(d, 256), 4);
	if (chance(d, 10)) /* a second one */
		memcpy(d->g->data + (d->super ? 0 : CRX_BOOT_PAD_LEN), d->g->data + d->super, 4);
	if (chance(d, 10))
		d->g->len -= rnd(d, d->page);
}

static void flip_bytes(struct draft *d)
{
	uint32_t n = 1 + rnd(d, 12), at;

	while (n--) {
		/* where the entries and tables are, mostly */
		at = rnd(d, chance(d, 80) ? 2500 : (uint32_t)d->g->len);
		d->g->data[at] = chance(d, 50) ? (uint8_t)any32(d)
					       : d->g->data[at] ^ (uint8_t)(1u << rnd(d, 8));
	}
}

/* The root directory within the last 264 bytes, more or less. */
static bool root_at_end(struct draft *d, struct crx_inode *root)
{
	uint64_t off = (d->g->len - 12 - 4 * (uint64_t)rnd(d, 120)) & ~(uint64_t)3;

	root->off = (uint32_t)off;
	root->size = put_dir(d, 0, off, d->g->len);
	return root->size;
}

static void make_root(struct draft *d)
{
	struct crx_inode root = { .mode = S_IFDIR | 0755, .uid = 3, .gid = 4 };
	uint32_t flags = CRX_FLAG_FSID_VERSION_2 | CRX_FLAG_SORTED_DIRS | CRX_FLAG_HOLES |
			 CRX_FLAG_EXT_BLOCK_POINTERS;
	uint64_t off = d->super + CRX_SUPER_LEN;
	bool shifted = is(d, "dir") && chance(d, 20);

	if (shifted)
		root_at_end(d, &root);
	else
		root.size = put_dir(d, 0, off, off + ENTRIES_ROOM);
	if (!shifted)
		root.off = root.size ? (uint32_t)off : 0;
	if (shifted)
		flags |= CRX_FLAG_SHIFTED_ROOT_OFFSET;
	/* the kernel takes the sorting from the flag, not from what is sorted */
	if (is(d, "version1"))
		flags = rnd(d, 2) * CRX_FLAG_SORTED_DIRS;
	if (is(d, "dir") && chance(d, 30))
		flags ^= CRX_FLAG_SORTED_DIRS;
	if (is(d, "run") && chance(d, 5))
		flags ^= CRX_FLAG_EXT_BLOCK_POINTERS;
	forge_super(d->g, d->super, flags, &root);
}

const char *const differ_classes[] = { "good", "super", "dir",      "table", "stream",
				       "run",  "share", "version1", "noise" };
const size_t differ_nclasses = sizeof(differ_classes) / sizeof(differ_classes[0]);

void differ_make(const char *class, const struct differ_target *target, struct differ_rng *r,
		 struct differ_image *out)
{
	uint32_t page = target->page_size;
	struct draft d = { .r = r, .out = out, .g = &out->g, .class = class, .page = page };
	uint32_t pages, i, n;

	out->nnames = 0;
	pages = 3 + differ_random(r, 6);
	forge_init(d.g, target->order, page, (size_t)pages * page);
	if (is(&d, "super") && chance(&d, 8))
		d.g->order = d.g->order == CRX_ORDER_BIG ? CRX_ORDER_LITTLE : CRX_ORDER_BIG;
	d.super = chance(&d, 15) ? CRX_BOOT_PAD_LEN : 0;
	d.low = d.super + CRX_SUPER_LEN + ENTRIES_ROOM;
	d.low_end = (uint64_t)pages * page * (is(&d, "run") ? 30 : 60) / 100;
	d.high = up(d.low_end, page);
	d.sorted = !is(&d, "dir") && !is(&d, "version1") ? true : chance(&d, 50);
	n = 1 + rnd(&d, 6);
	for (i = 0; i < n && d.n < ENTRIES; i++)
		put_entry(&d, 0);
	make_root(&d);
	if (is(&d, "super"))
		odd_super(&d);
	if (is(&d, "noise"))
		flip_bytes(&d);
	if (is(&d, "run") && chance(&d, 10)) /* runs that super.size cuts off */
		forge_put32(d.g, d.super + 4, (uint32_t)(d.g->len - page - 4 * rnd(&d, page / 4)));
}
