/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "contents.h"
#include "describe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "comp/comp.h"
#include "read/check.h"
#include "read/kcore.h"
#include "read/walk.h"
#include "tests/kernel/vfs.h"

enum { FORMAT = 1, ENTRIES_MAX = 4096, DEPTH_MAX = 40, FINDINGS_MAX = 64 };

struct describe {
	struct crx_cli_json j;
	struct vfs v;
	struct corpus_file file;
	char **path; /* of each inode: the first name that it was found by */
	int npaths;
	bool block;
	unsigned entries;
	bool truncated;
};

/* ---- entries ---- */

static void put_stat(struct describe *d, const char *path, const struct vfs_node *f)
{
	const struct crx_inode *in = &f->in;
	char mode[8];

	snprintf(mode, sizeof(mode), "%06o", (unsigned)in->mode);
	crx_cli_json_string(&d->j, "path", path);
	crx_cli_json_string(&d->j, "type", crx_entry_type(in->mode)->name);
	crx_cli_json_string(&d->j, "mode", mode);
	crx_cli_json_uint(&d->j, "uid", in->uid);
	crx_cli_json_uint(&d->j, "gid", in->gid);
	crx_cli_json_uint(&d->j, "size", crx_k_i_size(in));
	crx_cli_json_uint(&d->j, "inode", f->ino);
	if (!S_ISCHR(in->mode) && !S_ISBLK(in->mode))
		return;
	crx_cli_json_uint(&d->j, "major", in->size >> 8 & 0xff);
	crx_cli_json_uint(&d->j, "minor", in->size & 0xff);
}

/* The names that getdents64() returns, as C strings; *end is why they end, or 0. */
static char **list(const struct describe *d, const struct crx_inode *dir, unsigned *n,
		   enum crx_k_why *end)
{
	char **name = corpus_checked(calloc(ENTRIES_MAX, sizeof(*name)));
	struct crx_dirent de;
	uint32_t pos = 0;

	*n = 0;
	*end = CRX_K_OK;
	while (*n < ENTRIES_MAX && !(*end = crx_k_readdir(&d->v.img, dir, &pos, &de)))
		name[(*n)++] = corpus_checked(strdup(de.name));
	if (*end == CRX_K_NO_ENTRY)
		*end = CRX_K_OK;
	return name;
}

static void put_dir(struct describe *d, int dir, const char *path, int depth);

static void remember(struct describe *d, int found, const char *path)
{
	while (d->npaths <= found) {
		d->path = corpus_checked(
			realloc(d->path, ((size_t)d->npaths + 1) * sizeof(*d->path)));
		d->path[d->npaths++] = NULL;
	}
	d->path[found] = corpus_checked(strdup(path));
}

/* Returns the index of a directory that is new, or -1. */
static int put_entry(struct describe *d, int dir, const char *name, const char *path)
{
	int found = 0, error = vfs_lookup(&d->v, dir, name, &found);
	struct vfs_node f;

	crx_cli_json_open(&d->j, NULL, '{', true);
	if (error) {
		crx_cli_json_string(&d->j, "path", path);
		crx_cli_json_string(&d->j, "lookup",
				    error == ENOENT ? "ENOENT"
				    : error == EIO  ? "EIO"
						    : "ELOOP");
	} else {
		f = d->v.node[found];
		put_stat(d, path, &f);
		if (f.shown)
			crx_cli_json_string(&d->j, "same_as", d->path[found]);
		else if (S_ISLNK(f.in.mode))
			corpus_put_target(&d->file, &f.in);
		else if (S_ISREG(f.in.mode))
			corpus_put_contents(&d->file, &f.in);
		if (!f.shown && S_ISREG(f.in.mode) && !d->block)
			corpus_put_in_place(&d->file, &f.in);
	}
	crx_cli_json_close(&d->j);
	if (error || f.shown)
		return -1;
	remember(d, found, path);
	d->v.node[found].shown = true;
	return S_ISDIR(f.in.mode) ? found : -1;
}

