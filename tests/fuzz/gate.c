/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target: conditions of --fail-if on the first line, and after it what --against reads, if that is
 * JSON. The image is compared with itself and with none.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "gate/gate.h"

static void check_image(const struct crx_gate_image *g)
{
	size_t i;

	FUZZ_CHECK(g->size >= 0 && g->size <= CRX_GATE_MAX);
	FUZZ_CHECK(g->pages >= 0 && g->pages <= CRX_GATE_MAX);
	FUZZ_CHECK(g->page_size >= 4096 && g->page_size <= 65536);
	for (i = 0; i < g->n; i++) {
		FUZZ_CHECK(g->file[i].size >= 0 && g->file[i].size <= CRX_GATE_MAX);
		FUZZ_CHECK(g->file[i].pages >= 0 && g->file[i].pages <= CRX_GATE_MAX);
		FUZZ_CHECK(!i || strcmp(g->file[i - 1].path, g->file[i].path) <= 0);
	}
}

/* The text of a condition means the same again. */
static void check_conditions(const struct crx_gate_conditions *c)
{
	struct crx_gate_conditions again = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	size_t i;

	for (i = 0; i < c->n; i++) {
		FUZZ_CHECK(!crx_gate_parse(&again, c->at[i].text, "--fail-if", &err));
		FUZZ_CHECK(again.n == i + 1);
		FUZZ_CHECK(!strcmp(again.at[i].text, c->at[i].text));
		FUZZ_CHECK(again.at[i].measure == c->at[i].measure);
		FUZZ_CHECK(again.at[i].kind == c->at[i].kind);
		FUZZ_CHECK(again.at[i].above == c->at[i].above);
		FUZZ_CHECK(again.at[i].limit == c->at[i].limit);
	}
	crx_gate_conditions_free(&again);
}

static void count_row(void *ctx, const char *label CRX_UNUSED, const char *text CRX_UNUSED,
		      const char *path CRX_UNUSED)
{
	++*(size_t *)ctx;
}

static void compare(const struct crx_gate_pair *p)
{
	struct crx_log log = fuzz_log(NULL);
	struct crx_gate_files f;
	size_t rows = 0;

	crx_gate_report(p, &log);
	crx_gate_compare_files(p, &f);
	FUZZ_CHECK(f.added + f.removed <= p->old->n + p->now->n);
	FUZZ_CHECK(f.ngrown <= f.added + f.larger && f.ngrown <= CRX_GATE_GROWN_MAX);
	if (p->old == p->now)
		FUZZ_CHECK(!f.added && !f.removed && !f.larger && !f.smaller);
	crx_gate_rows(p, count_row, &rows);
	FUZZ_CHECK(rows == 4 + f.ngrown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const uint8_t *line = len ? memchr(data, '\n', len) : NULL;
	size_t skip = line ? (size_t)(line - data) + 1 : len;
	struct crx_gate_conditions c = { 0 };
	struct crx_gate_image image, none = { .page_size = 4096 };
	struct crx_err wrong = CRX_ERR_INIT, err = CRX_ERR_INIT;
	struct crx_gate_pair p = { &none, &image, &c, "image" };
	char *text = strndup((const char *)data, line ? skip - 1 : len);
	int ret;

	FUZZ_CHECK(text);
	ret = crx_gate_parse(&c, text, "--fail-if", &wrong);
	fuzz_check_err(ret, &wrong);
	FUZZ_CHECK(!ret || ret == CRX_EARG);
	check_conditions(&c);
	ret = crx_gate_summary((const char *)data + skip, len - skip, "old", &image, &err);
	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret || ret == CRX_EFORMAT);
	if (!ret) {
		check_image(&image);
		compare(&p);
		p.old = &image;
		compare(&p);
	}
	crx_gate_free(&image);
	crx_gate_conditions_free(&c);
	free(text);
	return 0;
}
