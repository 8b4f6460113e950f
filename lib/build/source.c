/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tree that goes into the image. It is made in this order: source, overlays, exclusion, owners
 * and modes, device tables, cutting what does not fit.
 */
#include "config.h"
#include "build/stages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "input/edit/filter.h"
#include "input/edit/lossy.h"
#include "input/edit/dropped.h"

static int parse_owners(struct crx_builder *b, struct crx_err *err)
{
	const struct crx_build_opts *o = b->o;
	size_t i;
	int k, ret = 0;

	for (k = 0; k < CRX_USERS_KINDS && !ret; k++) {
		b->map[k] = crx_zalloc(o->map[k].n, sizeof(*b->map[k]));
		if (!b->map[k])
			return crx_err_nomem(err, "reading options");
		for (i = 0; i < o->map[k].n && !ret; i++)
			ret = crx_id_map_parse(o->map[k].at[i], &b->map[k][i], err);
	}
	b->chmod = crx_zalloc(o->chmod.n, sizeof(*b->chmod));
	if (!ret && !b->chmod)
		ret = crx_err_nomem(err, "reading options");
	for (i = 0; i < o->chmod.n && !ret; i++)
		ret = crx_chmod_parse(o->chmod.at[i], &b->chmod[i], err);
	if (!ret && (o->owner || o->all_root))
		ret = crx_owner_parse(o->owner ? o->owner : "0:0", &b->owner, err);
	return ret;
}

/* The errors of all tables are reported; err is that of the first. */
static int read_tables(struct crx_builder *b, struct crx_err *err)
{
	size_t i;
	int ret = 0, got;

	for (i = 0; i < b->o->devtable.n; i++) {
		struct crx_err more = CRX_ERR_INIT;

		got = crx_devtable_read(&b->devtable, b->o->devtable.at[i], b->h->log,
					ret ? &more : err);
		if (got && got != CRX_EFORMAT)
			return ret ? ret : got;
		if (got && ret)
			crx_log_error(b->h->log, more.path, "%s", more.text);
		ret = ret ? ret : got;
	}
	return ret;
}

/* Patterns as the sources want them. */
static int copy_patterns(struct crx_builder *b, struct crx_err *err)
{
	const struct crx_build_opts *o = b->o;
	int ret = 0;
	size_t i;

	b->exclude_hits = crx_zalloc(o->exclude.n + 1, sizeof(*b->exclude_hits));
	if (!b->exclude_hits)
		return crx_err_nomem(err, "reading options");
	for (i = 0; i < o->exclude.n && !ret; i++)
		ret = crx_strings_add(&b->exclude, o->exclude.at[i], err);
	if (ret < 0)
		return ret;
	crx_filter_strip_source(&b->exclude, o->source);
	for (i = 0; i < o->overlay.n; i++)
		crx_filter_strip_source(&b->exclude, o->overlay.at[i]);
	return 0;
}

int crx_build_prepare_source(struct crx_builder *b, struct crx_err *err)
{
	const struct crx_build_opts *o = b->o;
	int ret = parse_owners(b, err);

	b->source = crx_zalloc(o->overlay.n + 1, sizeof(*b->source));
	if (!ret && !b->source)
		ret = crx_err_nomem(err, "reading options");
	if (!ret)
		ret = copy_patterns(b, err);
	b->devtable.style = o->devtable_as_mkcramfs ? CRX_DEVTABLE_MKCRAMFS : CRX_DEVTABLE_MAKEDEVS;
	return ret ? ret : read_tables(b, err);
}

void crx_build_free_source(struct crx_builder *b)
{
	size_t i;
	int k;

	for (i = 0; b->source && i <= b->o->overlay.n; i++)
		crx_source_free(&b->source[i]);
	free(b->source);
	for (i = 0; b->chmod && i < b->o->chmod.n; i++)
		crx_chmod_free(&b->chmod[i]);
	free(b->chmod);
	crx_strings_free(&b->exclude);
	free(b->exclude_hits);
	for (k = 0; k < CRX_USERS_KINDS; k++)
		free(b->map[k]);
	crx_owner_free(&b->owner);
	crx_users_free(&b->users);
	crx_devtable_free(&b->devtable);
}

/* Does no option say who owns the files? */
static bool may_squash(const struct crx_build_opts *o)
{
	return !o->all_root && !o->keep_owner && !o->owner && !o->map[CRX_USERS_USER].n &&
	       !o->map[CRX_USERS_GROUP].n;
}

