/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts findings, and passes the first of them to the caller.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "read/check_parts.h"

void crx_check_no_image(const struct crx_err *why, struct crx_finding *out)
{
	*out = (struct crx_finding){
		.kind = CRX_F_NO_IMAGE,
		.count = 1,
		.has_off = why->has_off,
		.off = why->off,
	};
	snprintf(out->text, sizeof(out->text), "%.255s", why->text);
}

static void count(struct crx_check_result *r, enum crx_severity severity)
{
	if (severity == CRX_SEV_ERROR)
		r->errors++;
	else if (severity == CRX_SEV_WARNING)
		r->warnings++;
	else
		r->notes++;
}

static void emit(struct crx_check *c, const struct crx_finding *f)
{
	count(c->out, crx_finding_info(f->kind)->severity);
	if (!c->o->emit || c->listed >= c->o->max_findings)
		return;
	c->listed++;
	c->o->emit(c->o->ctx, f);
}

static void begin(struct crx_finding *f, enum crx_finding_kind kind, const struct crx_entry *e,
		  uint64_t off)
{
	*f = (struct crx_finding){ .kind = kind, .count = 1 };
	if (off != CRX_CHECK_NO_OFF) {
		f->has_off = true;
		f->off = off;
	}
	if (e)
		crx_entry_path(e, f->path, sizeof(f->path));
}

/* Adds a fault, and keeps the first one with its text. */
static void add_fault(struct crx_faults *faults, const struct crx_entry *e, uint64_t off,
		      const char *fmt, va_list ap) CRX_PRINTF(4, 0);

static void add_fault(struct crx_faults *faults, const struct crx_entry *e, uint64_t off,
		      const char *fmt, va_list ap)
{
	faults->nentries += !faults->n || faults->last != e;
	faults->last = e;
	if (faults->n++)
		return;
	faults->first = e;
	faults->off = off;
	vsnprintf(faults->text, sizeof(faults->text), fmt, ap);
}

/* Does it follow from the wrong page size? Another size fits all of the image. */
static bool is_of_page_size(const struct crx_check *c, enum crx_finding_kind kind)
{
	return c->wrong_page_size && (kind >= CRX_F_TABLE_OUTSIDE || kind == CRX_F_LINK_LONG);
}

void crx_check_report(struct crx_check *c, enum crx_finding_kind kind, const struct crx_entry *e,
		      uint64_t off, const char *fmt, ...)
{
	struct crx_finding f;
	va_list ap;

	va_start(ap, fmt);
	if (is_of_page_size(c, kind)) {
		add_fault(&c->image[CRX_F_PAGE_SIZE], e, off, fmt, ap);
	} else {
		begin(&f, kind, e, off);
		vsnprintf(f.text, sizeof(f.text), fmt, ap);
		emit(c, &f);
	}
	va_end(ap);
}

void crx_check_fault(struct crx_check *c, struct crx_faults *set, enum crx_finding_kind kind,
		     const struct crx_entry *e, uint64_t off, const char *fmt, ...)
{
	struct crx_finding f;
	va_list ap;

	if (set == c->image && (kind == CRX_F_DIRENT || kind == CRX_F_TABLE_OUTSIDE))
		c->is_cut = true;
	if (is_of_page_size(c, kind)) {
		set = c->image;
		kind = CRX_F_PAGE_SIZE;
	}
	va_start(ap, fmt);
	if (c->o->each) {
		begin(&f, kind, e, off);
		vsnprintf(f.text, sizeof(f.text), fmt, ap);
		emit(c, &f);
	} else {
		add_fault(&set[kind], e, off, fmt, ap);
	}
	va_end(ap);
}

/* "the image fits pages of 4, 8 KiB, not of 16 KiB, with which ..." */
static void put_page_sizes(const struct crx_check *c, struct crx_finding *f)
{
	char sizes[32] = "";
	size_t used = 0;
	uint32_t k;

	for (k = 1; k <= CRX_PAGE_MAX / CRX_PAGE_MIN; k *= 2)
		if (c->o->candidates & k)
			used += (size_t)snprintf(sizes + used, sizeof(sizes) - used, "%s%lu",
						 used ? ", " : "",
						 (unsigned long)k * (CRX_PAGE_MIN / 1024));
	snprintf(f->text, sizeof(f->text),
		 "the image fits pages of %s KiB, not of %lu KiB, with which %llu block%s or "
		 "table%s %s wrong",
		 sizes, (unsigned long)c->img->page_size / 1024, (unsigned long long)f->count,
		 crx_plural(f->count), crx_plural(f->count), f->count == 1 ? "is" : "are");
}

/* "5 blocks of 2 files; the first: /bin/sh: TEXT" */
static void put_count(const struct crx_faults *faults, struct crx_finding *f)
{
	static const char *const noun[CRX_F_KINDS] = {
		[CRX_F_DIRENT] = "directories",
		[CRX_F_DIRENT_TAIL] = "entries",
		[CRX_F_TABLE_OUTSIDE] = "tables",
	};
	const char *what = noun[f->kind] ? noun[f->kind] : "blocks";
	char path[80] = "", files[40] = "";

	if (faults->nentries > 1)
		crx_entry_path(faults->first, path, sizeof(path));
	if (faults->nentries > 1 && faults->nentries < faults->n)
		snprintf(files, sizeof(files), " of %llu files",
			 (unsigned long long)faults->nentries);
	snprintf(f->text, sizeof(f->text), "%llu %s%s; the first: %s%s%.130s",
		 (unsigned long long)faults->n, what, files, path, *path ? ": " : "", faults->text);
}

void crx_check_report_faults(struct crx_check *c, struct crx_faults *set)
{
	struct crx_finding f;
	size_t kind;

	for (kind = 0; kind < CRX_F_KINDS; kind++) {
		const struct crx_faults *s = &set[kind];

		if (!s->n)
			continue;
		if (kind == CRX_F_PAGE_SIZE)
			begin(&f, CRX_F_PAGE_SIZE, NULL, CRX_CHECK_NO_OFF);
		else
			begin(&f, (enum crx_finding_kind)kind, s->nentries == 1 ? s->first : NULL,
			      s->off);
		f.count = s->n;
		if (kind == CRX_F_PAGE_SIZE)
			put_page_sizes(c, &f);
		else if (s->n == 1)
			memcpy(f.text, s->text, sizeof(f.text));
		else
			put_count(s, &f);
		set[kind].n = 0;
		set[kind].nentries = 0;
		emit(c, &f);
	}
}
