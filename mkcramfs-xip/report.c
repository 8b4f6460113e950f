/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "report.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/process.h"
#include "curve.h"

int report_open(struct report *f, const struct options *o, struct crx_err *err)
{
	static const struct crx_cli_outfile none = { .temp = { .fd = -1 } };
	int ret;

	*f = (struct report){ .json = none, .csv = none, .svg = none };
	if (o->curve) {
		f->csv_path = crx_strjoin(o->curve, ".csv", "");
		f->svg_path = crx_strjoin(o->curve, ".svg", "");
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
	/* only the rename can fail after that */
	ret = crx_cli_flush(f->csv.out, f->csv_path, what, err);
	if (!ret)
		ret = crx_cli_flush(f->svg.out, f->svg_path, what, err);
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
