/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FUSE's numbers of nodes are the inode numbers, but for the root's, which is FUSE_ROOT_ID. No
 * other inode has that number: it would belong to a directory entry at byte 0 of the image.
 */
#include "config.h"

#define FUSE_USE_VERSION 312
#include <fuse_lowlevel.h>

#include "serve.h"

#include <errno.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"

/* In seconds. The image does not change, so the kernel may cache every answer. */
#define FOREVER (10.0 * 365 * 24 * 60 * 60)

static struct crx_mount *mount_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

static uint64_t ino_of(fuse_req_t req, fuse_ino_t node)
{
	return node == FUSE_ROOT_ID ? mount_of(req)->root_ino : node;
}

static void op_lookup(fuse_req_t req, fuse_ino_t dir, const char *name)
{
	struct crx_mount *m = mount_of(req);
	struct fuse_entry_param e = { .attr_timeout = FOREVER, .entry_timeout = FOREVER };
	int error = crx_mount_lookup(m, ino_of(req, dir), name, &e.attr);

	/* the root below itself: FUSE does not answer this as other directories */
	if (!error && e.attr.st_ino == m->root_ino)
		error = ELOOP;
	e.ino = error ? 0 : e.attr.st_ino;
	/* node 0: the entry does not exist, and the kernel may cache that, too */
	if (error && error != ENOENT)
		fuse_reply_err(req, error);
	else
		fuse_reply_entry(req, &e);
}

static void op_getattr(fuse_req_t req, fuse_ino_t node, struct fuse_file_info *fi CRX_UNUSED)
{
	struct stat st;
	int error = crx_mount_getattr(mount_of(req), ino_of(req, node), &st);

	if (error)
		fuse_reply_err(req, error);
	else
		fuse_reply_attr(req, &st, FOREVER);
}

static void op_readlink(fuse_req_t req, fuse_ino_t node)
{
	char *target;
	int error = crx_mount_readlink(mount_of(req), ino_of(req, node), &target);

	if (error)
		fuse_reply_err(req, error);
	else
		fuse_reply_readlink(req, target);
	free(target);
}

static void op_open(fuse_req_t req, fuse_ino_t node CRX_UNUSED, struct fuse_file_info *fi)
{
	fi->keep_cache = 1;
	fuse_reply_open(req, fi);
}

static void op_read(fuse_req_t req, fuse_ino_t node, size_t len, off_t off,
		    struct fuse_file_info *fi CRX_UNUSED)
{
	uint8_t *buf = crx_alloc(len, 1);
	int error = ENOMEM;
	size_t got;

	if (buf)
		error = crx_mount_read(mount_of(req), ino_of(req, node), (uint64_t)off, len, buf,
				       &got);
	if (error)
		fuse_reply_err(req, error);
	else
		fuse_reply_buf(req, (const char *)buf, got);
	free(buf);
}

/* fuse_add_direntry() would end a name at its first NUL, and the kernel refuses an empty one.
 * Returns the length, or 0 if the entry does not fit. */
static size_t put_entry(char *buf, size_t cap, const struct crx_dirent *de, uint32_t next)
{
	struct fuse_dirent d = {
		.ino = crx_k_ino(&de->inode, de->off),
		.off = next,
		.namelen = (uint32_t)de->name_len,
		.type = de->inode.mode >> 12,
	};
	size_t n = FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + de->name_len);

	if (n > cap)
		return 0;
	memset(buf, 0, n);
	memcpy(buf, &d, FUSE_NAME_OFFSET);
	memcpy(buf + FUSE_NAME_OFFSET, de->name, de->name_len);
	return n;
}

/* As many entries as fit. An error is for the call that begins with it, as getdents() reports it.
 */
static int list(fuse_req_t req, fuse_ino_t node, uint32_t pos, char *buf, size_t *len)
{
	size_t cap = *len, n;
	struct crx_dirent de;
	int error;

	*len = 0;
	for (;;) {
		error = crx_mount_readdir(mount_of(req), ino_of(req, node), &pos, &de);
		if (error)
			return error == ENOENT || *len ? 0 : error;
		n = put_entry(buf + *len, cap - *len, &de, pos);
		if (!n)
			return 0;
		*len += n;
	}
}

static void op_readdir(fuse_req_t req, fuse_ino_t node, size_t len, off_t pos,
		       struct fuse_file_info *fi CRX_UNUSED)
{
	char *buf = crx_alloc(len, 1);
	/* a position of ours is that of an entry */
	int error = pos < 0 || pos > UINT32_MAX ? EINVAL : ENOMEM;

