/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "maps_ram.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "inode.h"

enum { BUDDYINFO_MOST = 65536 };

const char *maps_ram_use(const struct crx_exec_block *b)
{
	if (b->text)
		return b->data || b->bss || b->stack ? "text and data" : "text";
	if (b->data || b->bss)
		return "data";
	return "stack";
}

const char *maps_ram_answer(enum crx_buddy_answer answer)
{
	static const char *const text[] = {
		[CRX_BUDDY_DONE] = NULL,
		[CRX_BUDDY_NO_BLOCK] = "no free block is large enough",
		[CRX_BUDDY_TOO_LARGE] = "larger than any block of the kernel",
		[CRX_BUDDY_TOO_LITTLE] = "what is free is kept for the kernel",
	};

	return text[answer];
}

static int find_free(struct maps *m, struct crx_err *err)
{
	const struct options *o = m->d->o;
	uint32_t page_size = m->d->view->img.page_size;
	struct crx_buddy *b = &m->ram->free;
	char *text;
	size_t len;
	int ret;

	if (o->buddyinfo) {
		ret = crx_io_read_file(o->buddyinfo, BUDDYINFO_MOST, &text, &len, err);
		if (ret)
			return ret;
		ret = crx_buddy_parse(text, len, o->buddyinfo, b, err);
		free(text);
		if (ret)
			return ret;
	} else {
		*b = crx_buddy_of(o->ram / page_size);
	}
	b->min_pg = o->has_min_free ? o->min_free / page_size
				    : crx_buddy_default_min(crx_buddy_pages(b), page_size);
	return 0;
}

/* How often it fits by itself. */
static void judge(const struct maps_ram *r, struct maps_ram_file *f, uint64_t wanted)
{
	f->instances = crx_memory_instances(&f->m, &r->free, MAPS_INSTANCES_MOST, &f->failure);
	f->fits = f->instances >= wanted;
}

/* Another program has loaded this interpreter, or the program itself. */
static void mark_loaded(struct maps *m, struct crx_memory *ram, bool *loaded, bool set)
{
	size_t i, file;

	for (i = 0; i < ram->n; i++) {
		file = (size_t)(ram->block[i].file - m->x.file);
		if (set)
			loaded[file] = true;
		else
			ram->block[i].loaded = loaded[file];
	}
}

/* All programs that are selected, in the order of the image. */
static int judge_together(struct maps *m, uint64_t wanted, struct crx_err *err)
{
	struct maps_ram *r = m->ram;
	struct crx_buddy left = r->free;
	bool *loaded = crx_zalloc(m->x.nfiles, sizeof(*loaded)), fits = true;
	uint64_t n;
	size_t i;

	if (!loaded)
		return crx_err_nomem(err, "adding up memory");
	for (i = 0; i < m->x.nfiles && fits; i++) {
		struct crx_memory *ram = &r->file[i].m;

		if (m->x.file[i].role != CRX_EXPLAIN_PROGRAM)
			continue;
		mark_loaded(m, ram, loaded, false);
		for (n = 0; n < wanted && fits; n++)
			fits = crx_memory_take(ram, n == 0, &left, NULL);
		mark_loaded(m, ram, loaded, true);
		if (!fits)
			r->unfit = &m->x.file[i];
	}
	r->all_fit = fits;
	free(loaded);
	return 0;
}

static int find_files(struct maps *m, struct crx_err *err)
{
	struct maps_ram *r = m->ram;
	uint64_t wanted = m->d->o->instances ? m->d->o->instances : 1;
	size_t i;
	int ret = 0;

	r->file = crx_zalloc(m->x.nfiles, sizeof(*r->file));
	if (!r->file)
		return crx_err_nomem(err, "adding up memory");
	for (i = 0; i < m->x.nfiles && !ret; i++) {
		const struct crx_explain_file *f = &m->x.file[i];
		char path[PATH_CAP];

		if (!m->selected[i])
			continue;
		r->start.path_len = strlen(crx_entry_path(f->entry, path, sizeof(path)));
		ret = crx_memory_of(f, m->d->view->img.page_size, &r->start, &r->file[i].m, err);
		if (ret || !r->judge || f->role != CRX_EXPLAIN_PROGRAM || !r->file[i].m.n)
			continue;
		judge(r, &r->file[i], wanted);
		r->programs++;
		r->fit += r->file[i].fits;
	}
	r->together = r->judge && m->d->npaths && r->programs > 1;
	return !ret && r->together ? judge_together(m, wanted, err) : ret;
}

int maps_ram_find(struct maps *m, struct crx_err *err)
{
	const struct options *o = m->d->o;
	int ret = 0;

	m->ram = crx_zalloc(1, sizeof(*m->ram));
	if (!m->ram)
		return crx_err_nomem(err, "adding up memory");
	/* the name is one of a list of words */
	(void)crx_exec_start_on(o->machine, &m->ram->start);
	m->ram->judge = o->ram || o->buddyinfo;
	if (m->ram->judge)
		ret = find_free(m, err);
	if (!ret)
		ret = find_files(m, err);
	if (!ret && m->ram->judge && !m->ram->programs)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "%s is a program that a kernel starts (%s judges only programs)",
				   m->d->npaths ? "no PATH" : "nothing in the image",
				   o->ram ? "--ram" : "--buddyinfo");
	if (!ret && m->ram->judge &&
	    (m->ram->fit < m->ram->programs || (m->ram->together && !m->ram->all_fit)))
		m->d->differ = true;
	return ret;
}

void maps_ram_free(struct maps *m)
{
	size_t i;

	for (i = 0; m->ram && m->ram->file && i < m->x.nfiles; i++)
		crx_memory_free(&m->ram->file[i].m);
	if (m->ram)
		free(m->ram->file);
	free(m->ram);
	m->ram = NULL;
}
