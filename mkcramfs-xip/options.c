/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/text.h"
#include "setters.h"

#define FIELD(member) offsetof(struct options, member)

/*
 * --help prints this table, the completions are generated from it (contrib/completions), and
 * tests/lint/options.sh compares it with the man page.
 */
static const struct crx_cli_option OPTION[] = {
	CRX_CLI_HEADING("Target"),
	{ 'b', "block-size", CRX_CLI_WORD("SIZE", "4K 8K 16K 32K 64K"), "4096", set_page_size, 0,
	  "page size of the target's kernel: 4K, 8K, 16K, 32K or 64K" },
	{ 'N', "endian", CRX_CLI_WORD("ORDER", "big little host"), "little", set_order, 0,
	  "byte order of the target: big, little or host" },
	{ 'B', "big-endian", CRX_CLI_ALONE, NULL, set_order, 0, "the same as -N big" },
	{ 'L', "little-endian", CRX_CLI_ALONE, NULL, set_order, 0, "the same as -N little" },

	CRX_CLI_HEADING("Execute in place"),
	{ 'X', "xip", CRX_CLI_ALONE, NULL, count_xip, 0,
	  "lay out programs and libraries to execute in place (implies -x; repeating it has no "
	  "effect)" },
	{ 'P', "policy", CRX_CLI_INPUT("FILE"), NULL, crx_cli_append, FIELD(build.policy),
	  "choose what goes in place by the rules in FILE, see mkcramfs-xip-policy(5) (implies "
	  "-x); may be repeated, the last rule that matches decides" },
	{ 0, "policy-check", CRX_CLI_INPUT("FILE"), NULL, append_policy_check, FIELD(build.policy),
	  "check the rules in FILE and, if SOURCE is given, show what they do to it; takes no "
	  "IMAGE and writes nothing" },
	{ 0, "profile", CRX_CLI_INPUT("FILE"), NULL, crx_cli_append, FIELD(build.profile),
	  "put in place only the pages that were used, according to the counts in FILE, see "
	  "xipstat(1); may be repeated" },
	{ 0, "flash-budget", CRX_CLI_TEXT("SIZE"), NULL, crx_cli_set_size,
	  FIELD(build.flash_budget),
	  "put in place what saves the most RAM in an image of at most SIZE" },
	{ 0, "ram-goal", CRX_CLI_TEXT("SIZE"), NULL, crx_cli_set_size, FIELD(build.ram_goal),
	  "put in place what saves SIZE of RAM in the smallest image" },
	{ 0, "budget-curve", CRX_CLI_OUTPUT("PREFIX"), NULL, crx_cli_set_string, FIELD(curve),
	  "write RAM saved against image size to PREFIX.csv and PREFIX.svg" },
	{ 0, "no-mmu", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.no_mmu),
	  "the target has no MMU: put each mapping in place whole or not at all" },

	CRX_CLI_HEADING("Format"),
	{ 'x', "extended", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.ext),
	  "use extended block pointers; needs Linux 4.15 or newer (implies -z)" },
	{ 'z', "holes", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.holes),
	  "store no bytes for blocks of zeros; needs Linux 2.3.39 or newer" },
	{ 'n', "name", CRX_CLI_TEXT("NAME"), "Compressed", crx_cli_set_string, FIELD(build.name),
	  "name of the file system, at most 16 bytes" },
	{ 'e', "edition", CRX_CLI_TEXT("N"), "0", set_edition, 0, "edition number" },
	{ 'i', "insert", CRX_CLI_INPUT("FILE"), NULL, crx_cli_set_string, FIELD(build.insert_path),
	  "put FILE right after the superblock" },
	{ 'p', "boot-pad", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.boot_pad),
	  "begin with 512 zero bytes, for boot code" },

	CRX_CLI_HEADING("Contents"),
	{ 0, "overlay", CRX_CLI_SOURCE("SOURCE"), NULL, crx_cli_append, FIELD(build.overlay),
	  "merge another directory, archive, manifest or image over the tree; may be repeated" },
	{ 0, "whiteouts", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.whiteouts),
	  "treat whiteouts in overlays as container layers do: remove what they name" },
	{ 'q', "all-root", CRX_CLI_ALONE, NULL, set_all_root, 0,
	  "store everything as owned by 0:0" },
	{ 0, "owner", CRX_CLI_TEXT("USER:GROUP"), NULL, set_owner, 0,
	  "store everything as owned by USER and GROUP" },
	{ 0, "keep-owner", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.keep_owner),
	  "store owners as they are, even if the whole tree belongs to the user who runs this" },
	{ 0, "map-uid", CRX_CLI_TEXT("FROM:TO[:COUNT]"), NULL, crx_cli_append, FIELD(build.map[0]),
	  "store user FROM as TO, FROM+1 as TO+1, and so on; may be repeated" },
	{ 0, "map-gid", CRX_CLI_TEXT("FROM:TO[:COUNT]"), NULL, crx_cli_append, FIELD(build.map[1]),
	  "the same for groups; the largest group in cramfs is 255" },
	{ 0, "chmod", CRX_CLI_TEXT("RULE"), NULL, crx_cli_append, FIELD(build.chmod),
	  "change modes as chmod does; begin RULE with d: for directories only, f: for files only; "
	  "may be repeated" },
	{ 'D', "device-table", CRX_CLI_INPUT("FILE"), NULL, crx_cli_append, FIELD(build.devtable),
	  "make device nodes and set modes and owners by FILE, a device table as for makedevs; may "
	  "be repeated" },
	{ 0, "passwd", CRX_CLI_INPUT("FILE"), NULL, crx_cli_append, FIELD(build.users[0]),
	  "look up user names in FILE, not in the tree's /etc/passwd; may be repeated" },
	{ 0, "group", CRX_CLI_INPUT("FILE"), NULL, crx_cli_append, FIELD(build.users[1]),
	  "look up group names in FILE, not in the tree's /etc/group; may be repeated" },
	{ 0, "lossy", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.lossy),
	  "cut what does not fit into cramfs, as other builders do, with a warning for each path" },
	{ 0, "exclude", CRX_CLI_TEXT("GLOB"), NULL, append_exclude, 0,
	  "exclude what GLOB matches, with everything below it; may be repeated" },
	{ 0, "exclude-from", CRX_CLI_INPUT("FILE"), NULL, append_exclude_from, 0,
	  "exclude what the patterns in FILE match, one on each line (-: standard input); may be "
	  "repeated" },

	CRX_CLI_HEADING("Compression"),
	{ 'c', "compressor", CRX_CLI_WORD("NAME[:LEVEL]", "libdeflate zlib zopfli store"), NULL,
	  crx_cli_set_string, FIELD(build.comp),
	  "compression back end and level; -V lists the back ends" },
	{ 0, "best", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.best),
	  "use the highest level of the back end" },
	{ 0, "no-dedupe", CRX_CLI_ALONE, NULL, crx_cli_set_false, FIELD(build.dedupe),
	  "store equal files and equal blocks every time they occur" },
	{ 'j', "jobs", CRX_CLI_TEXT("N"), "0", crx_cli_set_jobs, FIELD(build.workers),
	  "number of threads; 0: one for each processor; does not change the image" },

	CRX_CLI_HEADING("Updates"),
	{ 0, "like", CRX_CLI_INPUT("OLD"), NULL, crx_cli_set_string, FIELD(build.update.like),
	  "keep what the image OLD has in its place, so that few erase blocks differ; IMAGE may "
	  "be OLD" },
	{ 0, "erase-size", CRX_CLI_TEXT("SIZE"), "64K", set_erase_size, 0,
	  "size of the flash's erase blocks" },
	{ 0, "reserve", CRX_CLI_TEXT("SIZE|N%"), NULL, set_reserve, 0,
	  "leave SIZE, or N percent, free in the image for updates" },
	{ 0, "max-waste", CRX_CLI_TEXT("N%"), "2%", set_max_waste, 0,
	  "move files if the image would otherwise be more than N percent larger than without "
	  "--like" },
	{ 0, "recompress", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.update.recompress),
	  "compress everything, also what OLD has compressed" },
	{ 0, "wipe", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.update.wipe),
	  "fill all free space with 0xFF, so that nothing is left of deleted files" },

	CRX_CLI_HEADING("Comparison"),
	{ 0, "against", CRX_CLI_INPUT("OLD"), NULL, crx_cli_set_string, FIELD(against),
	  "compare with OLD, an image or what --json wrote of one; IMAGE may be OLD" },
	{ 0, "fail-if", CRX_CLI_TEXT("CONDITIONS"), NULL, append_fail_if, 0,
	  "with --against: do not write IMAGE, and exit with 1, if one of these holds: "
	  "'size>+64K,pages<-10,file>+8K', see dumpcramfs-xip(1); may be repeated" },

	CRX_CLI_HEADING("Output"),
	{ 0, "force", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.force),
	  "replace IMAGE even if it is an archive, a manifest, one of the sources or a device in "
	  "use" },
	{ 0, "max-size", CRX_CLI_TEXT("SIZE"), NULL, crx_cli_set_size, FIELD(build.max_size),
	  "fail if the image is larger than SIZE, such as the flash partition's size" },
	{ 0, "pad-to", CRX_CLI_TEXT("SIZE"), NULL, set_pad_to, 0,
	  "pad the file after the image up to SIZE" },
	{ 0, "fill", CRX_CLI_TEXT("BYTE"), "0xFF", set_fill, 0, "the byte that --pad-to writes" },
	{ 0, "sync", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.sync),
	  "wait until the image is on disk before it gets its name" },
	{ 'l', "lock", CRX_CLI_WORD("[=MODE]", "yes no nonblock"), "no", set_lock, 0,
	  "lock IMAGE if it is a device: yes, no or nonblock; without MODE: yes" },
	{ 0, "no-verify", CRX_CLI_ALONE, NULL, crx_cli_set_false, FIELD(build.verify),
	  "do not read the image back before it gets its name" },
	{ 0, "dry-run", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(build.dry_run),
	  "do everything but write IMAGE" },

	CRX_CLI_HEADING("Messages"),
	{ 'v', "verbose", CRX_CLI_ALONE, NULL, crx_cli_count, FIELD(verbose),
	  "print a line for each file; twice: for each segment and block too" },
	{ 0, "quiet", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(cli.quiet),
	  "print warnings and errors only: no summary, no progress" },
	{ 0, "json", CRX_CLI_OUTPUT("FILE"), NULL, crx_cli_set_string, FIELD(json),
	  "write the summary as JSON to FILE (-: standard output)" },
	{ 'E', "error-on-warning", CRX_CLI_ALONE, NULL, crx_cli_set_true,
	  FIELD(build.warn_is_error), "make every warning an error" },
	{ 's', "sort", CRX_CLI_ALONE, NULL, crx_cli_ignore, 0,
	  "ignored; directories are always sorted" },
	{ 'h', "help", CRX_CLI_ALONE, NULL, crx_cli_set_true_and_stop, FIELD(cli.help),
	  "print this help and exit" },
	{ 'V', "version", CRX_CLI_ALONE, NULL, crx_cli_set_true_and_stop, FIELD(cli.version),
	  "print the version, the back ends and the licence, and exit" },
};

