/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extended attributes by their names, see xattr(7): what each is for.
 */
#ifndef CRX_BASE_XATTR_H
#define CRX_BASE_XATTR_H

enum {
	CRX_XATTR_CAPABILITY = 1, /* security.capability */
	CRX_XATTR_SELINUX = 2,    /* security.selinux */
	CRX_XATTR_ACL = 4,        /* access or default, of POSIX or NFSv4 */
	CRX_XATTR_OTHER = 8,      /* any other */
	CRX_XATTR_KINDS = 4
};

/* One of the above. */
unsigned crx_xattr_kind(const char *name);

#endif
