/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "summary.h"

#include <inttypes.h>
#include <string.h>

#include "against.h"
#include "cli/text.h"
#include "text.h"

static void put_title(FILE *out, const struct options *o, const struct crx_result *r)
{
	const struct crx_build_opts *b = &o->build;
	char quoted[CRX_CLI_QUOTE_MAX];
	struct numbers n;

	if (!strcmp(b->image, "-"))
		fputs("standard output", out);
	else
		crx_cli_put_path(out, b->image);
	fprintf(out, ": %s bytes (%s)%s\n", crx_cli_count_text(r->image_size, n.a),
		crx_cli_size_text(r->image_size, n.b),
		r->written   ? ""
		: b->dry_run ? " (dry run: not written)"
			     : " (not written)");
	text_row(out, "format", "cramfs %s, %s-endian, %" PRIu32 " KiB pages%s",
		 b->ext     ? "with extended block pointers"
		 : b->holes ? "with holes"
			    : "classic",
		 b->order == CRX_ORDER_BIG ? "big" : "little", b->page_size / 1024,
		 b->no_mmu ? ", no MMU" : "");
	crx_cli_quote(b->name, quoted, sizeof(quoted));
	if (r->written)
		text_row(out, "identity", "%s, edition %" PRIu32 ", crc 0x%08" PRIx32, quoted,
			 b->edition, r->crc);
	else
		text_row(out, "identity", "%s, edition %" PRIu32, quoted, b->edition);
}

static void put_entries(FILE *out, const struct crx_result *r)
{
	const struct crx_cli_counted kind[] = {
		{ r->entries.files, "file", "files" },
		{ r->entries.dirs, "directory", "directories" },
		{ r->entries.symlinks, "symbolic link", "symbolic links" },
		{ r->entries.devices, "device", "devices" },
		{ r->entries.others, "FIFO or socket", "FIFOs and sockets" },
	};
	struct numbers n;

	text_label(out, "entries");
	if (!crx_cli_put_counts(out, kind, sizeof(kind) / sizeof(kind[0])))
		fputs("none but the root", out);
	fputc('\n', out);
	text_row(out, "size", "%s of contents -> %s (%s), %s level %u",
		 crx_cli_size_text(r->entries.content_bytes, n.a),
		 crx_cli_size_text(r->image_size, n.b),
		 crx_cli_percent_text(r->image_size, r->entries.content_bytes, n.c),
		 crx_build_backend(r->backend), r->level);
}

static void put_pages(FILE *out, const struct crx_result *r)
{
	const struct crx_result_in_place *in = &r->in_place;
	char files[CRX_CLI_NUMBER_MAX], machine[MACHINE_MAX];
	struct numbers n;
	size_t i;

	text_label(out, "in place");
	fprintf(out, "%s of %s candidate page%s (%s), in %s file%s",
		crx_cli_count_text(in->pages, n.a), crx_cli_count_text(in->candidates, n.b),
		crx_plural(in->candidates), crx_cli_percent_text(in->pages, in->candidates, n.c),
		crx_cli_count_text(in->files, files), crx_plural(in->files));
	for (i = 0; i < r->nmachines; i++)
		fprintf(out, "%s%s", i ? ", " : " for ",
			crx_exec_abi_name(&r->machine[i], machine, sizeof(machine)));
	fputc('\n', out);
	text_row(out, "", "%s in flash, which costs %s%s more than compressed",
		 crx_cli_size_text(r->bytes.in_place + r->bytes.tails, n.a),
		 in->cost_estimated ? "about " : "", crx_cli_size_text(in->cost, n.b));
}

static void put_in_place(FILE *out, const struct options *o, const struct crx_result *r)
{
	const char *label = "compressed";
	struct numbers n;
	int s;

	if (r->in_place.candidates)
		put_pages(out, r);
	else
		text_row(out, "in place", "no pages: %s",
			 o->build.policy.n ? "the rules select none"
					   : "no executable in the tree has any");
	for (s = CRX_SKIP_NONE + 1; s < CRX_SKIP_KINDS; s++) {
		if (!r->skipped[s])
			continue;
		text_row(out, label, "%s executable%s: %s", crx_cli_count_text(r->skipped[s], n.a),
			 crx_plural(r->skipped[s]), crx_skip_text((enum crx_skip)s));
		label = "";
	}
}

