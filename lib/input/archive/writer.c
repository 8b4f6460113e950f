/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/archive/writer.h"

#if HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/archive/memory.h"
#include "input/archive/name.h"
#include "base/mem.h"

struct crx_archive_writer {
	struct archive *a;
	struct archive_entry *entry;
	struct crx_archive_kind kind;
	const char *name; /* for messages: the caller's, copied */
	char *path;
	char *dotted; /* buffer for "./" and a path */
	struct crx_io_temp temp;
	bool has_temp; /* the archive is written to temp */
	int fd;
	int64_t ino;              /* of the latest entry */
	struct crx_err write_err; /* of on_write() */
	bool discard;             /* write nothing any more */
	locale_t utf8;            /* 0 if the system has no such locale */
};

/* Never returns an error, since libarchive would not free its buffers then.
 * After each call of libarchive, write_err is checked instead. */
static la_ssize_t on_write(struct archive *a CRX_UNUSED, void *ctx, const void *buf, size_t len)
{
	struct crx_archive_writer *w = ctx;

	if (!w->discard && crx_io_write(w->fd, buf, len, w->name, &w->write_err) < 0)
		w->discard = true;
	return (la_ssize_t)len;
}

/* An error of on_write(), or else the latest one of libarchive. */
static int fail(struct crx_archive_writer *w, struct crx_err *err)
{
	const char *text = archive_error_string(w->a);

	if (w->write_err.code) {
		if (!err->code)
			*err = w->write_err;
		return err->code;
	}
	if (crx_archive_lacks_memory(w->a))
		return crx_err_nomem(err, "writing an archive");
	return crx_err_set(err, CRX_EIO, 0, w->name, "cannot write the archive: %s",
			   text ? text : "libarchive does not say why");
}

/* ARCHIVE_WARN means that libarchive was built without that library and would run a program. */
static int (*const add_filter[])(struct archive *) = {
	[CRX_ARCHIVE_PLAIN] = archive_write_add_filter_none,
	[CRX_ARCHIVE_GZIP] = archive_write_add_filter_gzip,
	[CRX_ARCHIVE_BZIP2] = archive_write_add_filter_bzip2,
	[CRX_ARCHIVE_XZ] = archive_write_add_filter_xz,
	[CRX_ARCHIVE_ZSTD] = archive_write_add_filter_zstd,
};

static int set_up(struct crx_archive_writer *w, struct crx_err *err)
{
	struct archive *a = w->a;
	int ret;

	errno = 0;
	/* "restricted": pax headers only where ustar does not suffice, no inode numbers */
	if (w->kind.format == CRX_ARCHIVE_PAX)
		ret = archive_write_set_format_pax_restricted(a);
	else
		ret = archive_write_set_format_cpio_newc(a);
	if (ret != ARCHIVE_OK)
		return fail(w, err);
	if (add_filter[w->kind.filter](a) != ARCHIVE_OK)
		return crx_err_set(err, CRX_EARG, 0, w->name,
				   "this libarchive cannot compress that way (choose another "
				   "ending, or none)");
	if (w->kind.filter == CRX_ARCHIVE_GZIP &&
	    archive_write_set_filter_option(a, "gzip", "timestamp", NULL) != ARCHIVE_OK)
		return fail(w, err);
	archive_write_set_bytes_in_last_block(a, 1);
	if (archive_write_open(a, w, NULL, on_write, NULL) != ARCHIVE_OK)
		return fail(w, err);
	return 0;
}

static int open_output(struct crx_archive_writer *w, const struct crx_io_hooks *hooks,
		       struct crx_err *err)
{
	struct stat st;
	bool exists;
	int ret;

