/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "summary.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "cli/number.h"
#include "cli/text.h"

/* Buffers for one line's numbers. */
struct numbers {
	char a[CRX_CLI_NUMBER_MAX], b[CRX_CLI_NUMBER_MAX], c[CRX_CLI_NUMBER_MAX];
};

void summary_row(FILE *out, const char *label, const char *fmt, ...)
{
	va_list ap;

	fprintf(out, "  %-13s ", label);
	va_start(ap, fmt);
	vfprintf(out, fmt, ap);
	va_end(ap);
	fputc('\n', out);
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* "", or ", 3 links": the parts of a list that are not empty. */
static void put_count(FILE *out, bool *first, uint64_t n, const char *one, const char *many)
{
	char text[CRX_CLI_NUMBER_MAX];

	if (!n)
		return;
	fprintf(out, "%s%s %s", *first ? "" : ", ", crx_cli_count_text(n, text), n == 1 ? one : many);
	*first = false;
}

static void put_title(FILE *out, const struct options *o, const struct crx_build_result *r)
{
	const struct crx_build_opts *b = &o->build;
	char quoted[CRX_CLI_QUOTE_MAX], size[CRX_CLI_NUMBER_MAX], count[CRX_CLI_NUMBER_MAX];

	if (!strcmp(b->image, "-"))
		fputs("standard output", out);
	else
		crx_cli_put_path(out, b->image);
	crx_cli_quote(b->name, quoted, sizeof(quoted));
	fprintf(out, ": %s bytes (%s)%s\n", crx_cli_count_text(r->image_size, count), crx_cli_size_text(r->image_size, size), r->written ? "" : " (dry run: not written)");
	summary_row(out, "format", "cramfs %s, %s-endian, %" PRIu32 " KiB pages%s", b->ext ? "with extended block pointers" : b->holes ? "with holes" : "classic",
	    b->order == CRX_ORDER_BIG ? "big" : "little", b->page_size / 1024, b->no_mmu ? ", no MMU" : "");
	if (r->written)
		summary_row(out, "identity", "%s, edition %" PRIu32 ", crc 0x%08" PRIx32, quoted, r->edition, r->crc);
	else
		summary_row(out, "identity", "%s, edition %" PRIu32, quoted, r->edition);
}

static void put_contents(FILE *out, const struct crx_build_result *r)
{
	uint64_t entries = (uint64_t)r->dirs + r->files + r->symlinks + r->devices + r->others;
	struct numbers n;
	bool first = true;

	fprintf(out, "  %-13s ", "entries");
	put_count(out, &first, r->files, "file", "files");
	put_count(out, &first, r->dirs, "directory", "directories");
	put_count(out, &first, r->symlinks, "symbolic link", "symbolic links");
	put_count(out, &first, r->devices, "device", "devices");
	put_count(out, &first, r->others, "FIFO or socket", "FIFOs and sockets");
	fputs(entries ? "\n" : "none but the root\n", out);
	summary_row(out, "size", "%s of contents -> %s (%s), %s level %d", crx_cli_size_text(r->content_bytes, n.a), crx_cli_size_text(r->image_size, n.b),
	    crx_cli_percent_text(r->image_size, r->content_bytes, n.c), r->comp_name ? r->comp_name : "?", r->comp_level);
}

static void put_in_place(FILE *out, const struct options *o, const struct crx_build_result *r)
{
	struct numbers n;
	size_t i;

	if (!r->candidate_pages) {
		summary_row(out, "in place", "no page: %s", o->build.policy.n ? "the rules leave none" : "no executable in the tree has one");
	} else {
		char pages[CRX_CLI_NUMBER_MAX];

		summary_row(out, "in place", "%s of %s candidate pages (%s), in %s file%s%s%s", crx_cli_count_text(r->in_place_pages, pages), crx_cli_count_text(r->candidate_pages, n.a),
		    crx_cli_percent_text(r->in_place_pages, r->candidate_pages, n.b), crx_cli_count_text(r->in_place_files, n.c), plural(r->in_place_files),
		    r->machines && *r->machines ? " for " : "", r->machines ? r->machines : "");
		summary_row(out, "", "%s in flash, which costs %s%s more than compressed", crx_cli_size_text(r->bytes.in_place + r->bytes.tails, n.a),
		    r->in_place_cost_estimated ? "about " : "", crx_cli_size_text(r->in_place_cost, n.b));
	}
	for (i = 0; i < r->nskips; i++)
		summary_row(out, i ? "" : "compressed", "%s executable%s: %s", crx_cli_count_text(r->skip[i].files, n.a), plural(r->skip[i].files), r->skip[i].reason);
}

static void put_saved(FILE *out, const struct crx_build_result *r)
{
	struct numbers n;
	const char *label = "saved";

	if (r->shared_tables) {
		summary_row(out, label, "%s equal file%s (%s of contents) stored once", crx_cli_count_text(r->shared_tables, n.a), plural(r->shared_tables), crx_cli_size_text(r->shared_table_bytes, n.b));
		label = "";
	}
	if (r->shared_blocks)
		summary_row(out, label, "%s equal block%s of other files stored once, %s less", crx_cli_count_text(r->shared_blocks, n.a), plural(r->shared_blocks), crx_cli_size_text(r->shared_block_bytes, n.b));
}

static void put_flash(FILE *out, const struct crx_build_result *r)
{
	struct numbers n;

	summary_row(out, "bytes", "%s compressed, %s stored, %s in place", crx_cli_size_text(r->bytes.compressed, n.a), crx_cli_size_text(r->bytes.stored, n.b), crx_cli_size_text(r->bytes.in_place, n.c));
	summary_row(out, "", "%s directories, %s tables, %s superblock and pads", crx_cli_size_text(r->bytes.dirs, n.a), crx_cli_size_text(r->bytes.tables + r->bytes.headers, n.b), crx_cli_size_text(r->bytes.head, n.c));
	summary_row(out, "", "%s padding, %s of it in the last pages of programs", crx_cli_size_text(r->bytes.padding + r->bytes.tails, n.a), crx_cli_size_text(r->bytes.tails, n.b));
	if (r->file_size > r->image_size)
		summary_row(out, "file", "%s: %s were filled in behind the image", crx_cli_size_text(r->file_size, n.a), crx_cli_size_text(r->file_size - r->image_size, n.b));
}

void summary_put(FILE *out, const struct options *o, const struct crx_build_result *r)
{
	char size[CRX_CLI_NUMBER_MAX], count[CRX_CLI_NUMBER_MAX];

	put_title(out, o, r);
	put_contents(out, r);
	if (o->build.xip || o->build.policy.n)
		put_in_place(out, o, r);
	choice_put(out, o, r);
	put_saved(out, r);
	put_flash(out, r);
	if (o->build.max_size)
		summary_row(out, "room", "%s left of %s", crx_cli_size_text(o->build.max_size - r->image_size, size), crx_cli_size_text(o->build.max_size, count));
	summary_row(out, "verified", "%s", r->verified ? "all read back through a model of the kernel, and equal" : r->written ? "no" : "no (nothing was written)");
}
