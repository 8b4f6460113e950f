/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "report.h"

#include "cli/outfile.h"
#include "cli/process.h"

static int put_page(struct dump *d, FILE *out, struct crx_err *err)
{
	int ret;

	fwrite(report_head, 1, report_head_len, out);
	ret = report_put_data(d, out, err);
	if (!ret)
		fwrite(report_tail, 1, report_tail_len, out);
	return ret;
}

int command_report(struct dump *d, struct crx_err *err)
{
	struct crx_cli_outfile file;
	bool same;
	int ret;

	if (!d->o->html)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "report needs --html FILE (-: standard output)");
	ret = crx_cli_same_file(d->o->html, d->view->path, &same, err);
	if (ret < 0)
		return ret;
	if (!same && d->o->old)
		ret = crx_cli_same_file(d->o->html, d->o->old, &same, err);
	if (ret < 0)
		return ret;
	if (same)
		return crx_err_set(err, CRX_EARG, 0, d->o->html, "--html would replace the image");
	ret = crx_cli_outfile_open(&file, d->o->html, "--html", crx_cli_process_hooks(0), err);
	if (ret)
		return ret;
	ret = put_page(d, file.out, err);
	if (!ret)
		ret = crx_cli_outfile_close(&file, "the report", false, err);
	crx_cli_outfile_abort(&file);
	return ret;
}