/* The first operand is SOURCE. */
static int add_operand(void *ctx, const char *operand, struct crx_err *err)
{
	struct options *o = ctx;

	if (o->cli.noperands < OPERANDS_KEPT)
		o->operand[o->cli.noperands] = operand;
	return o->cli.noperands++ ? 0 : inputs_add(&o->inputs, operand, NULL, INPUT_SOURCE, err);
}

static int add_input(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	enum input_kind kind = INPUT_FILE;

	if (use->option->kind == CRX_CLI_KIND_SOURCE)
		kind = INPUT_SOURCE;
	else if (use->option->field == FIELD(build.update.like) ||
		 use->option->field == FIELD(against))
		kind = INPUT_OLD;
	if (!*use->arg)
		return crx_err_set(err, CRX_EARG, 0, NULL, "%s needs %s, not an empty string",
				   use->spelled,
				   kind == INPUT_SOURCE
					   ? "a directory, an archive, a manifest or an image"
					   : "a file name");
	return inputs_add(&((struct options *)ctx)->inputs, use->arg, use->spelled, kind, err);
}

static const struct crx_cli_table TABLE = { OPTION, sizeof(OPTION) / sizeof(OPTION[0]), add_operand,
					    add_input };

static void set_defaults(struct options *o)
{
	*o = (struct options){
		.cli = o->cli,
		.build = {
			.order = CRX_ORDER_LITTLE,
			.page_size = 4096,
			.name = "Compressed",
			.fill = 0xff,
			.dedupe = true,
			.verify = true,
			.update = { .erase_len = 65536, .max_waste = 2 },
		},
	};
}

