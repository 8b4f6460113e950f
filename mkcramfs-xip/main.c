/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mkcramfs-xip: build an image, and report what was built.
 */
#include "config.h"

#include <string.h>

#include "base/number.h"
#include "cli/console.h"
#include "cli/process.h"
#include "cli/text.h"
#include "options.h"
#include "report.h"
#include "summary.h"

enum { EXIT_GATE = 1 }; /* a condition of --fail-if holds */

static void progress(void *ctx, enum crx_build_stage stage, uint64_t done, uint64_t total)
{
	static const char *const what[] = {
		[CRX_STAGE_READ] = "reading the tree", [CRX_STAGE_SCAN] = "reading files",
		[CRX_STAGE_PACK] = "compressing",      [CRX_STAGE_CHOOSE] = "choosing pages",
		[CRX_STAGE_WRITE] = "writing",         [CRX_STAGE_VERIFY] = "verifying",
	};

	crx_cli_console_progress(ctx, what[stage], done, total);
}

/* The summary goes to standard output, or to standard error if the image or the
 * JSON goes to standard output. */
static int report_result(const struct options *o, struct report *report,
			 const struct crx_result *result, struct crx_err *err)
{
	bool taken = (!o->check_only && !strcmp(o->build.image, "-")) ||
		     (o->json && !strcmp(o->json, "-"));
	FILE *out = taken ? stderr : stdout;
	int ret = report_write(report, o, result, err);

	if (!o->cli.quiet && o->check_only) {
		policy_check_put(out, o, result);
	} else if (!o->cli.quiet && !o->silent) {
		if (o->verbose)
			details_put(out, o, result);
		summary_put(out, o, result, &report->against);
	}
	if (!ret && out == stdout)
		ret = crx_cli_flush(stdout, NULL, "the summary", err);
	return ret;
}

/* After a build, and also if a condition of --fail-if holds (ret): then the report says why. */
static int end_build(const struct options *o, struct crx_cli_console *console,
		     struct report *report, const struct crx_result *result, int ret,
		     struct crx_err *err)
{
	struct crx_err failed = CRX_ERR_INIT;
	int reported = report_result(o, report, result, &failed);

	if (reported && reported != CRX_ECLOSED && result->written)
		crx_cli_console_log(console, CRX_LEVEL_NOTE, o->build.image,
				    "the image is complete; only the report of it failed");
	if (!reported || (ret && reported == CRX_ECLOSED))
		return ret;
	*err = failed;
	return reported;
}

/* --policy-check reports everything that it finds before -E makes it fail. */
static int check_warnings(const struct options *o, const struct crx_log *log, struct crx_err *err)
{
	if (!o->check_only || !o->build.warn_is_error || !log->warnings)
		return 0;
	return crx_err_set(err, CRX_EWARN, 0, NULL, "%lu warning%s, and warnings are errors (-E)",
			   log->warnings, crx_plural(log->warnings));
}

static void warn_about_options(const struct options *o, struct crx_log *log)
{
	char quoted[CRX_CLI_QUOTE_MAX];

	if (o->long_name)
		crx_log_warn(log, NULL, "name %s is cut to %d bytes (--lossy)",
			     crx_cli_quote(o->long_name, quoted, sizeof(quoted)), CRX_NAME_LEN);
	if (o->build.whiteouts && !o->build.overlay.n)
		crx_log_warn(log, NULL, "--whiteouts has no effect without --overlay");
	if (o->build.no_mmu && !o->build.xip && !o->build.policy.n)
		crx_log_warn(log, NULL, "--no-mmu has no effect without -X or -P");
	if (o->cli.as == AS_MKCRAMFS && o->xips == 1)
		crx_log_note(log, NULL,
			     "one -X is for targets without an MMU; use -X -X for targets with "
			     "one");
}

static int build(const struct options *o, struct crx_cli_console *console, struct crx_err *err)
{
	struct crx_log log = { crx_cli_console_log, console, 0 };
	struct crx_build_opts opts = o->build;
	struct crx_result result;
	struct report report;
	struct crx_build_hooks hooks = {
		.log = &log,
		.progress = progress,
		.progress_ctx = console,
		.io = crx_cli_process_hooks(OUTPUT_IMAGE),
		.on_contents = files_check_contents,
		.on_contents_ctx = report.output,
		.on_decided = against_check,
		.on_decided_ctx = &report.against,
	};
	int ret;

	/* a cramfs image that is read is mapped */
	crx_cli_process_on_sigbus("an input image");
	ret = report_open(&report, o, &log, err);
	if (ret) {
		report_free(&report);
		return ret;
	}
	if (o->check_only)
		opts.warn_is_error = false;
	warn_about_options(o, &log);
	ret = crx_build(&opts, &hooks, &result, err);
	crx_cli_console_clear(console);
	if (!ret || ret == CRX_EGATE)
		ret = end_build(o, console, &report, &result, ret, err);
	report_free(&report);
	crx_result_free(&result);
	return ret ? ret : check_warnings(o, &log, err);
}

/* --policy-check without SOURCE: parses all files, whatever is wrong with one of them. */
static int parse_policies(const struct options *o, struct crx_cli_console *console,
			  struct crx_err *err)
{
	struct crx_log log = { crx_cli_console_log, console, 0 };
	int ret = 0, one;
	size_t i, n;

	for (i = 0; i < o->build.policy.n; i++) {
		struct crx_err each = CRX_ERR_INIT;

		one = crx_build_check_policy(o->build.policy.at[i], &log, &n, &each);
		if (one < 0) {
			if (ret)
				crx_cli_console_error(console, err);
			*err = each;
			ret = one;
		} else if (!o->cli.quiet) {
			crx_cli_put_path(stdout, o->build.policy.at[i]);
			printf(": %zu rule%s\n", n, crx_plural(n));
		}
	}
	if (!ret)
		ret = check_warnings(o, &log, err);
	return ret ? ret : crx_cli_flush(stdout, NULL, "the result", err);
}

static int run(void *options, struct crx_cli_console *console, struct crx_err *err)
{
	const struct options *o = options;

	if (o->check_only && !o->cli.noperands)
		return parse_policies(o, console, err);
	return build(o, console, err);
}

static int exit_status(const void *options, int code, const struct crx_err *err)
{
	if (!code)
		return CRX_CLI_EXIT_DONE;
	if (code == CRX_EGATE)
		return EXIT_GATE;
	return names_is_usage(options, err) ? CRX_CLI_EXIT_USAGE : CRX_CLI_EXIT_FAILED;
}

int main(int argc, char **argv)
{
	static const char *const name[] = {
		[AS_ITSELF] = PROGRAM,
		[AS_MKCRAMFS] = "mkcramfs",
		[AS_MKFS_CRAMFS] = "mkfs.cramfs",
		NULL,
	};
	static const char *const usage[] = { "[options] SOURCE IMAGE",
					     "[options] --policy-check FILE [SOURCE]", NULL };
	static const struct crx_cli_program program = {
		.name = name,
		.usage = usage,
		.parse = options_parse,
		.check = options_check,
		.run = run,
		.status = exit_status,
		.free = options_free,
		.put_help = options_put_help,
		.put_version = options_put_version,
	};
	struct options o;

	return crx_cli_main(&program, &o, argc, argv);
}
