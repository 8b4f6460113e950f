/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maps as JSON, described in dumpcramfs-xip(1). Members may be added.
 */
#include "config.h"

#include <stdlib.h>

#include "inode.h"
#include "maps_ram.h"
#include "read/kmodel.h"

static void put_groups(struct crx_cli_json *j, const struct crx_explain_segment *s)
{
	size_t i;

	crx_cli_json_open(j, "groups", '[', true);
	for (i = 0; i < s->ngroups; i++) {
		crx_cli_json_open(j, NULL, '{', true);
		crx_cli_json_uint(j, "file_page", s->group[i].first_pg);
		crx_cli_json_uint(j, "pages", s->group[i].npg);
		crx_cli_json_bool(j, "in_place", s->group[i].in_place);
		crx_cli_json_string(j, "reason", crx_explain_why_text(s->group[i].why));
		crx_cli_json_bool(j, "kernels_words", crx_explain_why_logged(s->group[i].why));
		crx_cli_json_string(j, "meaning", crx_explain_why_means(s->group[i].why));
		crx_cli_json_string(j, "advice", crx_explain_why_advice(s->group[i].why));
		crx_cli_json_close(j);
	}
	crx_cli_json_close(j);
}

static void put_segment(const struct maps *m, struct crx_cli_json *j,
			const struct crx_explain_segment *s)
{
	char flags[4];

	crx_cli_json_open(j, NULL, '{', true);
	crx_cli_json_uint(j, "index", s->index);
	crx_cli_json_string(j, "flags", crx_exec_flags_name(s->flags, flags));
	crx_cli_json_uint(j, "file_page", s->file_page);
	crx_cli_json_uint(j, "pages", s->pages);
	crx_cli_json_uint(j, "in_place", s->in_place);
	crx_cli_json_string(j, "reason", crx_explain_why_text(s->why));
	crx_cli_json_string(j, "meaning", crx_explain_why_means(s->why));
	crx_cli_json_bool(j, "mixed", s->mixed);
	crx_cli_json_bool(j, "wrong_memory", s->wrong_memory);
	if (s->in_place)
		crx_cli_json_uint(j, "offset", s->off);
	if (s->in_place && m->addresses)
		crx_cli_json_uint(j, "address", m->d->o->base + s->off);
	put_groups(j, s);
	crx_cli_json_close(j);
}

static int put_lines(const struct maps *m, struct crx_cli_json *j, const struct crx_explain_file *f,
		     struct crx_err *err)
{
	struct crx_explain_line *line;
	char perms[MAPS_PERMS];
	size_t n, i;
	int ret = crx_explain_lines(&m->d->view->img, f, &m->o, &line, &n, err);

	crx_cli_json_open(j, "maps", '[', false);
	for (i = 0; i < n && !ret; i++) {
		crx_cli_json_open(j, NULL, '{', true);
		crx_cli_json_uint(j, "start", line[i].start);
		crx_cli_json_uint(j, "end", line[i].end);
		crx_cli_json_bool(j, "start_is_physical", line[i].known);
		crx_cli_json_string(j, "perms", maps_perms(&line[i], perms));
		crx_cli_json_uint(j, "offset", line[i].off);
		crx_cli_json_bool(j, "offset_is_physical", line[i].physical);
		crx_cli_json_bool(j, "mixed", line[i].seg && line[i].seg->mixed);
		crx_cli_json_close(j);
	}
	crx_cli_json_close(j);
	free(line);
	return ret;
}

static int put_file(const struct maps *m, struct crx_cli_json *j, const struct crx_explain_file *f,
		    struct crx_err *err)
{
	char path[PATH_CAP], abi[32];
	size_t i;
	int ret = 0;

	crx_cli_json_open(j, NULL, '{', false);
	crx_cli_json_string(j, "path", crx_entry_path(f->entry, path, sizeof(path)));
	crx_cli_json_string(j, "format", crx_exec_format_name(&f->exec));
	crx_cli_json_string(j, "machine", crx_exec_machine_name(&f->exec, abi, sizeof(abi)));
	crx_cli_json_string(j, "role", maps_role(f));
	crx_cli_json_bool(j, "loadable", f->loadable);
	crx_cli_json_uint(j, "inode", crx_k_ino(&f->entry->de.inode, f->entry->de.off));
	crx_cli_json_uint(j, "pages", f->pages);
	crx_cli_json_uint(j, "in_place", f->in_place);
	crx_cli_json_open(j, "segments", '[', false);
	for (i = 0; i < f->nsegs; i++)
		put_segment(m, j, &f->seg[i]);
	crx_cli_json_close(j);
	if (m->ram)
		maps_ram_put_json(m, f, j);
	if (m->addresses)
		ret = put_lines(m, j, f, err);
	crx_cli_json_close(j);
	return ret;
}

int maps_put_json(const struct maps *m, struct crx_err *err)
{
	struct crx_cli_json j = { .out = m->d->out };
	char kernel[CRX_KERNEL_NAME_MAX];
	size_t i;
	int ret = 0;

	crx_kernel_name(&m->d->o->kernel, kernel);
	crx_cli_json_open(&j, NULL, '{', false);
	crx_cli_json_uint(&j, "page_size", m->d->view->img.page_size);
	crx_cli_json_bool(&j, "mmu", !m->d->o->no_mmu);
	crx_cli_json_string(&j, "kernel", m->d->o->kernel.version ? kernel : NULL);
	if (m->d->o->has_base)
		crx_cli_json_uint(&j, "base", m->d->o->base);
	crx_cli_json_open(&j, "files", '[', false);
	for (i = 0; i < m->x.nfiles && !ret; i++)
		if (m->selected[i])
			ret = put_file(m, &j, &m->x.file[i], err);
	crx_cli_json_close(&j);
	crx_cli_json_open(&j, "totals", '{', true);
	crx_cli_json_uint(&j, "files", m->files);
	crx_cli_json_uint(&j, "pages", m->pages);
	crx_cli_json_uint(&j, "in_place", m->in_place);
	crx_cli_json_uint(&j, "wrong_memory", m->wrong_memory);
	crx_cli_json_close(&j);
	if (m->ram)
		maps_ram_put_json_totals(m, &j);
	crx_cli_json_close(&j);
	return ret;
}
