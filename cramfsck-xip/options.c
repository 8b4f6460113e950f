/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "options.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/archive/writer.h"
#include "cli/number.h"
#include "cli/outfile.h"
#include "cli/text.h"

enum { FINDINGS_DEFAULT = 200 };

#define FIELD(member) offsetof(struct options, member)

static int set_max_findings(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	return crx_cli_parse_uint(use->arg, 0, UINT32_MAX, "number of findings",
				  &((struct options *)ctx)->max_findings, err);
}

static int set_kernel(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	return crx_kernel_parse(use->arg, &((struct options *)ctx)->kernel, err);
}

/* In fsck.cramfs, --extract without a name inflates all blocks. We always do. */
static int set_extract(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	if (use->arg && !*use->arg)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "%s needs the name of a directory or an archive, not an "
				   "empty string",
				   use->spelled);
	if (use->arg)
		((struct options *)ctx)->extract = use->arg;
	return 0;
}

/*
 * --help prints this table, the completions are generated from it (contrib/completions), and
 * tests/lint/options.sh compares it with the man page.
 */
static const struct crx_cli_option OPTION[] = {
	CRX_CLI_HEADING("Image"),
	{ 'b', "blocksize", CRX_CLI_WORD("SIZE", "4K 8K 16K 32K 64K"), NULL, crx_cli_set_size_word,
	  FIELD(page_size),
	  "page size that the image was made for: 4K, 8K, 16K, 32K or 64K; detected by default" },
	{ 0, "offset", CRX_CLI_WORD("SIZE", "auto"), "0", crx_cli_set_offset, FIELD(offset),
	  "the image begins SIZE bytes into the file; auto: find it" },

	{ 0, "kernel", CRX_CLI_TEXT("VERSION"), NULL, set_kernel, 0,
	  "check for this version of Linux, such as 6.1 or 6.17.2, instead of for current ones" },

	CRX_CLI_HEADING("Extraction"),
	{ 'x', NULL, CRX_CLI_DIR("DIR"), NULL, set_extract, 0,
	  "extract into DIR, a new or empty directory, or into an archive: NAME.tar, .tar.gz, "
	  ".tar.xz, .tar.zst or .cpio" },
	{ 0, "extract", CRX_CLI_DIR("[=DIR]"), NULL, set_extract, 0,
	  "the same as -x; without DIR, extract nothing and only check" },
	{ 0, "owners", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(owners),
	  "also extract owners, setuid bits and devices, and report those that cannot be set" },

	CRX_CLI_HEADING("Work"),
	{ 'j', "jobs", CRX_CLI_TEXT("N"), "0", crx_cli_set_jobs, FIELD(workers),
	  "number of threads; 0: one for each processor" },

	CRX_CLI_HEADING("Messages"),
	{ 0, "json", CRX_CLI_OUTPUT("FILE"), NULL, crx_cli_set_string, FIELD(json),
	  "write the findings as JSON to FILE (-: standard output)" },
	{ 0, "max-findings", CRX_CLI_TEXT("N"), "200", set_max_findings, 0,
	  "list at most N findings; all are counted" },
	{ 'v', "verbose", CRX_CLI_ALONE, NULL, crx_cli_count, FIELD(verbose),
	  "print a line for each entry of the image, and list each block and entry with a fault on "
	  "its own" },
	{ 0, "quiet", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(cli.quiet),
	  "print errors and warnings only: no notes, no summary" },
	{ 'a', NULL, CRX_CLI_ALONE, NULL, crx_cli_ignore, 0,
	  "ignored; a cramfs image cannot be repaired" },
	{ 'y', NULL, CRX_CLI_ALONE, NULL, crx_cli_ignore, 0, "ignored for the same reason" },
	{ 'c', NULL, CRX_CLI_ALONE, NULL, crx_cli_ignore, 0,
	  "ignored; the check always continues after an error" },
	{ 'h', "help", CRX_CLI_ALONE, NULL, crx_cli_set_true_and_stop, FIELD(cli.help),
	  "print this help and exit" },
	{ 'V', "version", CRX_CLI_ALONE, NULL, crx_cli_set_true_and_stop, FIELD(cli.version),
	  "print the version and the licence, and exit" },
};