/* The superblock has room for 16 bytes. */
static int fit_name(struct options *o, struct crx_err *err)
{
	char quoted[CRX_CLI_QUOTE_MAX];
	size_t len = strlen(o->build.name);

	if (len <= CRX_NAME_LEN)
		return 0;
	if (!o->build.lossy)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "name %s has %zu bytes, but the superblock has room for %d "
				   "(--lossy cuts it)",
				   crx_cli_quote(o->build.name, quoted, sizeof(quoted)), len,
				   CRX_NAME_LEN);
	o->long_name = o->build.name;
	memcpy(o->cut_name, o->long_name, CRX_NAME_LEN);
	o->build.name = o->cut_name;
	return 0;
}

static void set_implied(struct options *o)
{
	struct crx_build_opts *b = &o->build;

	b->source = o->operand[0];
	/* without an image, "-": then no name is checked or replaced */
	b->image = o->check_only ? "-" : o->operand[1];
	b->ext = b->ext || b->xip || b->policy.n;
	b->want_curve = o->curve != NULL;
	b->want_files = o->verbose || o->json || o->check_only || o->against;
	b->want_blocks = o->verbose > 1;
	if (o->check_only) {
		b->dry_run = true;
		b->want_costs = true;
	}
	names_set_implied(o);
	b->want_estimate = o->json || !(o->cli.quiet || o->silent);
}

