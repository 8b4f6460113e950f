/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/xattr.h"

#include <string.h>

unsigned crx_xattr_kind(const char *name)
{
	static const char posix_acl[] = "system.posix_acl_";

	if (!strcmp(name, "security.capability"))
		return CRX_XATTR_CAPABILITY;
	if (!strcmp(name, "security.selinux"))
		return CRX_XATTR_SELINUX;
	if (!strncmp(name, posix_acl, sizeof(posix_acl) - 1) || !strcmp(name, "system.nfs4_acl"))
		return CRX_XATTR_ACL;
	if (!strcmp(name, "trusted.overlay.opaque") || !strcmp(name, "user.overlay.opaque"))
		return CRX_XATTR_OPAQUE;
	return CRX_XATTR_OTHER;
}

/* ovl_path_check_dir_xattr(): "y" marks an opaque directory; "x", one that may have whiteouts */
unsigned crx_xattr_opaque(const void *value, size_t len)
{
	return len == 1 && *(const char *)value == 'y' ? CRX_XATTR_OPAQUE : CRX_XATTR_OTHER;
}