	if (!strcmp(w->path, "-")) {
		w->name = "standard output";
		w->fd = 1;
		return 0;
	}
	ret = crx_io_stat(w->path, &st, &exists, err);
	if (ret < 0)
		return ret;
	if (exists && !S_ISREG(st.st_mode)) {
		w->fd = crx_io_open(w->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return w->fd < 0 ? crx_err_set(err, CRX_EIO, errno, w->path,
					       "cannot open the archive")
				 : 0;
	}
	ret = crx_io_temp_beside(&w->temp, w->path, hooks, err);
	if (ret < 0)
		return ret;
	w->has_temp = true;
	w->fd = w->temp.fd;
	return 0;
}

/* Also closes the file, and removes it if it was not renamed. */
static void free_writer(struct crx_archive_writer *w)
{
	if (w->a)
		archive_write_free(w->a);
	if (w->entry)
		archive_entry_free(w->entry);
	if (w->has_temp)
		crx_io_temp_abort(&w->temp);
	else if (w->fd > 2)
		close(w->fd);
	if (w->utf8)
		freelocale(w->utf8);
	free(w->dotted);
	free(w->path);
	free(w);
}

int crx_archive_create(struct crx_archive_writer **out, const char *path,
		       const struct crx_io_hooks *hooks, struct crx_err *err)
{
	struct crx_archive_writer *w;
	int ret = 0;

	*out = NULL;
	w = crx_zalloc(1, sizeof(*w));
	if (!w)
		return crx_err_nomem(err, "writing an archive");
	w->fd = -1;
	w->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	w->path = crx_strdup(path);
	w->name = w->path;
	w->dotted = crx_alloc(CRX_ARCHIVE_PATH_MAX + 3, 1);
	w->a = archive_write_new();
	w->entry = archive_entry_new();
	if (!w->path || !w->dotted || !w->a || !w->entry)
		ret = crx_err_nomem(err, "writing an archive");
	else if (strcmp(path, "-") && !crx_archive_kind(path, &w->kind))
		ret = crx_err_set(err, CRX_EARG, 0, path,
				  "is not an archive's name (end it in .tar or .cpio, optionally "
				  "followed by .gz, .bz2, .xz or .zst)");
	if (!ret)
		ret = open_output(w, hooks, err);
	if (!ret)
		ret = set_up(w, err);
	if (ret) {
		crx_archive_abort(w);
		return ret;
	}
	*out = w;
	return 0;
}

/* The root is "./" ("." in cpio). A file "TRAILER!!!" would end a cpio archive,
 * so it becomes "./TRAILER!!!". */
static const char *stored_path(struct crx_archive_writer *w, const char *path)
{
	bool cpio = w->kind.format == CRX_ARCHIVE_CPIO;

	if (!*path)
		return cpio ? "." : "./";
	if (!cpio || strcmp(path, "TRAILER!!!"))
		return path;
	memcpy(w->dotted, "./", 2);
	strcpy(w->dotted + 2, path);
	return w->dotted;
}

static void describe(struct crx_archive_writer *w, const struct crx_archive_entry *e)
{
	struct archive_entry *ae = w->entry;
	mode_t type = e->mode & S_IFMT;

	archive_entry_clear(ae);
	archive_entry_copy_pathname(ae, stored_path(w, e->path));
	archive_entry_set_filetype(ae, type);
	archive_entry_set_perm(ae, e->mode & 07777);
	archive_entry_set_uid(ae, e->uid);
	archive_entry_set_gid(ae, e->gid);
	archive_entry_set_mtime(ae, 0, 0);
	archive_entry_set_nlink(ae, 1);
	/* for cpio; two entries with the same number would be hard links */
	archive_entry_set_ino64(ae, ++w->ino);
	archive_entry_set_size(ae, type == S_IFREG ? (la_int64_t)e->size : 0);
	if (type == S_IFLNK)
		archive_entry_copy_symlink(ae, e->target);
	if (type == S_IFCHR || type == S_IFBLK) {
		archive_entry_set_rdevmajor(ae, e->dev_major);
		archive_entry_set_rdevminor(ae, e->dev_minor);
	}
}

static int write_contents(struct crx_archive_writer *w, const char *p, size_t len,
			  struct crx_err *err)
{
	la_ssize_t n;

	while (len) {
		n = archive_write_data(w->a, p, len);
		if (n <= 0 || (size_t)n > len)
			return fail(w, err);
		p += n;
		len -= (size_t)n;
	}
	return w->write_err.code ? fail(w, err) : 0;
}

static bool is_ascii(const char *s)
{
	while (*s)
		if (*s++ & 0x80)
			return false;
	return true;
}

/*
 * Names that libarchive cannot translate to UTF-8 from the locale's character set are written
 * unchanged, with "hdrcharset=BINARY" and a warning. In a UTF-8 locale those are the names that
 * are not UTF-8; in the C locale, all that are not ASCII. libarchive's option hdrcharset would add
 * this header to every entry, and GNU tar warns about each one.
 */
static int write_header(struct crx_archive_writer *w)
{
	locale_t before = w->utf8 ? uselocale(w->utf8) : (locale_t)0;
	int ret = archive_write_header(w->a, w->entry);

	if (before)
		uselocale(before);
	return ret;
}

int crx_archive_put(struct crx_archive_writer *w, const struct crx_archive_entry *e,
		    const void *contents, struct crx_err *err)
{
	int ret;

	if (strlen(e->path) > CRX_ARCHIVE_PATH_MAX)
		return crx_err_set(err, CRX_ELIMIT, 0, e->path, "the path is longer than %d bytes",
				   CRX_ARCHIVE_PATH_MAX);
	if (w->kind.format == CRX_ARCHIVE_PAX && (e->mode & S_IFMT) == S_IFSOCK)
		return crx_err_set(err, CRX_ELIMIT, 0, e->path, "tar cannot hold a socket");
	errno = 0;
	describe(w, e);
	ret = write_header(w);
	if (ret != ARCHIVE_OK &&
	    !(ret == ARCHIVE_WARN && (!is_ascii(e->path) || (e->target && !is_ascii(e->target)))))
		return fail(w, err);
	if ((e->mode & S_IFMT) == S_IFREG && e->size)
		return write_contents(w, contents, (size_t)e->size, err);
	return w->write_err.code ? fail(w, err) : 0;
}

int crx_archive_close(struct crx_archive_writer *w, struct crx_err *err)
{
	int ret = 0, fd = w->fd;

	errno = 0;
	if (archive_write_close(w->a) != ARCHIVE_OK || w->write_err.code)
		ret = fail(w, err);
	if (ret) {
		crx_archive_abort(w);
		return ret;
	}
	if (w->has_temp) {
		w->has_temp = false;
		ret = crx_io_temp_commit(&w->temp, false, err);
	} else if (fd > 2) {
		w->fd = -1;
		if (close(fd) < 0)
			ret = crx_err_set(err, CRX_EIO, errno, w->name, "cannot write");
	}
	free_writer(w);
	return ret;
}

void crx_archive_abort(struct crx_archive_writer *w)
{
	if (!w)
		return;
	/* archive_write_free() writes the end mark, which would make this look complete */
	w->discard = true;
	free_writer(w);
}

#endif
