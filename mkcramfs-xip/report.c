/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "report.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/process.h"
#include "curve.h"

int report_open(struct report *f, const struct options *o, struct crx_log *log, struct crx_err *err)
{
	unsigned i;
	int ret;

	*f = (struct report){ 0 };
	if (o->curve) {
		f->csv_path = crx_strjoin(o->curve, ".csv", "");
		f->svg_path = crx_strjoin(o->curve, ".svg", "");
		if (!f->csv_path || !f->svg_path)
			return crx_err_nomem(err, "opening the budget curve");
	}
	f->output[OUTPUT_SVG] = (struct output){ f->svg_path, "--budget-curve", false };
	f->output[OUTPUT_CSV] = (struct output){ f->csv_path, "--budget-curve", false };
	f->output[OUTPUT_JSON] = (struct output){ o->json, "--json", false };
	f->output[OUTPUT_IMAGE] = (struct output){ o->build.image, "the image", true };
	ret = files_check(f->output, &o->inputs, o->build.force, err);
	if (!ret)
		ret = against_open(&f->against, o, log, err);
	for (i = 0; i < REPORTS && !ret; i++)
		ret = crx_cli_outfile_open(&f->file[i], f->output[i].path, f->output[i].what,
					   crx_cli_process_hooks(i), err);
	return ret;
}

/* Both files appear, or neither. */
static int write_curve(struct report *f, const struct options *o, const struct crx_result *result,
		       struct crx_err *err)
{
	static const char what[] = "the budget curve";
	struct crx_cli_outfile *csv = &f->file[OUTPUT_CSV], *svg = &f->file[OUTPUT_SVG];
	int ret;

	curve_put_csv(csv->out, result);
	curve_put_svg(svg->out, o, result);
	/* after that, only the rename can fail */
	ret = crx_cli_flush(csv->out, csv->path, what, err);
	if (!ret)
		ret = crx_cli_outfile_close(svg, what, o->build.sync, err);
	return ret ? ret : crx_cli_outfile_close(csv, what, o->build.sync, err);
}

int report_write(struct report *f, const struct options *o, const struct crx_result *result,
		 struct crx_err *err)
{
	struct crx_cli_outfile *json = &f->file[OUTPUT_JSON];
	int ret = o->curve ? write_curve(f, o, result, err) : 0;

	if (ret || !json->out)
		return ret;
	json_put(json->out, o, result, &f->against);
	return crx_cli_outfile_close(json, "the JSON", o->build.sync, err);
}

void report_free(struct report *f)
{
	size_t i;

	for (i = 0; i < REPORTS; i++)
		crx_cli_outfile_abort(&f->file[i]);
	against_close(&f->against);
	free(f->csv_path);
	free(f->svg_path);
}
