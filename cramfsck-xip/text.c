/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/number.h"
#include "cli/text.h"
#include "report.h"

enum { PATH_TEXT_MAX = 4096 };

const char *const SEVERITY[] = {
	[CRX_SEV_NOTE] = "note",
	[CRX_SEV_WARNING] = "warning",
	[CRX_SEV_ERROR] = "error",
};

void text_entries(FILE *out, const struct crx_listing *l)
{
	char path[PATH_TEXT_MAX];
	size_t i;

	for (i = 0; i < l->n; i++) {
		const struct crx_inode *in = &l->entry[i].de.inode;

		fprintf(out, "%c %04o ", S_ISREG(in->mode) ? 'f' : crx_entry_type(in->mode)->letter,
			in->mode & 07777u);
		/* old_decode_dev() */
		if (S_ISCHR(in->mode) || S_ISBLK(in->mode))
			fprintf(out, "%5u,%3u", (unsigned)(in->size >> 8 & 0xff),
				(unsigned)(in->size & 0xff));
		else
			fprintf(out, "%9" PRIu32, in->size);
		fprintf(out, " %5u:%-3u ", (unsigned)in->uid, (unsigned)in->gid);
		crx_cli_put_path(out, crx_entry_path(&l->entry[i], path, sizeof(path)));
		fputc('\n', out);
	}
}

/* What is wrong; then where, what follows from it and what to do, each on a line of its own. */
void text_finding(const struct report *r, const struct crx_finding *f)
{
	const struct crx_finding_info *info = crx_finding_info(f->kind);
	FILE *out = r->findings;

	if ((r->o->cli.quiet || r->o->silent) && info->severity == CRX_SEV_NOTE)
		return;
	fprintf(out, "%s: %s: ", r->o->cli.program, SEVERITY[info->severity]);
	crx_cli_put_path(out, r->o->image);
	fputs(": ", out);
	if (*f->path) {
		crx_cli_put_path(out, f->path);
		fputs(": ", out);
	}
	crx_cli_put_text(out, f->text, "  ");
	fprintf(out, " [%s]\n", info->id);
	if (f->has_off)
		fprintf(out, "  at 0x%" PRIx64 "%s", f->off, info->kernel ? "" : "\n");
	if (info->kernel)
		fprintf(out, "%skernel function: %s\n", f->has_off ? ", " : "  ", info->kernel);
	if (info->effect)
		fprintf(out, "  effect: %s\n", info->effect);
	if (info->todo)
		fprintf(out, "  what to do: %s\n", info->todo);
}

static void row(FILE *out, const char *label, const char *fmt, ...) CRX_PRINTF(3, 4);

static void row(FILE *out, const char *label, const char *fmt, ...)
{
	va_list ap;

	fprintf(out, "  %-10s ", label);
	va_start(ap, fmt);
	vfprintf(out, fmt, ap);
	va_end(ap);
	fputc('\n', out);
}

/* The page size, and how certain it is. */
static void put_page_size(FILE *out, const struct subject *s)
{
	uint32_t chosen = s->img.page_size / CRX_PAGE_MIN, i;
	const char *separator = ": ";

	fprintf(out, "  %-10s %" PRIu32 " KiB, ", "page size", s->img.page_size / 1024);
	if (!s->detected)
		fputs("given with -b", out);
	else if (!s->candidates)
		fputs("a guess: no page size fits all files", out);
	else if (s->candidates == chosen)
		fputs("detected: no other size fits", out);
	else if (s->candidates == 2 * CRX_PAGE_MAX / CRX_PAGE_MIN - 1)
		fputs("assumed: no file has more than one block, so every size fits", out);
	else {
		fputs("assumed (use -b to set it); also possible", out);
		for (i = 1; i <= CRX_PAGE_MAX / CRX_PAGE_MIN; i *= 2) {
			if (i == chosen || !(s->candidates & i))
				continue;
			fprintf(out, "%s%" PRIu32, separator, i * (CRX_PAGE_MIN / 1024));
			separator = ", ";
		}
		fputs(" KiB", out);
	}
	fputc('\n', out);
}

