/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "policy/policy.h"

#include <elf.h>
#include <stdlib.h>

#include "policy/abi.h"

const char *crx_skip_text(enum crx_skip s)
{
	switch (s) {
	case CRX_SKIP_DEBUG:
		return "separate debug file";
	case CRX_SKIP_MACHINE:
		return "for another processor";
	case CRX_SKIP_UNALIGNED:
		return "cannot be loaded at this page size";
	case CRX_SKIP_DAMAGED:
		return "damaged ELF headers";
	default:
		return "";
	}
}

static bool for_machine(const struct crx_wishes *w, const struct crx_exec_abi *abi)
{
	size_t i;

	for (i = 0; i < w->nabis; i++)
		if (crx_exec_abi_equal(&w->abi[i], abi))
			return true;
	return false;
}

/* One segment that cannot be mapped makes the whole file unloadable. */
static bool loadable(const struct crx_exec *x, uint32_t page_size)
{
	uint32_t first, n;
	size_t i;

	for (i = 0; i < x->nseg; i++)
		if (!crx_exec_pages(&x->seg[i], page_size, &first, &n))
			return false;
	return true;
}

static enum crx_skip judge(const struct crx_facts *f, const struct crx_wishes *w, const struct crx_file_fact *file)
{
	if (crx_policy_is_debug(file))
		return CRX_SKIP_DEBUG;
	if (!for_machine(w, &file->exec.abi))
		return CRX_SKIP_MACHINE;
	if (!loadable(&file->exec, f->page_size))
		return CRX_SKIP_UNALIGNED;
	return CRX_SKIP_NONE;
}

static int by_first(const void *a, const void *b)
{
	const struct crx_wish *x = a, *y = b;

	return x->first_pg < y->first_pg ? -1 : x->first_pg > y->first_pg;
}

/* Overlapping and touching ranges become one: one run of the image. */
static size_t merge(struct crx_wish *r, size_t n)
{
	size_t i, out = 0;
	uint32_t end;

	qsort(r, n, sizeof(*r), by_first);
	for (i = 1; i < n; i++) {
		end = r[i].first_pg + r[i].npg;
		if (r[i].first_pg > r[out].first_pg + r[out].npg)
			r[++out] = r[i];
		else if (end > r[out].first_pg + r[out].npg)
			r[out].npg = end - r[out].first_pg;
	}
	return n ? out + 1 : 0;
}

/* Every segment that is not writable: 'vma is writable' bars the others. */
static int wish_segments(const struct crx_facts *f, const struct crx_file_fact *file, struct crx_file_wish *w, struct crx_err *err)
{
	const struct crx_exec *x = &file->exec;
	uint32_t first, n;
	size_t i;

	w->range = crx_alloc(x->nseg, sizeof(*w->range));
	if (!w->range)
		return crx_err_nomem(err, "choosing what goes in place");
	for (i = 0; i < x->nseg; i++) {
		if (x->seg[i].flags & PF_W || !crx_exec_pages(&x->seg[i], f->page_size, &first, &n))
			continue;
		if (first >= file->nblks)
			continue;
		if (n > file->nblks - first)
			n = file->nblks - first;
		if (n)
			w->range[w->nranges++] = (struct crx_wish){ first, n };
	}
	w->nranges = merge(w->range, w->nranges);
	return 0;
}

static int decide(const struct crx_facts *f, struct crx_wishes *w, size_t i, struct crx_log *log, struct crx_err *err)
{
	const struct crx_file_fact *first = &f->file[f->file[i].link];
	struct crx_file_wish *wish = &w->file[i];
	struct crx_file_fact file = *first;
	char path[CRX_ERR_PATH_MAX];
	int ret = 0;

	/* the path is this name's, what was found inside is the first name's */
	file.node = f->file[i].node;
	if (file.exec.kind == CRX_EXEC_DAMAGED) {
		wish->skip = CRX_SKIP_DAMAGED;
		if (f->file[i].link == i)
			crx_log_warn(log, crx_tree_path(file.node, path, sizeof(path)), "damaged ELF file, kept as data: %s", file.exec.why);
	} else if (file.exec.kind == CRX_EXEC_ELF && (file.exec.type == ET_EXEC || file.exec.type == ET_DYN)) {
		wish->skip = judge(f, w, &file);
		if (wish->skip == CRX_SKIP_NONE)
			ret = wish_segments(f, &file, wish, err);
	}
	if (f->file[i].link == i && wish->skip)
		w->skipped[wish->skip]++;
	return ret;
}

static void warn_of_order(const struct crx_wishes *w, enum crx_order order, struct crx_log *log)
{
	char name[32];
	size_t i;

	for (i = 0; i < w->nabis; i++) {
		if (w->abi[i].big == (order == CRX_ORDER_BIG))
			continue;
		crx_log_warn(log, NULL, "the programs (%s) are %s-endian, the image is %s-endian: their kernel will not mount it (-N %s)",
			     crx_exec_abi_name(&w->abi[i], name, sizeof(name)), w->abi[i].big ? "big" : "little",
			     order == CRX_ORDER_BIG ? "big" : "little", w->abi[i].big ? "big" : "little");
	}
}

int crx_policy(const struct crx_tree *t, const struct crx_facts *f, const struct crx_policy_opts *o, struct crx_log *log, struct crx_wishes *out, struct crx_err *err)
{
	size_t i;
	int ret;

	*out = (struct crx_wishes){ .nfiles = f->nfiles };
	out->file = crx_zalloc(f->nfiles, sizeof(*out->file));
	if (!out->file)
		return crx_err_nomem(err, "choosing what goes in place");
	if (!o->xip)
		return 0;
	ret = crx_policy_find_abis(t, f, out, err);
	for (i = 0; i < f->nfiles && !ret; i++)
		ret = decide(f, out, i, log, err);
	if (!ret)
		warn_of_order(out, o->order, log);
	return ret;
}

bool crx_wish_has(const struct crx_file_wish *w, uint32_t pg)
{
	size_t i;

	for (i = 0; i < w->nranges && w->range[i].first_pg <= pg; i++)
		if (pg - w->range[i].first_pg < w->range[i].npg)
			return true;
	return false;
}

void crx_wishes_free(struct crx_wishes *w)
{
	size_t i;

	for (i = 0; w->file && i < w->nfiles; i++)
		free(w->file[i].range);
	free(w->file);
	free(w->abi);
	*w = (struct crx_wishes){ 0 };
}
