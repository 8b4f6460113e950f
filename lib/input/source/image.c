/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tree of a cramfs image.
 */
#include "config.h"
#include "input/source/image.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "comp/comp.h"
#include "input/edit/filter.h"
#include "input/source/input.h"
#include "read/check.h"
#include "read/extract.h"

/* --- from a file to an image --- */

/* All that comes from a pipe, in a temporary file: an image is not read in order. */
static int copy_pipe(const struct crx_input *in, struct crx_io_temp *to, struct crx_err *err)
{
	char buf[16384];
	ssize_t n;
	int ret = crx_io_temp_nameless(to, err);

	if (!ret)
		ret = crx_io_write(to->fd, in->file.head, in->file.head_len, crx_io_temp_dir(),
				   err);
	while (!ret && (n = crx_io_read(in->file.fd, buf, sizeof(buf))) != 0) {
		if (n > 0)
			ret = crx_io_write(to->fd, buf, (size_t)n, crx_io_temp_dir(), err);
		else
			ret = crx_err_set(err, CRX_EIO, errno, in->file.path, "cannot read");
	}
	return ret;
}

static int map_image(const struct crx_input *in, struct crx_source_image *s, struct crx_err *err)
{
	struct crx_io_temp copy = { .fd = -1 };
	uint32_t page_size;
	off_t begin = 0;
	struct stat st;
	int ret = 0;

	if (fstat(in->file.fd, &st) < 0)
		return crx_err_set(err, CRX_EIO, errno, in->file.path, "cannot stat");
	if (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode))
		begin = lseek(in->file.fd, 0, SEEK_CUR);
	else
		ret = copy_pipe(in, &copy, err);
	if (begin < 0)
		ret = crx_err_set(err, CRX_EIO, errno, in->file.path, "cannot seek");
	if (!ret)
		ret = crx_image_map_at(&s->img, copy.fd >= 0 ? copy.fd : in->file.fd, in->file.path,
				       (uint64_t)begin, CRX_PAGE_MIN, err);
	crx_io_temp_abort(&copy);
	if (ret < 0)
		return ret;
	ret = crx_check_page_size(s->img.data, s->img.len, &page_size, &s->page_sizes, err);
	if (!ret)
		s->img.page_size = page_size;
	return ret;
}

static void report_format(const struct crx_source_image *s, const struct crx_source_opts *o)
{
	static const char *const order[] = { "little-endian", "big-endian" };
	uint32_t page_size = o->page_size ? o->page_size : CRX_PAGE_MIN;

	if (s->img.order != o->order)
		crx_log_note(o->log, s->name, "is %s; the new image is %s (-N sets its byte order)",
			     order[s->img.order], order[o->order]);
	/* if several fit, no file depends on it */
	if (s->page_sizes == s->img.page_size / CRX_PAGE_MIN && s->img.page_size != page_size)
		crx_log_note(o->log, s->name,
			     "has pages of %lu KiB; the new image has pages of %lu KiB (-b sets "
			     "their size)",
			     (unsigned long)s->img.page_size / 1024,
			     (unsigned long)page_size / 1024);
}

/* --- from an image to a tree --- */

struct builder {
	struct crx_source_image *s;
	const struct crx_source_opts *o;
	struct crx_node **node; /* of each entry; NULL: it or its directory is excluded */
	struct crx_inflate *z;
	uint8_t *page;
};

static int read_target(struct builder *b, const struct crx_entry *e, struct crx_node *n,
		       struct crx_err *err)
{
	const char *why = crx_extract_target(&b->s->img, e, b->z, b->page);
	char path[CRX_ERR_PATH_MAX];

	if (why)
		return crx_err_set(err, CRX_EFORMAT, 0, crx_entry_path(e, path, sizeof(path)),
				   "cannot be read from %.500s: %s", b->s->name, why);
	n->target = crx_strdup((const char *)b->page);
	return n->target ? 0 : crx_err_nomem(err, "reading an image");
}

static int set_attrs(struct builder *b, const struct crx_entry *e, struct crx_node *n,
		     struct crx_err *err)
{
	const struct crx_inode *in = &e->de.inode;

	n->mode = in->mode;
	n->uid = in->uid;
	n->gid = in->gid;
	switch (n->mode & S_IFMT) {
	case S_IFREG:
		crx_source_set_image_contents(b->s, e, n);
		return 0;
	case S_IFLNK:
		return read_target(b, e, n, err);
	case S_IFCHR:
	case S_IFBLK:
		/* old_decode_dev() */
		n->dev_major = in->size >> 8 & 0xff;
		n->dev_minor = in->size & 0xff;
		return 0;
	default:
		return 0;
	}
}

static int add_entry(struct builder *b, const struct crx_entry *e, struct crx_err *err)
{
	struct crx_node *dir = b->node[e->parent->index], *n;
	bool matched;
	int ret;

	if (!dir)
		return 0;
	ret = crx_tree_add(dir, e->de.name, &n, err);
	if (!ret)
		ret = set_attrs(b, e, n, err);
	if (!ret)
		ret = crx_filter_match(&b->o->exclude, n, &matched, err);
	if (ret < 0)
		return ret;
	if (matched)
		n->file = CRX_EXCLUDED;
	else
		b->node[e->index] = n;
	return 0;
}

static int build_tree(struct builder *b, struct crx_tree *t, struct crx_err *err)
{
	const struct crx_listing *l = &b->s->list;
	size_t i;
	int ret;

	b->node = crx_zalloc(l->n, sizeof(struct crx_node *));
	b->page = crx_alloc(b->s->img.page_size, 1);
	b->z = crx_inflate_new();
	if (!b->node || !b->page || !b->z)
		return crx_err_nomem(err, "reading an image");
	b->node[0] = t->root;
	ret = set_attrs(b, &l->entry[0], t->root, err);
	for (i = 1; i < l->n && !ret; i++)
		ret = add_entry(b, &l->entry[i], err);
	if (ret < 0)
		return ret;
	crx_source_prune(t);
	return crx_tree_finish(t, err);
}

/* --- the source --- */

static void image_free(void *state)
{
	struct crx_source_image *s = state;

	crx_listing_free(&s->list);
	crx_image_close(&s->img);
	free(s->name);
	free(s);
}

static int read_image(const struct crx_input *in, struct crx_source_image *s,
		      const struct crx_source_opts *o, struct crx_err *err)
{
	int ret;

	s->name = crx_strdup(in->file.path);
	if (!s->name)
		return crx_err_nomem(err, "reading an image");
	ret = map_image(in, s, err);
	if (!ret)
		ret = crx_listing_read(&s->img, &s->list, err);
	return ret ? ret : crx_source_check_image(s, o, err);
}

int crx_source_image(const struct crx_input *in, const struct crx_tree *below,
		     const struct crx_source_opts *o, struct crx_tree *t, struct crx_source *s,
		     struct crx_err *err)
{
	struct builder b = { .o = o };
	int ret;

	*s = (struct crx_source){ 0 };
	b.s = crx_zalloc(1, sizeof(*b.s));
	if (!b.s)
		return crx_err_nomem(err, "reading an image");
	*s = (struct crx_source){ .state = b.s, .free = image_free };
	ret = crx_tree_init(t, err);
	if (!ret)
		ret = read_image(in, b.s, o, err);
	if (!ret && !below)
		report_format(b.s, o);
	if (!ret)
		ret = build_tree(&b, t, err);
	free(b.node);
	free(b.page);
	crx_inflate_free(b.z);
	return ret;
}
