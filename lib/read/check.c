/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/number.h"
#include "read/check_parts.h"

static enum crx_finding_kind mount_finding(enum crx_k_why why)
{
	switch (why) {
	case CRX_K_UNSUPPORTED_FEATURES:
		return CRX_F_FLAGS;
	case CRX_K_ROOT_NOT_DIRECTORY:
		return CRX_F_ROOT_TYPE;
	case CRX_K_BAD_ROOT_OFFSET:
		return CRX_F_ROOT_OFFSET;
	default:
		return CRX_F_MOUNT;
	}
}

static void check_mount(struct crx_check *c)
{
	const struct crx_super *s = &c->img->super;
	enum crx_k_why why = crx_k_read_super(c->img);

	if (!why)
		return;
	crx_check_report(c, mount_finding(why), NULL, c->img->super_off,
			 "no kernel mounts the image: %s (flags 0x%lx, root at %lu with mode %o)",
			 crx_k_why_text(why), (unsigned long)s->flags, (unsigned long)s->root.off,
			 (unsigned)s->root.mode);
}

static void check_size(struct crx_check *c)
{
	uint64_t size = c->img->super.size, len = c->img->len;
	uint64_t off = c->img->super_off;

	if (size < off + CRX_SUPER_LEN)
		crx_check_report(c, CRX_F_SIZE, NULL, off,
				 "the size in the superblock is %llu, which is less than the "
				 "superblock itself",
				 (unsigned long long)size);
	else if (size > len)
		crx_check_report(c, CRX_F_TRUNCATED, NULL, len,
				 "the file ends after %llu of the image's %llu bytes",
				 (unsigned long long)len, (unsigned long long)size);
	else if (size < len)
		crx_check_report(c, CRX_F_FILE_LONGER, NULL, size,
				 "%llu bytes follow after the image, which has %llu",
				 (unsigned long long)(len - size), (unsigned long long)size);
	if (size % c->img->page_size && !c->wrong_page_size)
		crx_check_report(c, CRX_F_SIZE_NOT_PAGES, NULL, off,
				 "the size %llu is not a multiple of the page size %lu: the last "
				 "page of a block device of this size reads as zeros",
				 (unsigned long long)size, (unsigned long)c->img->page_size);
	if (size >= off + CRX_SUPER_LEN && size <= len && c->crc != c->img->super.crc)
		crx_check_report(c, CRX_F_CRC, NULL, off + CRX_SUPER_OFF_CRC,
				 "the CRC is 0x%08lx, but 0x%08lx in the superblock",
				 (unsigned long)c->crc, (unsigned long)c->img->super.crc);
}

static void check_super(struct crx_check *c)
{
	const struct crx_super *s = &c->img->super;

	check_mount(c);
	if (memcmp(s->signature, CRX_SIGNATURE, sizeof(s->signature)) != 0)
		crx_check_report(c, CRX_F_SIGNATURE, NULL, c->img->super_off + 16,
				 "the signature is not '%s'", CRX_SIGNATURE);
	if (s->future)
		crx_check_report(c, CRX_F_FUTURE, NULL, c->img->super_off + 12,
				 "the reserved word after the flags is 0x%lx, not 0",
				 (unsigned long)s->future);
	if (c->version_2)
		check_size(c);
	else
		crx_check_report(c, CRX_F_VERSION_1, NULL, c->img->super_off + 8,
				 "the image has version 1: its size and CRC are unknown, and no "
				 "kernel mounts it from an MTD");
}

static void count_entries(struct crx_check *c)
{
	size_t i;

	for (i = 1; i < c->l.n; i++) {
		switch (c->l.entry[i].de.inode.mode & S_IFMT) {
		case S_IFDIR:
			c->out->dirs++;
			break;
		case S_IFREG:
			c->out->files++;
			break;
		case S_IFLNK:
			c->out->symlinks++;
			break;
		case S_IFCHR:
		case S_IFBLK:
			c->out->devices++;
			break;
		default:
			c->out->others++;
		}
	}
}

