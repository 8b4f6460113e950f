/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One tree laid over another.
 */
#ifndef CRX_TREE_OVERLAY_H
#define CRX_TREE_OVERLAY_H

#include "tree/tree.h"

struct crx_overlay_opts {
	bool whiteouts; /* what top says to remove is removed from base, and is not in the result */
	struct crx_log *log; /* may be NULL */
};

/*
 * Lay top over base; both are finished, and base is again afterwards.
 *
 * What is in one of them only stays. A directory meets a directory, or a
 * symbolic link of base that leads to one inside base: they merge, and the
 * link stays (as rsync --keep-dirlinks and dpkg do it, since merged-/usr roots
 * need it). A directory that top only implies leaves the attributes of base
 * as they are; any other, the root too, brings its own. In every other case
 * what top has replaces what base has, a directory with all that is below it.
 *
 * Whiteouts, of OCI layers: ".wh.NAME" removes NAME of base, ".wh..wh..opq"
 * all that base has in that directory, any other ".wh..wh.*" is passed over;
 * of overlayfs: a character device 0:0 removes what base has of its name, and
 * so does a directory that is marked as opaque (CRX_XATTR_OPAQUE).
 * They are carried out before anything of top is added. A name that base has
 * not is no error. Without `whiteouts` such names are files like any others
 * (and one warning says how many there are).
 *
 * Contents stay with the sources of both trees, which must outlive base. top
 * is taken apart: all that may be done with it afterwards is crx_tree_free.
 * After an error that holds for base too. link_ino of top's nodes is moved out
 * of base's way where link_dev is CRX_LINK_NUMBERED, and means a link of base
 * where it is CRX_LINK_BELOW.
 */
int crx_tree_overlay(struct crx_tree *base, struct crx_tree *top, const struct crx_overlay_opts *o,
		     struct crx_err *err) CRX_MUST_CHECK;

/* The highest link_ino that is CRX_LINK_NUMBERED, or 0. */
uint64_t crx_tree_highest_link(const struct crx_tree *t);

#endif
