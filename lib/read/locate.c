/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/locate.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/number.h"
#include "base/offenders.h"
#include "comp/comp.h"
#include "read/bytes.h"
#include "read/magic.h"

/* Where a superblock may be, and its image. */
struct candidate {
	uint64_t super_off, off; /* in the file */
	struct crx_super super;
	enum crx_order order;
};

/* The magic numbers of one row. */
struct seen {
	uint64_t first;
	size_t n;
};

struct search {
	const struct crx_image *file;
	const char *name;
	struct candidate found[CRX_OFFENDERS_MOST]; /* the first ones */
	size_t n;
	struct seen seen[CRX_MAGIC_ROWS];
	uint64_t crc_left; /* bytes whose CRC may still be computed, whatever a hostile file claims
			    */
};

/* With the right CRC, an image of version 2 at `off` ends there; 0 if that is unknown or wrong. */
static uint64_t certain_end(struct search *s, const struct candidate *c, uint64_t off)
{
	static const uint8_t zero[4];
	uint64_t size = c->super.size, len;
	const uint8_t *p;
	uint32_t crc;

	if (size < c->super_off - off + CRX_SUPER_LEN)
		return 0;
	len = size - (c->super_off - off);
	p = crx_image_bytes(s->file, c->super_off, len);
	if (!p || len > s->crc_left)
		return 0;
	s->crc_left -= len;
	crc = crx_crc32(0, p, CRX_SUPER_OFF_CRC);
	crc = crx_crc32(crc, zero, sizeof(zero));
	crc = crx_crc32(crc, p + CRX_SUPER_OFF_CRC + sizeof(zero),
			(size_t)len - CRX_SUPER_OFF_CRC - sizeof(zero));
	return crc == c->super.crc ? off + size : 0;
}

/* Version 1 has no CRC: can the first entry of the root be read? */
static bool has_root(const struct search *s, const struct candidate *c)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_image img;
	struct crx_dirent d;
	uint32_t pos = 0;

	if (c->super.root.off != CRX_SUPER_LEN &&
	    c->super.root.off != CRX_BOOT_PAD_LEN + CRX_SUPER_LEN)
		return false;
	return !crx_image_view(&img, s->file->data + c->off, s->file->len - c->off, CRX_PAGE_MIN,
			       &err) &&
	       crx_image_dirent(&img, &c->super.root, &pos, &d, &err) > 0;
}

/* Is this a superblock? If so, *end is where its image ends, or where to go on. */
static bool is_image(struct search *s, struct candidate *c, uint64_t *end)
{
	const uint8_t *p = crx_image_bytes(s->file, c->super_off, CRX_SUPER_LEN);
	bool padded; /* the root shows it, unless it is empty or shifted */

	if (!p)
		return false;
	crx_super_decode(p, c->order, &c->super);
	if (memcmp(c->super.signature, CRX_SIGNATURE, sizeof(c->super.signature)) != 0 ||
	    !S_ISDIR(c->super.root.mode) || (c->super.flags & ~CRX_FLAGS_SUPPORTED))
		return false;
	padded = c->super_off >= CRX_BOOT_PAD_LEN &&
		 c->super.root.off == CRX_BOOT_PAD_LEN + CRX_SUPER_LEN;
	c->off = c->super_off - (padded ? CRX_BOOT_PAD_LEN : 0);
	if (!(c->super.flags & CRX_FLAG_FSID_VERSION_2))
		return has_root(s, c);
	*end = certain_end(s, c, c->off);
	if (*end || padded || c->super_off < CRX_BOOT_PAD_LEN)
		return c->super.size >= CRX_SUPER_LEN;
	*end = certain_end(s, c, c->super_off - CRX_BOOT_PAD_LEN);
	if (*end)
		c->off = c->super_off - CRX_BOOT_PAD_LEN;
	return c->super.size >= CRX_SUPER_LEN;
}

static void search_file(struct search *s)
{
	struct crx_magic_scan scan;
	struct candidate c;
	uint64_t off, end;
	size_t row;

	crx_magic_scan_begin(&scan, s->file->data, s->file->len);
	while (crx_magic_scan_next(&scan, &row, &off)) {
		if (!s->seen[row].n++)
			s->seen[row].first = off;
		if (row >= CRX_MAGIC_CRAMFS_ROWS)
			continue;
		c = (struct candidate){ .super_off = off, .order = (enum crx_order)row };
		end = 0;
		if (!is_image(s, &c, &end))
			continue;
		if (s->n < CRX_OFFENDERS_MOST)
			s->found[s->n] = c;
		s->n++;
		if (end > scan.at)
			scan.at = end;
	}
}

static int report_several(const struct search *s, struct crx_log *log, struct crx_err *err)
{
	struct crx_offenders o = { log, CRX_LEVEL_ERROR, CRX_OFFENDERS_MOST, 0 };
	size_t i;

	for (i = 0; i < s->n && i < CRX_OFFENDERS_MOST; i++)
		crx_offenders_add(&o, s->name, "a cramfs image at byte %llu (0x%llx)",
				  (unsigned long long)s->found[i].off,
				  (unsigned long long)s->found[i].off);
	o.count = s->n;
	crx_offenders_end(&o, s->name, "of these");
	return crx_err_set(err, CRX_EFORMAT, 0, s->name,
			   "contains %zu cramfs images (choose one with --offset N)", s->n);
}

static int report_none(const struct search *s, struct crx_log *log, struct crx_err *err)
{
	struct crx_offenders o = { log, CRX_LEVEL_ERROR, CRX_OFFENDERS_MOST, 0 };
	size_t i;

	for (i = 0; i < CRX_MAGIC_ROWS; i++) {
		const struct seen *seen = &s->seen[i];
		const char *what = crx_magic_row(i)->what;
		char more[48] = "";

		if (!seen->n)
			continue;
		if (seen->n > 1)
			snprintf(more, sizeof(more), ", and at %zu other place%s", seen->n - 1,
				 crx_plural(seen->n - 1));
		crx_offenders_add(&o, s->name, "the magic number of %s at byte %llu (0x%llx)%s%s",
				  what, (unsigned long long)seen->first,
				  (unsigned long long)seen->first, more,
				  i < CRX_MAGIC_CRAMFS_ROWS ? ", but no superblock" : "");
	}
	crx_offenders_end(&o, s->name, "of these");
	return crx_err_set(err, CRX_EFORMAT, 0, s->name,
			   "no cramfs image at any offset (if you know of one that is damaged, "
			   "use --offset N)");
}

int crx_image_locate(int fd, const char *name, struct crx_log *log, uint64_t *off, size_t *n,
		     struct crx_err *err)
{
	struct crx_image file;
	struct search s = { .file = &file, .name = name };
	int ret = crx_image_map_file(&file, fd, name, err);

	*n = 0;
	if (ret < 0)
		return ret;
	s.crc_left = 2 * file.len;
	search_file(&s);
	*n = s.n;
	if (s.n == 1)
		*off = s.found[0].off;
	else
		ret = s.n ? report_several(&s, log, err) : report_none(&s, log, err);
	crx_image_close(&file);
	return ret;
}
