/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the options imply, and whether they make sense; and what programs ask without building.
 */
#include "config.h"
#include "build/stages.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/pool.h"
#include "input/edit/filter.h"

static int stat_insert(struct crx_builder *b, struct crx_err *err)
{
	const char *path = b->o->insert_path;
	struct stat st;

	if (!path)
		return 0;
	if (stat(path, &st) < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot stat the file to insert");
	if (!S_ISREG(st.st_mode))
		return crx_err_set(err, CRX_EIO, 0, path, "is not a regular file (-i needs one)");
	if (st.st_size > (off_t)CRX_INODE_OFF_MAX / 2)
		return crx_err_set(err, CRX_ELIMIT, 0, path,
				   "is too large to insert: %lld bytes"
				   " (the root directory must begin below 256 MiB)",
				   (long long)st.st_size);
	b->insert_len = (uint64_t)st.st_size;
	return 0;
}

static int read_policies(struct crx_builder *b, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < b->o->policy.n && !ret; i++)
		ret = crx_rules_read(&b->rules, b->o->policy.at[i], b->h->log, err);
	for (i = 0; i < b->o->profile.n && !ret; i++)
		ret = crx_profile_read(&b->profile, b->o->profile.at[i], err);
	return ret;
}

int crx_build_prepare(struct crx_builder *b, struct crx_err *err)
{
	const struct crx_build_opts *o = b->o;
	int ret;

	b->ext = o->ext || o->xip || o->policy.n;
	b->holes = o->holes || b->ext;
	b->workers = o->workers ? o->workers : crx_pool_cpus();
	if (!crx_page_size_ok(o->page_size))
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "block size %" PRIu32 " is not the page"
				   " size of a target (4096, 8192, 16384, 32768 or 65536)",
				   o->page_size);
	if (strlen(o->name) > CRX_NAME_LEN)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "name \"%.64s\" has %zu bytes (cramfs holds 16)", o->name,
				   strlen(o->name));
	ret = crx_comp_parse(o->comp, o->best, &b->comp, err);
	if (!ret)
		ret = stat_insert(b, err);
	if (!ret)
		ret = crx_build_prepare_source(b, err);
	if (!ret)
		ret = read_policies(b, err);
	return ret ? ret : crx_build_open_old(b, err);
}

int crx_build_check_policy(const char *path, struct crx_log *log, size_t *nrules,
			   struct crx_err *err)
{
	struct crx_rules r = { 0 };
	int ret = crx_rules_read(&r, path, log, err);

	*nrules = r.nrules;
	crx_rules_free(&r);
	return ret;
}

const char *crx_build_backend(size_t i)
{
	const struct crx_comp_backend *const *b = crx_comp_backends();
	size_t n = 0;

	while (b[n])
		n++;
	return i < n ? b[i]->name : NULL;
}

const char *crx_build_license(void)
{
	return crx_comp_license();
}

int crx_build_add_pattern(const char *text, struct crx_strings *pattern, struct crx_err *err)
{
	return crx_filter_add(pattern, text, NULL, err);
}

int crx_build_read_patterns(const char *path, struct crx_strings *pattern, struct crx_err *err)
{
	return crx_filter_read_patterns(path, pattern, err);
}
