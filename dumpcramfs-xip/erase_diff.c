/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diff --erase-size: the erase blocks that differ, and what is in them.
 */
#include "config.h"

#include "erase.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/json.h"
#include "cli/number.h"
#include "cli/text.h"
#include "inode.h"

enum { NAMED = 4 /* paths of a range, as text */ };

struct put {
	struct dump *d;
	const struct erase_changes *c;
	struct crx_cli_json json;
	size_t range;       /* the one that is being written */
	uint32_t *seen;     /* for each entry: the range in which it was named, plus 1 */
	size_t named, more; /* paths of the range */
};

static void end_range(struct put *p)
{
	if (p->d->o->json) {
		crx_cli_json_close(&p->json);
		crx_cli_json_close(&p->json);
		return;
	}
	if (p->more)
		fprintf(p->d->out, " and %zu more", p->more);
	else if (!p->named)
		fputs("free space", p->d->out);
	fputc('\n', p->d->out);
}

static void begin_range(struct put *p)
{
	const struct erase_range *r = &p->c->range[p->range];

	p->named = p->more = 0;
	if (!p->d->o->json) {
		fprintf(p->d->out, "0x%08" PRIx64 " %10" PRIu64 "  ", r->off, r->len);
		return;
	}
	crx_cli_json_open(&p->json, NULL, '{', true);
	crx_cli_json_uint(&p->json, "offset", r->off);
	crx_cli_json_uint(&p->json, "length", r->len);
	crx_cli_json_bool(&p->json, "superblock", r->off <= p->d->view[1].img.super_off);
	crx_cli_json_open(&p->json, "paths", '[', true);
}

/* Ranges in which nothing that is used differs have no owners. */
static void go_to(struct put *p, size_t range)
{
	while (p->range != range) {
		end_range(p);
		if (++p->range == p->c->n)
			return;
		begin_range(p);
	}
}

static void put_name(struct put *p, const char *name, bool path)
{
	if (p->d->o->json) {
		if (path)
			crx_cli_json_string(&p->json, NULL, name);
		return;
	}
	if (p->named == NAMED) {
		p->more++;
		return;
	}
	if (p->named++)
		fputs(", ", p->d->out);
	crx_cli_put_path(p->d->out, name);
}

struct owner {
	size_t range;
	const struct crx_entry *e;
};

struct owners {
	struct owner *at;
	size_t n, cap;
	bool failed;
};

static void add_owner(void *ctx, size_t range, const struct crx_entry *e)
{
	struct owners *o = ctx;

	if (o->failed || !crx_grow(&o->at, &o->cap, o->n + 1, sizeof(*o->at)))
		o->failed = true;
	else
		o->at[o->n++] = (struct owner){ range, e };
}

static int by_range(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;
	int c = crx_compare(x->range, y->range);

	if (!c)
		c = crx_compare(x->e ? x->e->index + 1 : 0, y->e ? y->e->index + 1 : 0);
	return c;
}

static void put_owner(struct put *p, const struct crx_entry *e)
{
	char path[PATH_CAP];

	if (!e) {
		put_name(p, "superblock", false);
		return;
	}
	if (p->seen[e->index] == p->range + 1)
		return;
	p->seen[e->index] = (uint32_t)p->range + 1;
	put_name(p, crx_entry_path(e, path, sizeof(path)), true);
}

static int put_ranges(struct put *p, struct crx_err *err)
{
	const struct view *v = p->d->view;
	struct owners o = { 0 };
	size_t i;
	int ret = erase_owners(&v[1], &v[0].img, p->c, add_owner, &o, err);

	if (!ret && o.failed)
		ret = crx_err_nomem(err, "comparing erase blocks");
	if (!ret && o.n)
		qsort(o.at, o.n, sizeof(*o.at), by_range);
	if (!ret && p->c->n)
		begin_range(p);
	for (i = 0; i < o.n && !ret; i++) {
		go_to(p, o.at[i].range);
		put_owner(p, o.at[i].e);
	}
	if (!ret && p->c->n)
		go_to(p, p->c->n);
	free(o.at);
	return ret;
}

static int put_text(struct put *p, struct crx_err *err)
{
	const struct erase_changes *c = p->c;
	char size[CRX_CLI_NUMBER_MAX], bytes[CRX_CLI_NUMBER_MAX], n[CRX_CLI_NUMBER_MAX],
		all[CRX_CLI_NUMBER_MAX];

	fprintf(p->d->out, "%s of %s erase blocks (%s) differ, %s to write\n",
		crx_cli_count_text(c->changed, n), crx_cli_count_text(c->blocks, all),
		crx_cli_size_text(c->erase_len, size), crx_cli_size_text(c->bytes, bytes));
	if (!c->n)
		return 0;
	fprintf(p->d->out, "\n%10s %10s  what differs\n", "offset", "bytes");
	return put_ranges(p, err);
}

static int put_json(struct put *p, struct crx_err *err)
{
	struct crx_cli_json *j = &p->json;
	int ret;

	crx_cli_json_open(j, NULL, '{', false);
	crx_cli_json_open(j, "images", '[', true);
	crx_cli_json_string(j, NULL, p->d->view[0].path);
	crx_cli_json_string(j, NULL, p->d->view[1].path);
	crx_cli_json_close(j);
	crx_cli_json_uint(j, "erase_size", p->c->erase_len);
	crx_cli_json_uint(j, "blocks", p->c->blocks);
	crx_cli_json_uint(j, "changed_blocks", p->c->changed);
	crx_cli_json_uint(j, "bytes_to_write", p->c->bytes);
	crx_cli_json_open(j, "ranges", '[', false);
	ret = put_ranges(p, err);
	crx_cli_json_close(j);
	crx_cli_json_close(j);
	return ret;
}

static int put(struct dump *d, const struct erase_changes *c, struct crx_err *err)
{
	struct put p = { .d = d, .c = c, .json = { .out = d->out } };
	size_t i;
	int ret;

	for (i = 0; d->o->ranges && i < c->n; i++)
		fprintf(d->out, "%" PRIu64 " %" PRIu64 "\n", c->range[i].off, c->range[i].len);
	if (d->o->ranges)
		return 0;
	p.seen = crx_zalloc(d->view[1].list.n, sizeof(*p.seen));
	if (!p.seen)
		return crx_err_nomem(err, "comparing erase blocks");
	ret = d->o->json ? put_json(&p, err) : put_text(&p, err);
	free(p.seen);
	return ret;
}

int erase_diff(struct dump *d, struct crx_err *err)
{
	struct erase_changes c;
	int ret = erase_compare(&d->view[0].img, &d->view[1].img, d->o->erase_len, &c, err);

	if (!ret)
		ret = put(d, &c, err);
	if (!ret && d->o->blocks)
		ret = erase_write(d, &c, err);
	d->differ = c.changed > 0;
	erase_free(&c);
	return ret;
}
