/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Owners, modes and times; and what is said of them that could not be set.
 */
#include "config.h"
#include "read/extract_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void crx_extract_say(struct crx_extraction *x, enum crx_left kind, const struct crx_entry *e, const char *fmt, ...)
{
	char path[CRX_ERR_PATH_MAX], text[CRX_ERR_TEXT_MAX];
	va_list ap;

	if (kind == CRX_LEFT_FAILED)
		x->out->failed++;
	if (x->left[kind]++ >= CRX_EXTRACT_PATHS)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	crx_entry_path(e, path, sizeof(path));
	if (kind == CRX_LEFT_FAILED)
		crx_log_error(x->o->log, path, "%s", text);
	else
		crx_log_note(x->o->log, path, "%s", text);
}

int crx_extract_sys(struct crx_extraction *x, const struct crx_entry *e, int sys_errno, const char *what, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];

	switch (sys_errno) {
	case ENOSPC:
	case EDQUOT:
	case EROFS:
	case EIO:
	case ENOMEM:
	case EMFILE:
	case ENFILE:
		crx_entry_path(e, path, sizeof(path));
		return crx_err_set(err, CRX_EIO, sys_errno, path, "cannot %s; '%s' holds a part of the tree", what, x->dir);
	case EEXIST:
		crx_extract_say(x, CRX_LEFT_FAILED, e, "left out: the name is there already, twice in the image or equal to another on this file system");
		return 0;
	default:
		crx_extract_say(x, CRX_LEFT_FAILED, e, "left out: cannot %s: %s", what, strerror(sys_errno));
		return 0;
	}
}

static int set_owner(struct crx_extract_place p, const struct crx_inode *in)
{
	if (p.name)
		return fchownat(p.fd, p.name, in->uid, in->gid, AT_SYMLINK_NOFOLLOW);
	return fchown(p.fd, in->uid, in->gid);
}

/* A name is that of a node which we made, in a directory that is ours alone
 * while it is filled; still, a link in its place is not followed where the
 * system can do that. */
static int set_mode(struct crx_extract_place p, mode_t mode)
{
	if (!p.name)
		return fchmod(p.fd, mode);
	if (!fchmodat(p.fd, p.name, mode, AT_SYMLINK_NOFOLLOW))
		return 0;
	if (errno != EINVAL && errno != ENOTSUP && errno != EOPNOTSUPP && errno != ENOSYS)
		return -1;
	return fchmodat(p.fd, p.name, mode, 0);
}

static int set_times(struct crx_extract_place p)
{
	static const struct timespec zero[2] = { { 0, 0 }, { 0, 0 } };

	if (p.name)
		return utimensat(p.fd, p.name, zero, AT_SYMLINK_NOFOLLOW);
	return futimens(p.fd, zero);
}

void crx_extract_set_attrs(struct crx_extraction *x, const struct crx_entry *e, struct crx_extract_place p)
{
	const struct crx_inode *in = &e->de.inode;
	uint32_t mode = crx_extract_mode(e);
	bool owned, all;

	/* the owner first: chown() takes setuid bits away */
	if (x->o->owners)
		owned = !set_owner(p, in);
	else
		owned = in->uid == geteuid() && in->gid == getegid();
	all = owned;
	if (!owned)
		x->left[CRX_LEFT_OWNER]++;
	if (!S_ISLNK(in->mode)) {
		/* never setuid of somebody else's */
		if ((mode & (S_ISUID | S_ISGID)) && !(x->o->owners && owned)) {
			crx_extract_say(x, CRX_LEFT_BITS, e, "setuid or setgid bits (mode %04o) not set", (unsigned)mode);
			mode &= ~(uint32_t)(S_ISUID | S_ISGID);
			all = false;
		}
		if (set_mode(p, (mode_t)mode) < 0) {
			crx_extract_say(x, CRX_LEFT_OTHER, e, "cannot set mode %04o: %s", (unsigned)mode, strerror(errno));
			all = false;
		}
	}
	if (set_times(p) < 0) {
		crx_extract_say(x, CRX_LEFT_OTHER, e, "cannot set its times: %s", strerror(errno));
		all = false;
	}
	if (!all)
		x->out->not_set++;
}

static const char *entries(size_t n)
{
	return n == 1 ? "entry" : "entries";
}

void crx_extract_say_counts(struct crx_extraction *x)
{
	struct crx_log *log = x->o->log;
	const char *who = x->o->owners ? "the system did not allow it" : "that takes root, or --owners";

	if (x->left[CRX_LEFT_OWNER])
		crx_log_note(log, x->dir, "owners not set, of %zu %s: %s", x->left[CRX_LEFT_OWNER], entries(x->left[CRX_LEFT_OWNER]), who);
	if (x->left[CRX_LEFT_BITS])
		crx_log_warn(log, x->dir, "setuid or setgid bits not set, of %zu %s: %s", x->left[CRX_LEFT_BITS], entries(x->left[CRX_LEFT_BITS]), who);
	if (x->left[CRX_LEFT_NODE])
		crx_log_warn(log, x->dir, "%zu of the devices, FIFOs and sockets not made: %s", x->left[CRX_LEFT_NODE],
			     x->o->owners && !x->o->devices ? "devices take --owners" : who);
	if (x->left[CRX_LEFT_OTHER])
		crx_log_warn(log, x->dir, "modes or times not set, of %zu %s", x->left[CRX_LEFT_OTHER], entries(x->left[CRX_LEFT_OTHER]));
	if (x->left[CRX_LEFT_FAILED] > CRX_EXTRACT_PATHS)
		crx_log_error(log, x->dir, "and %zu more that could not be extracted", x->left[CRX_LEFT_FAILED] - CRX_EXTRACT_PATHS);
}
