/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "write/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/mem.h"
#include "write/mounted.h"

enum {
	MTD_CHAR_MAJOR = 90, /* Linux, Documentation/admin-guide/devices.txt */
	COPY_LEN = 256 * 1024
};

/* Climbs from the directory of the image to the root, comparing inodes: so links and
 * mounts do not matter. */
int crx_output_check_outside(const char *path, const char *source, struct crx_err *err)
{
	struct stat src, at, up;
	bool exists;
	char *dir;
	int fd, next, ret;

	if (!strcmp(path, "-"))
		return 0;
	ret = crx_io_stat(path, &at, &exists, err);
	if (ret || (exists && !S_ISREG(at.st_mode)))
		return ret;
	ret = crx_io_target_dir(path, &dir, err);
	if (ret < 0)
		return ret;
	/* O_PATH: it need not be readable */
	fd = crx_io_open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		ret = crx_err_set(err, CRX_EIO, errno, dir,
				  "cannot open the directory of the image");
	else if (stat(source, &src) < 0 || fstat(fd, &at) < 0)
		ret = crx_err_set(err, CRX_EIO, errno, source, "cannot stat");
	while (!ret) {
		if (at.st_dev == src.st_dev && at.st_ino == src.st_ino) {
			ret = crx_err_set(err, CRX_EIO, 0, path,
					  "is inside the source tree %s (write the image "
					  "elsewhere)",
					  source);
			break;
		}
		next = crx_io_openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
		if (next < 0 || fstat(next, &up) < 0) {
			/* no access: what is above cannot be the source, which we can read */
			if (next >= 0)
				close(next);
			break;
		}
		close(fd);
		fd = next;
		if (up.st_dev == at.st_dev && up.st_ino == at.st_ino)
			break;
		at = up;
	}
	if (fd >= 0)
		close(fd);
	free(dir);
	return ret;
}

/* As blkdev_lock() of util-linux: a BSD lock keeps udev from reading it while we write. */
static int lock_device(struct crx_output *out, struct crx_err *err)
{
	int how = LOCK_EX | (out->o.lock == CRX_LOCK_NONBLOCK ? LOCK_NB : 0);

	if (out->o.lock == CRX_LOCK_NO)
		return 0;
	while (flock(out->fd, how) < 0) {
		if (errno == EINTR)
			continue;
		if (errno == EWOULDBLOCK)
			return crx_err_set(err, CRX_EIO, 0, out->o.path,
					   "is locked by another process");
		return crx_err_set(err, CRX_EIO, errno, out->o.path, "cannot lock");
	}
	return 0;
}

static int open_device(struct crx_output *out, const struct stat *st, struct crx_err *err)
{
	bool block = S_ISBLK(st->st_mode);
	int exclusive = block && !out->o.force ? O_EXCL : 0;

	out->copies = true;
	out->fd = crx_io_open(out->o.path, O_WRONLY | O_CLOEXEC | O_NOCTTY | exclusive);
	if (out->fd < 0 && errno == EBUSY && exclusive)
		return crx_err_set(err, CRX_EIO, 0, out->o.path,
				   "is in use: mounted, or part of another device "
				   "(--force writes to it)");
	if (out->fd < 0)
		return crx_err_set(err, CRX_EIO, errno, out->o.path, "cannot open for writing");
	return block ? lock_device(out, err) : 0;
}

/* Does nothing without /proc; then only O_EXCL protects the device. */
static int check_mounted(const char *path, dev_t dev, struct crx_err *err)
{
	enum { MAX = 64 << 20 };
	struct crx_err ignored = CRX_ERR_INIT;
	char where[CRX_ERR_PATH_MAX], *text;
	bool mounted;
	size_t len;
	int ret = crx_io_read_file("/proc/self/mountinfo", MAX, &text, &len, &ignored);

	if (ret < 0)
		return ret == CRX_ENOMEM ? crx_err_nomem(err, "looking for mounts") : 0;
	mounted = crx_output_mounted(text, dev, where, sizeof(where));
	free(text);
	if (!mounted)
		return 0;
	return crx_err_set(err, CRX_EIO, 0, path,
			   "is mounted on %s (unmount it; --force writes to it)", where);
}

static int check_file_type(const char *path, const struct stat *st, struct crx_err *err)
{
	if (S_ISDIR(st->st_mode))
		return crx_err_set(err, CRX_EIO, EISDIR, path, "cannot be the image");
	if (S_ISSOCK(st->st_mode))
		return crx_err_set(err, CRX_EIO, 0, path, "is a socket (give a file or a device)");
	if (S_ISCHR(st->st_mode) && major(st->st_rdev) == MTD_CHAR_MAJOR)
		return crx_err_set(err, CRX_EIO, 0, path,
				   "is raw flash, which must be erased first (write the image to a "
				   "file, and use flashcp)");
	return 0;
}

