/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "comp/comp.h"
#include "old/parts.h"
#include "read/kmodel.h"

enum { CHUNK = 64 /* blocks in one job */ };

/* --- where they are --- */

/* A block as one table finds it. */
struct found {
	struct crx_old_block b;
	uint32_t ref; /* into old.ref */
};

static int by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	int c = crx_compare(x->b.off, y->b.off);

	if (!c)
		c = crx_compare(x->b.stored_len, y->b.stored_len);
	if (!c)
		c = crx_compare(x->b.kind, y->b.kind);
	if (!c)
		c = crx_compare(x->b.direct, y->b.direct);
	return c ? c : crx_compare(x->ref, y->ref);
}

static bool is_same(const struct crx_old_block *a, const struct crx_old_block *b)
{
	return a->off == b->off && a->stored_len == b->stored_len && a->kind == b->kind &&
	       a->direct == b->direct;
}

/* False if block i cannot be read. */
static bool find_block(const struct crx_old *old, const struct crx_image *img,
		       const struct crx_old_table *t, uint32_t i, bool *hole,
		       struct crx_old_block *out)
{
	const struct crx_inode in = { .mode = 0100644, .size = t->size, .off = t->off };
	struct crx_k_block b;
	uint32_t header;

	if (crx_k_find_block(img, &in, i, &b))
		return false;
	*hole = b.hole;
	if (b.hole)
		return true;
	header = b.direct && !b.uncompressed ? CRX_DIRECT_HDR_LEN : 0;
	if (!b.len || b.start > old->size || b.len > old->size - b.start)
		return false;
	*out = (struct crx_old_block){
		.data = old->data + b.start,
		.off = (uint32_t)b.start - header,
		.stored_len = (uint32_t)b.len,
		.kind = !b.uncompressed ? CRX_OLD_STREAM
			: b.direct      ? CRX_OLD_PAGE
					: CRX_OLD_RAW,
		.direct = b.direct,
	};
	return true;
}

/* Adds what the table points to. A hostile image could have more pointers than bytes. */
static size_t follow_table(struct crx_old *old, const struct crx_image *img,
			   struct crx_old_table *t, struct found *found)
{
	bool hole = false;
	size_t n = 0;
	uint32_t i;

	t->first_ref = (uint32_t)old->nrefs;
	for (i = 0; i < t->nblks && t->usable; i++) {
		t->usable = find_block(old, img, t, i, &hole, &found[n].b);
		old->ref[t->first_ref + i] = CRX_OLD_HOLE;
		if (t->usable && !hole)
			found[n++].ref = t->first_ref + i;
	}
	if (!t->usable)
		return 0;
	old->nrefs += t->nblks;
	return n;
}

static size_t count_refs(const struct crx_old *old, const struct crx_old_table *t, size_t before)
{
	uint64_t most = old->size / CRX_BLKPTR_LEN;

	return t->nblks > most - before ? 0 : t->nblks;
}

int crx_old_find_blocks(struct crx_old *old, const struct crx_image *img, struct crx_err *err)
{
	struct found *found;
	size_t i, n = 0, refs = 0, k;

	for (i = 0; i < old->ntables; i++) {
		k = count_refs(old, &old->table[i], refs);
		old->table[i].usable = k != 0;
		refs += k;
	}
	found = crx_alloc(refs, sizeof(*found));
	old->ref = crx_alloc(refs, sizeof(*old->ref));
	if (!found || !old->ref) {
		free(found);
		return crx_err_nomem(err, "reading the old image");
	}
	for (i = 0; i < old->ntables; i++)
		n += follow_table(old, img, &old->table[i], &found[n]);
	if (n)
		qsort(found, n, sizeof(*found), by_place);
	old->block = crx_alloc(n, sizeof(*old->block));
	for (i = 0; old->block && i < n; i++) {
		if (!i || !is_same(&found[i].b, &old->block[old->nblocks - 1]))
			old->block[old->nblocks++] = found[i].b;
		old->ref[found[i].ref] = (uint32_t)old->nblocks - 1;
	}
	free(found);
	return old->block ? 0 : crx_err_nomem(err, "reading the old image");
}

/* --- what they contain --- */

struct hashing {
	struct crx_old *old;
	struct crx_inflate **z; /* for each worker */
	uint8_t **page;
};

static void hash_block(struct hashing *h, struct crx_old_block *b, unsigned worker)
{
	const uint8_t *data = b->data;
	long n = b->stored_len;

	if (b->kind == CRX_OLD_STREAM) {
		data = h->page[worker];
		n = crx_inflate_run(h->z[worker], b->data, b->stored_len, h->page[worker],
				    h->old->page_size);
	}
	b->readable = n > 0;
	if (!b->readable)
		return;
	b->len = (uint32_t)n;
	b->hash = crx_scan_hash(data, (size_t)n);
}

static int hash_chunk(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	struct hashing *h = ctx;
	size_t i, end = (index + 1) * CHUNK;

	if (!h->z[worker])
		h->z[worker] = crx_inflate_new();
	if (!h->page[worker])
		h->page[worker] = crx_alloc(h->old->page_size, 1);
	if (!h->z[worker] || !h->page[worker])
		return crx_err_nomem(err, "inflating the old image");
	if (end > h->old->nblocks)
		end = h->old->nblocks;
	for (i = index * CHUNK; i < end; i++)
		hash_block(h, &h->old->block[i], worker);
	return 0;
}

/* The key of a table is the hash of the hashes of its blocks. A hole has that of zeros. */
static void set_key(const struct crx_old *old, struct crx_old_table *t, struct crx_hash *hash,
		    const uint8_t *zeros)
{
	const struct crx_old_block *b;
	uint32_t i, len;

	for (i = 0; i < t->nblks && t->usable; i++) {
		b = crx_old_block_of(old, t, i);
		len = i + 1 < t->nblks ? old->page_size : (t->size - 1) % old->page_size + 1;
		if (!b)
			hash[i] = crx_scan_hash(zeros, len);
		else if (b->readable)
			hash[i] = b->hash;
		else
			t->usable = false;
	}
	if (t->usable)
		t->key = crx_scan_hash(hash, t->nblks * sizeof(*hash));
}

static int set_keys(struct crx_old *old, struct crx_err *err)
{
	uint8_t *zeros = crx_zalloc(old->page_size, 1);
	struct crx_hash *hash = crx_alloc(old->nrefs, sizeof(*hash));
	bool ok = zeros && hash;
	size_t i;

	for (i = 0; ok && i < old->ntables; i++)
		set_key(old, &old->table[i], hash, zeros);
	free(zeros);
	free(hash);
	return ok ? 0 : crx_err_nomem(err, "reading the old image");
}

int crx_old_hash_blocks(struct crx_old *old, unsigned workers, struct crx_err *err)
{
	struct hashing h = { .old = old };
	const struct crx_pool_job job = { hash_chunk, &h };
	unsigned w;
	int ret = 0;

	h.z = crx_zalloc(workers, sizeof(*h.z));
	h.page = crx_zalloc(workers, sizeof(*h.page));
	if (!h.z || !h.page)
		ret = crx_err_nomem(err, "inflating the old image");
	if (!ret)
		ret = crx_pool_run(workers, (old->nblocks + CHUNK - 1) / CHUNK, &job, err);
	for (w = 0; h.z && h.page && w < workers; w++) {
		crx_inflate_free(h.z[w]);
		free(h.page[w]);
	}
	free(h.z);
	free(h.page);
	return ret ? ret : set_keys(old, err);
}
