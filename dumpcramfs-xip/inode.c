/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "inode.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "read/kmodel.h"

/* Bytes of links that are read, whatever a hostile image claims; a link counts as LINK_MOST at
 * most. */
enum { LINKS_BUDGET = 1 << 29, LINK_MOST = 16384 };

/* The letter for the bit x, which another bit changes: "x", "s", "S". */
static char execute_letter(uint32_t mode, uint32_t x, uint32_t bit, char with_x, char without)
{
	if (mode & bit)
		return mode & x ? with_x : without;
	return mode & x ? 'x' : '-';
}

const char *mode_text(uint32_t mode, char buf[MODE_TEXT])
{
	buf[0] = crx_entry_type(mode)->letter;
	buf[1] = mode & 0400 ? 'r' : '-';
	buf[2] = mode & 0200 ? 'w' : '-';
	buf[3] = execute_letter(mode, 0100, 04000, 's', 'S');
	buf[4] = mode & 0040 ? 'r' : '-';
	buf[5] = mode & 0020 ? 'w' : '-';
	buf[6] = execute_letter(mode, 0010, 02000, 's', 'S');
	buf[7] = mode & 0004 ? 'r' : '-';
	buf[8] = mode & 0002 ? 'w' : '-';
	buf[9] = execute_letter(mode, 0001, 01000, 't', 'T');
	buf[10] = '\0';
	return buf;
}

bool is_device(uint32_t mode)
{
	return S_ISCHR(mode) || S_ISBLK(mode);
}

unsigned device_major(const struct crx_inode *inode)
{
	return inode->size >> 8 & 0xff;
}

unsigned device_minor(const struct crx_inode *inode)
{
	return inode->size & 0xff;
}

/* page_get_link() of the kernel: at most the first page without its last byte. */
int link_target(struct dump *d, const struct view *v, const struct crx_entry *e, char **out,
		struct crx_err *err)
{
	uint32_t page = v->img.page_size, len = crx_entry_size(e);
	uint32_t cost = page < LINK_MOST ? page : LINK_MOST;
	char path[CRX_ERR_PATH_MAX], text[200];
	enum crx_k_why why = CRX_K_OK;
	uint8_t *bytes;

	*out = NULL;
	if (cost > LINKS_BUDGET - d->links_read) {
		dump_incomplete(d, crx_entry_path(e, path, sizeof(path)),
				"more symbolic links than an image of this size can hold: not all "
				"are read");
		return 0;
	}
	d->links_read += cost;
	bytes = crx_zalloc(page, 1);
	if (!bytes)
		return crx_err_nomem(err, "reading a link");
	if (len)
		why = crx_k_read_folio(&v->img, &e->de.inode, 0, d->z, bytes);
	if (why) {
		free(bytes);
		snprintf(text, sizeof(text), "the target of the link cannot be read: %s",
			 crx_k_why_text(why));
		dump_incomplete(d, crx_entry_path(e, path, sizeof(path)), text);
		return 0;
	}
	bytes[len < page ? len : page - 1] = '\0';
	*out = (char *)bytes;
	return 0;
}

void json_inode(struct crx_cli_json *j, const struct crx_entry *e)
{
	const struct crx_inode *inode = &e->de.inode;
	char path[PATH_CAP];

	crx_cli_json_string(j, "path", crx_entry_path(e, path, sizeof(path)));
	crx_cli_json_string(j, "type", crx_entry_type(inode->mode)->name);
	crx_cli_json_uint(j, "mode", inode->mode & 07777);
	crx_cli_json_uint(j, "uid", inode->uid);
	crx_cli_json_uint(j, "gid", inode->gid);
	crx_cli_json_uint(j, "size", is_device(inode->mode) ? 0 : inode->size);
	if (!is_device(inode->mode))
		return;
	crx_cli_json_uint(j, "major", device_major(inode));
	crx_cli_json_uint(j, "minor", device_minor(inode));
}

const struct crx_entry *entry_next(const struct crx_listing *l, const struct crx_entry *top,
				   const struct crx_entry *e)
{
	if (e->nchildren)
		return &l->entry[e->first_child];
	while (e != top && e->parent) {
		const struct crx_entry *p = e->parent;

		if (e->index + 1 < p->first_child + p->nchildren)
			return &l->entry[e->index + 1];
		e = p;
	}
	return NULL;
}
