/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/process.h"
#include "curve.h"

static char *with_suffix(const char *prefix, const char *suffix)
{
	size_t len = strlen(prefix), all;
	char *s = NULL;

	if (crx_add_size(len, strlen(suffix) + 1, &all))
		s = crx_alloc(all, 1);
	if (s) {
		memcpy(s, prefix, len);
		memcpy(s + len, suffix, strlen(suffix) + 1);
	}
	return s;
}

int report_open(struct report *f, const struct options *o, struct crx_err *err)
{
	static const struct crx_cli_outfile none = { .temp = { .fd = -1 } };
	int ret;

	*f = (struct report){ .json = none, .csv = none, .svg = none };
	if (o->curve) {
		f->csv_path = with_suffix(o->curve, ".csv");
		f->svg_path = with_suffix(o->curve, ".svg");
		if (!f->csv_path || !f->svg_path)
			return crx_err_nomem(err, "opening the budget curve");
	}
	f->output[0] = (struct output){ f->svg_path, "--budget-curve", false };
	f->output[1] = (struct output){ f->csv_path, "--budget-curve", false };
	f->output[2] = (struct output){ o->json, "--json", false };
	f->output[3] = (struct output){ o->build.image, "the image", true };
	ret = files_check(f->output, &o->inputs, o->build.force, err);
	if (!ret)
		ret = crx_cli_outfile_open(&f->json, o->json, "--json",
					   crx_cli_process_hooks(SLOT_JSON), err);
	if (!ret)
		ret = crx_cli_outfile_open(&f->csv, f->csv_path, "--budget-curve",
					   crx_cli_process_hooks(SLOT_CSV), err);
	if (!ret)
		ret = crx_cli_outfile_open(&f->svg, f->svg_path, "--budget-curve",
					   crx_cli_process_hooks(SLOT_SVG), err);
	return ret;
}

/* All that was printed is in the file: only the rename can still fail. */
static int flush(struct crx_cli_outfile *f, const char *what, struct crx_err *err)
{
	errno = 0;
	if (!f->out || (fflush(f->out) == 0 && !ferror(f->out)))
		return 0;
	return crx_err_set(err, CRX_EIO, errno, f->path, "cannot write %s", what);
}

/* Both files appear, or neither. */
static int write_curve(struct report *f, const struct options *o, const struct crx_result *result,
		       struct crx_err *err)
{
	static const char what[] = "the budget curve";
	int ret;

	if (!f->csv.out || !f->svg.out)
		return 0;
	curve_put_csv(f->csv.out, result);
	curve_put_svg(f->svg.out, o, result);
	ret = flush(&f->csv, what, err);
	if (!ret)
		ret = flush(&f->svg, what, err);
	if (!ret)
		ret = crx_cli_outfile_close(&f->svg, what, o->build.sync, err);
	return ret ? ret : crx_cli_outfile_close(&f->csv, what, o->build.sync, err);
}

int report_write(struct report *f, const struct options *o, const struct crx_result *result,
		 struct crx_err *err)
{
	int ret = write_curve(f, o, result, err);

	if (ret || !f->json.out)
		return ret;
	json_put(f->json.out, o, result);
	return crx_cli_outfile_close(&f->json, "the JSON", o->build.sync, err);
}

void report_free(struct report *f)
{
	crx_cli_outfile_abort(&f->json);
	crx_cli_outfile_abort(&f->csv);
	crx_cli_outfile_abort(&f->svg);
	free(f->csv_path);
	free(f->svg_path);
}