int crx_output_check(const struct crx_output_opts *o, struct crx_err *err)
{
	struct stat st;
	bool exists;
	int ret;

	if (!*o->path)
		return crx_err_set(err, CRX_EIO, ENOENT, NULL, "the name of the image is empty");
	if (!strcmp(o->path, "-"))
		return 0;
	ret = crx_io_stat(o->path, &st, &exists, err);
	if (ret || !exists)
		return ret;
	ret = check_file_type(o->path, &st, err);
	if (!ret && S_ISBLK(st.st_mode) && !o->force)
		ret = check_mounted(o->path, st.st_rdev, err);
	return ret;
}

int crx_output_open(struct crx_output *out, const struct crx_output_opts *o, struct crx_err *err)
{
	struct stat st;
	bool exists;
	int ret;

	*out = (struct crx_output){ .o = *o, .fd = -1, .temp = { .fd = -1 } };
	ret = crx_output_check(o, err);
	if (ret < 0)
		return ret;
	if (!strcmp(o->path, "-") && isatty(STDOUT_FILENO) && !o->force)
		return crx_err_set(err, CRX_EIO, 0, "standard output",
				   "is a terminal (redirect it, or name a file; --force writes to "
				   "it)");
	if (!strcmp(o->path, "-")) {
		out->copies = true;
		out->fd = STDOUT_FILENO;
		return crx_io_temp_nameless(&out->temp, err);
	}
	ret = crx_io_stat(o->path, &st, &exists, err);
	if (ret < 0)
		return ret;
	if (exists && !S_ISREG(st.st_mode)) {
		ret = open_device(out, &st, err);
		return ret ? ret : crx_io_temp_nameless(&out->temp, err);
	}
	return crx_io_temp_beside(&out->temp, o->path, o->hooks, err);
}

int crx_output_fits(const struct crx_output *out, uint64_t size, struct crx_err *err)
{
	struct stat st;
	off_t room;

	if (!out->copies || fstat(out->fd, &st) < 0 || !S_ISBLK(st.st_mode))
		return 0;
	room = lseek(out->fd, 0, SEEK_END);
	if (room < 0 || lseek(out->fd, 0, SEEK_SET) < 0)
		return 0;
	if (size > (uint64_t)room)
		return crx_err_set(err, CRX_EBIG, 0, out->o.path,
				   "has %llu bytes, but the image needs %llu",
				   (unsigned long long)room, (unsigned long long)size);
	return 0;
}

static const char *name_of(const struct crx_output *out)
{
	return out->copies && out->fd == STDOUT_FILENO ? "standard output" : out->o.path;
}

/* Pads the file, from its position image_size on. */
static int write_padding(const struct crx_output *out, int fd, uint64_t image_size, uint8_t *buf,
			 struct crx_err *err)
{
	uint64_t at;
	size_t n;
	int ret = 0;

	memset(buf, out->o.fill, COPY_LEN);
	for (at = image_size; at < out->o.pad_to && !ret; at += n) {
		n = out->o.pad_to - at < COPY_LEN ? (size_t)(out->o.pad_to - at) : COPY_LEN;
		ret = crx_io_write(fd, buf, n, name_of(out), err);
	}
	return ret;
}

static int copy_to_output(struct crx_output *out, uint64_t size, uint8_t *buf, struct crx_err *err)
{
	const char *name = name_of(out);
	uint64_t off;
	size_t n;
	int ret = 0;

	for (off = 0; off < size && !ret; off += n) {
		n = size - off < COPY_LEN ? (size_t)(size - off) : COPY_LEN;
		ret = crx_io_pread(out->temp.fd, buf, n, off, out->temp.path, err);
		if (!ret)
			ret = crx_io_write(out->fd, buf, n, name, err);
	}
	if (!ret)
		ret = write_padding(out, out->fd, size, buf, err);
	if (!ret && out->o.sync && crx_io_fsync(out->fd) < 0 && errno != EINVAL && errno != EROFS)
		ret = crx_err_set(err, CRX_EIO, errno, name, "cannot fsync");
	if (!ret && out->fd != STDOUT_FILENO) {
		/* a device may report write errors only now */
		if (close(out->fd) < 0)
			ret = crx_err_set(err, CRX_EIO, errno, name, "cannot write");
		out->fd = -1;
	}
	return ret;
}

int crx_output_commit(struct crx_output *out, uint64_t image_size, struct crx_err *err)
{
	uint8_t *buf = crx_alloc(1, COPY_LEN);
	int ret;

	if (!buf)
		return crx_err_nomem(err, "writing the image");
	if (out->copies) {
		ret = copy_to_output(out, image_size, buf, err);
	} else {
		ret = 0;
		if (lseek(out->temp.fd, (off_t)image_size, SEEK_SET) < 0)
			ret = crx_err_set(err, CRX_EIO, errno, out->o.path, "cannot seek");
		if (!ret)
			ret = write_padding(out, out->temp.fd, image_size, buf, err);
		if (!ret)
			ret = crx_io_temp_commit(&out->temp, out->o.sync, err);
	}
	free(buf);
	if (!ret)
		crx_output_abort(out); /* only frees descriptors and memory now */
	return ret;
}

void crx_output_abort(struct crx_output *out)
{
	crx_io_temp_abort(&out->temp);
	if (out->fd >= 0 && out->fd != STDOUT_FILENO)
		close(out->fd);
	out->fd = -1;
}
