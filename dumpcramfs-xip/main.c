/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dumpcramfs-xip: parse, open, run one command.
 */
#include "config.h"

#include "cli/outfile.h"
#include "cli/process.h"
#include "command.h"
#include "comp/comp.h"

enum { EXIT_DIFFER = 1 }; /* as in diff(1) */
enum { IMAGES_MAX = 2 };

struct program {
	struct options o;
	const struct command *command; /* set by check() */
	bool differ, incomplete;       /* set by run() */
};

static int check(void *options, struct crx_err *err)
{
	struct program *p = options;
	const struct options *o = &p->o;
	const struct command *c;
	size_t after;

	if (!o->cli.noperands)
		return crx_err_set(err, CRX_EARG, 0, NULL, "COMMAND is missing");
	if (command_find(o->operand.at[0], &c, err) < 0)
		return CRX_EARG;
	if (o->cli.noperands <= c->nimages)
		return crx_err_set(err, CRX_EARG, 0, NULL, "IMAGE is missing (expected: %s %s)",
				   c->name, c->operands);
	after = o->cli.noperands - 1 - c->nimages;
	if (after < c->min)
		return crx_err_set(err, CRX_EARG, 0, NULL, "PATH is missing (expected: %s %s)",
				   c->name, c->operands);
	if (after > c->max)
		return crx_err_set(err, CRX_EARG, 0, o->operand.at[1 + c->nimages],
				   "unexpected operand (expected: %s %s)", c->name, c->operands);
	p->command = c;
	return command_check_options(c, o, err);
}

static int run(void *options, struct crx_cli_console *console, struct crx_err *err)
{
	struct program *p = options;
	const struct options *o = &p->o;
	const struct command *c = p->command;
	struct crx_log log = { crx_cli_console_log, console, 0 };
	struct view view[IMAGES_MAX] = { { 0 } };
	struct dump d = {
		.o = o,
		.log = &log,
		.view = view,
		.out = stdout,
		.path = o->operand.at + 1 + c->nimages,
		.npaths = o->cli.noperands - 1 - c->nimages,
		.warnings = { &log, CRX_LEVEL_WARNING, CRX_OFFENDERS_MOST, 0 },
	};
	bool damaged = false;
	size_t i;
	int ret = 0;

	crx_cli_process_on_sigbus("the image");
	d.z = crx_inflate_new();
	if (!d.z)
		return crx_err_nomem(err, "starting");
	for (i = 0; i < c->nimages && !ret; i++) {
		ret = view_open(&view[i], o->operand.at[1 + i], o, &log, &damaged, err);
		d.incomplete = d.incomplete || damaged;
	}
	if (!ret)
		ret = c->run(&d, err);
	crx_offenders_end(&d.warnings, NULL, "of these warnings");
	if (!ret)
		ret = crx_cli_flush(stdout, NULL, "the output", err);
	p->differ = d.differ;
	p->incomplete = d.incomplete;
	for (i = 0; i < c->nimages; i++)
		view_close(&view[i]);
	crx_inflate_free(d.z);
	return ret;
}

static int exit_status(const void *options, int code, const struct crx_err *err CRX_UNUSED)
{
	const struct program *p = options;

	if (code)
		return crx_cli_exit_status(code);
	if (p->incomplete)
		return CRX_CLI_EXIT_FAILED;
	return p->differ ? EXIT_DIFFER : CRX_CLI_EXIT_DONE;
}

int main(int argc, char **argv)
{
	static const char *const name[] = { PROGRAM, NULL };
	static const char *const usage[] = { "[options] COMMAND IMAGE [PATH...]", NULL };
	static const struct crx_cli_program program = {
		.name = name,
		.usage = usage,
		.is_filter = true,
		.parse = options_parse,
		.check = check,
		.run = run,
		.status = exit_status,
		.free = options_free,
		.put_help = options_put_help,
	};
	struct program p = { .command = NULL };

	return crx_cli_main(&program, &p, argc, argv);
}
