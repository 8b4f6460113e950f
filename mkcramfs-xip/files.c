/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "files.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "cli/outfile.h"

int inputs_add(struct inputs *in, const char *path, const char *option, enum input_kind kind,
	       struct crx_err *err)
{
	struct input *i;

	if (!crx_grow(&in->at, &in->cap, in->n + 1, sizeof(*in->at)))
		return crx_err_nomem(err, "keeping the options");
	i = &in->at[in->n++];
	i->path = path;
	i->kind = kind;
	snprintf(i->option, sizeof(i->option), "%s", option ? option : "");
	return 0;
}

void inputs_free(struct inputs *in)
{
	free(in->at);
	*in = (struct inputs){ 0 };
}

static int real_dir(const char *path, char out[PATH_MAX], bool *exists, struct crx_err *err)
{
	*exists = realpath(path, out);
	return *exists ? 0 : crx_io_missing(path, err);
}

/* The directory of path, which need not exist itself. */
static int real_parent(const char *path, char out[PATH_MAX], bool *exists, struct crx_err *err)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_MAX];

	*exists = false;
	if (!slash)
		return real_dir(".", out, exists, err);
	if (slash + 1 - path >= PATH_MAX)
		return 0;
	memcpy(parent, path, (size_t)(slash + 1 - path));
	parent[slash + 1 - path] = '\0';
	return real_dir(parent, out, exists, err);
}

/* Is path, whether it exists or not, below dir? Then the file would become a part of the source. */
static int is_below(const char *path, const char *dir, bool *is, struct crx_err *err)
{
	char parent[PATH_MAX], real[PATH_MAX];
	bool known, exists = false;
	int ret = real_parent(path, parent, &known, err);
	size_t len;

	*is = false;
	if (!ret)
		ret = real_dir(dir, real, &exists, err);
	if (ret || !known || !exists)
		return ret;
	len = strlen(real);
	*is = !strncmp(parent, real, len) &&
	      (real[len - 1] == '/' || parent[len] == '/' || !parent[len]);
	return 0;
}

/* The same regular file, or the same name of one that does not exist yet. */
static int same_place(const char *a, const char *b, bool *same, struct crx_err *err)
{
	const char *base_a = strrchr(a, '/'), *base_b = strrchr(b, '/');
	char parent_a[PATH_MAX], parent_b[PATH_MAX];
	bool known_a, known_b;
	int ret = crx_cli_same_file(a, b, same, err);

	if (ret || *same || strcmp(base_a ? base_a + 1 : a, base_b ? base_b + 1 : b) != 0)
		return ret;
	ret = real_parent(a, parent_a, &known_a, err);
	if (!ret)
		ret = real_parent(b, parent_b, &known_b, err);
	if (!ret)
		*same = known_a && known_b && !strcmp(parent_a, parent_b);
	return ret;
}

static bool is_file(const struct output *out)
{
	return out->path && strcmp(out->path, "-") != 0;
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

/* in is a directory. */
static int check_outside(const struct output *out, const struct input *in, struct crx_err *err)
{
	bool below;
	int ret = out->image ? 0 : is_below(out->path, in->path, &below, err);

	if (ret || out->image || !below)
		return ret;
	return crx_err_set(err, CRX_EARG, 0, out->path,
			   "%s would write into %s while that is being read (choose another "
			   "directory)",
			   out->what, *in->option ? in->path : "SOURCE");
}

static int check_input(const struct output *out, const struct input *in, bool force,
		       struct crx_err *err)
{
	struct stat read, written;
	bool exists;
	int ret;

	if (in->kind == INPUT_SOURCE && !strcmp(in->path, "-")) {
		exists = fstat(0, &read) == 0;
		ret = exists ? 0 : crx_io_missing("standard input", err);
	} else {
		ret = crx_io_stat(in->path, &read, &exists, err);
	}
	if (ret || !exists)
		return ret;
	if (S_ISDIR(read.st_mode))
		return check_outside(out, in, err);
	ret = crx_io_stat(out->path, &written, &exists, err);
	if (ret || !exists || !same_contents(&read, &written))
		return ret;
	if (out->image && in->kind == INPUT_OLD)
		return 0;
	if (!out->image || in->kind != INPUT_SOURCE)
		return would_replace(out, *in->option ? in->option : "SOURCE", err);
	if (force)
		return 0;
	return crx_err_set(err, CRX_EIO, 0, out->path,
			   "is a source of the image and would be replaced (--force replaces "
			   "it)");
}

/* Is out the same file as another output? */
static int check_others(const struct output *out, size_t i, struct crx_err *err)
{
	bool same = false;
	int ret = 0;
	size_t j;

	for (j = i + 1; j < OUTPUTS && !ret; j++) {
		if (is_file(&out[j]))
			ret = same_place(out[i].path, out[j].path, &same, err);
		if (!ret && same)
			ret = crx_err_set(err, CRX_EARG, 0, out[i].path,
					  "%s and %s cannot be the same file", out[j].what,
					  out[i].what);
	}
	return ret;
}

int files_check(const struct output *out, const struct inputs *in, bool force, struct crx_err *err)
{
	size_t i, j;
	int ret = 0;

	for (i = 0; i < OUTPUTS && !ret; i++) {
		if (!is_file(&out[i]))
			continue;
		ret = check_others(out, i, err);
		for (j = 0; j < in->n && !ret; j++)
			ret = check_input(&out[i], &in->at[j], force, err);
	}
	return ret;
}

int files_check_contents(void *ctx, const struct stat *st, struct crx_err *err)
{
	const struct output *out = ctx;
	struct stat written;
	bool exists;
	int ret = 0;
	size_t i;

	for (i = 0; i < OUTPUTS && !ret; i++) {
		exists = false;
		if (is_file(&out[i]))
			ret = crx_io_stat(out[i].path, &written, &exists, err);
		if (!ret && exists && same_contents(st, &written))
			ret = would_replace(&out[i], "a manifest", err);
	}
	return ret;
}
