/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

bool crx_io_is_unreadable(int sys_errno)
{
	return sys_errno == EACCES || sys_errno == EPERM || sys_errno == EIO;
}

int crx_io_openat(int dirfd, const char *path, int flags, mode_t mode)
{
	int fd;

	do
		fd = openat(dirfd, path, flags, mode);
	while (fd < 0 && errno == EINTR);
	return fd;
}

int crx_io_open(const char *path, int flags)
{
	return crx_io_openat(AT_FDCWD, path, flags, 0);
}

ssize_t crx_io_read(int fd, void *buf, size_t len)
{
	ssize_t n;

	do
		n = read(fd, buf, len);
	while (n < 0 && errno == EINTR);
	return n;
}

int crx_io_ftruncate(int fd, off_t len)
{
	int ret;

	do
		ret = ftruncate(fd, len);
	while (ret < 0 && errno == EINTR);
	return ret;
}

int crx_io_fsync(int fd)
{
	int ret;

	do
		ret = fsync(fd);
	while (ret < 0 && errno == EINTR);
	return ret;
}

int crx_io_missing(const char *path, struct crx_err *err)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
	case EACCES:
	case ELOOP:
	case ENAMETOOLONG:
		return 0;
	default:
		return crx_err_set(err, CRX_EIO, errno, path, "cannot stat");
	}
}

int crx_io_stat(const char *path, struct stat *st, bool *exists, struct crx_err *err)
{
	*exists = stat(path, st) == 0;
	return *exists ? 0 : crx_io_missing(path, err);
}

int crx_io_pread(int fd, void *buf, size_t len, uint64_t off, const char *path, struct crx_err *err)
{
	uint8_t *p = buf;
	ssize_t n;

	while (len) {
		n = pread(fd, p, len, (off_t)off);
		if (n < 0) {
			if (errno == EINTR)
				continue;
			return crx_err_set(err, CRX_EIO, errno, path, "cannot read");
		}
		if (!n)
			return crx_err_set(err, CRX_ECHANGED, 0, path,
					   "became shorter while it was being read");
		p += n;
		off += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

int crx_io_pwrite(int fd, const void *buf, size_t len, uint64_t off, const char *path,
		  struct crx_err *err)
{
	const uint8_t *p = buf;
	ssize_t n;

	while (len) {
		n = pwrite(fd, p, len, (off_t)off);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return crx_err_set(err, CRX_EIO, n ? errno : ENOSPC, path, "cannot write");
		p += n;
		off += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

int crx_io_write(int fd, const void *buf, size_t len, const char *path, struct crx_err *err)
{
	const uint8_t *p = buf;
	ssize_t n;

	while (len) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return crx_err_set(err, CRX_EIO, n ? errno : ENOSPC, path, "cannot write");
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int crx_io_read_rest(const struct crx_io_rest *f, size_t max, char **out, size_t *len,
		     struct crx_err *err)
{
	size_t cap = 0, head_len = f->head_len, used = head_len;
	char *buf = NULL;
	ssize_t n;
	int ret = 0;

	for (;;) {
		if (used > max) {
			ret = crx_err_set(err, CRX_EBIG, 0, f->path, "is larger than %zu bytes",
					  max);
			break;
		}
		if (!crx_grow(&buf, &cap, used + 65536, 1)) {
			ret = crx_err_nomem(err, "reading a file");
			break;
		}
		if (head_len)
			memcpy(buf, f->head, head_len);
		head_len = 0;
		n = crx_io_read(f->fd, buf + used, cap - used - 1);
		if (n < 0)
			ret = crx_err_set(err, CRX_EIO, errno, f->path, "cannot read");
		if (n <= 0)
			break;
		used += (size_t)n;
	}
	if (ret < 0) {
		free(buf);
		return ret;
	}
	buf[used] = '\0';
	*out = buf;
	*len = used;
	return 0;
}

int crx_io_read_file(const char *path, size_t max, char **out, size_t *len, struct crx_err *err)
{
	struct crx_io_rest f = { .fd = crx_io_open(path, O_RDONLY | O_CLOEXEC), .path = path };
	int ret;

	if (f.fd < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot open");
	ret = crx_io_read_rest(&f, max, out, len, err);
	close(f.fd);
	return ret;
}
