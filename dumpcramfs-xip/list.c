/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * list: one line for each entry, depth first.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "blocks.h"
#include "cli/text.h"
#include "inode.h"

struct list {
	struct dump *d;
	struct crx_cli_json json;
	uint64_t budget;
	bool truncated;
};

static void put_size(FILE *out, const struct crx_inode *inode)
{
	char text[24];

	if (is_device(inode->mode)) {
		snprintf(text, sizeof(text), "%u,%u", device_major(inode), device_minor(inode));
		fprintf(out, " %9s", text);
	} else {
		fprintf(out, " %9lu", (unsigned long)inode->size);
	}
}

static void put_tally(FILE *out, const struct crx_entry *e, const struct tally *t)
{
	if (!has_blocks(e) || !t->known) {
		fprintf(out, " %9s %5s %5s %6s %8s", "-", "-", "-", "-", "-");
		return;
	}
	fprintf(out, " %9" PRIu64 " %5" PRIu64 " %5" PRIu64 " %6" PRIu64 " %8" PRIu64, t->bytes,
		t->n[BLOCK_HOLE], t->n[BLOCK_COMPRESSED], t->n[BLOCK_STORED], t->n[BLOCK_IN_PLACE]);
}

static void put_line(struct list *l, const struct crx_entry *e, const struct tally *t,
		     const char *target)
{
	const struct crx_inode *inode = &e->de.inode;
	FILE *out = l->d->out;
	char mode[MODE_TEXT], path[PATH_CAP];

	if (!l->d->o->paths_only) {
		fprintf(out, "%s %5u %3u", mode_text(inode->mode, mode), inode->uid, inode->gid);
		put_size(out, inode);
		put_tally(out, e, t);
		fputs("  ", out);
	}
	crx_cli_put_path(out, crx_entry_path(e, path, sizeof(path)));
	if (target && !l->d->o->paths_only) {
		fputs(" -> ", out);
		crx_cli_put_path(out, target);
	}
	if (t->n[BLOCK_BAD] && !l->d->o->paths_only)
		fprintf(out, "  (%" PRIu64 " bad)", t->n[BLOCK_BAD]);
	fputc('\n', out);
}

static void put_json(struct list *l, const struct crx_entry *e, const struct tally *t,
		     const char *target)
{
	struct crx_cli_json *j = &l->json;

	crx_cli_json_open(j, NULL, '{', true);
	json_inode(j, e);
	if (S_ISLNK(e->de.inode.mode))
		crx_cli_json_string(j, "target", target);
	if (has_blocks(e) && t->known)
		json_tally(j, t);
	crx_cli_json_close(j);
}

static int put_entry(struct list *l, const struct crx_entry *e, struct crx_err *err)
{
	struct tally t = { .known = true };
	char *target = NULL;
	int ret = 0;

	if (!l->d->o->paths_only || l->d->o->json) {
		tally_entry(&l->d->view->img, e, &l->budget, &t);
		if (S_ISLNK(e->de.inode.mode))
			ret = link_target(l->d, l->d->view, e, &target, err);
	}
	if (ret)
		return ret;
	if (!t.known && !l->truncated) {
		l->truncated = true;
		dump_incomplete(l->d, NULL,
				"more blocks than an image of this size can hold: not all are "
				"counted");
	}
	if (l->d->o->json)
		put_json(l, e, &t, target);
	else
		put_line(l, e, &t, target);
	free(target);
	return 0;
}

static int put_below(struct list *l, const struct crx_entry *top, struct crx_err *err)
{
	const struct crx_entry *e;
	int ret = 0;

	for (e = top; e && !ret && !ferror(l->d->out); e = entry_next(&l->d->view->list, top, e))
		ret = put_entry(l, e, err);
	return ret;
}

static int put_path(void *ctx, const char *path, struct crx_err *err)
{
	struct list *l = ctx;
	const struct crx_entry *top;
	int ret = dump_find_entry(l->d, path, false, &top, err);

	return ret ? ret : put_below(l, top, err);
}

int command_list(struct dump *d, struct crx_err *err)
{
	struct list l = { .d = d, .json = { .out = d->out }, .budget = BLOCKS_BUDGET };
	int ret;

	if (d->o->json) {
		crx_cli_json_open(&l.json, NULL, '{', false);
		crx_cli_json_uint(&l.json, "page_size", d->view->img.page_size);
		crx_cli_json_open(&l.json, "entries", '[', false);
	} else if (!d->o->paths_only) {
		fprintf(d->out, "%-10s %5s %3s %9s %9s %5s %5s %6s %8s  %s\n", "mode", "uid", "gid",
			"size", "in image", "hole", "compr", "stored", "in place", "path");
	}
	ret = d->npaths ? dump_each_path(d, put_path, &l, err)
			: put_below(&l, &d->view->list.entry[0], err);
	if (d->o->json) {
		crx_cli_json_close(&l.json);
		crx_cli_json_close(&l.json);
	}
	return ret;
}
