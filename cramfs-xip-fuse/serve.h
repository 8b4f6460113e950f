/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mounted image as a FUSE file system. Only serve.c knows libfuse.
 */
#ifndef CRAMFS_XIP_FUSE_SERVE_H
#define CRAMFS_XIP_FUSE_SERVE_H

#include "options.h"
#include "read/mount.h"

/* Mounts and serves it, in the background unless o->foreground is set. Returns when it is
 * unmounted: in the background process, since the other one has ended with status 0. */
int serve(struct crx_mount *m, const struct options *o, struct crx_err *err) CRX_MUST_CHECK;

/* The operations, with a struct crx_mount as user data, for tests. */
struct fuse_lowlevel_ops;
extern const struct fuse_lowlevel_ops serve_ops;

#endif
