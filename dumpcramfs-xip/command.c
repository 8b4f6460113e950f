/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "command.h"

#include <string.h>

#include "cli/text.h"

static const struct command COMMAND[] = {
	{ "list", "IMAGE [PATH...]", "list every entry, like ls -lR", 1, 0, SIZE_MAX,
	  command_list },
	{ "cat", "IMAGE PATH...", "print the contents of files", 1, 1, SIZE_MAX, command_cat },
	{ "stat", "IMAGE PATH...", "show inode, table, and each block", 1, 1, SIZE_MAX,
	  command_stat },
	{ "tar", "IMAGE", "write a tar archive to standard output", 1, 0, 0, command_tar },
	{ "super", "IMAGE", "show the superblock", 1, 0, 0, command_super },
	{ "layout", "IMAGE", "show what every byte is used for", 1, 0, 0, command_layout },
	{ "maps", "IMAGE [PATH...]", "show what is in place, and why the rest is not", 1, 0,
	  SIZE_MAX, command_maps },
	{ "diff", "IMAGE IMAGE", "show how the second image differs from the first", 2, 0, 0,
	  command_diff },
	{ "report", "IMAGE", "write an HTML page, with --html FILE", 1, 0, 0, command_report },
};

enum { NCOMMANDS = sizeof(COMMAND) / sizeof(COMMAND[0]) };

int command_find(const char *name, const struct command **out, struct crx_err *err)
{
	char quoted[CRX_CLI_QUOTE_MAX], list[200] = "";
	size_t i, used = 0;

	for (i = 0; i < NCOMMANDS; i++) {
		if (!strcmp(name, COMMAND[i].name)) {
			*out = &COMMAND[i];
			return 0;
		}
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "",
					 COMMAND[i].name);
	}
	return crx_err_set(err, CRX_EARG, 0, NULL, "unknown command %s (commands: %s)",
			   crx_cli_quote(name, quoted, sizeof(quoted)), list);
}

void commands_put_help(FILE *out)
{
	size_t i;

	for (i = 0; i < NCOMMANDS; i++)
		fprintf(out, "  %-6s %-17s   %s\n", COMMAND[i].name, COMMAND[i].operands,
			COMMAND[i].help);
}