/* What was not checked. This comes first, so that max_findings cannot suppress it. */
static void report_bounds(struct crx_check *c)
{
	if (c->l.too_many)
		crx_check_report(c, CRX_F_INCOMPLETE, NULL, CRX_CHECK_NO_OFF,
				 "directories have more entries than an image of this length can "
				 "hold: not all were checked");
	if (c->too_many_words)
		crx_check_report(c, CRX_F_INCOMPLETE, NULL, CRX_CHECK_NO_OFF,
				 "tables overlap so much that together they are longer than the "
				 "image: not all were checked");
	if (c->too_many_exts)
		crx_check_report(c, CRX_F_INCOMPLETE, NULL, CRX_CHECK_NO_OFF,
				 "there are more blocks than an image of this length can hold: "
				 "none was inflated");
	if (c->inflated < c->nexts)
		crx_check_report(c, CRX_F_INCOMPLETE, NULL, c->ext[c->inflated].start,
				 "blocks overlap or grow so much that the ones from here on were "
				 "not inflated");
}

static void check_counts(struct crx_check *c)
{
	const struct crx_super *s = &c->img->super;

	if (c->holes_unflagged)
		crx_check_report(c, CRX_F_HOLES_FLAG, NULL, c->img->super_off + 8,
				 "%llu blocks are holes, but the flag HOLES is not set",
				 (unsigned long long)c->holes_unflagged);
	if (!c->version_2 || c->l.truncated || c->too_many_words || c->is_cut || c->wrong_page_size)
		return;
	if (s->files != c->l.n)
		crx_check_report(c, CRX_F_FILES_COUNT, NULL, c->img->super_off + 44,
				 "the superblock counts %lu entr%s, not %zu",
				 (unsigned long)s->files, s->files == 1 ? "y" : "ies", c->l.n);
	if (s->blocks != c->out->blocks)
		crx_check_report(c, CRX_F_BLOCKS_COUNT, NULL, c->img->super_off + 40,
				 "the superblock counts %lu block%s, not %llu",
				 (unsigned long)s->blocks, crx_plural(s->blocks),
				 (unsigned long long)c->out->blocks);
}

/* The first mapping of each library and position-independent program is in place only in part. */
static void check_mappings(struct crx_check *c)
{
	char version[CRX_KERNEL_NAME_MAX];

	if (!c->extended || !c->out->in_place || !crx_kernel_maps_wrong_memory(&c->img->kernel))
		return;
	crx_check_report(c, CRX_F_MIXED_MAPPING, NULL, CRX_CHECK_NO_OFF,
			 "Linux %s maps the wrong memory wherever a mapping is in place only in "
			 "part, as each library's first one is; %llu page%s of the image may be "
			 "affected",
			 crx_kernel_name(&c->img->kernel, version),
			 (unsigned long long)c->out->in_place, crx_plural(c->out->in_place));
}

static int report_all(struct crx_check *c, struct crx_err *err)
{
	size_t i;
	int ret;

	check_super(c);
	report_bounds(c);
	for (i = 0; i < c->l.n; i++) {
		const struct crx_entry *e = &c->l.entry[i];

		crx_check_entry(c, e);
		if (S_ISDIR(e->de.inode.mode)) {
			ret = crx_check_names(c, e, err);
			if (ret < 0)
				return ret;
		} else if (crx_bit(c->owner, i)) {
			crx_check_table(c, e);
		}
	}
	crx_check_report_faults(c, c->image);
	check_counts(c);
	check_mappings(c);
	return 0;
}

int crx_check(const struct crx_image *img, const struct crx_check_opts *o,
	      struct crx_check_result *out, struct crx_err *err)
{
	struct crx_check c = { .img = img, .o = o, .out = out };
	int ret;

	*out = (struct crx_check_result){ 0 };
	c.limit = crx_k_point_len(img);
	c.version_2 = img->super.flags & CRX_FLAG_FSID_VERSION_2;
	c.wrong_page_size =
		!o->each && o->candidates && !(o->candidates & (img->page_size / CRX_PAGE_MIN));
	c.extended = img->super.flags & CRX_FLAG_EXT_BLOCK_POINTERS;
	ret = crx_listing_read(img, &c.l, err);
	if (!ret)
		ret = crx_check_extents(&c, err);
	if (!ret)
		ret = crx_check_inflate(&c, err);
	if (!ret) {
		count_entries(&c);
		ret = report_all(&c, err);
	}
	free(c.claimed);
	free(c.owner);
	free(c.start);
	free(c.rank);
	free(c.ext);
	crx_listing_free(&c.l);
	return ret;
}
