/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dumpcramfs-xip: parse, open, run one command.
 */
#include "config.h"

#include <errno.h>

#include "cli/outfile.h"
#include "cli/process.h"
#include "command.h"
#include "comp/comp.h"

/* As diff has it, and as the mkfs and fsck tools. */
enum { EXIT_DONE = 0, EXIT_DIFFER = 1, EXIT_FAILED = 8, EXIT_USAGE = 16 };
enum { IMAGES_MAX = 2 };

static int check(const struct options *o, const struct command **c, struct crx_err *err)
{
	size_t behind;

	if (!o->operand.n)
		return crx_err_set(err, CRX_EARG, 0, NULL, "no command");
	if (command_find(o->operand.at[0], c, err) < 0)
		return CRX_EARG;
	if (o->operand.n <= (*c)->nimages)
		return crx_err_set(err, CRX_EARG, 0, NULL, "%s wants %s", (*c)->name, (*c)->operands);
	behind = o->operand.n - 1 - (*c)->nimages;
	if (behind < (*c)->min)
		return crx_err_set(err, CRX_EARG, 0, NULL, "%s wants %s: there is no path", (*c)->name, (*c)->operands);
	if (behind > (*c)->max)
		return crx_err_set(err, CRX_EARG, 0, o->operand.at[1 + (*c)->nimages], "%s wants %s: this is too much", (*c)->name, (*c)->operands);
	return 0;
}

static int run(const struct options *o, const struct command *c, struct crx_log *log, int *status, struct crx_err *err)
{
	struct view view[IMAGES_MAX] = { { 0 } };
	struct dump d = {
		.o = o, .log = log, .view = view, .out = stdout,
		.path = o->operand.at + 1 + c->nimages, .npaths = o->operand.n - 1 - c->nimages,
	};
	bool damaged = false;
	size_t i;
	int ret = 0;

	d.z = crx_inflate_new();
	if (!d.z)
		return crx_err_nomem(err, "starting");
	for (i = 0; i < c->nimages && !ret; i++) {
		ret = view_open(&view[i], o->operand.at[1 + i], o, log, &damaged, err);
		d.incomplete = d.incomplete || damaged;
	}
	if (!ret)
		ret = c->run(&d, err);
	if (!ret)
		ret = crx_cli_flush_stdout("what was asked for", err);
	*status = d.incomplete ? EXIT_FAILED : d.differ ? EXIT_DIFFER : EXIT_DONE;
	for (i = 0; i < c->nimages; i++)
		view_close(&view[i]);
	crx_inflate_free(d.z);
	return ret;
}

static int answer(const struct options *o, struct crx_err *err)
{
	if (o->help)
		options_put_help(stdout);
	else
		options_put_version(stdout);
	return crx_cli_flush_stdout(o->help ? "the help" : "the version", err);
}

int main(int argc, char **argv)
{
	struct crx_err err = CRX_ERR_INIT;
	const struct command *command = NULL;
	struct crx_cli_console console;
	struct crx_log log = { crx_cli_console_log, &console, 0 };
	struct options o;
	int status = EXIT_DONE, ret;

	if (!crx_cli_process_init(PROGRAM))
		return EXIT_FAILED;
	crx_cli_process_on_sigbus("the image");
	crx_cli_console_init(&console, PROGRAM, stderr, false);
	ret = options_parse(&o, argc, argv, &err);
	if (!ret && (o.help || o.version)) {
		ret = answer(&o, &err);
	} else if (!ret) {
		ret = check(&o, &command, &err);
		if (!ret)
			ret = run(&o, command, &log, &status, &err);
		else if (!o.operand.n)
			options_put_usage(stderr);
	}
	if (ret) {
		/* a pager that was left needs no message */
		if (err.sys_errno != EPIPE)
			crx_cli_console_error(&console, &err);
		status = ret == CRX_EARG ? EXIT_USAGE : EXIT_FAILED;
		if (status == EXIT_USAGE && !command)
			fputs("Try '" PROGRAM " --help'.\n", stderr);
	}
	crx_cli_console_free(&console);
	options_free(&o);
	return status;
}
