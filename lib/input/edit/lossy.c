/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/edit/lossy.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What was cut of one node, as one line of text. */
struct cuts {
	char text[320];
	size_t used;
};

static void CRX_PRINTF(2, 3) add_cut(struct cuts *l, const char *fmt, ...)
{
	va_list ap;
	int len;

	if (l->used)
		l->used += (size_t)snprintf(l->text + l->used, sizeof(l->text) - l->used, ", ");
	va_start(ap, fmt);
	len = vsnprintf(l->text + l->used, sizeof(l->text) - l->used, fmt, ap);
	va_end(ap);
	l->used += len > 0 ? (size_t)len : 0;
}

static void cut_owner(struct crx_node *n, struct cuts *l)
{
	if (n->uid > CRX_UID_MAX) {
		add_cut(l, "uid %" PRIu32 " becomes %" PRIu32 "%s", n->uid, n->uid & CRX_UID_MAX,
			n->mode & S_ISUID ? " (and it is setuid)" : "");
		n->uid &= CRX_UID_MAX;
	}
	if (n->gid > CRX_GID_MAX) {
		add_cut(l, "gid %" PRIu32 " becomes %" PRIu32 "%s", n->gid, n->gid & CRX_GID_MAX,
			n->mode & S_ISGID ? " (and it is setgid)" : "");
		n->gid &= CRX_GID_MAX;
	}
}

/* Other builders write the lowest bits of dev_t, and old_decode_dev() reads these. */
static void cut_device(struct crx_node *n, struct cuts *l)
{
	if (n->dev_major <= CRX_DEV_MAX && n->dev_minor <= CRX_DEV_MAX)
		return;
	add_cut(l, "device %" PRIu32 ",%" PRIu32 " becomes another one, %" PRIu32 ",%" PRIu32,
		n->dev_major, n->dev_minor, n->dev_major & CRX_DEV_MAX, n->dev_minor & CRX_DEV_MAX);
	n->dev_major &= CRX_DEV_MAX;
	n->dev_minor &= CRX_DEV_MAX;
}

static void cut_file(struct crx_node *n, struct cuts *l)
{
	/* a source may not have kept the contents of a file that is too large */
	if (n->size <= CRX_SIZE_MAX || !n->content.ops)
		return;
	add_cut(l, "%" PRIu64 " bytes become %u: the end is cut off", n->size,
		(unsigned)CRX_SIZE_MAX);
	if (!n->content.whole)
		n->content.whole = n->content.size;
	n->size = CRX_SIZE_MAX;
	n->content.size = CRX_SIZE_MAX;
}

/* Before the character that the 253rd byte belongs to. */
static void cut_name(struct crx_node *n, struct cuts *l)
{
	size_t len = CRX_DIRENT_NAME_MAX, back = 0;

	if (strlen(n->name) <= len)
		return;
	/* a character has at most three bytes after its first */
	while (back < 4 && ((unsigned char)n->name[len - back] & 0xc0) == 0x80)
		back++;
	if (back == 4 || (back && (unsigned char)n->name[len - back] < 0xc0))
		return; /* not UTF-8: crx_tree_check() will reject it */
	add_cut(l, "its name is cut from %zu to %zu bytes", strlen(n->name), len - back);
	n->name[len - back] = '\0';
}

static void cut_node(struct crx_node *n, struct crx_log *log)
{
	struct cuts l = { "", 0 };
	char path[CRX_ERR_PATH_MAX];

	crx_tree_path(n, path, sizeof(path)); /* before its name is cut */
	cut_owner(n, &l);
	if (S_ISCHR(n->mode) || S_ISBLK(n->mode))
		cut_device(n, &l);
	else if (S_ISREG(n->mode))
		cut_file(n, &l);
	cut_name(n, &l);
	if (l.used)
		crx_log_warn(log, path, "%s (--lossy)", l.text);
}

static const struct crx_content_ops UNREADABLE;

/* Sets n->content.ops to &UNREADABLE if it cannot be opened. */
static int check_readable(struct crx_node *n, struct crx_log *log, struct crx_err *err)
{
	struct crx_err why = CRX_ERR_INIT;
	char path[CRX_ERR_PATH_MAX];
	void *handle;
	int ret;

	if (!S_ISREG(n->mode) || !n->content.ops)
		return 0;
	ret = n->content.ops->open(&n->content, &handle, &why);
	if (!ret)
		return n->content.ops->close(&n->content, handle, err);
	if (ret != CRX_EIO) {
		*err = why;
		return ret;
	}
	crx_log_warn(log, crx_tree_path(n, path, sizeof(path)),
		     "%s%s%s; it is not in the image (--lossy)", why.text,
		     why.sys_errno ? ": " : "", why.sys_errno ? strerror(why.sys_errno) : "");
	n->content.ops = &UNREADABLE;
	return 0;
}

static bool was_unreadable(void *ctx CRX_UNUSED, const struct crx_node *n)
{
	return n->content.ops == &UNREADABLE;
}

int crx_filter_lossy(struct crx_tree *t, struct crx_log *log, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < t->nnodes && !ret; i++)
		ret = check_readable(t->node[i], log, err);
	if (ret)
		return ret;
	crx_tree_prune_all(t, was_unreadable, NULL);
	ret = crx_tree_finish(t, err);
	for (i = 0; i < t->nnodes && !ret; i++)
		cut_node(t->node[i], log);
	return ret;
}