int options_parse(void *options, int argc, char *const *argv, struct crx_err *err)
{
	struct options *o = options;
	const char *lock = getenv("LOCK_BLOCK_DEVICE");
	int ret;

	set_defaults(o);
	names_set_defaults(o);
	ret = crx_cli_parse(&TABLE, argc, argv, o, err);
	if (ret)
		return ret < 0 ? ret : 0;
	if (!o->lock_given && lock && *lock &&
	    parse_lock(lock, "LOCK_BLOCK_DEVICE in the environment", &o->build.lock, err) < 0)
		return CRX_EARG;
	set_implied(o);
	return fit_name(o, err);
}

void options_free(void *options)
{
	struct options *o = options;

	crx_cli_free_lists(&TABLE, o);
	crx_strings_free(&o->build.exclude);
	crx_gate_conditions_free(&o->fail_if);
	inputs_free(&o->inputs);
}

void options_put_help(FILE *out, const void *options)
{
	const struct options *o = options;

	fputs("\n"
	      "Make a cramfs image of SOURCE: a directory, an archive, an mtree manifest, a\n"
	      "cramfs image made by any tool, or - for standard input. With -X, its programs\n"
	      "execute in place, directly from flash. IMAGE is a file, a block device, or -\n"
	      "for standard output. Options may be given in any position.\n",
	      out);
	crx_cli_put_options(out, &TABLE);
	names_put_help(out, o);
	fprintf(out,
		"\n"
		"SIZE is in bytes; a suffix K, M or G multiplies it by 1024, 1024^2 or 1024^3.\n"
		"Exit status: 0 success, 1 a condition of --fail-if holds, 8 failure,\n"
		"16 wrong usage.\n"
		"Example: %s %s rootdir image.bin\n",
		o->cli.program, o->cli.as == AS_MKCRAMFS ? "-X -X" : "-X");
}

void options_put_version(FILE *out)
{
	const char *backend;
	size_t i;

	fputs("Back ends: ", out);
	for (i = 0; (backend = crx_build_backend(i)); i++)
		fprintf(out, "%s%s%s", i ? ", " : "", backend, i ? "" : " (default)");
	fprintf(out, "\nLicence: %s\n", crx_build_license());
}
