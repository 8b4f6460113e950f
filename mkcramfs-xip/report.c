/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "signals.h"

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

/* A file of ours that appears at the end, or one that is there and not a
 * regular one: its descriptor. */
static int open_file(struct report *r, const char *path, int *fd, struct crx_err *err)
{
	struct stat st;
	int ret;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		*fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		if (*fd < 0)
			return crx_err_set(err, CRX_EIO, errno, path, "cannot open it for --json");
		return 0;
	}
	ret = crx_io_temp_beside(&r->temp, path, signals_hooks(SIGNALS_JSON), err);
	if (ret < 0)
		return ret;
	r->renamed = true;
	*fd = dup(r->temp.fd);
	if (*fd < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot open it for --json");
	return 0;
}

static bool same_file(const char *a, const char *b)
{
	struct stat sa, sb;

	return stat(a, &sa) == 0 && stat(b, &sb) == 0 && S_ISREG(sa.st_mode) && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

int report_open(struct report *r, const struct options *o, struct crx_err *err)
{
	int fd = -1, ret;

	*r = (struct report){ .temp = { .fd = -1 } };
	if (!o->json)
		return 0;
	if (!strcmp(o->json, "-")) {
		r->out = stdout;
		return 0;
	}
	if (same_file(o->json, o->build.image))
		return crx_err_set(err, CRX_EARG, 0, o->json, "the image and --json cannot both be the same file");
	if (lies_inside(o->json, o->build.source))
		return crx_err_set(err, CRX_EARG, 0, o->json, "--json would write into SOURCE while it is read: give it a place outside");
	ret = open_file(r, o->json, &fd, err);
	if (!ret) {
		r->out = fdopen(fd, "w");
		if (!r->out)
			ret = crx_err_set(err, CRX_EIO, errno, o->json, "cannot open it for --json");
	}
	if (ret < 0) {
		if (fd >= 0)
			close(fd);
		report_abort(r);
	}
	return ret;
}

int report_write(struct report *r, const struct options *o, const struct crx_build_result *result, struct crx_err *err)
{
	bool own = r->out != stdout;
	int bad;

	if (!r->out)
		return 0;
	errno = 0;
	json_put(r->out, o, result);
	bad = fflush(r->out) != 0 || ferror(r->out);
	if (own && fclose(r->out) != 0)
		bad = 1;
	r->out = NULL;
	if (bad)
		return crx_err_set(err, CRX_EIO, errno, own ? o->json : "standard output", "cannot write the JSON");
	if (!r->renamed)
		return 0;
	r->renamed = false;
	return crx_io_temp_commit(&r->temp, o->build.sync, err);
}

void report_abort(struct report *r)
{
	if (r->out && r->out != stdout)
		fclose(r->out);
	r->out = NULL;
	if (r->renamed)
		crx_io_temp_abort(&r->temp);
	r->renamed = false;
}
