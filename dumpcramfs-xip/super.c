/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * super: the superblock, and whether a kernel mounts the image.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "cli/number.h"
#include "cli/text.h"
#include "comp/comp.h"
#include "inode.h"
#include "read/kmodel.h"

static const struct {
	uint32_t bit;
	const char *name;
} FLAG[] = {
	{ CRX_FLAG_FSID_VERSION_2, "FSID_VERSION_2" },
	{ CRX_FLAG_SORTED_DIRS, "SORTED_DIRS" },
	{ CRX_FLAG_HOLES, "HOLES" },
	{ CRX_FLAG_WRONG_SIGNATURE, "WRONG_SIGNATURE" },
	{ CRX_FLAG_SHIFTED_ROOT_OFFSET, "SHIFTED_ROOT_OFFSET" },
	{ CRX_FLAG_EXT_BLOCK_POINTERS, "EXT_BLOCK_POINTERS" },
};

enum { NFLAGS = sizeof(FLAG) / sizeof(FLAG[0]) };

/* The CRC covers the image from the superblock to size, with the field itself as zero. */
static bool is_crc_right(const struct crx_image *img)
{
	static const uint8_t zero[4];
	uint64_t at = img->super_off + CRX_SUPER_OFF_CRC;
	uint32_t crc;

	if (img->super.size > img->len || img->super.size < at + 4)
		return false;
	crc = crx_crc32(0, img->data + img->super_off, CRX_SUPER_OFF_CRC);
	crc = crx_crc32(crc, zero, sizeof(zero));
	crc = crx_crc32(crc, img->data + at + 4, (size_t)(img->super.size - at - 4));
	return crc == img->super.crc;
}

/* A field of the superblock, which may lack the NUL at its end. */
static const char *field_text(const uint8_t *field, size_t len, char *buf)
{
	memcpy(buf, field, len);
	buf[len] = '\0';
	return buf;
}

static void put_flags(FILE *out, uint32_t flags)
{
	uint32_t left = flags;
	size_t i;

	fprintf(out, "flags         0x%lx", (unsigned long)flags);
	for (i = 0; i < NFLAGS; i++) {
		if (flags & FLAG[i].bit)
			fprintf(out, " %s", FLAG[i].name);
		left &= ~FLAG[i].bit;
	}
	if (left)
		fprintf(out, " and 0x%lx (unknown)", (unsigned long)left);
	fputc('\n', out);
}

static void put_text(const struct dump *d)
{
	const struct crx_image *img = &d->view->img;
	const struct crx_super *s = &img->super;
	bool v2 = s->flags & CRX_FLAG_FSID_VERSION_2;
	enum crx_k_why why = crx_k_read_super(img);
	char text[CRX_CLI_NUMBER_MAX], buf[CRX_NAME_LEN + 1], mode[MODE_TEXT];
	FILE *out = d->out;

	fprintf(out, "offset        %" PRIu64 "%s\n", img->super_off,
		img->super_off ? " (after a boot pad)" : "");
	fprintf(out, "byte order    %s-endian\n", img->order == CRX_ORDER_BIG ? "big" : "little");
	fprintf(out, "page size     %lu (%s)\n", (unsigned long)img->page_size,
		d->o->page_size       ? "given with -b"
		: d->view->candidates ? "detected: an image does not record it"
				      : "a guess: no page size fits all files");
	fprintf(out, "version       %d\n", v2 ? 2 : 1);
	fprintf(out, "size          %lu (%s), in a file of %" PRIu64 " bytes\n",
		(unsigned long)s->size, crx_cli_size_text(s->size, text), img->len);
	put_flags(out, s->flags);
	fputs("signature     ", out);
	crx_cli_put_path(out, field_text(s->signature, sizeof(s->signature), buf));
	fputs("\nname          ", out);
	crx_cli_put_path(out, field_text(s->name, sizeof(s->name), buf));
	fprintf(out, "\ncrc           0x%08lx%s\n", (unsigned long)s->crc,
		!v2                 ? ""
		: is_crc_right(img) ? " (correct)"
				    : " (wrong: the image is damaged)");
	fprintf(out, "edition       %lu\n", (unsigned long)s->edition);
	fprintf(out, "blocks        %lu\n", (unsigned long)s->blocks);
	fprintf(out, "files         %lu\n", (unsigned long)s->files);
	fprintf(out, "root          %s uid %u gid %u, %lu bytes at %lu\n",
		mode_text(s->root.mode, mode), s->root.uid, s->root.gid,
		(unsigned long)s->root.size, (unsigned long)s->root.off);
	fprintf(out, "kernel        %s%s\n", why ? "refuses the image: " : "mounts the image",
		why ? crx_k_why_text(why) : "");
}

static void put_json(const struct dump *d)
{
	const struct crx_image *img = &d->view->img;
	const struct crx_super *s = &img->super;
	struct crx_cli_json j = { .out = d->out };
	char buf[CRX_NAME_LEN + 1];
	size_t i;

	crx_cli_json_open(&j, NULL, '{', false);
	crx_cli_json_uint(&j, "offset", img->super_off);
	crx_cli_json_string(&j, "endian", img->order == CRX_ORDER_BIG ? "big" : "little");
	crx_cli_json_uint(&j, "page_size", img->page_size);
	crx_cli_json_uint(&j, "version", s->flags & CRX_FLAG_FSID_VERSION_2 ? 2 : 1);
	crx_cli_json_uint(&j, "size", s->size);
	crx_cli_json_uint(&j, "file_size", img->len);
	crx_cli_json_uint(&j, "flags", s->flags);
	crx_cli_json_open(&j, "flag_names", '[', true);
	for (i = 0; i < NFLAGS; i++)
		if (s->flags & FLAG[i].bit)
			crx_cli_json_string(&j, NULL, FLAG[i].name);
	crx_cli_json_close(&j);
	crx_cli_json_string(&j, "signature", field_text(s->signature, sizeof(s->signature), buf));
	crx_cli_json_string(&j, "name", field_text(s->name, sizeof(s->name), buf));
	crx_cli_json_uint(&j, "crc", s->crc);
	crx_cli_json_bool(&j, "crc_right", is_crc_right(img));
	crx_cli_json_uint(&j, "edition", s->edition);
	crx_cli_json_uint(&j, "blocks", s->blocks);
	crx_cli_json_uint(&j, "files", s->files);
	crx_cli_json_uint(&j, "root_offset", s->root.off);
	crx_cli_json_string(&j, "refused", crx_k_why_text(crx_k_read_super(img)));
	crx_cli_json_close(&j);
}

int command_super(struct dump *d, struct crx_err *err CRX_UNUSED)
{
	if (d->o->json)
		put_json(d);
	else
		put_text(d);
	return 0;
}
