/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "options.h"

#include <string.h>

#define FIELD(member) offsetof(struct options, member)

/*
 * --help prints this table, the completions are generated from it (contrib/completions), and
 * tests/lint/options.sh compares it with the man page.
 */
static const struct crx_cli_option OPTION[] = {
	CRX_CLI_HEADING("Image"),
	{ 'b', "block-size", CRX_CLI_WORD("SIZE", "4K 8K 16K 32K 64K"), NULL, crx_cli_set_size_word,
	  FIELD(page_size),
	  "page size of the target's kernel: 4K, 8K, 16K, 32K or 64K; detected by default" },
	{ 0, "offset", CRX_CLI_WORD("N", "auto"), "0", crx_cli_set_offset, FIELD(offset),
	  "the image begins at byte N of IMAGE; auto: find it" },

	CRX_CLI_HEADING("Mount"),
	{ 'f', "foreground", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(foreground),
	  "stay in the foreground until DIR is unmounted" },
	{ 'o', NULL, CRX_CLI_TEXT("OPTIONS"), NULL, crx_cli_append, FIELD(mount),
	  "options of FUSE and mount(8), separated by commas, such as allow_other" },

	CRX_CLI_HEADING("Messages"),
	{ 'h', "help", CRX_CLI_ALONE, NULL, crx_cli_set_true_and_stop, FIELD(cli.help),
	  "print this help and exit" },
	{ 'V', "version", CRX_CLI_ALONE, NULL, crx_cli_set_true_and_stop, FIELD(cli.version),
	  "print the version and the licence, and exit" },
};

static int add_operand(void *ctx, const char *operand, struct crx_err *err CRX_UNUSED)
{
	struct options *o = ctx;

	if (!o->cli.noperands)
		o->image = operand;
	else if (o->cli.noperands == 1)
		o->dir = operand;
	o->cli.noperands++;
	return 0;
}

static const struct crx_cli_table TABLE = { OPTION, sizeof(OPTION) / sizeof(OPTION[0]), add_operand,
					    NULL };

int options_parse(void *options, int argc, char *const *argv, struct crx_err *err)
{
	struct options *o = options;
	int ret;

	*o = (struct options){ .cli = o->cli };
	ret = crx_cli_parse(&TABLE, argc, argv, o, err);
	return ret < 0 ? ret : 0;
}

void options_free(void *options)
{
	crx_cli_free_lists(&TABLE, options);
}

static int usage_error(struct crx_err *err, const char *text)
{
	return crx_err_set(err, CRX_EARG, 0, NULL, "%s", text);
}

int options_check(void *options, struct crx_err *err)
{
	const struct options *o = options;

	if (!o->cli.noperands)
		return usage_error(err, "IMAGE is missing");
	if (o->cli.noperands == 1)
		return usage_error(err, "DIR is missing");
	if (o->cli.noperands > 2)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "expected IMAGE and DIR, but got %zu operands",
				   o->cli.noperands);
	if (!*o->image || !*o->dir)
		return usage_error(err, "the name of IMAGE or DIR is empty");
	if (!strcmp(o->image, "-"))
		return usage_error(err, "IMAGE cannot be standard input (name a file)");
	return 0;
}

void options_put_help(FILE *out, const void *options CRX_UNUSED)
{
	fputs("\n"
	      "Mount the cramfs image IMAGE, a file or a block device, on the directory DIR\n"
	      "with FUSE, read-only and as a Linux kernel shows it. Root is not needed.\n",
	      out);
	crx_cli_put_options(out, &TABLE);
	fputs("\n"
	      "Sizes and offsets are in bytes; K, M, G multiply by 1024, 1024^2, 1024^3.\n"
	      "Exit status: 0 mounted (with -f: unmounted), 8 failure, 16 wrong usage.\n"
	      "Example: " PROGRAM " image.bin dir; ls dir; fusermount3 -u dir\n",
	      out);
}