static void put_saved(FILE *out, const struct crx_result *r)
{
	const struct crx_cli_counted kind[] = {
		{ r->shared.files, "equal file", "equal files" },
		{ r->shared.symlinks, "equal symbolic link", "equal symbolic links" },
	};
	const char *label = "saved";
	struct numbers n;

	if (r->shared.files || r->shared.symlinks) {
		text_label(out, label);
		crx_cli_put_counts(out, kind, sizeof(kind) / sizeof(kind[0]));
		fprintf(out, " (%s of contents) stored once\n",
			crx_cli_size_text(r->shared.content_bytes, n.a));
		label = "";
	}
	if (r->shared.blocks)
		text_row(out, label, "%s equal block%s of other files stored once, %s less",
			 crx_cli_count_text(r->shared.blocks, n.a), crx_plural(r->shared.blocks),
			 crx_cli_size_text(r->shared.saved_bytes, n.b));
}

static void put_bytes(FILE *out, const struct crx_result *r)
{
	struct numbers n;

	text_row(out, "bytes", "%s compressed, %s stored, %s in place",
		 crx_cli_size_text(r->bytes.compressed, n.a),
		 crx_cli_size_text(r->bytes.stored, n.b),
		 crx_cli_size_text(r->bytes.in_place, n.c));
	text_row(out, "", "%s directories, %s tables, %s superblock and pads",
		 crx_cli_size_text(r->bytes.dirs, n.a),
		 crx_cli_size_text(r->bytes.tables + r->bytes.headers, n.b),
		 crx_cli_size_text(r->bytes.head, n.c));
	text_row(out, "", "%s padding, %s of it in the last pages of programs",
		 crx_cli_size_text(r->bytes.padding + r->bytes.tails, n.a),
		 crx_cli_size_text(r->bytes.tails, n.b));
	if (r->file_size > r->image_size)
		text_row(out, "file", "%s, of which %s are padding after the image",
			 crx_cli_size_text(r->file_size, n.a),
			 crx_cli_size_text(r->file_size - r->image_size, n.b));
}

/* A first image that would be smaller is worth a line if it saves 1/50. */
enum { FRESH_SAVES = 50 };

static void put_update(FILE *out, const struct options *o, const struct crx_result *r)
{
	const struct crx_result_update *u = &r->update;
	uint64_t fresh = u->fresh_size;
	char size[CRX_CLI_NUMBER_MAX], write[CRX_CLI_NUMBER_MAX];
	struct numbers n;

	if (!fresh) {
		if (r->bytes.free)
			text_row(out, "free", "%s for updates",
				 crx_cli_size_text(r->bytes.free, n.a));
		return;
	}
	if (r->written)
		text_row(out, "update",
			 "%s of %s erase blocks (%s) differ, %s to write; %s free inside",
			 crx_cli_count_text(u->changed_blocks, n.a),
			 crx_cli_count_text(u->blocks, n.b),
			 crx_cli_size_text(o->build.update.erase_len, size),
			 crx_cli_size_text(u->changed_bytes, write),
			 crx_cli_size_text(r->bytes.free, n.c));
	else
		text_row(out, "update", "%s free inside", crx_cli_size_text(r->bytes.free, n.c));
	if (r->image_size > fresh && r->image_size - fresh > fresh / FRESH_SAVES)
		text_row(out, "", "%s (%s) smaller without --like",
			 crx_cli_size_text(r->image_size - fresh, n.a),
			 crx_cli_percent_text(r->image_size - fresh, r->image_size, n.b));
}

void summary_put(FILE *out, const struct options *o, const struct crx_result *r,
		 const struct against *a)
{
	uint64_t max_size = o->build.max_size;
	struct numbers n;

	put_title(out, o, r);
	put_entries(out, r);
	if (o->build.xip || o->build.policy.n)
		put_in_place(out, o, r);
	choice_put(out, o, r);
	put_saved(out, r);
	put_bytes(out, r);
	put_update(out, o, r);
	against_put(out, a);
	if (max_size)
		text_row(out, "room", "%s left of %s",
			 crx_cli_size_text(max_size - r->image_size, n.a),
			 crx_cli_size_text(max_size, n.b));
	text_row(out, "verified", "%s",
		 r->verified  ? "yes, everything was read back through a model of the kernel"
		 : r->written ? "no"
			      : "no (nothing was written)");
}