static void put_entries(FILE *out, const struct crx_check_result *c)
{
	const struct crx_cli_counted kind[] = {
		{ c->files, "file", "files" },
		{ c->dirs, "directory", "directories" },
		{ c->symlinks, "symbolic link", "symbolic links" },
		{ c->devices, "device", "devices" },
		{ c->others, "FIFO or socket", "FIFOs and sockets" },
	};

	fprintf(out, "  %-10s ", "entries");
	if (!crx_cli_put_counts(out, kind, sizeof(kind) / sizeof(kind[0])))
		fputs("none but the root", out);
	fputc('\n', out);
}

static void put_image(FILE *out, const struct report *r)
{
	const struct crx_image *img = &r->s->img;
	const struct crx_check_result *c = &r->check;
	bool version_2 = img->super.flags & CRX_FLAG_FSID_VERSION_2;
	char name[CRX_NAME_LEN + 1] = "", quoted[CRX_CLI_QUOTE_MAX], n[5][CRX_CLI_NUMBER_MAX];

	memcpy(name, img->super.name, CRX_NAME_LEN);
	row(out, "format", "cramfs version %d%s, %s-endian%s", version_2 ? 2 : 1,
	    img->super.flags & CRX_FLAG_EXT_BLOCK_POINTERS ? " with extended block pointers" : "",
	    img->order == CRX_ORDER_BIG ? "big" : "little",
	    img->super_off ? ", after a boot pad" : "");
	put_page_size(out, r->s);
	row(out, "identity", "%s, edition %" PRIu32 ", crc 0x%08" PRIx32,
	    crx_cli_quote(name, quoted, sizeof(quoted)), img->super.edition, img->super.crc);
	put_entries(out, c);
	row(out, "blocks", "%s: %s compressed, %s stored, %s in place, %s hole%s",
	    crx_cli_count_text(c->blocks, n[0]), crx_cli_count_text(c->compressed, n[1]),
	    crx_cli_count_text(c->stored, n[2]), crx_cli_count_text(c->in_place, n[3]),
	    crx_cli_count_text(c->holes, n[4]), crx_plural(c->holes));
}

static void put_result(FILE *out, const struct report *r)
{
	const struct crx_check_result *c = &r->check;
	size_t all = c->errors + c->warnings + c->notes;
	char n[3][CRX_CLI_NUMBER_MAX];

	if (!all)
		row(out, "result", "no findings");
	else
		row(out, "result", "%s error%s, %s warning%s, %s note%s",
		    crx_cli_count_text(c->errors, n[0]), crx_plural(c->errors),
		    crx_cli_count_text(c->warnings, n[1]), crx_plural(c->warnings),
		    crx_cli_count_text(c->notes, n[2]), crx_plural(c->notes));
	if (r->listed < all)
		row(out, "", "%s of %s findings listed (see --max-findings)",
		    crx_cli_count_text(r->listed, n[0]), crx_cli_count_text(all, n[1]));
	if (r->extracted && !r->extract_code)
		row(out, "extracted", "%s %s%s", crx_cli_count_text(r->extract.made, n[0]),
		    r->extract.made == 1 ? "entry" : "entries",
		    crx_extract_in_part(&r->extract) ? ", incomplete" : "");
}

void text_summary(const struct report *r)
{
	FILE *out = r->text;
	char size[CRX_CLI_NUMBER_MAX], count[CRX_CLI_NUMBER_MAX];
	const struct crx_image *img = &r->s->img;
	uint64_t len = img->super.flags & CRX_FLAG_FSID_VERSION_2 ? img->super.size : img->len;

	crx_cli_put_path(out, r->o->image);
	if (r->s->offset)
		fprintf(out, " at byte %" PRIu64, r->s->offset);
	if (r->s->mapped)
		fprintf(out, ": %s bytes (%s)\n", crx_cli_count_text(len, count),
			crx_cli_size_text(len, size));
	else
		fputs(": not a cramfs image\n", out);
	if (r->s->mapped)
		put_image(out, r);
	put_result(out, r);
}

void text_begin_compat(const struct report *r)
{
	if (r->o->cli.as == AS_FSCK_CRAMFS && r->o->verbose && r->s->mapped)
		fprintf(r->text, "cramfs endianness is %s\n",
			r->s->img.order == CRX_ORDER_BIG ? "big" : "little");
}

void text_end_compat(const struct report *r)
{
	if (r->o->cli.as == AS_ITSELF || !r->o->verbose)
		return;
	if (r->check.errors || r->extract_code || crx_extract_in_part(&r->extract))
		return;
	crx_cli_put_path(r->text, r->o->image);
	fputs(": OK\n", r->text);
}