static bool can_be_looked_up(const char *name)
{
	return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* Lists it, and looks up each name in that order, before those of its directories. */
static void put_dir(struct describe *d, int dir, const char *path, int depth)
{
	enum crx_k_why end;
	unsigned n, i;
	char **name = list(d, &d->v.node[dir].in, &n, &end);
	char *below;
	int sub;

	crx_cli_json_open(&d->j, NULL, '{', true);
	crx_cli_json_string(&d->j, "directory", *path ? path : "/");
	crx_cli_json_open(&d->j, "names", '[', true);
	for (i = 0; i < n; i++)
		crx_cli_json_string(&d->j, NULL, name[i]);
	crx_cli_json_close(&d->j);
	if (end)
		crx_cli_json_string(&d->j, "error", crx_k_why_text(end));
	crx_cli_json_close(&d->j);
	for (i = 0; i < n; i++) {
		if (d->entries >= ENTRIES_MAX || depth == DEPTH_MAX)
			d->truncated = true;
		else if (can_be_looked_up(name[i])) {
			below = corpus_checked(malloc(strlen(path) + strlen(name[i]) + 2));
			sprintf(below, "%s/%s", path, name[i]);
			d->entries++;
			sub = put_entry(d, dir, name[i], below);
			if (sub >= 0)
				put_dir(d, sub, below, depth + 1);
			free(below);
		}
		free(name[i]);
	}
	free(name);
}

static void put_tree(struct describe *d)
{
	d->file = (struct corpus_file){
		.j = &d->j,
		.img = &d->v.img,
		.z = corpus_checked(crx_inflate_new()),
		.page = corpus_checked(malloc(DIFFER_PAGE_MAX)),
	};
	crx_cli_json_open(&d->j, "tree", '[', false);
	crx_cli_json_open(&d->j, NULL, '{', true);
	put_stat(d, "/", &d->v.node[0]);
	crx_cli_json_close(&d->j);
	remember(d, 0, "/");
	put_dir(d, 0, "", 0);
	crx_cli_json_close(&d->j);
	crx_cli_json_bool(&d->j, "truncated", d->truncated);
	while (d->npaths)
		free(d->path[--d->npaths]);
	free(d->path);
	free(d->file.page);
	crx_inflate_free(d->file.z);
}

/* ---- the image ---- */

struct findings {
	enum crx_finding_kind kind[FINDINGS_MAX];
	size_t n;
};

static void note_finding(void *ctx, const struct crx_finding *f)
{
	struct findings *all = ctx;
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->kind[i] == f->kind)
			return;
	all->kind[all->n++] = f->kind;
}

static void put_image(struct crx_cli_json *j, const struct crx_image *img)
{
	char name[CRX_NAME_LEN + 1] = "";

	memcpy(name, img->super.name, CRX_NAME_LEN);
	crx_cli_json_open(j, "superblock", '{', true);
	crx_cli_json_uint(j, "offset", img->super_off);
	crx_cli_json_string(j, "endian", img->order == CRX_ORDER_BIG ? "big" : "little");
	crx_cli_json_uint(j, "size", img->super.size);
	crx_cli_json_uint(j, "flags", img->super.flags);
	crx_cli_json_string(j, "name", name);
	corpus_put_hex(j, "crc", img->super.crc);
	crx_cli_json_uint(j, "edition", img->super.edition);
	crx_cli_json_uint(j, "blocks", img->super.blocks);
	crx_cli_json_uint(j, "files", img->super.files);
	crx_cli_json_close(j);
}

/* Returns "hostile", "odd" or "good". */
static const char *put_findings(struct crx_cli_json *j, const void *data, size_t len,
				const struct differ_target *t)
{
	struct findings all = { .n = 0 };
	struct crx_check_opts o = {
		.workers = 1, .max_findings = SIZE_MAX, .emit = note_finding, .ctx = &all
	};
	struct crx_check_result r = { .errors = 1 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_image img;
	size_t i;

	if (crx_image_view(&img, data, len, t->page_size, &err) < 0)
		all = (struct findings){ .kind = { CRX_F_NO_IMAGE }, .n = 1 };
	else if (put_image(j, &img), crx_check(&img, &o, &r, &err) < 0)
		corpus_die(err.text);
	crx_cli_json_open(j, "findings", '[', true);
	for (i = 0; i < all.n; i++)
		crx_cli_json_string(j, NULL, crx_finding_info(all.kind[i])->id);
	crx_cli_json_close(j);
	if (r.errors)
		return "hostile";
	return r.warnings || img.order != t->order ? "odd" : "good";
}

void corpus_describe(const char *name, const void *data, size_t len, const struct differ_target *t,
		     FILE *out)
{
	struct describe d = { .j = { .out = out }, .block = true };
	enum crx_k_why mtd, block = vfs_mount(&d.v, t, data, len, true);

	if (block != CRX_K_OK)
		d.block = false;
	vfs_unmount(&d.v);
	mtd = vfs_mount(&d.v, t, data, len, false);
	if (!mtd)
		d.block = false;
	crx_cli_json_open(&d.j, NULL, '{', false);
	crx_cli_json_uint(&d.j, "format", FORMAT);
	crx_cli_json_string(&d.j, "image", name);
	crx_cli_json_uint(&d.j, "length", len);
	corpus_put_hex(&d.j, "crc32", crx_crc32(0, data, len));
	crx_cli_json_uint(&d.j, "page_size", t->page_size);
	crx_cli_json_string(&d.j, "endian", t->order == CRX_ORDER_BIG ? "big" : "little");
	crx_cli_json_string(&d.j, "class", put_findings(&d.j, data, len, t));
	crx_cli_json_open(&d.j, "mount", '{', true);
	crx_cli_json_string(&d.j, "mtd", crx_k_why_text(mtd));
	crx_cli_json_string(&d.j, "block", crx_k_why_text(block));
	crx_cli_json_close(&d.j);
	if (d.block) {
		vfs_unmount(&d.v);
		block = vfs_mount(&d.v, t, data, len, true);
	}
	crx_cli_json_string(&d.j, "tree_from", d.block ? "block" : mtd ? NULL : "mtd");
	if (d.block || !mtd)
		put_tree(&d);
	crx_cli_json_close(&d.j);
	vfs_unmount(&d.v);
}
