/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "options.h"

#include "cli/number.h"
#include "cli/text.h"
#include "command.h"
#include "maps_ram.h"

#define MACHINES "arm, armeb, m68k, riscv32, riscv64, sh, sheb, xtensa, xtensaeb"

#define FIELD(member) offsetof(struct options, member)

static int set_base(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct options *o = ctx;

	o->has_base = true;
	return crx_cli_parse_size(use->arg, 0, INT64_MAX, use->spelled, &o->base, err);
}

static int set_erase_size(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct options *o = ctx;

	return crx_cli_parse_erase_size(use->arg, use->spelled, &o->erase_len, err);
}

static int append_fail_if(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct options *o = ctx;

	return crx_gate_parse(&o->fail_if, use->arg, use->spelled, err);
}

static int set_ram(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct options *o = ctx;

	return crx_cli_parse_size(use->arg, 1, INT64_MAX, use->spelled, &o->ram, err);
}

static int set_min_free(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct options *o = ctx;

	o->has_min_free = true;
	return crx_cli_parse_size(use->arg, 0, INT64_MAX, use->spelled, &o->min_free, err);
}

static int set_instances(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct options *o = ctx;

	return crx_cli_parse_uint(use->arg, 1, MAPS_INSTANCES_MOST, use->spelled, &o->instances,
				  err);
}

static int set_machine(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct crx_exec_start start;
	char quoted[CRX_CLI_QUOTE_MAX];

	((struct options *)ctx)->machine = use->arg;
	if (crx_exec_start_on(use->arg, &start))
		return 0;
	crx_cli_quote(use->arg, quoted, sizeof(quoted));
	return crx_err_set(err, CRX_EARG, 0, NULL, "%s: %s is not one of: " MACHINES, use->spelled,
			   quoted);
}

