/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/dir_xattrs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#include "base/mem.h"
#include "base/xattr.h"

static const char SELINUX[] = "security.selinux";

/* LIST_LEN is Linux's XATTR_LIST_MAX. Labels are much shorter than XATTR_SIZE_MAX. */
enum { LIST_LEN = 65536, LABEL_LEN = 4096 };

int crx_dir_xattrs_open(struct crx_dir_xattrs *l, const char *dir, struct crx_err *err)
{
	ssize_t len;

	*l = (struct crx_dir_xattrs){ 0 };
	l->names = crx_alloc(LIST_LEN, 1);
	l->label = crx_alloc(LABEL_LEN, 1);
	if (!l->names || !l->label)
		return crx_err_nomem(err, "reading the tree");
	len = getxattr(dir, SELINUX, l->label, LABEL_LEN);
	l->label_len = len < 0 ? 0 : (size_t)len;
	return 0;
}

void crx_dir_xattrs_close(struct crx_dir_xattrs *l)
{
	free(l->label);
	free(l->names);
	*l = (struct crx_dir_xattrs){ 0 };
}

static bool has_prefix(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* Is the file's label the same as the directory's? */
static bool has_dir_label(const struct crx_dir_xattrs *l, const char *path)
{
	char label[LABEL_LEN];
	ssize_t len = lgetxattr(path, SELINUX, label, sizeof(label));

	return len >= 0 && (size_t)len == l->label_len && !memcmp(label, l->label, l->label_len);
}

static unsigned kind_of_opaque(const char *path, const char *name)
{
	char value[2];
	ssize_t len = lgetxattr(path, name, value, sizeof(value));

	return crx_xattr_opaque(value, len < 0 ? 0 : (size_t)len);
}

static unsigned kind_on_disk(const struct crx_dir_xattrs *l, const char *path, const char *name)
{
	unsigned kind = crx_xattr_kind(name);

	if (kind == CRX_XATTR_OPAQUE)
		return kind_of_opaque(path, name);
	if (kind == CRX_XATTR_SELINUX)
		return has_dir_label(l, path) ? 0 : kind;
	/* NFS gives each file a system.nfs4_acl, which only repeats its mode */
	if (kind == CRX_XATTR_ACL)
		return has_prefix(name, "system.posix_acl_") ? kind : 0;
	if (kind == CRX_XATTR_OTHER)
		return has_prefix(name, "security.") || has_prefix(name, "trusted.") ||
				       has_prefix(name, "user.")
			       ? kind
			       : 0;
	return kind;
}

unsigned crx_dir_xattrs_find(struct crx_dir_xattrs *l, const char *path, uint64_t dev)
{
	const char *name;
	unsigned kinds = 0;
	ssize_t len;

	if (l->unsupported && l->dev == dev)
		return 0;
	len = llistxattr(path, l->names, LIST_LEN);
	if (len < 0) {
		l->unsupported = errno == ENOTSUP;
		l->dev = dev;
		return 0;
	}
	for (name = l->names; name < l->names + len; name += strlen(name) + 1)
		kinds |= kind_on_disk(l, path, name);
	return kinds;
}
