/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "old/old.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "old/parts.h"
#include "read/kmodel.h"

static int by_place(const void *a, const void *b)
{
	const struct crx_old_table *x = a, *y = b;
	int c = crx_compare(x->off, y->off);

	return c ? c : crx_compare(x->size, y->size);
}

static int find_tables(struct crx_old *old, const struct crx_image *img,
		       const struct crx_listing *l, struct crx_err *err)
{
	size_t i, n = 0;

	old->table = crx_zalloc(l->n, sizeof(*old->table));
	if (!old->table)
		return crx_err_nomem(err, "reading the old image");
	for (i = 0; i < l->n; i++) {
		const struct crx_inode *in = &l->entry[i].de.inode;

		if ((S_ISREG(in->mode) || S_ISLNK(in->mode)) && crx_entry_size(&l->entry[i]))
			old->table[n++] = (struct crx_old_table){
				.off = in->off,
				.size = in->size,
				.nblks = (in->size - 1) / img->page_size + 1,
				.usable = true,
			};
	}
	if (n)
		qsort(old->table, n, sizeof(*old->table), by_place);
	for (i = 0; i < n; i++)
		if (!i || by_place(&old->table[i], &old->table[old->ntables - 1]))
			old->table[old->ntables++] = old->table[i];
	return 0;
}

int crx_old_read(const struct crx_image *img, const struct crx_listing *l, unsigned workers,
		 struct crx_old *out, struct crx_err *err)
{
	uint64_t size = img->super.flags & CRX_FLAG_FSID_VERSION_2 ? img->super.size : img->len;
	size_t i;
	int ret;

	*out = (struct crx_old){
		.data = img->data,
		.size = size < img->len ? size : img->len,
		.page_size = img->page_size,
	};
	ret = find_tables(out, img, l, err);
	if (!ret)
		ret = crx_old_find_blocks(out, img, err);
	if (!ret)
		ret = crx_old_find_overlaps(out, img, l, err);
	if (!ret)
		ret = crx_old_hash_blocks(out, workers, err);
	for (i = 0; i < out->ntables && !ret; i++)
		out->nunusable += !out->table[i].usable;
	return ret;
}

void crx_old_free(struct crx_old *old)
{
	free(old->block);
	free(old->ref);
	free(old->table);
	free(old->node);
	free(old->key);
	free(old->by_hash.at);
	free(old->by_key.at);
	*old = (struct crx_old){ 0 };
}

uint32_t crx_old_pages_in_place(const struct crx_old *old, const struct crx_old_table *t,
				uint32_t first_pg, uint32_t npg)
{
	const struct crx_old_block *b;
	uint32_t n;

	for (n = 0; n < npg && first_pg + n < t->nblks; n++) {
		b = crx_old_block_of(old, t, first_pg + n);
		if (!b || b->kind != CRX_OLD_PAGE)
			break;
	}
	return n;
}
