/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "extract.h"

#include <unistd.h>

#include "base/pool.h"
#include "cli/process.h"
#include "input/archive/writer.h"
#include "proof/export/export.h"

/* If some entries cannot be read the archive is kept, as a directory would be. */
static int extract_to_archive(const struct crx_image *img, const struct crx_listing *l,
			      const char *to, struct crx_log *log, struct crx_extract_result *out,
			      struct crx_err *err)
{
	struct crx_archive_writer *w;
	int ret = crx_archive_create(&w, to, crx_cli_process_hooks(SLOT_ARCHIVE), err);

	if (ret)
		return ret;
	ret = crx_export_archive(img, l, w, log, out, err);
	if (!ret)
		return crx_archive_close(w, err);
	crx_archive_abort(w);
	out->made = 0; /* the archive was removed */
	return ret;
}

static void report_incomplete(const char *to, int ret, const struct crx_extract_result *r,
			      struct crx_log *log)
{
	if (r->failed)
		crx_log_error(log, to, "incomplete: %zu %s not extracted, or only in part",
			      r->failed, r->failed == 1 ? "entry was" : "entries were");
	else if (ret && r->made > 1)
		crx_log_error(log, to, "incomplete: extraction stopped after %zu entries", r->made);
	if (r->denied)
		crx_log_error(log, to,
			      "incomplete: the system refused owners, modes or devices of %zu %s "
			      "(an archive keeps them for any user: " PROGRAM " -x NAME.tar)",
			      r->denied, r->denied == 1 ? "entry" : "entries");
}

int extract_image(const struct crx_image *img, const struct crx_listing *l, const struct options *o,
		  struct crx_log *log, struct crx_extract_result *out, struct crx_err *err)
{
	struct crx_extract_opts eo = {
		.workers = o->workers ? o->workers : crx_pool_cpus(),
		.owners = o->owners || geteuid() == 0,
		.devices = o->owners,
		.log = log,
	};
	int ret;

	*out = (struct crx_extract_result){ 0 };
	if (o->archive)
		ret = extract_to_archive(img, l, o->extract, log, out, err);
	else
		ret = crx_extract(img, l, o->extract, &eo, out, err);
	report_incomplete(o->extract, ret, out, log);
	return ret;
}
