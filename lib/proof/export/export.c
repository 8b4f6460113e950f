/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "proof/export/export.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/number.h"
#include "base/offenders.h"
#include "comp/comp.h"
#include "read/order.h"

struct exporter {
	const struct crx_image *img;
	const struct crx_listing *l;
	struct crx_archive_writer *w;
	struct crx_extract_result *out;
	struct crx_offenders failed;
	struct crx_inflate *z;
	bool *doubled; /* for each entry: an earlier one in its directory has the same name */
	uint8_t *buf;  /* the pages of a file, or the target of a link */
	size_t buf_cap;
	char *path; /* of the current entry */
	size_t path_len;
};

static void CRX_PRINTF(3, 4)
	report_failed(struct exporter *x, const struct crx_entry *e, const char *fmt, ...)
{
	char path[CRX_ERR_PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	crx_offenders_vadd(&x->failed, crx_entry_path(e, path, sizeof(path)), fmt, ap);
	va_end(ap);
}

static int reserve_buf(struct exporter *x, size_t len, struct crx_err *err)
{
	return crx_grow(&x->buf, &x->buf_cap, len, 1) ? 0
						      : crx_err_nomem(err, "writing an archive");
}

static int read_file(struct exporter *x, const struct crx_entry *e, struct crx_err *err)
{
	uint32_t page = x->img->page_size, size = crx_extract_size(e);
	uint32_t npg = (size + page - 1) / page;
	struct crx_extract_bad bad = { 0 };
	int ret = reserve_buf(x, (size_t)npg * page, err);

	if (ret)
		return ret;
	crx_extract_pages(x->img, e, (struct crx_extract_range){ 0, npg }, x->z, x->buf, &bad);
	if (bad.pages)
		report_failed(x, e,
			      "%lu of %lu page%s cannot be read, the first is page %lu: %s; zeros "
			      "replace them",
			      (unsigned long)bad.pages, (unsigned long)npg, crx_plural(npg),
			      (unsigned long)bad.first_pg, crx_k_why_text(bad.why));
	return 0;
}

static int write_entry(struct exporter *x, const struct crx_entry *e,
		       const struct crx_archive_entry *a, struct crx_err *err)
{
	struct crx_err put_err = CRX_ERR_INIT;
	int ret = crx_archive_put(x->w, a, x->buf, &put_err);

	if (ret == CRX_ELIMIT) {
		report_failed(x, e, "not extracted: %s", put_err.text);
		return 0;
	}
	if (ret < 0) {
		*err = put_err;
		return ret;
	}
	x->out->made++;
	return 0;
}

/* Add the entry, whose path is x->path. */
static int add_entry(struct exporter *x, const struct crx_entry *e, struct crx_err *err)
{
	const struct crx_inode *in = &e->de.inode;
	struct crx_archive_entry a = { .path = x->path, .uid = in->uid, .gid = in->gid };
	const char *why = NULL;
	int ret = 0;

	/* the root is a directory, whatever the image says */
	a.mode = (e->parent ? in->mode & S_IFMT : S_IFDIR) | crx_extract_mode(e);
	switch (a.mode & S_IFMT) {
	case S_IFREG:
		a.size = crx_extract_size(e);
		ret = read_file(x, e, err);
		break;
	case S_IFLNK:
		ret = reserve_buf(x, x->img->page_size, err);
		if (!ret)
			why = crx_extract_target(x->img, e, x->z, x->buf);
		a.target = (const char *)x->buf;
		break;
	case S_IFCHR:
	case S_IFBLK:
		/* old_decode_dev() */
		a.dev_major = in->size >> 8 & 0xff;
		a.dev_minor = in->size & 0xff;
		break;
	default:
		break;
	}
	if (ret)
		return ret;
	if (why) {
		report_failed(x, e, "not extracted: %s", why);
		return 0;
	}
	return write_entry(x, e, &a, err);
}

/* Append the name of e to the path. NULL, or why e must not be in the archive. */
static const char *push_name(struct exporter *x, const struct crx_entry *e)
{
	const char *why = crx_extract_why_refused(e);
	size_t slash = x->path_len != 0;

	if (why)
		return why;
	if (x->doubled[e->index])
		return "its directory has an earlier entry with this name";
	if (x->path_len + slash + e->de.name_len > CRX_ARCHIVE_PATH_MAX)
		return "its path is too long for archives";
	if (slash)
		x->path[x->path_len++] = '/';
	memcpy(x->path + x->path_len, e->de.name, e->de.name_len);
	x->path_len += e->de.name_len;
	x->path[x->path_len] = '\0';
	return NULL;
}

static void pop_name(struct exporter *x, const struct crx_entry *e)
{
	x->path_len -= e->de.name_len;
	if (x->path_len)
		x->path_len--;
	x->path[x->path_len] = '\0';
}

/* The entry after e and all below it: the next one in its directory, or in one above. x->path is
 * that of the directory of e. */
static const struct crx_entry *next_after(struct exporter *x, const struct crx_entry *e)
{
	for (; e->parent; e = e->parent) {
		if (e->index + 1 < e->parent->first_child + e->parent->nchildren)
			return e + 1;
		if (e->parent->parent)
			pop_name(x, e->parent);
	}
	return NULL;
}

static int add_all(struct exporter *x, struct crx_err *err)
{
	const struct crx_entry *e = &x->l->entry[0];
	const char *why;
	int ret;

	while (e) {
		why = e->parent ? push_name(x, e) : NULL;
		if (why) {
			report_failed(x, e, "not extracted: %s", why);
			e = next_after(x, e);
			continue;
		}
		ret = add_entry(x, e, err);
		if (ret)
			return ret;
		why = crx_extract_why_incomplete(e);
		if (why)
			report_failed(x, e, "%s", why);
		if (S_ISDIR(e->de.inode.mode) && e->entered && e->nchildren) {
			e = &x->l->entry[e->first_child];
			continue;
		}
		if (e->parent)
			pop_name(x, e);
		e = next_after(x, e);
	}
	return 0;
}

static int find_doubles(struct exporter *x, struct crx_err *err)
{
	const struct crx_entry **e;
	size_t n, i, k;
	int ret = 0;

	x->doubled = crx_zalloc(x->l->n, sizeof(*x->doubled));
	if (!x->doubled)
		return crx_err_nomem(err, "writing an archive");
	for (i = 0; i < x->l->n && !ret; i++) {
		ret = crx_entry_doubles(x->l, &x->l->entry[i], &e, &n, err);
		for (k = 0; k < n; k++)
			x->doubled[e[k]->index] = true;
		free(e);
	}
	return ret;
}

int crx_export_archive(const struct crx_image *img, const struct crx_listing *l,
		       struct crx_archive_writer *w, struct crx_log *log,
		       struct crx_extract_result *out, struct crx_err *err)
{
	struct exporter x = {
		.img = img,
		.l = l,
		.w = w,
		.out = out,
		.failed = { log, CRX_LEVEL_ERROR, CRX_OFFENDERS_MOST, 0 },
	};
	int ret;

	*out = (struct crx_extract_result){ 0 };
	ret = crx_extract_check_size(img, l, err);
	if (ret)
		return ret;
	x.z = crx_inflate_new();
	x.path = crx_zalloc(CRX_ARCHIVE_PATH_MAX + 1, 1);
	if (!x.z || !x.path)
		ret = crx_err_nomem(err, "writing an archive");
	if (!ret)
		ret = find_doubles(&x, err);
	if (!ret)
		ret = add_all(&x, err);
	if (!ret)
		crx_offenders_end(&x.failed, NULL, "that are not complete");
	out->failed = x.failed.count;
	crx_inflate_free(x.z);
	free(x.doubled);
	free(x.path);
	free(x.buf);
	return ret;
}
