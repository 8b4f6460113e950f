/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "build/stages.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/offenders.h"
#include "base/pool.h"
#include "input/edit/filter.h"

static int stat_insert(struct crx_builder *b, struct crx_err *err)
{
	struct stat st;

	if (!b->o->insert_path)
		return 0;
	if (stat(b->o->insert_path, &st) < 0)
		return crx_err_set(err, CRX_EIO, errno, b->o->insert_path,
				   "cannot stat the file to insert");
	if (!S_ISREG(st.st_mode))
		return crx_err_set(err, CRX_EIO, 0, b->o->insert_path,
				   "is no regular file and cannot be inserted");
	if (st.st_size > (off_t)CRX_INODE_OFF_MAX / 2)
		return crx_err_set(err, CRX_ELIMIT, 0, b->o->insert_path,
				   "is too large to be inserted: %lld bytes, the root must begin "
				   "below 256 MiB",
				   (long long)st.st_size);
	b->insert_len = (uint64_t)st.st_size;
	return 0;
}

/* What the user wrote, before anything that takes time. */
static int read_rules(struct crx_builder *b, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < b->o->policy.n && !ret; i++)
		ret = crx_rules_read(&b->rules, b->o->policy.at[i], b->h->log, err);
	for (i = 0; i < b->o->profile.n && !ret; i++)
		ret = crx_profile_read(&b->profile, b->o->profile.at[i], err);
	return ret;
}

int crx_builder_prepare(struct crx_builder *b, struct crx_err *err)
{
	const struct crx_build_opts *o = b->o;
	int ret;

	b->ext = o->ext || o->xip || o->policy.n;
	b->holes = o->holes || b->ext;
	b->workers = o->workers ? o->workers : crx_pool_cpus();
	if (!crx_page_size_ok(o->page_size))
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "block size %" PRIu32 ": it must be 4096, 8192, 16384, 32768 or "
				   "65536, the page size of the target",
				   o->page_size);
	if (strlen(o->name) > CRX_NAME_LEN)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "name \"%.64s\" has %zu bytes; cramfs holds 16", o->name,
				   strlen(o->name));
	ret = crx_comp_parse(o->comp, o->best, &b->comp, err);
	if (!ret)
		ret = stat_insert(b, err);
	if (!ret)
		ret = crx_builder_prepare_source(b, err);
	return ret ? ret : read_rules(b, err);
}

int crx_builder_open_output(struct crx_builder *b, struct crx_err *err)
{
	static const enum crx_lock locks[] = {
		[CRX_BUILD_LOCK_NO] = CRX_LOCK_NO,
		[CRX_BUILD_LOCK_YES] = CRX_LOCK_YES,
		[CRX_BUILD_LOCK_NONBLOCK] = CRX_LOCK_NONBLOCK,
	};
	struct crx_output_opts o = {
		.path = b->o->image,
		.force = b->o->force,
		.lock = locks[b->o->lock],
		.sync = b->o->sync,
		.pad_to = b->o->pad_to,
		.fill = b->o->fill,
		.hooks = b->h->io,
	};
	int ret;

	/* the source is what people get wrong: say so before anything of the output */
	ret = crx_builder_check_image(b, err);
	if (ret < 0)
		return ret;
	if (b->o->dry_run)
		return crx_output_check(&o, err);
	return crx_output_open(&b->output, &o, err);
}

int crx_builder_report_offences(struct crx_builder *b, struct crx_err *err)
{
	const struct crx_offences *x = &b->offences;
	struct crx_offenders list = { b->h->log, CRX_LEVEL_ERROR, x->listed, 0 };
	char path[CRX_ERR_PATH_MAX];
	size_t i;

	if (!x->count)
		return 0;
	for (i = 0; i < x->listed; i++)
		crx_offenders_add(&list, crx_tree_path(x->list[i].node, path, sizeof(path)), "%s",
				  x->list[i].text);
	list.count = x->count;
	crx_offenders_end(&list, NULL, NULL);
	if (!b->o->lossy)
		crx_devtable_blame(&b->devtable, &b->users, b->h->log);
	return crx_err_set(err, CRX_ELIMIT, 0, NULL,
			   "%zu thing%s cramfs cannot hold; nothing was written", x->count,
			   x->count == 1 ? " that" : "s that");
}

int crx_builder_check_warnings(struct crx_builder *b, struct crx_err *err)
{
	unsigned long n = b->h->log ? b->h->log->warnings : 0;

	if (!b->o->warn_is_error || !n)
		return 0;
	return crx_err_set(err, CRX_EWARN, 0, NULL,
			   "%lu warning%s, and warnings are errors (-E); nothing was written", n,
			   n == 1 ? "" : "s");
}

struct share_of_image {
	uint64_t bytes;
	uint32_t file;
};

static int by_bytes(const void *a, const void *b)
{
	const struct share_of_image *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return x->file < y->file ? -1 : x->file > y->file;
}

/* The largest contributors, for whoever must make the image smaller. */
static int list_largest(const struct crx_builder *b, struct crx_err *err)
{
	enum { LISTED = 10 };
	struct share_of_image *s = crx_alloc(b->plan.ntables, sizeof(*s));
	char path[CRX_ERR_PATH_MAX];
	size_t i;

	if (!s)
		return crx_err_nomem(err, "looking for the largest files");
	for (i = 0; i < b->plan.ntables; i++)
		s[i] = (struct share_of_image){ crx_plan_table_bytes(&b->plan, i),
						b->plan.table[i].file };
	if (i)
		qsort(s, i, sizeof(*s), by_bytes);
	for (i = 0; i < LISTED && i < b->plan.ntables; i++)
		crx_log_error(b->h->log,
			      crx_tree_path(b->facts.file[s[i].file].node, path, sizeof(path)),
			      "takes %" PRIu64 " bytes of the image", s[i].bytes);
	free(s);
	return 0;
}

int crx_builder_check_size(struct crx_builder *b, struct crx_err *err)
{
	uint64_t size = b->layout.image_size;
	int ret;

	if (b->o->max_size && size > b->o->max_size) {
		ret = list_largest(b, err);
		if (ret < 0)
			return ret;
		return crx_err_set(err, CRX_EBIG, 0, b->o->image,
				   "the image would have %" PRIu64 " bytes, %" PRIu64
				   " more than the limit of %" PRIu64
				   " (--max-size); the largest files are listed above; nothing was "
				   "written",
				   size, size - b->o->max_size, b->o->max_size);
	}
	if (b->o->pad_to && size > b->o->pad_to)
		return crx_err_set(err, CRX_EBIG, 0, b->o->image,
				   "the image has %" PRIu64
				   " bytes and cannot be padded to %" PRIu64
				   " (--pad-to); nothing was written",
				   size, b->o->pad_to);
	if (b->o->dry_run)
		return 0;
	return crx_output_fits(&b->output, b->o->pad_to ? b->o->pad_to : size, err);
}

int crx_builder_check_ram(const struct crx_builder *b, const struct crx_result *r,
			  struct crx_err *err)
{
	uint64_t saved = r->in_place.ram_len;

	if (saved >= b->o->ram_goal)
		return 0;
	return crx_err_set(err, CRX_EBIG, 0, NULL,
			   "the choice saves %" PRIu64
			   " bytes of RAM, less than the goal of %" PRIu64
			   " (--ram-goal), since rules of equal files differ; give them one rule,"
			   " or take a smaller goal",
			   saved, b->o->ram_goal);
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

int crx_build_read_patterns(const char *path, struct crx_strings *pattern, struct crx_err *err)
{
	return crx_filter_read_patterns(path, pattern, err);
}
