/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "tree/limits.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

size_t crx_tree_entry_len(const struct crx_node *n)
{
	return CRX_INODE_LEN + (size_t)crx_round_up(strlen(n->name), 4);
}

uint64_t crx_tree_dir_len(const struct crx_node *n)
{
	uint64_t len = 0;
	size_t i;

	for (i = 0; i < n->nchildren; i++)
		len += crx_tree_entry_len(n->child[i]);
	return len;
}

void crx_offend(struct crx_offences *o, const struct crx_node *n, const char *fmt, ...)
{
	va_list ap;

	if (o->list && o->listed < CRX_OFFENCES_LISTED) {
		o->list[o->listed].node = n;
		va_start(ap, fmt);
		vsnprintf(o->list[o->listed].text, sizeof(o->list[0].text), fmt, ap);
		va_end(ap);
		o->listed++;
	}
	o->count++;
}

static void check_owner(const struct crx_node *n, struct crx_offences *o)
{
	if (n->uid > CRX_UID_MAX)
		crx_offend(o, n,
			   "uid %" PRIu32 " is over 65535, the largest in cramfs (--all-root "
			   "stores 0:0, --map-uid %" PRIu32
			   ":N another user, --lossy its lowest 16 bits, %" PRIu32 ")",
			   n->uid, n->uid, n->uid & CRX_UID_MAX);
	if (n->gid > CRX_GID_MAX)
		crx_offend(o, n,
			   "gid %" PRIu32 " is over 255, the largest in cramfs (--all-root stores "
			   "0:0, --map-gid %" PRIu32
			   ":N another group, --lossy its lowest 8 bits, %" PRIu32 ")",
			   n->gid, n->gid, n->gid & CRX_GID_MAX);
}

static void check_type(const struct crx_node *n, uint32_t page_size, struct crx_offences *o)
{
	uint64_t len;

	switch (n->mode & S_IFMT) {
	case S_IFREG:
		if (n->size > CRX_SIZE_MAX)
			crx_offend(o, n,
				   "%" PRIu64
				   " bytes: files of cramfs are smaller than 16 MiB (exclude it "
				   "with --exclude, or cut it with --lossy)",
				   n->size);
		break;
	case S_IFLNK:
		/* page_get_link() cuts the target to P - 1 bytes */
		if (!n->size || n->size >= page_size)
			crx_offend(o, n,
				   "link target of %" PRIu64 " bytes: it must have 1 to %" PRIu32
				   " (exclude it with --exclude)",
				   n->size, page_size - 1);
		break;
	case S_IFDIR:
		len = crx_tree_dir_len(n);
		if (len > CRX_SIZE_MAX)
			crx_offend(o, n,
				   "its %zu entries take %" PRIu64
				   " bytes: directories of cramfs are smaller than 16 MiB "
				   "(exclude some with --exclude)",
				   n->nchildren, len);
		break;
	case S_IFCHR:
	case S_IFBLK:
		if (n->dev_major > CRX_DEV_MAX || n->dev_minor > CRX_DEV_MAX)
			crx_offend(o, n,
				   "device %" PRIu32 ",%" PRIu32
				   ": the largest in cramfs is 255,255 (exclude it with "
				   "--exclude; --lossy stores another device)",
				   n->dev_major, n->dev_minor);
		break;
	case S_IFIFO:
	case S_IFSOCK:
		break;
	default:
		crx_offend(o, n, "unknown file type %#" PRIo32 " (exclude it with --exclude)",
			   n->mode & S_IFMT);
	}
}

int crx_tree_check(const struct crx_tree *t, uint32_t page_size, struct crx_offences *out,
		   struct crx_err *err)
{
	uint64_t dirs = CRX_BOOT_PAD_LEN + CRX_SUPER_LEN;
	bool beyond = false;
	const struct crx_node *n;
	size_t i;

	*out = (struct crx_offences){ 0 };
	out->list = crx_zalloc(CRX_OFFENCES_LISTED, sizeof(*out->list));
	if (!out->list)
		return crx_err_nomem(err, "checking the tree");
	for (i = 0; i < t->nnodes; i++) {
		n = t->node[i];
		if (strlen(n->name) > CRX_DIRENT_NAME_MAX)
			crx_offend(out, n,
				   "name of %zu bytes: the longest in cramfs has 252 (exclude it "
				   "with --exclude, or, if it is UTF-8, cut it with --lossy)",
				   strlen(n->name));
		check_owner(n, out);
		check_type(n, page_size, out);
		if (S_ISDIR(n->mode)) {
			if (!beyond && dirs > CRX_INODE_OFF_MAX && n->nchildren) {
				beyond = true;
				crx_offend(out, n,
					   "directory beyond 256 MiB, where cramfs cannot have "
					   "directories (exclude some with --exclude)");
			}
			dirs += crx_tree_dir_len(n);
		}
	}
	return 0;
}

void crx_offences_free(struct crx_offences *o)
{
	free(o->list);
	*o = (struct crx_offences){ 0 };
}
