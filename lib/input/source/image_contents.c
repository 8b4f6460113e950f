/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contents of files in an image: pages are inflated when they are read.
 */
#include "config.h"
#include "input/source/image.h"

#include <stdlib.h>
#include <string.h>

#include "comp/comp.h"
#include "read/kmodel.h"

/* Pages of the image may be larger than what is read at a time, so the latest one is kept. */
struct reader {
	struct crx_inflate *z;
	bool filled;
	uint32_t pg; /* if filled: what page contains */
	uint8_t page[];
};

static int image_open(const struct crx_content *c, void **handle, struct crx_err *err)
{
	const struct crx_source_image *s = c->source;
	struct reader *r = crx_alloc(sizeof(*r) + s->img.page_size, 1);

	if (!r)
		return crx_err_nomem(err, "reading an image");
	r->filled = false;
	r->z = crx_inflate_new();
	if (!r->z) {
		free(r);
		return crx_err_nomem(err, "reading an image");
	}
	*handle = r;
	return 0;
}

static int read_page(const struct crx_content *c, struct reader *r, uint32_t pg, uint8_t *page,
		     struct crx_err *err)
{
	const struct crx_source_image *s = c->source;
	const struct crx_entry *e = c->key;
	char path[CRX_ERR_PATH_MAX];
	enum crx_k_why why = crx_k_read_folio(&s->img, &e->de.inode, pg, r->z, page);

	if (!why)
		return 0;
	return crx_err_set(err, CRX_EFORMAT, 0, crx_entry_path(e, path, sizeof(path)),
			   "page %lu cannot be read from %.500s: %s", (unsigned long)pg, s->name,
			   crx_k_why_text(why));
}

static int image_pread(const struct crx_content *c, void *handle, void *buf, size_t len,
		       uint64_t off, struct crx_err *err)
{
	const struct crx_source_image *s = c->source;
	uint32_t page_size = s->img.page_size, pg, in_page;
	struct reader *r = handle;
	uint8_t *out = buf;
	size_t n;
	int ret;

	if (off > c->size || len > c->size - off)
		return crx_err_set(err, CRX_EINTERNAL, 0, NULL,
				   "read after the end of contents from an image");
	for (; len; len -= n, off += n, out += n) {
		pg = (uint32_t)(off / page_size);
		in_page = (uint32_t)(off % page_size);
		n = len < page_size - in_page ? len : page_size - in_page;
		if (n == page_size) {
			ret = read_page(c, r, pg, out, err);
			if (ret < 0)
				return ret;
			continue;
		}
		if (!r->filled || r->pg != pg) {
			r->filled = false;
			ret = read_page(c, r, pg, r->page, err);
			if (ret < 0)
				return ret;
			r->filled = true;
			r->pg = pg;
		}
		memcpy(out, r->page + in_page, n);
	}
	return 0;
}

static int image_close(const struct crx_content *c, void *handle, struct crx_err *err)
{
	struct reader *r = handle;

	(void)c;
	(void)err;
	crx_inflate_free(r->z);
	free(r);
	return 0;
}

static const struct crx_content_ops image_ops = { image_open, image_pread, image_close };

void crx_source_set_image_contents(struct crx_source_image *s, const struct crx_entry *e,
				   struct crx_node *n)
{
	n->size = crx_entry_size(e);
	if (n->size)
		n->content = (struct crx_content){
			.ops = &image_ops, .source = s, .key = e, .size = n->size
		};
}
