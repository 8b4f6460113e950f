/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "extract.h"

#include <unistd.h>

#include "input/archive/writer.h"
#include "proof/export/export.h"
#include "options.h"

/* What could be had is kept in an archive too, as in a directory. */
static int to_archive(const struct crx_image *img, const struct crx_listing *l,
		      const struct extract_opts *o, struct crx_extract_result *out,
		      struct crx_err *err)
{
	struct crx_archive_writer *w;
	int ret = crx_archive_create(&w, o->to, o->hooks, err);

	if (ret)
		return ret;
	ret = crx_export_archive(img, l, w, o->log, out, err);
	if (!ret)
		return crx_archive_close(w, err);
	crx_archive_abort(w);
	out->made = 0; /* the file is not there */
	return ret;
}

static void say_part(const struct extract_opts *o, int ret, const struct crx_extract_result *r)
{
	if (r->failed)
		crx_log_error(o->log, o->to,
			      "this is a part of the image only: %zu of its entries could not be "
			      "read, or are not complete",
			      r->failed);
	else if (ret && r->made > 1)
		crx_log_error(o->log, o->to,
			      "this is a part of the image only: extraction stopped after %zu "
			      "entries",
			      r->made);
	if (r->denied)
		crx_log_error(o->log, o->to,
			      "this is a part of the image only: the system did not allow all of "
			      "%zu %s (an archive holds owners, modes and devices, whoever writes "
			      "it: " PROGRAM " -x NAME.tar)",
			      r->denied, r->denied == 1 ? "entry" : "entries");
}

int extract_image(const struct crx_image *img, const struct crx_listing *l,
		  const struct extract_opts *o, struct crx_extract_result *out, struct crx_err *err)
{
	struct crx_extract_opts eo = {
		.workers = o->workers,
		.owners = o->owners || geteuid() == 0,
		.devices = o->owners,
		.log = o->log,
	};
	int ret;

	*out = (struct crx_extract_result){ 0 };
	if (o->archive)
		ret = to_archive(img, l, o, out, err);
	else
		ret = crx_extract(img, l, o->to, &eo, out, err);
	say_part(o, ret, out);
	return ret;
}