static int set_kernel(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	return crx_kernel_parse(use->arg, &((struct options *)ctx)->kernel, err);
}

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

	CRX_CLI_HEADING("maps"),
	{ 0, "base", CRX_CLI_TEXT("ADDR"), NULL, set_base, 0,
	  "physical address of the image's first byte; also print addresses and the lines of "
	  "/proc/PID/maps" },
	{ 0, "kernel", CRX_CLI_TEXT("VERSION"), NULL, set_kernel, 0,
	  "answer for this version of Linux, such as 6.1 or 6.17.2, instead of for current ones" },
	{ 0, "no-mmu", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(no_mmu),
	  "for a kernel without an MMU, where a mapping is in place as a whole or not at all" },

	CRX_CLI_HEADING("maps --no-mmu"),
	{ 0, "ram", CRX_CLI_TEXT("SIZE"), NULL, set_ram, 0,
	  "report whether each program fits into SIZE of free RAM; the exit status is 1 if one "
	  "does not" },
	{ 0, "buddyinfo", CRX_CLI_INPUT("FILE"), NULL, crx_cli_set_string, FIELD(buddyinfo),
	  "the same with the free blocks that FILE, a copy of /proc/buddyinfo, shows" },
	{ 0, "instances", CRX_CLI_TEXT("N"), "1", set_instances, 0,
	  "with these: N instances of each program at the same time" },
	{ 0, "min-free", CRX_CLI_TEXT("SIZE"), NULL, set_min_free, 0,
	  "with these: the kernel keeps SIZE free (vm.min_free_kbytes); by default its own "
	  "default for that much RAM" },
	{ 0, "machine",
	  CRX_CLI_WORD("NAME", "arm armeb m68k riscv32 riscv64 sh sheb xtensa xtensaeb"), NULL,
	  set_machine, 0,
	  "processor of flat binaries, which do not name it: arm, armeb, m68k, riscv32, riscv64, "
	  "sh, sheb, xtensa or xtensaeb; by default any with 32 bits" },

	CRX_CLI_HEADING("diff and report"),
	{ 0, "erase-size", CRX_CLI_TEXT("SIZE"), NULL, set_erase_size, 0,
	  "compare in erase blocks of SIZE, a power of two from 4K to 16M" },

	CRX_CLI_HEADING("diff"),
	{ 0, "ranges", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(ranges),
	  "with --erase-size: print a line for adjacent blocks that differ, OFFSET LENGTH" },
	{ 0, "blocks", CRX_CLI_OUTPUT("FILE"), NULL, crx_cli_set_string, FIELD(blocks),
	  "with --erase-size: write the blocks that differ to the update FILE" },

	{ 0, "fail-if", CRX_CLI_TEXT("CONDITIONS"), NULL, append_fail_if, 0,
	  "exit with 1 if one of these holds, and otherwise with 0: 'size>+64K,pages<-10,file>+8K' "
	  "(also ram-saved and file-pages; a limit without a sign is the new value; +2% is of the "
	  "old one); may be repeated" },

	CRX_CLI_HEADING("report"),
	{ 0, "old", CRX_CLI_INPUT("FILE"), NULL, crx_cli_set_string, FIELD(old),
	  "with --erase-size: show which blocks differ from the image FILE" },
	{ 0, "html", CRX_CLI_OUTPUT("FILE"), NULL, crx_cli_set_string, FIELD(html),
	  "write the HTML page to FILE (-: standard output)" },

	CRX_CLI_HEADING("packages and report"),
	{ 0, "database", CRX_CLI_DIR("DIR"), NULL, crx_cli_set_string, FIELD(database),
	  "read the package database in the root DIR instead of that in the image" },
	{ 0, "package-list", CRX_CLI_INPUT("FILE"), NULL, crx_cli_set_string, FIELD(package_list),
	  "read lines PACKAGE,PATH: Buildroot's packages-file-list.txt" },
	{ 0, "manifest", CRX_CLI_INPUT("FILE"), NULL, crx_cli_set_string, FIELD(manifest),
	  "with --pkgdata: read the packages of Yocto's manifest FILE" },
	{ 0, "pkgdata", CRX_CLI_DIR("DIR"), NULL, crx_cli_set_string, FIELD(pkgdata),
	  "with --manifest: read their files from Yocto's directory pkgdata/MACHINE" },

	CRX_CLI_HEADING("Output"),
	{ '1', NULL, CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(paths_only),
	  "list: print paths only, one on each line" },
	{ 0, "json", CRX_CLI_ALONE, NULL, crx_cli_set_true, FIELD(json), "write JSON" },
	{ 'h', "help", CRX_CLI_ALONE, NULL, crx_cli_set_true_and_stop, FIELD(cli.help),
	  "print this help and exit" },
	{ 'V', "version", CRX_CLI_ALONE, NULL, crx_cli_set_true_and_stop, FIELD(cli.version),
	  "print the version and the licence, and exit" },
};

static int add_operand(void *ctx, const char *operand, struct crx_err *err)
{
	struct options *o = ctx;

	o->cli.noperands++;
	return crx_strings_add(&o->operand, operand, err);
}

/* The one output that could replace the old image is checked where it is opened. */
static int add_input(void *ctx CRX_UNUSED, const struct crx_cli_use *use CRX_UNUSED,
		     struct crx_err *err CRX_UNUSED)
{
	return 0;
}

static const struct crx_cli_table TABLE = { OPTION, sizeof(OPTION) / sizeof(OPTION[0]), add_operand,
					    add_input };

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
	struct options *o = options;

	crx_strings_free(&o->operand);
	crx_gate_conditions_free(&o->fail_if);
}

void options_put_help(FILE *out, const void *options CRX_UNUSED)
{
	fputs("\nShow what is in the cramfs image IMAGE, and which pages a kernel maps in "
	      "place.\n\nCommands:\n",
	      out);
	commands_put_help(out);
	crx_cli_put_options(out, &TABLE);
	fputs("\n"
	      "Sizes and offsets are in bytes; K, M, G multiply by 1024, 1024^2, 1024^3.\n"
	      "Exit status: 0 success, 1 images differ, a condition holds or a program does\n"
	      "not fit, 8 failure, 16 wrong usage.\n"
	      "Example: " PROGRAM " maps --base 0x60000000 image.bin /bin/busybox\n",
	      out);
}
