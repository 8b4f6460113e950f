/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maps as text.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/number.h"
#include "cli/text.h"
#include "inode.h"
#include "maps_ram.h"
#include "read/kmodel.h"

enum { ADVICE_MOST = 8 }; /* reasons that there is advice for */

static void put_groups(FILE *out, const struct crx_explain_segment *s)
{
	size_t i, n = 0;

	for (i = 0; i < s->ngroups; i++)
		if (!s->group[i].in_place)
			fprintf(out, "%s%lu: %s", n++ ? "; " : "", (unsigned long)s->group[i].npg,
				crx_explain_why_means(s->group[i].why));
}

static void put_segment(const struct maps *m, const struct crx_explain_segment *s)
{
	FILE *out = m->d->out;
	char flags[4], where[24] = "-";

	if (s->in_place)
		snprintf(where, sizeof(where), "0x%08" PRIx64,
			 s->off + (m->addresses ? m->d->o->base : 0));
	fprintf(out, "  %7lu  %-5s %10lu %7lu %9lu  %-*s", (unsigned long)s->index,
		crx_exec_flags_name(s->flags, flags), (unsigned long)s->file_page,
		(unsigned long)s->pages, (unsigned long)s->in_place,
		s->in_place < s->pages ? 14 : 0, where);
	put_groups(out, s);
	if (s->wrong_memory)
		fputs(" (this kernel maps the wrong memory)", out);
	if (s->refused)
		fputs(" (the mapping is refused)", out);
	fputc('\n', out);
}

/* The minor device number is that of the MTD partition, which is not known here. */
static void put_line(const struct maps *m, const struct crx_explain_file *f,
		     const struct crx_explain_line *l)
{
	FILE *out = m->d->out;
	char path[PATH_CAP], perms[MAPS_PERMS];

	fprintf(out, "  %08" PRIx64 "-%08" PRIx64 " %s %08" PRIx64 " 1f:?? %" PRIu64 " ", l->start,
		l->end, maps_perms(l, perms), l->off,
		crx_k_ino(&f->entry->de.inode, f->entry->de.off));
	crx_cli_put_path(out, crx_entry_path(f->entry, path, sizeof(path)));
	if (!l->seg)
		fputs("  # gap", out);
	else if (m->d->o->no_mmu && !l->known)
		fputs("  # a copy in RAM, at an unknown address", out);
	else if (l->seg->mixed)
		fprintf(out, "  # mixed: %lu of %lu pages in place, from 0x%08" PRIx64,
			(unsigned long)l->seg->in_place, (unsigned long)l->seg->pages,
			m->d->o->base + l->seg->off);
	if (l->seg && l->seg->wrong_memory)
		fputs(", but the wrong memory is mapped", out);
	fputc('\n', out);
}

static int put_lines(const struct maps *m, const struct crx_explain_file *f, struct crx_err *err)
{
	struct crx_explain_line *line;
	size_t n, i;
	int ret = crx_explain_lines(&m->d->view->img, f, &m->o, &line, &n, err);

	for (i = 0; i < n && !ret; i++)
		put_line(m, f, &line[i]);
	free(line);
	return ret;
}

static int put_file(const struct maps *m, const struct crx_explain_file *f, struct crx_err *err)
{
	FILE *out = m->d->out;
	char path[PATH_CAP], abi[32];
	size_t i;

	crx_cli_put_path(out, crx_entry_path(f->entry, path, sizeof(path)));
	fprintf(out, ": %s %s", maps_machine(f, abi, sizeof(abi)), maps_role(f));
	fprintf(out, "%s, %" PRIu64 " of %" PRIu64 " page%s in place%s\n",
		f->exec.fdpic ? " (FDPIC)" : "", f->in_place, f->pages, crx_plural(f->pages),
		f->loadable ? "" : ", not loadable");
	fprintf(out, "  %7s  %-5s %10s %7s %9s  %-12s  %s\n", "segment", "flags", "file page",
		"pages", "in place", m->addresses ? "address" : "offset", "not in place");
	for (i = 0; i < f->nsegs; i++)
		put_segment(m, &f->seg[i]);
	if (m->addresses && put_lines(m, f, err) < 0)
		return CRX_ENOMEM;
	if (m->ram)
		maps_ram_put_text(m, f);
	fputc('\n', out);
	return 0;
}

static void put_advice_once(FILE *out, struct crx_explain_why why, const char **said, size_t *n)
{
	const char *advice = crx_explain_why_advice(why);
	size_t i;

	for (i = 0; i < *n; i++)
		if (said[i] == crx_explain_why_means(why))
			return;
	if (!advice || *n == ADVICE_MOST)
		return;
	said[(*n)++] = crx_explain_why_means(why);
	fprintf(out, "(%s: %s)\n", crx_explain_why_means(why), advice);
}

/* What is marked above. */
static void put_wrong_memory(const struct maps *m)
{
	char version[CRX_KERNEL_NAME_MAX];

	if (!m->wrong_memory)
		return;
	fprintf(m->d->out,
		"Linux %s maps the wrong memory in %" PRIu64 " mapping%s of %zu file%s, those that "
		"are in place only in part or mixed: use Linux 6.17.3 or later\n",
		crx_kernel_name(&m->d->o->kernel, version), m->wrong_memory,
		crx_plural(m->wrong_memory), m->wrong_files, crx_plural(m->wrong_files));
}

/* What puts more pages in place, once for each reason. */
static void put_advice(const struct maps *m)
{
	const char *said[ADVICE_MOST];
	size_t n = 0, i, k;

	for (i = 0; i < m->x.nfiles; i++)
		for (k = 0; m->selected[i] && k < m->x.file[i].nsegs; k++)
			put_advice_once(m->d->out, m->x.file[i].seg[k].why, said, &n);
}

int maps_put_text(const struct maps *m, struct crx_err *err)
{
	char percent[CRX_CLI_NUMBER_MAX], size[CRX_CLI_NUMBER_MAX];
	FILE *out = m->d->out;
	size_t i;
	int ret = 0;

	for (i = 0; i < m->x.nfiles && !ret; i++)
		if (m->selected[i])
			ret = put_file(m, &m->x.file[i], err);
	if (ret)
		return ret;
	fprintf(out,
		"%zu file%s, %" PRIu64 " of %" PRIu64
		" pages in place (%s): up to %s of RAM saved\n",
		m->files, crx_plural(m->files), m->in_place, m->pages,
		crx_cli_percent_text(m->in_place, m->pages, percent),
		crx_cli_size_text(m->in_place * m->d->view->img.page_size, size));
	put_wrong_memory(m);
	if (m->ram)
		maps_ram_put_text_totals(m);
	put_advice(m);
	return 0;
}
