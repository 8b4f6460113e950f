/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cli/program.h"

#include <errno.h>
#include <string.h>

#include "cli/outfile.h"
#include "cli/process.h"

size_t crx_cli_called(const char *argv0, const char *const *name)
{
	const char *slash = argv0 ? strrchr(argv0, '/') : NULL;
	const char *last = slash ? slash + 1 : argv0;
	size_t i;

	if (!last)
		return 0;
	if (!strncmp(last, "lt-", 3))
		last += 3;
	for (i = 0; name[i]; i++)
		if (!strcmp(last, name[i]))
			return i;
	return 0;
}

static void put_usage(FILE *out, const struct crx_cli_program *p, const char *name)
{
	size_t i;

	for (i = 0; p->usage[i]; i++)
		fprintf(out, "%s %s %s\n", i ? "      " : "Usage:", name, p->usage[i]);
}

static void put_version(FILE *out, const struct crx_cli_program *p, const struct crx_cli_common *c)
{
	if (c->as)
		fprintf(out, "%s from %s %s\n", c->program, p->name[0], PACKAGE_VERSION);
	else
		fprintf(out, "%s %s\n", c->program, PACKAGE_VERSION);
	if (p->put_version)
		p->put_version(out);
	else
		fputs("Licence: GPL-2.0-or-later\n", out);
	fputs("There is NO WARRANTY, to the extent permitted by law.\n", out);
}

static int put_help_or_version(const struct crx_cli_program *p, const struct crx_cli_common *c,
			       struct crx_err *err)
{
	if (c->help) {
		put_usage(stdout, p, c->program);
		p->put_help(stdout, c);
	} else {
		put_version(stdout, p, c);
	}
	return crx_cli_flush(stdout, NULL, c->help ? "the help" : "the version", err);
}

int crx_cli_exit_status(int code)
{
	if (!code)
		return CRX_CLI_EXIT_DONE;
	return code == CRX_EARG ? CRX_CLI_EXIT_USAGE : CRX_CLI_EXIT_FAILED;
}

/* hint: the command line was refused */
static void report(const struct crx_cli_common *c, struct crx_cli_console *console,
		   const struct crx_err *err, bool hint)
{
	crx_cli_console_error(console, err);
	if (hint)
		fprintf(stderr, "Try '%s --help'.\n", c->program);
}

int crx_cli_main(const struct crx_cli_program *p, void *options, int argc, char **argv)
{
	struct crx_cli_common *c = options;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_cli_console console;
	bool accepted = false, closed;
	int ret;

	*c = (struct crx_cli_common){ .as = crx_cli_called(argc > 0 ? argv[0] : NULL, p->name) };
	c->program = p->name[c->as];
	if (!crx_cli_process_init(c->program))
		return CRX_CLI_EXIT_FAILED;
	ret = p->parse(options, argc, argv, &err);
	crx_cli_console_init(&console, c->program, stderr, c->quiet);
	if (!ret && (c->help || c->version)) {
		ret = put_help_or_version(p, c, &err);
	} else if (!ret) {
		ret = p->check(options, &err);
		accepted = !ret;
		if (accepted)
			ret = p->run(options, &console, &err);
		else if (!c->noperands)
			put_usage(stderr, p, c->program);
	}
	closed = ret == CRX_ECLOSED || (ret && p->is_filter && err.sys_errno == EPIPE);
	if (ret && !closed)
		report(c, &console, &err, !accepted && ret == CRX_EARG);
	crx_cli_console_free(&console);
	ret = p->status ? p->status(options, ret, &err) : crx_cli_exit_status(ret);
	if (p->free)
		p->free(options);
	crx_cli_process_done();
	if (closed)
		crx_cli_process_end_closed();
	return ret;
}
