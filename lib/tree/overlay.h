/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Merges one tree over another.
 */
#ifndef CRX_TREE_OVERLAY_H
#define CRX_TREE_OVERLAY_H

#include "tree/tree.h"

struct crx_overlay_opts {
	bool whiteouts;      /* whiteouts in top remove names of base, and are not added */
	struct crx_log *log; /* may be NULL */
};

/*
 * Merge top over base. Both are finished before, and base is finished after it.
 *
 * What only one of them has is kept. A directory of top is merged with a directory
 * of base, or with the directory inside base that a symbolic link of base leads to;
 * the link is kept. (rsync --keep-dirlinks and dpkg do the same, since roots with
 * merged /usr need it.) If top only implies a directory, base's attributes do not
 * change; otherwise it gets top's, and so does the root. In all other cases, an
 * entry of top replaces the one of base, with all that is below it.
 *
 * Whiteouts: in OCI layers, ".wh.NAME" removes NAME from base, ".wh..wh..opq"
 * removes all that base has in that directory, and other names ".wh..wh.*" are
 * ignored. In overlayfs, a character device 0:0 removes the same name from base,
 * and so does a directory marked as opaque (CRX_XATTR_OPAQUE). All are applied
 * before anything of top is added. It is not an error if base does not have the
 * name. Without `whiteouts` they are files like any others, and one warning gives
 * their number.
 *
 * The sources of both trees must outlive base, because they keep the contents. top
 * can only be freed afterwards; after an error, this is also true for base. Nodes
 * of top with link_dev CRX_LINK_NUMBERED get a new link_ino, so that they differ
 * from those of base; with CRX_LINK_BELOW, link_ino is one of base.
 */
int crx_tree_overlay(struct crx_tree *base, struct crx_tree *top, const struct crx_overlay_opts *o,
		     struct crx_err *err) CRX_MUST_CHECK;

/* The highest link_ino of nodes with link_dev CRX_LINK_NUMBERED, or 0. */
uint64_t crx_tree_highest_link(const struct crx_tree *t);

#endif
