/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "command.h"

#include <string.h>

#include "cli/similar.h"
#include "cli/text.h"

static const struct command COMMAND[] = {
	{ "list", "IMAGE [PATH...]", "list every entry, like ls -lR", 1, 0, SIZE_MAX,
	  USES_JSON | USES_PATHS_ONLY, command_list },
	{ "cat", "IMAGE PATH...", "print the contents of files", 1, 1, SIZE_MAX, 0, command_cat },
	{ "stat", "IMAGE PATH...", "show inode, table, and each block", 1, 1, SIZE_MAX, USES_JSON,
	  command_stat },
	{ "tar", "IMAGE", "write a tar archive to standard output", 1, 0, 0, 0, command_tar },
	{ "super", "IMAGE", "show the superblock", 1, 0, 0, USES_JSON, command_super },
	{ "layout", "IMAGE", "show what every byte is used for", 1, 0, 0, USES_JSON,
	  command_layout },
	{ "maps", "IMAGE [PATH...]", "show what is in place, and why the rest is not", 1, 0,
	  SIZE_MAX, USES_JSON | USES_BASE | USES_NO_MMU | USES_KERNEL | USES_RAM, command_maps },
	{ "packages", "IMAGE", "show how much of the flash each package uses", 1, 0, 0,
	  USES_JSON | USES_PACKAGES, command_packages },
	{ "diff", "IMAGE IMAGE", "show how the second image differs from the first", 2, 0, 0,
	  USES_JSON | USES_ERASE | USES_BLOCKS | USES_FAIL_IF, command_diff },
	{ "report", "IMAGE", "write an HTML page, with --html FILE", 1, 0, 0,
	  USES_HTML | USES_NO_MMU | USES_ERASE | USES_OLD | USES_PACKAGES, command_report },
};

enum { NCOMMANDS = sizeof(COMMAND) / sizeof(COMMAND[0]) };

int command_find(const char *name, const struct command **out, struct crx_err *err)
{
	struct crx_cli_similar similar = { .typed = name, .len = strlen(name) };
	char quoted[CRX_CLI_QUOTE_MAX], list[200] = "";
	size_t i, used = 0;

	for (i = 0; i < NCOMMANDS; i++) {
		if (!strcmp(name, COMMAND[i].name)) {
			*out = &COMMAND[i];
			return 0;
		}
		crx_cli_similar_offer(&similar, COMMAND[i].name);
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "",
					 COMMAND[i].name);
	}
	crx_cli_quote(name, quoted, sizeof(quoted));
	if (similar.best)
		return crx_err_set(err, CRX_EARG, 0, NULL, "unknown command %s (did you mean %s?)",
				   quoted, similar.best);
	return crx_err_set(err, CRX_EARG, 0, NULL, "unknown command %s (commands: %s)", quoted,
			   list);
}

/* Options about erase blocks belong together. */
static int check_erase(const struct options *o, struct crx_err *err)
{
	const char *option = o->ranges   ? "--ranges"
			     : o->blocks ? "--blocks"
			     : o->old    ? "--old"
					 : NULL;

	if (option && !o->erase_len)
		return crx_err_set(err, CRX_EARG, 0, NULL, "%s needs --erase-size", option);
	if (o->html && o->erase_len && !o->old)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "report --erase-size needs --old, the image to compare with");
	if (o->fail_if.n && o->erase_len)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "--fail-if and --erase-size cannot be used together");
	if (o->ranges && o->json)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "--ranges and --json cannot be used together");
	if (o->blocks && !strcmp(o->blocks, "-"))
		return crx_err_set(err, CRX_EARG, 0, NULL, "--blocks needs a file name, not \"-\"");
	return 0;
}

/* And so do those about the RAM of a kernel without an MMU. */
static int check_ram(const struct options *o, struct crx_err *err)
{
	const char *option = o->ram            ? "--ram"
			     : o->buddyinfo    ? "--buddyinfo"
			     : o->instances    ? "--instances"
			     : o->has_min_free ? "--min-free"
			     : o->machine      ? "--machine"
					       : NULL;

	if (option && !o->no_mmu)
		return crx_err_set(err, CRX_EARG, 0, NULL, "%s needs --no-mmu", option);
	if (o->ram && o->buddyinfo)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "--ram and --buddyinfo cannot be used together");
	if ((o->instances || o->has_min_free) && !o->ram && !o->buddyinfo)
		return crx_err_set(err, CRX_EARG, 0, NULL, "%s needs --ram or --buddyinfo",
				   o->instances ? "--instances" : "--min-free");
	return 0;
}

/* Neither is of any use without the other. */
static int check_yocto(const struct options *o, struct crx_err *err)
{
	if (!o->manifest == !o->pkgdata)
		return 0;
	return crx_err_set(err, CRX_EARG, 0, NULL, "%s",
			   o->manifest ? "--manifest needs --pkgdata, the directory with the files "
					 "of its packages"
				       : "--pkgdata needs --manifest, the list of packages");
}

/* An option that is given for another command is a mistake, or a wish that would not come true. */
int command_check_options(const struct command *c, const struct options *o, struct crx_err *err)
{
	const struct {
		bool given;
		unsigned use;
		const char *option;
	} all[] = {
		{ o->json, USES_JSON, "--json" },
		{ o->paths_only, USES_PATHS_ONLY, "-1" },
		{ o->has_base, USES_BASE, "--base" },
		{ o->no_mmu, USES_NO_MMU, "--no-mmu" },
		{ o->html != NULL, USES_HTML, "--html" },
		{ o->kernel.version != 0, USES_KERNEL, "--kernel" },
		{ o->ram != 0, USES_RAM, "--ram" },
		{ o->buddyinfo != NULL, USES_RAM, "--buddyinfo" },
		{ o->instances != 0, USES_RAM, "--instances" },
		{ o->has_min_free, USES_RAM, "--min-free" },
		{ o->machine != NULL, USES_RAM, "--machine" },
		{ o->erase_len != 0, USES_ERASE, "--erase-size" },
		{ o->ranges, USES_BLOCKS, "--ranges" },
		{ o->blocks != NULL, USES_BLOCKS, "--blocks" },
		{ o->old != NULL, USES_OLD, "--old" },
		{ o->fail_if.n != 0, USES_FAIL_IF, "--fail-if" },
		{ o->database != NULL, USES_PACKAGES, "--database" },
		{ o->package_list != NULL, USES_PACKAGES, "--package-list" },
		{ o->manifest != NULL, USES_PACKAGES, "--manifest" },
		{ o->pkgdata != NULL, USES_PACKAGES, "--pkgdata" },
	};
	char list[200] = "";
	size_t i, k, used = 0;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].given && !(c->uses & all[i].use))
			break;
	if (i == sizeof(all) / sizeof(all[0])) {
		int ret = check_erase(o, err);

		if (!ret)
			ret = check_ram(o, err);
		return ret ? ret : check_yocto(o, err);
	}
	for (k = 0; k < NCOMMANDS; k++)
		if (COMMAND[k].uses & all[i].use)
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
						 used ? ", " : "", COMMAND[k].name);
	return crx_err_set(err, CRX_EARG, 0, NULL, "%s has no effect on %s (it is for: %s)",
			   all[i].option, c->name, list);
}

void commands_put_help(FILE *out)
{
	size_t i;

	for (i = 0; i < NCOMMANDS; i++)
		fprintf(out, "  %-8s %-17s %s\n", COMMAND[i].name, COMMAND[i].operands,
			COMMAND[i].help);
}
