/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "proof/explain/segment.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "comp/comp.h"
#include "read/extract.h"

/* Reads the file. A block that cannot be read becomes zeros, because it does not keep a kernel from
 * mapping the others. */
static int read_contents(const struct crx_image *img, const struct crx_entry *e,
			 struct crx_inflate *z, uint8_t **out, struct crx_err *err)
{
	uint64_t size = crx_round_up(crx_entry_size(e), img->page_size);
	struct crx_extract_range all = { 0, (uint32_t)(size / img->page_size) };
	struct crx_extract_bad ignored = { 0 };

	*out = crx_alloc((size_t)size, 1);
	if (!*out)
		return crx_err_nomem(err, "reading an executable");
	crx_extract_pages(img, e, all, z, *out, &ignored);
	return 0;
}

/* Segments may have pages in common. */
static int count_distinct_pages(const struct crx_image *img, struct crx_explain_file *f,
				struct crx_err *err)
{
	uint64_t limit = crx_round_up(crx_entry_size(f->entry), img->page_size) / img->page_size;
	uint8_t *seen = crx_zalloc((size_t)limit, 1);
	uint64_t i;
	size_t k;

	if (!seen)
		return crx_err_nomem(err, "counting pages");
	for (k = 0; k < f->nsegs; k++) {
		const struct crx_explain_segment *s = &f->seg[k];

		for (i = s->file_page; !s->writable && i < limit && i - s->file_page < s->pages;
		     i++)
			seen[i] |= i - s->file_page < s->in_place ? 3 : 1;
	}
	for (i = 0; i < limit; i++) {
		f->pages += seen[i] & 1;
		f->in_place += seen[i] >> 1;
	}
	free(seen);
	return 0;
}

/* The name decides for files such as libc.so.6, which has PT_INTERP because it can also be run. */
static bool is_library(const struct crx_explain_file *f)
{
	const char *name = f->entry->de.name;
	size_t len = strlen(name);

	if (!crx_exec_is_pic(&f->exec))
		return false;
	return !f->exec.program || strstr(name, ".so.") ||
	       (len > 3 && !strcmp(name + len - 3, ".so"));
}

static int find_segments(const struct crx_image *img, const struct crx_explain_opts *o,
			 struct crx_explain_file *f, struct crx_err *err)
{
	struct crx_exec_load load;
	size_t i;

	if (!f->exec.nseg)
		return 0;
	f->seg = crx_zalloc(f->exec.nseg, sizeof(*f->seg));
	if (!f->seg)
		return crx_err_nomem(err, "reading executable headers");
	f->nsegs = f->exec.nseg;
	f->role = is_library(f) ? CRX_EXPLAIN_LIBRARY : CRX_EXPLAIN_PROGRAM;
	load = crx_exec_load(&f->exec, img->page_size, o->no_mmu);
	f->why = load.why;
	f->loadable = !load.why || crx_exec_why_copied(load.why);
	for (i = 0; i < f->nsegs; i++) {
		crx_explain_segment(img, f, &load, i, o, &f->seg[i]);
		if (f->seg[i].refused)
			f->loadable = false;
	}
	return count_distinct_pages(img, f, err);
}

int crx_explain_entry(const struct crx_image *img, const struct crx_entry *e,
		      const struct crx_explain_opts *o, struct crx_inflate *z,
		      struct crx_explain_file *out, struct crx_err *err)
{
	uint8_t *all = NULL;
	int ret;

	*out = (struct crx_explain_file){ .entry = e };
	if (!S_ISREG(e->de.inode.mode) || !crx_entry_size(e))
		return 0;
	ret = read_contents(img, e, z, &all, err);
	if (!ret)
		ret = crx_exec_parse(all, crx_entry_size(e), &out->exec, err);
	free(all);
	if (!ret)
		ret = find_segments(img, o, out, err);
	if (ret)
		crx_explain_file_free(out);
	return ret;
}

void crx_explain_file_free(struct crx_explain_file *f)
{
	if (!f)
		return;
	crx_exec_free(&f->exec);
	free(f->seg);
	*f = (struct crx_explain_file){ 0 };
}
