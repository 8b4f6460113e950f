/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/outfile.h"

int inputs_add(struct inputs *in, const char *path, const char *option, bool source,
	       struct crx_err *err)
{
	struct input *i;

	if (!crx_grow(&in->at, &in->cap, in->n + 1, sizeof(*in->at)))
		return crx_err_nomem(err, "keeping the options");
	i = &in->at[in->n++];
	i->path = path;
	i->source = source;
	snprintf(i->option, sizeof(i->option), "%s", option ? option : "");
	return 0;
}

void inputs_free(struct inputs *in)
{
	free(in->at);
	*in = (struct inputs){ 0 };
}

/* The directory of path, which need not exist itself. The caller frees it; NULL
 * if there is no such directory. */
static char *real_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash ? crx_strndup(path, (size_t)(slash - path) + 1) : crx_strdup(".");
	char *real = parent ? realpath(parent, NULL) : NULL;

	free(parent);
	return real;
}

/* Is path, whether it exists or not, below dir? Then the file would become a part of the source. */
static bool is_below(const char *path, const char *dir)
{
	char *parent = real_parent(path), *real_dir = realpath(dir, NULL);
	bool inside = false;
	size_t len;

	if (parent && real_dir) {
		len = strlen(real_dir);
		inside = !strncmp(parent, real_dir, len) &&
			 (real_dir[len - 1] == '/' || parent[len] == '/' || !parent[len]);
	}
	free(parent);
	free(real_dir);
	return inside;
}

/* The same regular file, or the same name of one that does not exist yet. */
static bool same_place(const char *a, const char *b)
{
	const char *base_a = strrchr(a, '/'), *base_b = strrchr(b, '/');
	char *parent_a, *parent_b;
	bool same;

	if (crx_cli_same_file(a, b))
		return true;
	if (strcmp(base_a ? base_a + 1 : a, base_b ? base_b + 1 : b) != 0)
		return false;
	parent_a = real_parent(a);
	parent_b = real_parent(b);
	same = parent_a && parent_b && !strcmp(parent_a, parent_b);
	free(parent_a);
	free(parent_b);
	return same;
}

static bool is_file(const struct output *out)
{
	return out->path && strcmp(out->path, "-") != 0;
}

static bool stat_input(const struct input *in, struct stat *st)
{
	if (in->source && !strcmp(in->path, "-"))
		return fstat(0, st) == 0;
	return stat(in->path, st) == 0;
}

/* Would writing one destroy the other? A character device such as /dev/null has no contents. */
static bool same_contents(const struct stat *a, const struct stat *b)
{
	if (S_ISBLK(a->st_mode) && S_ISBLK(b->st_mode))
		return a->st_rdev == b->st_rdev;
	return S_ISREG(a->st_mode) && a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static int would_replace(const struct output *out, const char *reader, struct crx_err *err)
{
	return crx_err_set(err, CRX_EARG, 0, out->path,
			   "%s would replace what %s reads (choose another name)", out->what,
			   reader);
}

static int check_input(const struct output *out, const struct input *in, bool force,
		       struct crx_err *err)
{
	struct stat read, written;

	/* a missing input is reported when it is opened */
	if (!stat_input(in, &read))
		return 0;
	if (S_ISDIR(read.st_mode)) {
		if (out->image || !is_below(out->path, in->path))
			return 0;
		return crx_err_set(err, CRX_EARG, 0, out->path,
				   "%s would write into %s while that is being read (choose "
				   "another "
				   "directory)",
				   out->what, *in->option ? in->path : "SOURCE");
	}
	if (stat(out->path, &written) < 0 || !same_contents(&read, &written))
		return 0;
	if (!out->image || !in->source)
		return would_replace(out, *in->option ? in->option : "SOURCE", err);
	if (force)
		return 0;
	return crx_err_set(err, CRX_EIO, 0, out->path,
			   "is a source of the image and would be replaced (--force replaces "
			   "it)");
}

int files_check(const struct output *out, const struct inputs *in, bool force, struct crx_err *err)
{
	size_t i, j;
	int ret = 0;

	for (i = 0; i < OUTPUTS; i++) {
		if (!is_file(&out[i]))
			continue;
		for (j = i + 1; j < OUTPUTS; j++)
			if (is_file(&out[j]) && same_place(out[i].path, out[j].path))
				return crx_err_set(err, CRX_EARG, 0, out[i].path,
						   "%s and %s cannot be the same file", out[j].what,
						   out[i].what);
		for (j = 0; j < in->n && !ret; j++)
			ret = check_input(&out[i], &in->at[j], force, err);
		if (ret)
			return ret;
	}
	return 0;
}

int files_check_contents(void *ctx, const struct stat *st, struct crx_err *err)
{
	const struct output *out = ctx;
	struct stat written;
	size_t i;

	for (i = 0; i < OUTPUTS; i++)
		if (is_file(&out[i]) && stat(out[i].path, &written) == 0 &&
		    same_contents(st, &written))
			return would_replace(&out[i], "a manifest", err);
	return 0;
}
