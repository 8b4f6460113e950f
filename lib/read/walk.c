/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/walk.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

enum {
	ENTRIES_MIN = 65536, /* that every image may have */
	/*
	 * Image bytes per entry beyond that. Entries with names of up to eight bytes are shorter,
	 * but an image of half a million of them and nothing else is not worth the memory: an entry
	 * takes 56 bytes here, and 16 there.
	 */
	ENTRY_BYTES = 24
};

struct walk {
	const struct crx_image *img;
	struct crx_listing *out;
	size_t cap, max; /* entries */
	size_t names_len, names_cap;
	uint64_t bytes_left; /* of entries, that may still be read */
	uint64_t *seen;      /* one bit for each directory offset / 4 */
	uint64_t seen_bits;
};

/* Was this called before for a directory at off? */
static bool test_and_set_seen(struct walk *w, uint32_t off)
{
	uint64_t bit = off / 4;
	uint64_t mask = 1ull << bit % 64;

	if (bit >= w->seen_bits)
		return false; /* outside the image: nothing can be read there */
	if (w->seen[bit / 64] & mask)
		return true;
	w->seen[bit / 64] |= mask;
	return false;
}

/* Makes room for one more entry. Never for more than max, which bounds the memory. */
static bool grow_entries(struct walk *w)
{
	size_t want = w->cap + w->cap / 2;
	struct crx_entry *bigger;

	if (w->out->n < w->cap)
		return true;
	if (want < 64)
		want = 64;
	if (want > w->max)
		want = w->max;
	bigger = realloc(w->out->entry, want * sizeof(*bigger));
	if (!bigger)
		return false;
	w->out->entry = bigger;
	w->cap = want;
	return true;
}

static int add_entry(struct walk *w, const struct crx_inode *inode, uint64_t off, const char *name,
		     size_t name_len, struct crx_err *err)
{
	struct crx_entry *e;

	if (!grow_entries(w) ||
	    !crx_grow(&w->out->names, &w->names_cap, w->names_len + name_len + 1, 1))
		return crx_err_nomem(err, "reading the directories of the image");
	e = &w->out->entry[w->out->n];
	*e = (struct crx_entry){ .index = (uint32_t)w->out->n, .entered = !S_ISDIR(inode->mode) };
	e->de.inode = *inode;
	e->de.off = (uint32_t)off;
	e->de.name_len = (uint8_t)name_len;
	memcpy(w->out->names + w->names_len, name, name_len);
	w->out->names[w->names_len + name_len] = '\0';
	w->names_len += name_len + 1;
	w->out->n++;
	return 0;
}

static void mark_damaged(struct walk *w, size_t dir)
{
	w->out->entry[dir].damaged = true;
	w->out->truncated = true;
}

/* Lists the entries of the directory with this index, as far as they can be read. */
static int list_directory(struct walk *w, size_t dir, struct crx_err *err)
{
	const struct crx_inode inode = w->out->entry[dir].de.inode;
	struct crx_err read_err = CRX_ERR_INIT;
	struct crx_dirent d;
	uint32_t pos = 0, before;
	int ret = 0;

	if (inode.size && test_and_set_seen(w, inode.off))
		return 0;
	w->out->entry[dir].first_child = (uint32_t)w->out->n;
	for (;;) {
		before = pos;
		ret = crx_image_dirent(w->img, &inode, &pos, &d, &read_err);
		if (!ret)
			break;
		w->out->too_many |=
			ret > 0 && (w->out->n >= w->max || pos - before > w->bytes_left);
		if (ret < 0 || w->out->too_many) {
			mark_damaged(w, dir);
			break;
		}
		w->bytes_left -= pos - before;
		ret = add_entry(w, &d.inode, d.off, d.name, d.name_len, err);
		if (ret < 0)
			return ret;
	}
	w->out->entry[dir].nchildren = (uint32_t)w->out->n - w->out->entry[dir].first_child;
	w->out->entry[dir].entered = w->out->entry[dir].nchildren || !w->out->entry[dir].damaged;
	return 0;
}

/* Sets pointers, once the arrays do not move any more. */
static void link_entries(struct crx_listing *l)
{
	const char *name = l->names;
	size_t i, k;

	for (i = 0; i < l->n; i++) {
		struct crx_entry *e = &l->entry[i];

		e->de.name = name;
		name += e->de.name_len + 1u;
		for (k = 0; k < e->nchildren; k++)
			l->entry[e->first_child + k].parent = e;
	}
}

static size_t max_entries(const struct crx_image *img)
{
	uint64_t n = img->len / ENTRY_BYTES;

	if (n < ENTRIES_MIN)
		return ENTRIES_MIN;
	/* offsets of directories have 28 bits, sizes 24 */
	return n < 1u << 25 ? (size_t)n : 1u << 25;
}

int crx_listing_read(const struct crx_image *img, struct crx_listing *out, struct crx_err *err)
{
	struct walk w = { .img = img, .out = out, .max = max_entries(img), .bytes_left = img->len };
	size_t i;
	int ret;

	*out = (struct crx_listing){ 0 };
	w.seen_bits = img->len < CRX_INODE_OFF_MAX ? img->len / 4 : CRX_INODE_OFF_MAX / 4 + 1;
	w.seen = crx_zalloc((size_t)(w.seen_bits / 64 + 1), sizeof(*w.seen));
	if (!w.seen)
		return crx_err_nomem(err, "reading the directories of the image");
	ret = add_entry(&w, &img->super.root, 0, "", 0, err);
	for (i = 0; i < out->n && !ret; i++)
		if (S_ISDIR(out->entry[i].de.inode.mode))
			ret = list_directory(&w, i, err);
	free(w.seen);
	if (ret < 0) {
		crx_listing_free(out);
		return ret;
	}
	link_entries(out);
	return 0;
}

void crx_listing_free(struct crx_listing *l)
{
	if (!l)
		return;
	free(l->entry);
	free(l->names);
	*l = (struct crx_listing){ 0 };
}

static size_t path_len(const struct crx_entry *e)
{
	size_t len = !e->parent;

	for (; e->parent; e = e->parent)
		len += e->de.name_len + 1u;
	return len;
}

const char *crx_entry_path(const struct crx_entry *e, char *buf, size_t cap)
{
	static const char cut[] = "...";
	size_t len = path_len(e), at, k;

	if (cap <= len && cap < sizeof(cut)) {
		if (cap)
			*buf = '\0';
		return buf;
	}
	at = len < cap ? len : cap - 1;
	buf[at] = '\0';
	if (!e->parent)
		buf[--at] = '/';
	/* from the end, while there is room */
	for (; e->parent && at; e = e->parent) {
		for (k = e->de.name_len; k && at; k--)
			buf[--at] = e->de.name[k - 1];
		if (at)
			buf[--at] = '/';
	}
	if (len >= cap)
		memcpy(buf, cut, sizeof(cut) - 1);
	return buf;
}

const struct crx_entry_type *crx_entry_type(uint32_t mode)
{
	static const struct crx_entry_type type[] = {
		{ S_IFREG, '-', "file" },    { S_IFDIR, 'd', "directory" },
		{ S_IFLNK, 'l', "symlink" }, { S_IFCHR, 'c', "char" },
		{ S_IFBLK, 'b', "block" },   { S_IFIFO, 'p', "fifo" },
		{ S_IFSOCK, 's', "socket" }, { 0, '?', "unknown" },
	};
	size_t i;

	for (i = 0; type[i].mode && type[i].mode != (mode & S_IFMT); i++)
		;
	return &type[i];
}
