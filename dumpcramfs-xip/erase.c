/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "erase.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static uint64_t length_of(const struct crx_image *img)
{
	bool sized = img->super.flags & CRX_FLAG_FSID_VERSION_2;

	return sized && img->super.size < img->len ? img->super.size : img->len;
}

static int add(struct erase_changes *c, uint64_t off, uint64_t len, struct crx_err *err)
{
	c->changed++;
	c->bytes += len;
	if (c->n && c->range[c->n - 1].off + c->range[c->n - 1].len == off) {
		c->range[c->n - 1].len += len;
		return 0;
	}
	if (!crx_grow(&c->range, &c->cap, c->n + 1, sizeof(*c->range)))
		return crx_err_nomem(err, "comparing erase blocks");
	c->range[c->n++] = (struct erase_range){ off, len };
	return 0;
}

int erase_compare(const struct crx_image *a, const struct crx_image *b, uint32_t erase_len,
		  struct erase_changes *out, struct crx_err *err)
{
	uint64_t off, len;
	int ret = 0;

	*out = (struct erase_changes){
		.erase_len = erase_len,
		.old_len = length_of(a),
		.new_len = length_of(b),
	};
	for (off = 0; off < out->new_len && !ret; off += erase_len) {
		len = out->new_len - off < erase_len ? out->new_len - off : erase_len;
		out->blocks++;
		if (off + len > out->old_len || memcmp(a->data + off, b->data + off, (size_t)len))
			ret = add(out, off, len, err);
	}
	return ret;
}

void erase_free(struct erase_changes *c)
{
	free(c->range);
	*c = (struct erase_changes){ 0 };
}
