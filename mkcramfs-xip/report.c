/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/process.h"

/* Is the file at path, there or not yet, somewhere below dir? Then it would
 * become part of what is being read. */
static bool lies_inside(const char *path, const char *dir)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash ? crx_strndup(path, (size_t)(slash - path) + 1) : crx_strdup(".");
	char *real_parent = parent ? realpath(parent, NULL) : NULL;
	char *real_dir = realpath(dir, NULL);
	bool inside = false;
	size_t len;

	if (real_parent && real_dir) {
		len = strlen(real_dir);
		inside = !strncmp(real_parent, real_dir, len) &&
			 (real_dir[len - 1] == '/' || real_parent[len] == '/' || !real_parent[len]);
	}
	free(parent);
	free(real_parent);
	free(real_dir);
	return inside;
}

int report_open(struct crx_cli_outfile *f, const struct options *o, struct crx_err *err)
{
	*f = (struct crx_cli_outfile){ .temp = { .fd = -1 } };
	if (o->json && strcmp(o->json, "-") != 0) {
		if (crx_cli_same_file(o->json, o->build.image))
			return crx_err_set(err, CRX_EARG, 0, o->json, "the image and --json cannot both be the same file");
		if (lies_inside(o->json, o->build.source))
			return crx_err_set(err, CRX_EARG, 0, o->json, "--json would write into SOURCE while it is read: give it a place outside");
	}
	return crx_cli_outfile_open(f, o->json, "--json", crx_cli_process_hooks(SLOT_JSON), err);
}

int report_write(struct crx_cli_outfile *f, const struct options *o, const struct crx_build_result *result, struct crx_err *err)
{
	if (!f->out)
		return 0;
	json_put(f->out, o, result);
	return crx_cli_outfile_close(f, "the JSON", o->build.sync, err);
}
