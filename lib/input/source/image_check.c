/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with an image that is a source.
 */
#include "config.h"
#include "input/source/image.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/number.h"
#include "base/offenders.h"
#include "read/check.h"
#include "read/extract.h"

struct findings {
	const char *image;
	struct crx_offenders errors, short_blocks;
	size_t harmless;
};

/* Errors that a kernel makes of a tree that is recorded completely. The new image records it in
 * another way. */
static bool is_harmless(enum crx_finding_kind kind)
{
	switch (kind) {
	case CRX_F_SHARED_INODE:      /* each entry has its attributes; see check_sharing() */
	case CRX_F_DIRENT_TAIL:       /* only the kernel's look-ahead passes the end */
	case CRX_F_DIR_ORDER:         /* entries that a lookup does not find */
	case CRX_F_NAME_PADDING:      /* the same */
	case CRX_F_RUN_IN_TWO_TABLES: /* equal blocks that may not be mapped twice */
		return true;
	default:
		return false;
	}
}

static void add_finding(void *ctx, const struct crx_finding *f)
{
	const struct crx_finding_info *info = crx_finding_info(f->kind);
	struct findings *all = ctx;
	struct crx_offenders *o;

	if (info->severity == CRX_SEV_ERROR && !is_harmless(f->kind))
		o = &all->errors;
	else if (f->kind == CRX_F_BLOCK_SHORT)
		o = &all->short_blocks;
	else
		o = NULL;
	if (o)
		crx_offenders_add(o, all->image, "%.700s%s%s [%s]", f->path, *f->path ? ": " : "",
				  f->text, info->id);
	else
		all->harmless += info->severity != CRX_SEV_NOTE;
}

static int by_data(const void *a, const void *b)
{
	const struct crx_entry *x = *(const struct crx_entry *const *)a;
	const struct crx_entry *y = *(const struct crx_entry *const *)b;
	int c = crx_compare(x->de.inode.off, y->de.inode.off);

	return c ? c : crx_compare(x->index, y->index);
}

/* Entries with the same data must make the same of it: only their modes and owners may differ. */
static int check_sharing(const struct crx_source_image *s, struct findings *all,
			 struct crx_err *err)
{
	const struct crx_listing *l = &s->list;
	const struct crx_entry **with_data = crx_alloc(l->n, sizeof(struct crx_entry *));
	char path[CRX_ERR_PATH_MAX];
	size_t i, n = 0;

	if (!with_data)
		return crx_err_nomem(err, "checking an image");
	for (i = 0; i < l->n; i++)
		if (crx_entry_size(&l->entry[i]))
			with_data[n++] = &l->entry[i];
	qsort(with_data, n, sizeof(struct crx_entry *), by_data);
	for (i = 1; i < n; i++) {
		const struct crx_inode *a = &with_data[i - 1]->de.inode,
				       *b = &with_data[i]->de.inode;

		if (a->off == b->off &&
		    (a->size != b->size || S_ISDIR(a->mode) != S_ISDIR(b->mode)))
			crx_offenders_add(&all->errors, all->image,
					  "%s: has the data of another entry, of another type or "
					  "size [%s]",
					  crx_entry_path(with_data[i], path, 700),
					  crx_finding_info(CRX_F_SHARED_INODE)->id);
	}
	free(with_data);
	return 0;
}

static int report(const struct findings *all, const struct crx_source_opts *o, struct crx_err *err)
{
	size_t errors = all->errors.count;

	crx_offenders_end(&all->short_blocks, all->image, "files with short blocks");
	crx_offenders_end(&all->errors, all->image, "errors");
	if (errors)
		return crx_err_set(err, CRX_EFORMAT, 0, all->image,
				   "the image has %zu error%s, so what it contains is not certain "
				   "(use a good copy; or extract what can be read with "
				   "\"cramfsck-xip -x TREE.tar IMAGE\", and build from that)",
				   errors, crx_plural(errors));
	if (all->harmless)
		crx_log_note(o->log, all->image,
			     "%zu finding%s of cramfsck-xip %s not apply to the new image",
			     all->harmless, crx_plural(all->harmless),
			     all->harmless == 1 ? "does" : "do");
	return 0;
}

int crx_source_check_image(const struct crx_source_image *s, const struct crx_source_opts *o,
			   struct crx_err *err)
{
	struct findings all = {
		.image = s->name,
		.errors = { o->log, CRX_LEVEL_ERROR, CRX_OFFENDERS_MOST, 0 },
		.short_blocks = { o->log, CRX_LEVEL_WARNING, CRX_OFFENDERS_MOST, 0 },
	};
	struct crx_check_opts co = {
		.workers = o->workers, .max_findings = SIZE_MAX, .emit = add_finding, .ctx = &all
	};
	struct crx_err too_large = CRX_ERR_INIT;
	struct crx_check_result result;
	int ret = crx_check(&s->img, &co, &result, err);

	if (!ret)
		ret = check_sharing(s, &all, err);
	if (!ret)
		ret = report(&all, o, err);
	if (!ret && crx_extract_check_size(&s->img, &s->list, &too_large) < 0)
		ret = crx_err_set(err, CRX_EBIG, 0, s->name,
				  "the files have more bytes in all than an image of %llu bytes "
				  "can "
				  "hold without shared tables",
				  (unsigned long long)s->img.len);
	return ret;
}
