/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cramfsck-xip: parse, check, extract, report.
 */
#include "config.h"

#include "cli/console.h"
#include "cli/outfile.h"
#include "cli/process.h"
#include "extract.h"
#include "report.h"

enum { EXIT_ERRORS = 4 }; /* as in fsck(8): errors left uncorrected */

struct program {
	struct options o;
	/* What decides the exit status. */
	bool errors;
	bool half_extracted; /* the system failed after a part of the tree was extracted */
	bool unknown_flags;  /* the image has features that no kernel knows */
};

static void report_finding(void *ctx, const struct crx_finding *f)
{
	struct report *r = ctx;

	r->listed++;
	text_finding(r, f);
	json_finding(r, f);
}

static int check(struct report *r, struct crx_err *err)
{
	struct crx_check_opts co = {
		.workers = r->o->workers,
		.max_findings = (size_t)r->o->max_findings,
		.each = r->o->verbose,
		.candidates = r->s->detected ? 0 : r->s->candidates,
		.emit = report_finding,
		.ctx = r,
	};

	if (r->s->mapped)
		return crx_check(&r->s->img, &co, &r->check, err);
	r->check.errors = 1;
	if (co.max_findings)
		report_finding(r, &r->s->no_image);
	return 0;
}

static int list_and_extract(struct report *r, struct crx_log *log, struct crx_err *err)
{
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
		crx_cli_process_on_end("extraction is incomplete");
		ret = extract_image(&r->s->img, &l, r->o, log, &r->extract, err);
		crx_cli_process_on_end(NULL);
		r->extracted = true;
		r->extract_code = ret;
	}
	crx_listing_free(&l);
	return ret;
}

static int run(void *options, struct crx_cli_console *console, struct crx_err *err)
{
	struct program *p = options;
	const struct options *o = &p->o;
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
	r.findings = o->cli.as == AS_ITSELF ? r.text : stderr;
	crx_cli_process_on_sigbus("the image");
	ret = subject_open(&s, o, &log, err);
	if (!ret) {
		json_begin(&r);
		text_begin_compat(&r);
		ret = check(&r, err);
		if (!ret)
			ret = list_and_extract(&r, &log, err);
		json_end(&r);
		if (!o->cli.quiet && !o->silent)
			text_summary(&r);
		text_end_compat(&r);
		p->errors = r.check.errors || crx_extract_in_part(&r.extract);
		/* an incomplete archive is removed, an incomplete directory is not */
		p->half_extracted = r.extract_code && r.extract.made && !o->archive;
		p->unknown_flags = s.mapped && (s.img.super.flags & ~CRX_FLAGS_SUPPORTED);
	}
	subject_close(&s);
	/* the findings are valid even if extraction failed */
	if (!ret || r.extracted) {
		int written = crx_cli_outfile_close(&json, "the JSON", false, err);

		ret = ret ? ret : written;
	}
	crx_cli_outfile_abort(&json);
	if (!ret)
		ret = crx_cli_flush(stdout, NULL, "the findings", err);
	return ret;
}

static int exit_status(const void *options, int code, const struct crx_err *err CRX_UNUSED)
{
	const struct program *p = options;

	/* the original programs report such an image as one that they cannot check */
	if (p->unknown_flags && p->o.cli.as != AS_ITSELF)
		return CRX_CLI_EXIT_FAILED;
	if (p->half_extracted || (!code && p->errors))
		return EXIT_ERRORS;
	return crx_cli_exit_status(code);
}

int main(int argc, char **argv)
{
	static const char *const name[] = {
		[AS_ITSELF] = PROGRAM,
		[AS_CRAMFSCK] = "cramfsck",
		[AS_FSCK_CRAMFS] = "fsck.cramfs",
		NULL,
	};
	static const char *const usage[] = { "[options] IMAGE", NULL };
	static const struct crx_cli_program program = {
		.name = name,
		.usage = usage,
		.parse = options_parse,
		.check = options_check,
		.run = run,
		.status = exit_status,
		.put_help = options_put_help,
	};
	struct program p = { .errors = false };

	return crx_cli_main(&program, &p, argc, argv);
}
