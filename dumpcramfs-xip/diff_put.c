/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/number.h"
#include "cli/text.h"
#include "diff.h"
#include "inode.h"

enum { NFIELDS = 6, FIELD_MAX = 40 };

/* The fields of the superblock, without those that follow from the contents. */
static void field_texts(const struct crx_image *img, char out[NFIELDS][FIELD_MAX])
{
	snprintf(out[0], FIELD_MAX, "%s", img->order == CRX_ORDER_BIG ? "big" : "little");
	snprintf(out[1], FIELD_MAX, "%" PRIu32, img->page_size);
	snprintf(out[2], FIELD_MAX, "%" PRIu32, img->super.size);
	snprintf(out[3], FIELD_MAX, "0x%" PRIx32, img->super.flags);
	snprintf(out[4], FIELD_MAX, "%" PRIu32, img->super.edition);
	snprintf(out[5], FIELD_MAX, "%.*s", CRX_NAME_LEN, (const char *)img->super.name);
}

static void json_two(struct crx_cli_json *j, const char *key, const char *a, const char *b)
{
	crx_cli_json_open(j, key, '[', true);
	crx_cli_json_string(j, NULL, a);
	crx_cli_json_string(j, NULL, b);
	crx_cli_json_close(j);
}

static bool put_super(struct diff *f)
{
	static const struct {
		const char *name, *key;
	} field[NFIELDS] = {
		{ "byte order", "endian" }, { "page size", "page_size" }, { "size", "size" },
		{ "flags", "flags" },       { "edition", "edition" },     { "name", "name" },
	};
	char a[NFIELDS][FIELD_MAX], b[NFIELDS][FIELD_MAX];
	bool differ = false;
	size_t i;

	field_texts(&f->d->view[0].img, a);
	field_texts(&f->d->view[1].img, b);
	if (f->d->o->json)
		crx_cli_json_open(&f->json, "superblock", '{', false);
	for (i = 0; i < NFIELDS; i++) {
		if (!strcmp(a[i], b[i]))
			continue;
		differ = true;
		if (f->d->o->json) {
			json_two(&f->json, field[i].key, a[i], b[i]);
			continue;
		}
		fprintf(f->d->out, "superblock: %s ", field[i].name);
		crx_cli_put_path(f->d->out, a[i]);
		fputs(" -> ", f->d->out);
		crx_cli_put_path(f->d->out, b[i]);
		fputc('\n', f->d->out);
	}
	if (f->d->o->json)
		crx_cli_json_close(&f->json);
	return differ;
}

bool diff_put_begin(struct diff *f)
{
	bool differ;

	if (f->d->o->json) {
		crx_cli_json_open(&f->json, NULL, '{', false);
		json_two(&f->json, "images", f->d->view[0].path, f->d->view[1].path);
	}
	differ = put_super(f);
	if (f->d->o->json)
		crx_cli_json_open(&f->json, "changes", '[', false);
	return differ;
}

static void put_attrs(FILE *out, const struct change *c)
{
	const struct crx_inode *a = &c->a->de.inode, *b = &c->b->de.inode;
	char x[MODE_TEXT], y[MODE_TEXT];

	if (c->type || c->mode)
		fprintf(out, "    mode %s -> %s\n", mode_text(a->mode, x), mode_text(b->mode, y));
	if (c->owner)
		fprintf(out, "    owner %u:%u -> %u:%u\n", a->uid, a->gid, b->uid, b->gid);
	if (c->device)
		fprintf(out, "    device %u,%u -> %u,%u\n", device_major(a), device_minor(a),
			device_major(b), device_minor(b));
	if (c->target_a) {
		fputs("    target ", out);
		crx_cli_put_path(out, c->target_a);
		fputs(" -> ", out);
		crx_cli_put_path(out, c->target_b);
		fputc('\n', out);
	}
	if (c->size)
		fprintf(out, "    size %lu -> %lu\n", (unsigned long)a->size,
			(unsigned long)b->size);
	if (c->contents)
		fprintf(out, "    contents differ from byte %" PRIu64 "\n", c->at);
}

static void put_kinds_text(FILE *out, const struct kind_change *k)
{
	if (k->n == 1)
		fprintf(out, "    page %lu", (unsigned long)k->first);
	else
		fprintf(out, "    pages %lu to %lu", (unsigned long)k->first,
			(unsigned long)k->first + k->n - 1);
	fprintf(out, ": %s -> %s\n", block_name(k->from), block_name(k->to));
}

