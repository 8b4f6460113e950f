/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

/* Reads until head is full or the file ends. */
static int read_head(int fd, char head[CRX_INPUT_HEAD], size_t *len)
{
	ssize_t n;

	for (*len = 0; *len < CRX_INPUT_HEAD; *len += (size_t)n) {
		n = read(fd, head + *len, CRX_INPUT_HEAD - *len);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
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

bool crx_source_is_mtree(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char head[CRX_INPUT_HEAD];
	struct stat st;
	size_t len;
	bool is;

	if (fd < 0)
		return false;
	is = !fstat(fd, &st) && S_ISREG(st.st_mode) && !read_head(fd, head, &len) &&
	     is_mtree(head, len);
	close(fd);
	return is;
}

int crx_input_open(struct crx_input *in, const char *path, struct crx_err *err)
{
	bool standard = !strcmp(path, "-");
	struct stat st;
	off_t start;

	*in = (struct crx_input){
		.path = path,
		.name = standard ? "standard input" : path,
		.fd = -1,
	};
	if (!standard && !stat(path, &st) && S_ISDIR(st.st_mode)) {
		in->kind = CRX_INPUT_DIR;
		return 0;
	}
	in->fd = standard ? 0 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (in->fd < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot open");
	start = lseek(in->fd, 0, SEEK_CUR);
	if (read_head(in->fd, in->head, &in->head_len) < 0)
		return crx_err_set(err, CRX_EIO, errno, in->name, "cannot read");
	in->kind = is_mtree(in->head, in->head_len) ? CRX_INPUT_MTREE : CRX_INPUT_ARCHIVE;
	in->piped = start < 0 || lseek(in->fd, start, SEEK_SET) < 0;
	if (!in->piped)
		in->head_len = 0;
	return 0;
}

void crx_input_close(struct crx_input *in)
{
	if (in->fd > 0)
		close(in->fd);
	in->fd = -1;
}

int crx_input_read_text(const struct crx_input *in, size_t max, char **out, size_t *len,
			struct crx_err *err)
{
	struct crx_io_rest rest = { in->fd, in->name, in->head, in->head_len };

	return crx_io_read_rest(&rest, max, out, len, err);
}

int crx_input_open_archive(const struct crx_input *in, struct crx_archive_reader **out,
			   struct crx_log *log, struct crx_err *err)
{
	struct crx_archive_input from = {
		.fd = in->fd,
		.name = in->name,
		.head = in->head,
		.head_len = in->head_len,
		.log = log,
	};

	return crx_archive_open(out, &from, err);
}
