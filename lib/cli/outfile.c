/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cli/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int cannot_open(const struct crx_cli_outfile *f, struct crx_err *err)
{
	return crx_err_set(err, CRX_EIO, errno, f->path, "cannot open for %s", f->option);
}

/* *fd: a temporary file, or an existing file that is not regular. */
static int open_file(struct crx_cli_outfile *f, const struct crx_io_hooks *hooks, int *fd,
		     struct crx_err *err)
{
	struct stat st;
	bool exists;
	int ret = crx_io_stat(f->path, &st, &exists, err);

	if (ret < 0)
		return ret;
	if (exists && !S_ISREG(st.st_mode)) {
		if (S_ISBLK(st.st_mode))
			return crx_err_set(err, CRX_EIO, 0, f->path,
					   "a block device (%s needs a file)", f->option);
		*fd = crx_io_open(f->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return *fd < 0 ? cannot_open(f, err) : 0;
	}
	ret = crx_io_temp_beside(&f->temp, f->path, hooks, err);
	if (ret < 0)
		return ret;
	f->renamed = true;
	*fd = dup(f->temp.fd);
	return *fd < 0 ? cannot_open(f, err) : 0;
}

int crx_cli_same_file(const char *a, const char *b, bool *same, struct crx_err *err)
{
	struct stat sa, sb;
	bool both;
	int ret = crx_io_stat(a, &sa, &both, err);

	if (!ret && both)
		ret = crx_io_stat(b, &sb, &both, err);
	*same = !ret && both && S_ISREG(sa.st_mode) && sa.st_dev == sb.st_dev &&
		sa.st_ino == sb.st_ino;
	return ret;
}

int crx_cli_outfile_open(struct crx_cli_outfile *f, const char *path, const char *option,
			 const struct crx_io_hooks *hooks, struct crx_err *err)
{
	int fd = -1, ret;

	*f = (struct crx_cli_outfile){ .path = path, .option = option, .temp = { .fd = -1 } };
	if (!path)
		return 0;
	if (!strcmp(path, "-")) {
		f->out = stdout;
		return 0;
	}
	ret = open_file(f, hooks, &fd, err);
	if (!ret) {
		f->out = fdopen(fd, "w");
		if (!f->out)
			ret = cannot_open(f, err);
	}
	if (ret < 0) {
		if (fd >= 0)
			close(fd);
		crx_cli_outfile_abort(f);
	}
	return ret;
}

static int cannot_write(const char *path, const char *what, struct crx_err *err)
{
	return crx_err_set(err, CRX_EIO, errno, path ? path : "standard output", "cannot write %s",
			   what);
}

/* Has the reader of this pipe gone? errno cannot say: the failed write may be long past. */
static bool is_reader_gone(FILE *out)
{
	struct pollfd p = { .fd = fileno(out), .events = POLLOUT };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLERR);
}

int crx_cli_flush(FILE *out, const char *path, const char *what, struct crx_err *err)
{
	errno = 0;
	if (fflush(out) == 0 && !ferror(out))
		return 0;
	if (!path && is_reader_gone(out))
		return crx_err_set(err, CRX_ECLOSED, EPIPE, NULL, "cannot write %s", what);
	return cannot_write(path, what, err);
}

int crx_cli_outfile_close(struct crx_cli_outfile *f, const char *what, bool sync,
			  struct crx_err *err)
{
	const char *path = f->out == stdout ? NULL : f->path;
	int ret;

	if (!f->out)
		return 0;
	ret = crx_cli_flush(f->out, path, what, err);
	if (path && fclose(f->out) != 0 && !ret)
		ret = cannot_write(path, what, err);
	f->out = NULL;
	if (ret || !f->renamed)
		return ret;
	f->renamed = false;
	return crx_io_temp_commit(&f->temp, sync, err);
}

void crx_cli_outfile_abort(struct crx_cli_outfile *f)
{
	if (f->out && f->out != stdout)
		fclose(f->out);
	f->out = NULL;
	if (f->renamed)
		crx_io_temp_abort(&f->temp);
	f->renamed = false;
}
