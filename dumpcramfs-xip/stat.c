/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stat: an inode, and the position of each of its blocks.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "blocks.h"
#include "cli/number.h"
#include "cli/text.h"
#include "inode.h"

static void put_head(const struct dump *d, const struct crx_entry *e, const char *target)
{
	const struct crx_inode *inode = &e->de.inode;
	FILE *out = d->out;
	uint32_t nblocks = block_count(&d->view->img, e);
	char mode[MODE_TEXT], path[PATH_CAP];

	crx_cli_put_path(out, crx_entry_path(e, path, sizeof(path)));
	if (target) {
		fputs(" -> ", out);
		crx_cli_put_path(out, target);
	}
	fprintf(out, "\n  %s (%04o), uid %u, gid %u, ", mode_text(inode->mode, mode),
		inode->mode & 07777u, inode->uid, inode->gid);
	if (is_device(inode->mode))
		fprintf(out, "device %u,%u", device_major(inode), device_minor(inode));
	else
		fprintf(out, "size %lu", (unsigned long)inode->size);
	fprintf(out, ", inode number %" PRIu64 "\n", crx_k_ino(inode, e->de.off));
	if (e->parent)
		fprintf(out, "  entry at %lu", (unsigned long)e->de.off);
	else
		fputs("  entry in the superblock", out);
	if (S_ISDIR(inode->mode))
		fprintf(out, ", contents at %lu, %lu %s", (unsigned long)inode->off,
			(unsigned long)e->nchildren, e->nchildren == 1 ? "entry" : "entries");
	else if (nblocks)
		fprintf(out, ", table at %lu, %lu block%s", (unsigned long)inode->off,
			(unsigned long)nblocks, crx_plural(nblocks));
	fputc('\n', out);
}

static void put_blocks(const struct dump *d, const struct crx_entry *e)
{
	const struct crx_image *img = &d->view->img;
	uint32_t n = block_count(img, e), i, ptr = 0;
	struct block b;

	if (n)
		fprintf(d->out, "  %5s  %-10s  %-6s %10s %7s  %s\n", "block", "kind", "direct",
			"offset", "length", "pointer");
	for (i = 0; i < n; i++) {
		block_find(img, e, i, &b);
		fprintf(d->out, "  %5lu  %-10s  %-6s", (unsigned long)i, block_name(b.kind),
			b.k.direct ? "yes" : "no");
		if (b.kind == BLOCK_HOLE)
			fprintf(d->out, " %10s %7s", "-", "-");
		else
			fprintf(d->out, " %10" PRIu64 " %7" PRIu64, b.off, b.len);
		if (crx_image_pointer(img, e->de.inode.off, i, &ptr))
			fprintf(d->out, "  %08lx", (unsigned long)ptr);
		fprintf(d->out, "%s%s\n", b.why ? "  " : "", b.why ? crx_k_why_text(b.why) : "");
	}
}

static void put_json(const struct dump *d, struct crx_cli_json *j, const struct crx_entry *e,
		     const char *target)
{
	const struct crx_image *img = &d->view->img;
	uint32_t n = block_count(img, e), i;
	struct block b;

	crx_cli_json_open(j, NULL, '{', false);
	json_inode(j, e);
	if (S_ISLNK(e->de.inode.mode))
		crx_cli_json_string(j, "target", target);
	crx_cli_json_uint(j, "inode", crx_k_ino(&e->de.inode, e->de.off));
	crx_cli_json_uint(j, "entry", e->de.off);
	crx_cli_json_uint(j, "offset", e->de.inode.off);
	crx_cli_json_open(j, "blocks", '[', false);
	for (i = 0; i < n; i++) {
		block_find(img, e, i, &b);
		crx_cli_json_open(j, NULL, '{', true);
		crx_cli_json_string(j, "kind", block_name(b.kind));
		crx_cli_json_bool(j, "direct", b.k.direct);
		crx_cli_json_uint(j, "offset", b.off);
		crx_cli_json_uint(j, "length", b.len);
		if (b.why)
			crx_cli_json_string(j, "error", crx_k_why_text(b.why));
		crx_cli_json_close(j);
	}
	crx_cli_json_close(j);
	crx_cli_json_close(j);
}

struct stats {
	struct dump *d;
	struct crx_cli_json json;
};

static int stat_one(void *ctx, const char *path, struct crx_err *err)
{
	struct stats *s = ctx;
	struct dump *d = s->d;
	const struct crx_entry *e;
	char *target = NULL;
	int ret = dump_find_entry(d, path, false, &e, err);

	if (!ret && S_ISLNK(e->de.inode.mode))
		ret = link_target(d, d->view, e, &target, err);
	if (!ret && d->o->json) {
		put_json(d, &s->json, e, target);
	} else if (!ret) {
		put_head(d, e, target);
		put_blocks(d, e);
	}
	free(target);
	return ret;
}

int command_stat(struct dump *d, struct crx_err *err)
{
	struct stats s = { .d = d, .json = { .out = d->out } };
	int ret;

	if (d->o->json) {
		crx_cli_json_open(&s.json, NULL, '{', false);
		crx_cli_json_uint(&s.json, "page_size", d->view->img.page_size);
		crx_cli_json_open(&s.json, "entries", '[', false);
	}
	ret = dump_each_path(d, stat_one, &s, err);
	if (d->o->json) {
		crx_cli_json_close(&s.json);
		crx_cli_json_close(&s.json);
	}
	return ret;
}
