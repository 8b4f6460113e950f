/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cramfsck-xip: parse, check, extract, report.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "base/pool.h"
#include "cli/console.h"
#include "cli/outfile.h"
#include "cli/process.h"
#include "extract.h"
#include "report.h"

/* As fsck has it. */
enum { EXIT_CLEAN = 0, EXIT_ERRORS = 4, EXIT_FAILED = 8, EXIT_USAGE = 16 };

static void found(void *ctx, const struct crx_finding *f)
{
	struct report *r = ctx;

	r->listed++;
	text_finding(r, f);
	json_finding(r, f);
}

static int check(struct report *r, struct crx_err *err)
{
	struct crx_check_opts co = { r->o->workers, (size_t)r->o->max_findings, found, r };

	if (r->s->mapped)
		return crx_check(&r->s->img, &co, &r->check, err);
	r->check.errors = 1;
	if (co.max_findings)
		found(r, &r->s->none);
	return 0;
}

/* An archive that would replace the very image it is made of. */
static int check_target(const struct options *o, struct crx_err *err)
{
	struct stat a, b;

	if (!o->extract || stat(o->extract, &a) || stat(o->image, &b) || a.st_dev != b.st_dev || a.st_ino != b.st_ino)
		return 0;
	return crx_err_set(err, CRX_EARG, 0, o->extract, "is the image itself");
}

/* What needs all entries at once: their list, and extraction. */
static int use_entries(struct report *r, struct crx_log *log, struct crx_err *err)
{
	struct extract_opts eo = {
		.to = r->o->extract,
		.archive = r->o->archive,
		.owners = r->o->owners,
		.workers = r->o->workers ? r->o->workers : crx_pool_cpus(),
		.hooks = crx_cli_process_hooks(SLOT_ARCHIVE),
		.log = log,
	};
	struct crx_listing l;
	int ret;

	if (!r->s->mapped || (!r->o->verbose && !r->o->extract))
		return 0;
	ret = crx_listing_read(&r->s->img, &l, err);
	if (ret)
		return ret;
	if (r->o->verbose)
		text_entries(r->text, &l);
	if (r->o->extract) {
		crx_cli_process_at_end("what was extracted is a part of the image only");
		ret = extract_image(&r->s->img, &l, &eo, &r->extract, err);
		crx_cli_process_at_end(NULL);
		r->extracted = true;
		r->extract_code = ret;
	}
	crx_listing_free(&l);
	return ret;
}

/* What there is to say of the image by the exit status. */
struct outcome {
	bool errors;
	bool half;    /* a part of the tree was extracted, and then the system failed */
	bool unknown; /* it has features of which no kernel knows */
};

static int run(const struct options *o, struct crx_cli_console *console, struct outcome *out, struct crx_err *err)
{
	struct crx_log log = { crx_cli_console_log, console, 0 };
	struct crx_cli_outfile json;
	struct subject s = { .mapped = false };
	struct report r = { .o = o, .s = &s };
	int ret;

	ret = crx_cli_outfile_open(&json, o->json, "--json", crx_cli_process_hooks(SLOT_JSON), err);
	if (ret)
		return ret;
	r.json.out = json.out;
	r.text = json.out == stdout ? stderr : stdout;
	r.findings = o->as == AS_ITSELF ? r.text : stderr;
	crx_cli_process_on_sigbus("the image");
	ret = subject_open(&s, o, err);
	if (!ret) {
		json_begin(&r);
		text_begin_as(&r);
		ret = check(&r, err);
		if (!ret)
			ret = use_entries(&r, &log, err);
		json_end(&r);
		if (!o->quiet && !o->silent)
			text_summary(&r);
		text_end_as(&r);
		out->errors = r.check.errors || crx_extract_in_part(&r.extract);
		/* an archive is not left behind half */
		out->half = r.extract_code && r.extract.made && !o->archive;
		out->unknown = s.mapped && (s.img.super.flags & ~CRX_FLAGS_SUPPORTED);
	}
	subject_close(&s);
	/* what was found stands, even where extraction has failed */
	if (!ret || r.extracted) {
		int written = crx_cli_outfile_close(&json, "the JSON", false, err);

		ret = ret ? ret : written;
	}
	crx_cli_outfile_abort(&json);
	if (!ret)
		ret = crx_cli_flush_stdout("the findings", err);
	return ret;
}

/* --help and --version: 1 if that was all. */
static int answer(const struct options *o, struct crx_err *err)
{
	int ret;

	if (o->help)
		options_put_help(stdout, o);
	else if (o->version)
		options_put_version(stdout, o);
	else
		return 0;
	ret = crx_cli_flush_stdout(o->help ? "the help" : "the version", err);
	return ret ? ret : 1;
}

static int exit_status(const struct options *o, int code, const struct outcome *out)
{
	/* the others' word for it is that they cannot check such an image */
	if (out->unknown && o->as != AS_ITSELF)
		return EXIT_FAILED;
	if (out->half)
		return EXIT_ERRORS;
	if (!code)
		return out->errors ? EXIT_ERRORS : EXIT_CLEAN;
	return code == CRX_EARG ? EXIT_USAGE : EXIT_FAILED;
}

int main(int argc, char **argv)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_cli_console console;
	struct options o;
	struct outcome out = { false, false, false };
	int ret;

	options_called(argc > 0 ? argv[0] : NULL, &o.program);
	if (!crx_cli_process_init(o.program))
		return EXIT_FAILED;
	ret = options_parse(&o, argc, argv, &err);
	crx_cli_console_init(&console, o.program, stderr, o.quiet);
	if (!ret)
		ret = answer(&o, &err);
	if (!ret) {
		ret = options_check(&o, &err);
		if (!ret)
			ret = check_target(&o, &err);
		if (!ret)
			ret = run(&o, &console, &out, &err);
		else if (!o.noperands)
			options_put_usage(stderr, &o);
	} else if (ret > 0) {
		ret = 0;
	}
	if (ret) {
		crx_cli_console_error(&console, &err);
		if (exit_status(&o, ret, &out) == EXIT_USAGE)
			fprintf(stderr, "Try '%s --help'.\n", o.program);
	}
	crx_cli_console_free(&console);
	return exit_status(&o, ret, &out);
}
