/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The meaning of extended attributes, by their names; see xattr(7).
 */
#ifndef CRX_BASE_XATTR_H
#define CRX_BASE_XATTR_H

#include <stddef.h>

enum {
	CRX_XATTR_CAPABILITY = 1, /* security.capability */
	CRX_XATTR_SELINUX = 2,    /* security.selinux */
	CRX_XATTR_ACL = 4,        /* access or default, of POSIX or NFSv4 */
	CRX_XATTR_OTHER = 8,      /* any other */
	CRX_XATTR_KINDS = 4,
	/* overlayfs: marks a directory that hides the one of the same name in lower layers */
	CRX_XATTR_OPAQUE = 16
};

/* One of the above. For CRX_XATTR_OPAQUE, crx_xattr_opaque() must check the value as well. */
unsigned crx_xattr_kind(const char *name);

/* By the value of such an attribute: CRX_XATTR_OPAQUE or CRX_XATTR_OTHER. */
unsigned crx_xattr_opaque(const void *value, size_t len);

#endif
