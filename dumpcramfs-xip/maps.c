/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maps: which pages of programs are mapped in place, and why the others are not.
 */
#include "config.h"

#include "maps_ram.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/pool.h"
#include "read/kmodel.h"

static bool is_below(const struct crx_entry *e, const struct crx_entry *top)
{
	for (; e; e = e->parent)
		if (e == top)
			return true;
	return false;
}

static uint64_t ino(const struct crx_entry *e)
{
	return crx_k_ino(&e->de.inode, e->de.off);
}

/* Selects a file, or all files below a directory. */
static int select_path(void *ctx, const char *path, struct crx_err *err)
{
	struct maps *m = ctx;
	const struct crx_entry *e;
	bool found = false;
	size_t i;
	int ret = dump_find_entry(m->d, path, true, &e, err);

	for (i = 0; i < m->x.nfiles && !ret; i++) {
		const struct crx_entry *f = m->x.file[i].entry;

		if (S_ISDIR(e->de.inode.mode) ? is_below(f, e)
					      : S_ISREG(e->de.inode.mode) && ino(f) == ino(e))
			m->selected[i] = found = true;
	}
	if (!ret && !found && !S_ISDIR(e->de.inode.mode))
		return crx_err_set(err, CRX_EARG, 0, path, "not a program or library");
	return ret;
}

static void count_file(struct maps *m, const struct crx_explain_file *f)
{
	uint64_t wrong = 0;
	size_t i;

	for (i = 0; i < f->nsegs; i++)
		wrong += f->seg[i].wrong_memory;
	m->files++;
	m->pages += f->pages;
	m->in_place += f->in_place;
	m->wrong_memory += wrong;
	m->wrong_files += wrong > 0;
}

static int select_files(struct maps *m, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	m->selected = crx_zalloc(m->x.nfiles, sizeof(*m->selected));
	if (!m->selected)
		return crx_err_nomem(err, "selecting files");
	if (!m->d->npaths)
		memset(m->selected, true, m->x.nfiles * sizeof(*m->selected));
	else
		ret = dump_each_path(m->d, select_path, m, err);
	for (i = 0; i < m->x.nfiles; i++)
		if (m->selected[i])
			count_file(m, &m->x.file[i]);
	return ret;
}

static void check_limits_and_base(struct maps *m)
{
	const struct options *o = m->d->o;

	if (m->x.truncated)
		dump_incomplete(m->d, NULL,
				"more files than an image of this size can hold: not all are "
				"shown");
	if (!o->has_base)
		return;
	if (!o->base)
		crx_log_warn(m->d->log, NULL,
			     "--base is 0, which a kernel takes to mean no address: nothing can be "
			     "mapped in place");
	else if (!o->no_mmu && o->base % m->d->view->img.page_size)
		crx_log_warn(m->d->log, NULL,
			     "--base 0x%" PRIx64
			     " is not page-aligned: nothing can be mapped in place",
			     o->base);
	else
		m->addresses = true;
}

int command_maps(struct dump *d, struct crx_err *err)
{
	struct maps m = {
		.d = d,
		.o = { .no_mmu = d->o->no_mmu,
		       .has_base = d->o->has_base,
		       .base = d->o->base,
		       .workers = crx_pool_cpus() },
	};
	int ret = crx_explain_image(&d->view->img, &d->view->list, &m.o, &m.x, err), wrong = 0;

	if (!ret)
		wrong = select_files(&m, err);
	if (!ret && m.selected && d->o->no_mmu)
		ret = maps_ram_find(&m, err);
	if (!ret && (!wrong || m.files)) {
		check_limits_and_base(&m);
		ret = d->o->json ? maps_put_json(&m, err) : maps_put_text(&m, err);
	}
	maps_ram_free(&m);
	free(m.selected);
	crx_explain_free(&m.x);
	return ret ? ret : wrong;
}
