/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "against.h"

#include <string.h>
#include <sys/stat.h>

#include "base/number.h"
#include "cli/outfile.h"
#include "cli/text.h"
#include "text.h"

int against_open(struct against *a, const struct options *o, struct crx_log *log,
		 struct crx_err *err)
{
	bool same = false;
	int ret;

	*a = (struct against){ .o = o, .log = log };
	if (!o->against)
		return 0;
	ret = crx_gate_read(o->against, o->build.page_size, &a->old, err);
	if (!ret && a->old.is_json && strcmp(o->build.image, "-") != 0)
		ret = crx_cli_same_file(o->build.image, o->against, &same, err);
	if (!ret && same)
		ret = crx_err_set(err, CRX_EARG, 0, o->build.image,
				  "the image would replace the JSON that --against reads (choose "
				  "another name)");
	return ret;
}

void against_close(struct against *a)
{
	crx_gate_free(&a->old);
	crx_gate_free(&a->now);
}

static int summarise(const struct crx_result *r, uint32_t page_size, struct crx_gate_image *out,
		     struct crx_err *err)
{
	const struct crx_result_file *f;
	size_t i;
	int ret = 0;

	out->size = crx_gate_limited(r->image_size);
	out->page_size = page_size;
	for (i = 0; i < r->nfiles && !ret; i++) {
		f = &r->file[i];
		if (S_ISREG(f->mode))
			ret = crx_gate_add(out, f->path, f->size, f->blocks[CRX_RESULT_IN_PLACE],
					   f->same_as != CRX_RESULT_NONE, err);
	}
	if (!ret)
		crx_gate_sort(out);
	return ret;
}

static struct crx_gate_pair pair_of(const struct against *a)
{
	return (struct crx_gate_pair){
		.old = &a->old,
		.now = &a->now,
		.conditions = &a->o->fail_if,
		.now_path = a->o->build.image,
	};
}

int against_check(void *ctx, const struct crx_result *r, struct crx_err *err)
{
	struct against *a = ctx;
	struct crx_gate_pair p = pair_of(a);
	size_t failed;
	int ret;

	if (!a->o->against)
		return 0;
	ret = summarise(r, a->o->build.page_size, &a->now, err);
	if (ret)
		return ret;
	a->compared = true;
	failed = crx_gate_report(&p, a->log);
	if (!failed)
		return 0;
	return crx_err_set(err, CRX_EGATE, 0, a->o->build.image,
			   "not written: %zu condition%s of --fail-if hold%s", failed,
			   crx_plural(failed), failed == 1 ? "s" : "");
}

static void put_row(void *ctx, const char *label, const char *text, const char *path)
{
	FILE *out = ctx;

	text_label(out, "");
	fprintf(out, "%-9s  %s%s", label, text, path ? ": " : "");
	if (path)
		crx_cli_put_path(out, path);
	fputc('\n', out);
}

void against_put(FILE *out, const struct against *a)
{
	struct crx_gate_pair p = pair_of(a);

	if (!a->compared)
		return;
	text_label(out, "against");
	crx_cli_put_path(out, a->o->against);
	fputc('\n', out);
	crx_gate_rows(&p, put_row, out);
}

void against_put_json(struct crx_cli_json *j, const struct against *a)
{
	struct crx_gate_pair p = pair_of(a);

	if (!a->compared) {
		crx_cli_json_string(j, "comparison", NULL);
		return;
	}
	crx_cli_json_open(j, "comparison", '{', false);
	crx_cli_json_string(j, "against", a->o->against);
	crx_gate_put_json(j, &p);
	crx_cli_json_close(j);
}
