/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets owners, modes and times.
 */
#include "config.h"
#include "read/extract_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Does an entry lack something, and was some of that asked for? */
struct lack {
	bool any, denied;
};

static int set_owner(struct crx_extract_place p, const struct crx_inode *in)
{
	if (p.name)
		return fchownat(p.fd, p.name, in->uid, in->gid, AT_SYMLINK_NOFOLLOW);
	return fchown(p.fd, in->uid, in->gid);
}

/* A name is that of a node that we made, in a directory that only we can use while it is filled.
 * Even so, a link of that name is not followed if the system supports that. */
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

/* Returns whether the entry has the owner that the image gives it. */
static bool apply_owner(struct crx_extraction *x, const struct crx_entry *e,
			struct crx_extract_place p, struct lack *lack)
{
	const struct crx_inode *in = &e->de.inode;

	if (!x->o->owners) {
		if (in->uid == geteuid() && in->gid == getegid())
			return true;
		x->left[CRX_LEFT_OWNER].count++;
	} else {
		if (!set_owner(p, in))
			return true;
		crx_extract_report(x, CRX_LEFT_OWNER_DENIED, e, "cannot set owner %u:%u: %s",
				   (unsigned)in->uid, (unsigned)in->gid, strerror(errno));
		lack->denied = true;
	}
	lack->any = true;
	return false;
}

static void apply_mode(struct crx_extraction *x, const struct crx_entry *e,
		       struct crx_extract_place p, bool owned, struct lack *lack)
{
	uint32_t mode = crx_extract_mode(e);

	/* a file that lacks its owner must not become setuid */
	if ((mode & (S_ISUID | S_ISGID)) && !(x->o->owners && owned)) {
		crx_extract_report(x, x->o->owners ? CRX_LEFT_BITS_DENIED : CRX_LEFT_BITS, e,
				   "setuid or setgid bits (mode %04o) not set%s", (unsigned)mode,
				   x->o->owners ? ": it does not have its owner" : "");
		mode &= ~(uint32_t)(S_ISUID | S_ISGID);
		lack->any = true;
	}
	if (set_mode(p, (mode_t)mode) < 0) {
		crx_extract_report(x, CRX_LEFT_MODE_DENIED, e, "cannot set mode %04o: %s",
				   (unsigned)mode, strerror(errno));
		lack->any = lack->denied = true;
	}
}

void crx_extract_set_attrs(struct crx_extraction *x, const struct crx_entry *e,
			   struct crx_extract_place p)
{
	bool exposed = x->exposed && !e->parent;
	struct lack lack = { exposed, exposed };
	/* the owner first: chown() clears setuid bits */
	bool owned = apply_owner(x, e, p, &lack);

	if (!S_ISLNK(e->de.inode.mode))
		apply_mode(x, e, p, owned, &lack);
	if (set_times(p) < 0) {
		crx_extract_report(x, CRX_LEFT_MODE_DENIED, e, "cannot set its times: %s",
				   strerror(errno));
		lack.any = lack.denied = true;
	}
	x->out->not_set += lack.any;
	x->out->denied += lack.denied;
}