static int add_operand(void *ctx, const char *operand, struct crx_err *err CRX_UNUSED)
{
	struct options *o = ctx;

	if (!o->cli.noperands++)
		o->image = operand;
	return 0;
}

static const struct crx_cli_table TABLE = { OPTION, sizeof(OPTION) / sizeof(OPTION[0]), add_operand,
					    NULL };

/* The original programs do not write archives: DIR is a directory whatever its name ends in. */
static void set_implied(struct options *o)
{
	o->archive = o->cli.as == AS_ITSELF && o->extract && crx_archive_is_name(o->extract);
	if (o->cli.as == AS_ITSELF)
		return;
	o->silent = !o->verbose;
	o->owners = o->owners || (o->extract && geteuid() == 0);
}

int options_parse(void *options, int argc, char *const *argv, struct crx_err *err)
{
	struct options *o = options;
	int ret;

	*o = (struct options){ .cli = o->cli, .max_findings = FINDINGS_DEFAULT };
	ret = crx_cli_parse(&TABLE, argc, argv, o, err);
	set_implied(o);
	return ret < 0 ? ret : 0;
}

static int usage_error(struct crx_err *err, const char *text)
{
	return crx_err_set(err, CRX_EARG, 0, NULL, "%s", text);
}

/* Would the archive, or the JSON, replace the image? */
static int check_outputs(const struct options *o, struct crx_err *err)
{
	bool json = false, extract = false;
	struct stat a, b;
	int ret = 0;

	if (o->json)
		ret = crx_cli_same_file(o->json, o->image, &json, err);
	if (!ret && json)
		return usage_error(err, "IMAGE and --json are the same file");
	if (!ret && o->extract)
		ret = crx_io_stat(o->extract, &a, &extract, err);
	if (!ret && extract)
		ret = crx_io_stat(o->image, &b, &extract, err);
	if (ret || !extract || a.st_dev != b.st_dev || a.st_ino != b.st_ino)
		return ret;
	return crx_err_set(err, CRX_EARG, 0, o->extract, "cannot extract the image into itself");
}

int options_check(void *options, struct crx_err *err)
{
	const struct options *o = options;

	if (!o->cli.noperands)
		return usage_error(err, "IMAGE is missing");
	if (o->cli.noperands > 1)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "expected one IMAGE, but got %zu operands", o->cli.noperands);
	if (!*o->image)
		return usage_error(err, "the name of IMAGE is empty");
	if (!strcmp(o->image, "-"))
		return usage_error(err, "IMAGE cannot be standard input (name a file)");
	if (o->cli.quiet && o->verbose)
		return usage_error(err, "--quiet and -v cannot be used together");
	if (o->owners && !o->extract)
		return usage_error(err, "--owners needs -x DIR");
	if (o->json && !*o->json)
		return usage_error(err, "--json needs a file name, not an empty string");
	return check_outputs(o, err);
}

void options_put_help(FILE *out, const void *options)
{
	const struct options *o = options;

	fputs("\n"
	      "Check the cramfs image IMAGE, a file or a block device, as Linux kernels read\n"
	      "it. The image is never changed. Options may be given in any position.\n",
	      out);
	crx_cli_put_options(out, &TABLE);
	if (o->cli.as != AS_ITSELF)
		fprintf(out,
			"\nAs %s, the program prints only warnings and errors unless -v is given,\n"
			"extracts devices too if root runs it, and treats DIR as a directory "
			"whatever\n"
			"its name ends in. The manual page is " PROGRAM "(8).\n",
			o->cli.program);
	fprintf(out,
		"\n"
		"SIZE is in bytes; a suffix K, M or G multiplies it by 1024, 1024^2 or 1024^3.\n"
		"Exit status: 0 no errors, 4 errors in the image, 8 failure, 16 wrong usage.\n"
		"Example: %s image.bin\n",
		o->cli.program);
}