static int read_all(struct crx_builder *b, struct crx_err *err)
{
	const struct crx_build_opts *o = b->o;
	struct crx_source_opts so = {
		.log = b->h->log,
		.exclude = { b->exclude.at, b->exclude.n, b->exclude_hits },
		.order = o->order,
		.page_size = o->page_size,
		.max_size = o->max_size,
		.workers = b->workers,
		.whiteouts = o->whiteouts,
		.lossy = o->lossy,
		.on_contents = b->h->on_contents,
		.on_contents_ctx = b->h->on_contents_ctx,
		.squash = may_squash(o),
	};
	int ret = crx_source_open(o->source, &so, &b->tree, &b->source[0], err);
	size_t i;

	for (i = 0; i < o->overlay.n && !ret; i++)
		ret = crx_source_overlay(o->overlay.at[i], &so, &b->tree, &b->source[i + 1], err);
	if (ret < 0)
		return ret;
	ret = crx_filter_exclude(&so.exclude, &b->tree, err);
	if (!ret && so.exclude.n)
		ret = crx_tree_finish(&b->tree, err);
	if (ret < 0)
		return ret;
	crx_filter_warn_unmatched(&so.exclude, b->h->log);
	crx_dropped_report(&b->tree, b->h->log);
	return 0;
}

/* Device tables come last, as in Buildroot, which runs makedevs after it gave all files to root. */
static int set_owners(struct crx_builder *b, struct crx_err *err)
{
	const struct crx_build_opts *o = b->o;
	struct crx_owners owners = {
		.owner = o->owner || o->all_root ? &b->owner : NULL,
		.map = { b->map[0], b->map[1] },
		.nmaps = { o->map[0].n, o->map[1].n },
		.chmod = b->chmod,
		.nchmods = o->chmod.n,
	};
	bool names = crx_devtable_has_names(&b->devtable) || b->owner.name[CRX_USERS_USER] ||
		     b->owner.name[CRX_USERS_GROUP] ||
		     crx_owners_have_names(&b->tree, owners.owner);
	int ret = crx_users_load(&b->users, o->users, names ? &b->tree : NULL, err);

	if (!ret && owners.owner)
		ret = crx_owner_resolve(&b->owner, &b->users, err);
	if (!ret)
		ret = crx_owners_look_up(&b->tree, owners.owner, &b->users, b->h->log, err);
	if (ret < 0)
		return ret;
	crx_owners_apply(&owners, &b->tree);
	return o->devtable.n ? crx_devtable_apply(&b->devtable, &b->users, &b->tree, b->h->log, err)
			     : 0;
}

int crx_build_read_source(struct crx_builder *b, struct crx_err *err)
{
	int ret = read_all(b, err);

	if (!ret)
		ret = set_owners(b, err);
	if (!ret && b->o->lossy)
		ret = crx_filter_lossy(&b->tree, b->h->log, err);
	if (!ret && b->o->lossy)
		ret = crx_tree_finish(&b->tree, err);
	return ret ? ret : crx_tree_check(&b->tree, b->o->page_size, &b->offences, err);
}

/* The source must be readable and, if it is a directory, must not contain the image. */
static int check_one(const struct crx_builder *b, const char *source, struct crx_err *err)
{
	bool standard = !strcmp(source, "-");
	struct stat st;

	if (standard ? fstat(0, &st) < 0 : stat(source, &st) < 0)
		return crx_err_set(err, CRX_EIO, errno, standard ? "standard input" : source,
				   "cannot open the source");
	return S_ISDIR(st.st_mode) && !standard ? crx_output_check_outside(b->o->image, source, err)
						: 0;
}

int crx_build_check_image(const struct crx_builder *b, struct crx_err *err)
{
	const struct crx_build_opts *o = b->o;
	int ret = check_one(b, o->source, err);
	bool is = false;
	size_t i;

	for (i = 0; i < o->overlay.n && !ret; i++)
		ret = check_one(b, o->overlay.at[i], err);
	if (!ret && !o->force && !o->dry_run)
		ret = crx_source_is_file(o->image, &is, err);
	if (!ret && is)
		ret = crx_err_set(err, CRX_EIO, 0, o->image,
				  "is an archive, and would be replaced by the image; if it is a "
				  "source, the image's name is missing (--force replaces it)");
	return ret;
}
