/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "differ_nommu.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "comp/comp.h"
#include "read/kcore.h"
#include "walk.h"

static void print_words(FILE *out, const char *text)
{
	putc(' ', out);
	walk_escape(out, text);
}

/* kernel_read() ends at the end of the file, and at the first page that fails: that is an error
 * only if nothing has been read. The rest of the copy is zeros. */
static int copy(const struct differ_nommu *n, const struct crx_inode *in,
		const struct differ_range *r, uint8_t *to)
{
	uint32_t page = n->img->page_size, size = crx_k_i_size(in), i, left;
	uint32_t pages = crx_k_max_pages(n->img, in);

	for (i = 0; i < r->pages && r->first + i < pages; i++) {
		uint8_t *at = to + (size_t)i * page;

		if (crx_k_read_folio(n->img, in, r->first + i, n->z, at)) {
			memset(at, 0, page);
			return i ? 0 : EIO;
		}
		left = size - (r->first + i) * page;
		if (left < page)
			memset(at + left, 0, page - left);
	}
	return 0;
}

static void print_copy(const struct differ_nommu *n, const struct crx_inode *in,
		       const struct differ_range *r, const char *reason)
{
	size_t len = (size_t)r->pages * n->img->page_size;
	uint8_t *to = calloc(1, len);
	int error;

	if (!to) {
		fprintf(stderr, "differ: out of memory\n");
		exit(99);
	}
	error = copy(n, in, r, to);
	if (error) {
		fprintf(n->out, " error %d", error);
	} else {
		fputs(" ram 0 -", n->out);
		print_words(n->out, reason);
		walk_print_mapped(n->out, to, len, len);
	}
	free(to);
}

/* A run at image offset 0 is none to cramfs_physmem_get_unmapped_area(), but nothing is said. */
static bool at_zero(const struct differ_nommu *n, const struct crx_inode *in,
		    const struct differ_range *r)
{
	uint32_t i, ptr, step = n->img->page_size >> CRX_BLK_DIRECT_SHIFT;

	for (i = 0; i < r->pages; i++)
		if (!crx_image_pointer(n->img, in->off, r->first + i, &ptr) ||
		    ptr != (i * step | CRX_BLK_FLAGS))
			return false;
	return true;
}

bool differ_nommu_map(const struct differ_nommu *n, const struct crx_inode *in,
		      const struct differ_range *r)
{
	bool ext = !n->block && n->img->super.flags & CRX_FLAG_EXT_BLOCK_POINTERS;
	size_t len = (size_t)r->pages * n->img->page_size;
	enum crx_k_why why = CRX_K_NO_EXT_POINTERS;
	uint64_t off = 0;

	/* a copy if the file cannot say where it is, or if the mapping may be written to */
	if (ext && !r->write)
		why = crx_k_physmem_get_unmapped_area(n->img, in, r->first, r->pages, &off);
	if (why == CRX_K_OUT_OF_BOUNDS)
		return false;
	fprintf(n->out, "M %" PRIu32 " %" PRIu32, r->first, r->pages);
	if (!why) {
		fprintf(n->out, " direct %" PRIu32 " %" PRIx64 " -", r->pages, off);
		walk_print_mapped(n->out, n->img->data + off, len, len);
	} else if (why == CRX_K_BEYOND_FILE) {
		fprintf(n->out, " error %d", EINVAL);
	} else if (r->shared) {
		fprintf(n->out, " error %d", ENODEV);
	} else {
		print_copy(n, in, r,
			   why == CRX_K_BLOCK_LAYOUT && !at_zero(n, in, r) ? crx_k_why_text(why)
									   : "-");
	}
	putc('\n', n->out);
	return true;
}
