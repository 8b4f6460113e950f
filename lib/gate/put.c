/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/offenders.h"
#include "cli/json.h"
#include "cli/number.h"
#include "gate/gate.h"

enum { CHANGE_MAX = 160 };

/* -1234 as "-1,234", 1234 as "+1,234" */
static const char *signed_text(int64_t n, char buf[CRX_CLI_NUMBER_MAX + 1])
{
	buf[0] = n < 0 ? '-' : '+';
	crx_cli_count_text((uint64_t)(n < 0 ? -n : n), buf + 1);
	return buf;
}

/* "1,000 -> 1,024 bytes (+24, +2.40 %)"; "1,000 bytes, as before" */
static const char *change_text(const struct crx_gate_change *v, const char *unit,
			       char buf[CHANGE_MAX])
{
	char a[CRX_CLI_NUMBER_MAX], b[CRX_CLI_NUMBER_MAX], d[CRX_CLI_NUMBER_MAX + 1],
		percent[CRX_CLI_NUMBER_MAX] = "";
	int64_t diff = v->now - v->old;
	uint64_t size = (uint64_t)(diff < 0 ? -diff : diff), share;

	crx_cli_count_text((uint64_t)v->old, a);
	crx_cli_count_text((uint64_t)v->now, b);
	if (!diff) {
		snprintf(buf, CHANGE_MAX, "%s %s, as before", b, unit);
		return buf;
	}
	if (v->old) {
		share = (size * 10000 + (uint64_t)v->old / 2) / (uint64_t)v->old;
		snprintf(percent, sizeof(percent), ", %c%" PRIu64 ".%02" PRIu64 " %%",
			 diff < 0 ? '-' : '+', share / 100, share % 100);
	}
	snprintf(buf, CHANGE_MAX, "%s -> %s %s (%s%s%s)", a, b, unit, signed_text(diff, d), percent,
		 v->added     ? ", added"
		 : v->removed ? ", removed"
			      : "");
	return buf;
}

static bool is_bytes(enum crx_gate_measure m)
{
	return m != CRX_GATE_PAGES && m != CRX_GATE_FILE_PAGES;
}

static struct crx_gate_change change_of(const struct crx_gate_pair *p, enum crx_gate_measure m)
{
	return (struct crx_gate_change){
		.old = crx_gate_value(p->old, m),
		.now = crx_gate_value(p->now, m),
	};
}

static void rows_of_files(const struct crx_gate_pair *p, crx_gate_row_fn *fn, void *ctx)
{
	struct crx_gate_files f;
	char text[CHANGE_MAX] = "none added, removed, larger or smaller", d[CRX_CLI_NUMBER_MAX + 1];
	size_t i;

	crx_gate_compare_files(p, &f);
	if (f.added || f.removed || f.larger || f.smaller)
		snprintf(text, sizeof(text), "%zu added, %zu removed, %zu larger, %zu smaller",
			 f.added, f.removed, f.larger, f.smaller);
	fn(ctx, "files", text, NULL);
	for (i = 0; i < f.ngrown; i++) {
		snprintf(text, sizeof(text), "%s bytes%s",
			 signed_text(f.grown[i].now - f.grown[i].old, d),
			 f.grown[i].added ? ", added" : "");
		fn(ctx, "", text, f.grown[i].path);
	}
}

void crx_gate_rows(const struct crx_gate_pair *p, crx_gate_row_fn *fn, void *ctx)
{
	static const struct {
		enum crx_gate_measure measure;
		const char *label, *unit;
	} row[] = {
		{ CRX_GATE_SIZE, "size", "bytes" },
		{ CRX_GATE_PAGES, "in place", "pages" },
		{ CRX_GATE_RAM_SAVED, "RAM saved", "bytes" },
	};
	struct crx_gate_change v;
	char text[CHANGE_MAX];
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		v = change_of(p, row[i].measure);
		fn(ctx, row[i].label, change_text(&v, row[i].unit, text), NULL);
	}
	rows_of_files(p, fn, ctx);
}

static void json_change(struct crx_cli_json *j, const char *key, const struct crx_gate_change *v)
{
	crx_cli_json_open(j, key, '{', true);
	if (v->path)
		crx_cli_json_string(j, "path", v->path);
	crx_cli_json_known(j, "old", !v->added, (uint64_t)v->old);
	crx_cli_json_known(j, "new", !v->removed, (uint64_t)v->now);
	crx_cli_json_close(j);
}

static void json_case(void *ctx, const struct crx_gate_change *v)
{
	json_change(ctx, NULL, v);
}

static void json_conditions(struct crx_cli_json *j, const struct crx_gate_pair *p)
{
	size_t i, n, failed = 0;

	crx_cli_json_open(j, "conditions", '[', false);
	for (i = 0; i < p->conditions->n; i++) {
		const struct crx_gate_condition *c = &p->conditions->at[i];

		crx_cli_json_open(j, NULL, '{', false);
		n = crx_gate_check(p, c, NULL, NULL);
		crx_cli_json_string(j, "condition", c->text);
		crx_cli_json_bool(j, "holds", n);
		crx_cli_json_open(j, "cases", '[', false);
		crx_gate_check(p, c, json_case, j);
		crx_cli_json_close(j);
		crx_cli_json_close(j);
		failed += n > 0;
	}
	crx_cli_json_close(j);
	crx_cli_json_bool(j, "failed", failed);
}

void crx_gate_put_json(struct crx_cli_json *j, const struct crx_gate_pair *p)
{
	static const struct {
		enum crx_gate_measure measure;
		const char *key;
	} row[] = {
		{ CRX_GATE_SIZE, "size" },
		{ CRX_GATE_PAGES, "pages" },
		{ CRX_GATE_RAM_SAVED, "ram_saved_bytes" },
	};
	struct crx_gate_change v;
	struct crx_gate_files f;
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		v = change_of(p, row[i].measure);
		json_change(j, row[i].key, &v);
	}
	crx_gate_compare_files(p, &f);
	crx_cli_json_open(j, "files", '{', true);
	crx_cli_json_uint(j, "added", f.added);
	crx_cli_json_uint(j, "removed", f.removed);
	crx_cli_json_uint(j, "larger", f.larger);
	crx_cli_json_uint(j, "smaller", f.smaller);
	crx_cli_json_close(j);
	crx_cli_json_open(j, "grown", '[', false);
	for (i = 0; i < f.ngrown; i++)
		json_change(j, NULL, &f.grown[i]);
	crx_cli_json_close(j);
	json_conditions(j, p);
}

struct report {
	struct crx_offenders cases;
	const struct crx_gate_pair *p;
	const struct crx_gate_condition *c;
};

static void report_case(void *ctx, const struct crx_gate_change *v)
{
	struct report *r = ctx;
	char text[CHANGE_MAX];

	crx_offenders_add(&r->cases, v->path ? v->path : r->p->now_path, "%s holds: %s", r->c->text,
			  change_text(v, is_bytes(r->c->measure) ? "bytes" : "pages", text));
}

size_t crx_gate_report(const struct crx_gate_pair *p, struct crx_log *log)
{
	struct report r = { .p = p };
	size_t i, failed = 0;

	for (i = 0; i < p->conditions->n; i++) {
		r.c = &p->conditions->at[i];
		r.cases = (struct crx_offenders){ log, CRX_LEVEL_ERROR, CRX_OFFENDERS_MOST, 0 };
		failed += crx_gate_check(p, r.c, report_case, &r) > 0;
		crx_offenders_end(&r.cases, r.c->text, "files");
	}
	return failed;
}
