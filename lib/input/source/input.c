/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/number.h"

/* Reads until head is full or the file ends. */
static int read_head(int fd, char head[CRX_INPUT_HEAD], size_t *len)
{
	ssize_t n;

	for (*len = 0; *len < CRX_INPUT_HEAD; *len += (size_t)n) {
		n = crx_io_read(fd, head + *len, CRX_INPUT_HEAD - *len);
		if (n <= 0)
			return n < 0 ? -1 : 0;
	}
	return 0;
}

static bool is_mtree(const char *head, size_t len)
{
	char buf[CRX_INPUT_HEAD + 1], *line;

	if (!len || memchr(head, 0, len))
		return false;
	memcpy(buf, head, len);
	buf[len] = '\0';
	if (!strncmp(buf, "#mtree", 6))
		return true;
	for (line = buf; *line == '#' || *line == '\n'; line++) {
		line = strchr(line, '\n');
		if (!line)
			return false;
	}
	return !strncmp(line, "/set ", 5) || !strncmp(line, "/unset ", 7) ||
	       (!strncmp(line, "./", 2) && line[2]) || !strncmp(line, ". ", 2) ||
	       !strncmp(line, ".\t", 2);
}

static bool has_super(const char *head, size_t len, size_t off)
{
	const uint8_t *p = (const uint8_t *)head + off;

	return len >= off + 4 && (crx_get32(p, CRX_ORDER_LITTLE) == CRX_MAGIC ||
				  crx_get32(p, CRX_ORDER_BIG) == CRX_MAGIC);
}

/* Does a tar or cpio archive begin here, whose first file may be an image? The header of a tar
 * archive has the sum of its bytes, in octal, where blanks are added instead. */
static bool is_archive(const char *head)
{
	enum { SUM_OFF = 148, SUM_LEN = 8, HEADER_LEN = 512 };
	const char *p = head + SUM_OFF, *end = p + SUM_LEN;
	uint64_t sum = SUM_LEN * ' ';
	struct crx_number stored;
	size_t i;

	for (i = 0; i < HEADER_LEN; i++)
		if (i < SUM_OFF || i >= SUM_OFF + SUM_LEN)
			sum += (uint8_t)head[i];
	while (p < end && *p == ' ')
		p++;
	stored = crx_number_read(p, end, CRX_NUMBER_OCTAL, UINT32_MAX);
	return (stored.end > p && stored.value == sum) || !strncmp(head, "07070", 5);
}

static bool is_image(const char *head, size_t len)
{
	return has_super(head, len, 0) ||
	       (has_super(head, len, CRX_BOOT_PAD_LEN) && !is_archive(head));
}

static enum crx_source_kind kind_of(const char *head, size_t len)
{
	if (is_image(head, len))
		return CRX_SOURCE_IMAGE;
	return is_mtree(head, len) ? CRX_SOURCE_MTREE : CRX_SOURCE_ARCHIVE;
}

int crx_input_open(struct crx_input *in, const char *path, struct crx_err *err)
{
	bool standard = !strcmp(path, "-");
	struct crx_io_rest *f = &in->file;
	struct stat st;
	off_t start;

	*in = (struct crx_input){ .path = path };
	*f = (struct crx_io_rest){ -1, standard ? "standard input" : path, in->head, 0 };
	if (!standard && stat(path, &st) < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot open");
	if (!standard && S_ISDIR(st.st_mode)) {
		in->kind = CRX_SOURCE_DIR;
		return 0;
	}
	f->fd = standard ? 0 : crx_io_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (f->fd < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot open");
	start = lseek(f->fd, 0, SEEK_CUR);
	in->piped = start < 0 && errno == ESPIPE;
	if (start < 0 && !in->piped)
		return crx_err_set(err, CRX_EIO, errno, f->path, "cannot seek");
	if (read_head(f->fd, in->head, &f->head_len) < 0)
		return crx_err_set(err, CRX_EIO, errno, f->path, "cannot read");
	in->kind = kind_of(in->head, f->head_len);
	if (!in->piped && lseek(f->fd, start, SEEK_SET) < 0)
		return crx_err_set(err, CRX_EIO, errno, f->path, "cannot seek");
	if (!in->piped)
		f->head_len = 0;
	return 0;
}

void crx_input_close(struct crx_input *in)
{
	if (in->file.fd > 0)
		close(in->file.fd);
	in->file.fd = -1;
}

static int has_archive_entry(const struct crx_io_rest *file, bool *has, struct crx_err *err)
{
	struct crx_archive_reader *r;
	struct crx_archive_member m;
	int ret = crx_archive_open(&r, file, NULL, err);

	if (!ret)
		ret = crx_archive_next(r, &m, err);
	crx_archive_close_reader(r);
	*has = ret > 0;
	return ret < 0 ? ret : 0;
}

int crx_source_is_file(const char *path, bool *is, struct crx_err *err)
{
	struct crx_err why = CRX_ERR_INIT;
	struct crx_input in;
	struct stat st;
	bool exists;
	int ret;

	*is = false;
	if (!strcmp(path, "-"))
		return 0;
	ret = crx_io_stat(path, &st, &exists, err);
	if (ret || !exists || !S_ISREG(st.st_mode))
		return ret;
	ret = crx_input_open(&in, path, &why);
	if (!ret && in.kind == CRX_SOURCE_ARCHIVE)
		ret = has_archive_entry(&in.file, is, &why);
	else if (!ret)
		*is = in.kind == CRX_SOURCE_MTREE;
	crx_input_close(&in);
	if (!ret || ret == CRX_EFORMAT || why.sys_errno == EACCES || why.sys_errno == EPERM)
		return 0;
	*err = why;
	return ret;
}