static void put_text(FILE *out, const struct change *c)
{
	char path[PATH_CAP];
	size_t i;

	fputs(!c->b ? "- " : !c->a ? "+ " : "~ ", out);
	crx_cli_put_path(out, crx_entry_path(c->a ? c->a : c->b, path, sizeof(path)));
	fputc('\n', out);
	if (!c->a || !c->b)
		return;
	put_attrs(out, c);
	for (i = 0; i < c->nkinds; i++)
		put_kinds_text(out, &c->kinds[i]);
}

static void put_kinds(struct crx_cli_json *j, const struct change *c)
{
	size_t i;

	crx_cli_json_open(j, "layout", '[', true);
	for (i = 0; i < c->nkinds; i++) {
		crx_cli_json_open(j, NULL, '{', true);
		crx_cli_json_uint(j, "file_page", c->kinds[i].first);
		crx_cli_json_uint(j, "pages", c->kinds[i].n);
		crx_cli_json_string(j, "from", block_name(c->kinds[i].from));
		crx_cli_json_string(j, "to", block_name(c->kinds[i].to));
		crx_cli_json_close(j);
	}
	crx_cli_json_close(j);
}

static void put_json(struct crx_cli_json *j, const struct change *c)
{
	char path[PATH_CAP];

	crx_cli_json_open(j, NULL, '{', true);
	crx_cli_json_string(j, "path", crx_entry_path(c->a ? c->a : c->b, path, sizeof(path)));
	crx_cli_json_string(j, "change", !c->b ? "removed" : !c->a ? "added" : "changed");
	if (c->a && c->b) {
		crx_cli_json_bool(j, "type", c->type);
		crx_cli_json_bool(j, "mode", c->mode);
		crx_cli_json_bool(j, "owner", c->owner);
		crx_cli_json_bool(j, "size", c->size);
		crx_cli_json_bool(j, "device", c->device);
		crx_cli_json_bool(j, "target", c->target_a);
		crx_cli_json_bool(j, "contents", c->contents);
		put_kinds(j, c);
	}
	crx_cli_json_close(j);
}

void diff_put_change(struct diff *f, const struct change *c)
{
	if (f->d->o->json)
		put_json(&f->json, c);
	else
		put_text(f->d->out, c);
}

static void put_row(void *ctx, const char *label, const char *text, const char *path)
{
	FILE *out = ctx;

	fprintf(out, "%-9s  %s%s", label, text, path ? ": " : "");
	if (path)
		crx_cli_put_path(out, path);
	fputc('\n', out);
}

/* Conditions may hold where nothing differs. */
static void put_end_text(const struct diff *f, const struct crx_gate_pair *pair)
{
	if (f->no_longer_in_place || f->now_in_place)
		fprintf(f->d->out,
			"%" PRIu64 " page%s no longer in place, %" PRIu64 " now in place\n",
			f->no_longer_in_place, crx_plural(f->no_longer_in_place), f->now_in_place);
	if (f->d->differ || pair->conditions->n)
		crx_gate_rows(pair, put_row, f->d->out);
}

void diff_put_end(struct diff *f, const struct crx_gate_pair *pair)
{
	struct crx_cli_json *j = &f->json;

	if (!f->d->o->json) {
		put_end_text(f, pair);
		return;
	}
	crx_cli_json_close(j);
	crx_cli_json_open(j, "totals", '{', true);
	crx_cli_json_uint(j, "removed", f->nremoved);
	crx_cli_json_uint(j, "added", f->nadded);
	crx_cli_json_uint(j, "attributes", f->nattrs);
	crx_cli_json_uint(j, "contents", f->ncontents);
	crx_cli_json_uint(j, "layout", f->nlayouts);
	crx_cli_json_uint(j, "pages_no_longer_in_place", f->no_longer_in_place);
	crx_cli_json_uint(j, "pages_now_in_place", f->now_in_place);
	crx_cli_json_close(j);
	crx_cli_json_open(j, "comparison", '{', false);
	crx_gate_put_json(j, pair);
	crx_cli_json_close(j);
	crx_cli_json_close(j);
}