	if (buf && error == ENOMEM)
		error = list(req, node, (uint32_t)pos, buf, &len);
	if (error)
		fuse_reply_err(req, error);
	else
		fuse_reply_buf(req, buf, len);
	free(buf);
}

static void op_statfs(fuse_req_t req, fuse_ino_t node CRX_UNUSED)
{
	struct statvfs fs;

	crx_mount_statfs(mount_of(req), &fs);
	fuse_reply_statfs(req, &fs);
}

/* There are none: cramfs knows no attributes. */
static void op_listxattr(fuse_req_t req, fuse_ino_t node CRX_UNUSED, size_t len)
{
	if (len)
		fuse_reply_buf(req, NULL, 0);
	else
		fuse_reply_xattr(req, 0);
}

const struct fuse_lowlevel_ops serve_ops = {
	.lookup = op_lookup,
	.getattr = op_getattr,
	.readlink = op_readlink,
	.open = op_open,
	.read = op_read,
	.readdir = op_readdir,
	.statfs = op_statfs,
	.listxattr = op_listxattr,
};

static bool add_option(struct fuse_args *args, const char *text)
{
	return !fuse_opt_add_arg(args, "-o") && !fuse_opt_add_arg(args, text);
}

/* The name of the image comes first, so that -o can replace it, and "ro" last, so that it cannot.
 * What others may enter is checked as a kernel would. */
static int make_args(struct fuse_args *args, const struct options *o, struct crx_err *err)
{
	char *name = crx_strjoin("fsname=", o->image, ""), *own = NULL;
	bool done = name && !fuse_opt_add_opt(&own, "subtype=" PROGRAM) &&
		    !fuse_opt_add_opt_escaped(&own, name) && !fuse_opt_add_arg(args, PROGRAM) &&
		    add_option(args, own);
	size_t i;

	for (i = 0; done && i < o->mount.n; i++) {
		done = add_option(args, o->mount.at[i]);
		if (done && strstr(o->mount.at[i], "allow_"))
			done = add_option(args, "default_permissions");
	}
	done = done && add_option(args, "ro");
	free(name);
	free(own);
	return done ? 0 : crx_err_nomem(err, "mounting");
}

/* fuse_set_signal_handlers() leaves signals alone that have a handler. */
static void release_signals(void)
{
	static const int number[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction a;
	size_t i;

	for (i = 0; i < sizeof(number) / sizeof(number[0]); i++)
		if (!sigaction(number[i], NULL, &a) && a.sa_handler != SIG_IGN)
			signal(number[i], SIG_DFL);
}

static int loop(struct fuse_session *se, const struct options *o, struct crx_err *err)
{
	if (fuse_daemonize(o->foreground))
		return crx_err_set(err, CRX_EIO, errno, NULL, "cannot continue in the background");
	if (fuse_session_loop_mt(se, NULL) < 0)
		return crx_err_set(err, CRX_EIO, 0, o->dir, "serving it failed");
	return 0;
}

static int run_session(struct fuse_session *se, const struct options *o, struct crx_err *err)
{
	char *dir = realpath(o->dir, NULL); /* fuse_daemonize() changes to another directory */
	int ret;

	if (!dir)
		return crx_err_set(err, CRX_EIO, errno, o->dir, "cannot mount");
	release_signals();
	if (fuse_set_signal_handlers(se)) {
		ret = crx_err_set(err, CRX_EIO, 0, NULL, "cannot handle signals");
	} else if (fuse_session_mount(se, dir)) {
		ret = crx_err_set(err, CRX_EIO, 0, o->dir, "cannot mount");
	} else {
		ret = loop(se, o, err);
		fuse_session_unmount(se);
	}
	fuse_remove_signal_handlers(se);
	free(dir);
	return ret;
}

int serve(struct crx_mount *m, const struct options *o, struct crx_err *err)
{
	struct fuse_args args = FUSE_ARGS_INIT(0, NULL);
	struct fuse_session *se = NULL;
	int ret = make_args(&args, o, err);

	if (!ret) {
		se = fuse_session_new(&args, &serve_ops, sizeof(serve_ops), m);
		if (!se)
			ret = crx_err_set(err, CRX_EARG, 0, NULL, "-o: FUSE refuses an option");
	}
	if (!ret)
		ret = run_session(se, o, err);
	if (se)
		fuse_session_destroy(se);
	fuse_opt_free_args(&args);
	return ret;
}
