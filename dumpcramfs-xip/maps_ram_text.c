/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RAM that starting a program takes, as text.
 */
#include "config.h"

#include "maps_ram.h"

#include <inttypes.h>

#include "cli/number.h"
#include "cli/text.h"
#include "inode.h"

static void put_part(FILE *out, const char *what, uint64_t len, const char **before)
{
	if (!len)
		return;
	fprintf(out, "%s%s %" PRIu64, *before, what, len);
	*before = ", ";
}

/* What is in the block, in bytes; and what is still free in its pages. */
static void put_contents(const struct maps *m, const struct crx_memory_block *b)
{
	uint64_t len = b->take.npg * m->d->view->img.page_size;
	FILE *out = m->d->out;
	const char *before = "";

	if (b->in_place) {
		fputs("in place", out);
		return;
	}
	if (b->inside) {
		fputs("a part of a mapping above", out);
		return;
	}
	put_part(out, "text", b->b.text, &before);
	put_part(out, "data", b->b.data, &before);
	put_part(out, "bss", b->b.bss, &before);
	put_part(out, "stack", b->b.stack, &before);
	put_part(out, "arguments", b->b.arguments, &before);
	put_part(out, "relocations", b->b.relocs, &before);
	put_part(out, "unused", b->b.len < len ? len - b->b.len : 0, &before);
	if (b->b.shared)
		fputs("; shared", out);
}

static void put_block(const struct maps *m, const struct crx_explain_file *f,
		      const struct crx_memory_block *b)
{
	FILE *out = m->d->out;
	char what[40];

	snprintf(what, sizeof(what), "%s%s",
		 b->file == f ? "" : "interpreter: ", maps_ram_use(&b->b));
	fprintf(out, "  %-26s %10" PRIu64 " %7" PRIu64 " %6u %8" PRIu64 " %8" PRIu64 "  ", what,
		b->take.npg ? b->b.len : 0, b->take.npg, b->take.order,
		b->take.npg ? (UINT64_C(1) << b->take.order) - b->take.npg : 0,
		b->b.shared ? 0 : b->take.npg);
	put_contents(m, b);
	fputc('\n', out);
}

static void put_failure(const struct maps *m, const struct crx_explain_file *f,
			const struct maps_ram_file *r)
{
	const struct crx_memory_block *b = &r->m.block[r->failure.block];
	char size[CRX_CLI_NUMBER_MAX];
	FILE *out = m->d->out;

	fprintf(out, "%s%s needs a block of order %u",
		b->file == f ? "" : "interpreter: ", maps_ram_use(&b->b), b->take.order);
	/* what is larger does not fit into 64 bits */
	if (b->take.order < 48)
		fprintf(out, " (%s)",
			crx_cli_size_text((uint64_t)m->d->view->img.page_size << b->take.order,
					  size));
	fprintf(out, ": %s", maps_ram_answer(r->failure.answer));
	if (r->failure.answer == CRX_BUDDY_NO_BLOCK && r->failure.largest >= 0)
		fprintf(out, ", the largest has order %d", r->failure.largest);
}

static void put_verdict(const struct maps *m, const struct crx_explain_file *f,
			const struct maps_ram_file *r)
{
	uint64_t wanted = m->d->o->instances ? m->d->o->instances : 1;
	FILE *out = m->d->out;

	fprintf(out, "  %s: ", r->fits ? "fits" : "does not fit");
	if (r->instances == MAPS_INSTANCES_MOST) {
		fprintf(out, "%d instances or more\n", MAPS_INSTANCES_MOST);
		return;
	}
	if (r->instances || wanted > 1)
		fprintf(out, "%" PRIu64 " instance%s at most; ", r->instances,
			crx_plural(r->instances));
	if (r->instances)
		fputs("the next one's ", out);
	put_failure(m, f, r);
	fputc('\n', out);
}

void maps_ram_put_text(const struct maps *m, const struct crx_explain_file *f)
{
	const struct maps_ram_file *r = &m->ram->file[f - m->x.file];
	char size[2][CRX_CLI_NUMBER_MAX];
	uint64_t page_size = m->d->view->img.page_size;
	size_t i;

	if (!r->m.n)
		return;
	fprintf(m->d->out, "  %-26s %10s %7s %6s %8s %8s\n",
		f->role == CRX_EXPLAIN_PROGRAM ? "RAM, when it starts" : "RAM, when it is loaded",
		"bytes", "pages", "order", "trimmed", "another");
	for (i = 0; i < r->m.n; i++)
		put_block(m, f, &r->m.block[i]);
	fprintf(m->d->out, "  in all %" PRIu64 " page%s (%s), another instance %" PRIu64 " (%s)\n",
		r->m.pages, crx_plural(r->m.pages),
		crx_cli_size_text(r->m.pages * page_size, size[0]), r->m.another,
		crx_cli_size_text(r->m.another * page_size, size[1]));
	if (f->interp_missing) {
		fputs("  not counted: the interpreter ", m->d->out);
		crx_cli_put_path(m->d->out, f->exec.interp);
		fputs(" is not in the image\n", m->d->out);
	}
	if (m->ram->judge && f->role == CRX_EXPLAIN_PROGRAM)
		put_verdict(m, f, r);
}

void maps_ram_put_text_totals(const struct maps *m)
{
	const struct maps_ram *r = m->ram;
	char size[2][CRX_CLI_NUMBER_MAX], path[PATH_CAP];
	uint64_t page_size = m->d->view->img.page_size;
	FILE *out = m->d->out;

	if (!r->judge)
		return;
	fprintf(out, "%s of RAM are free",
		crx_cli_size_text(crx_buddy_pages(&r->free) * page_size, size[0]));
	if (crx_buddy_largest(&r->free) >= 0)
		fprintf(out, " in blocks of order %d at most", crx_buddy_largest(&r->free));
	fprintf(out,
		", the kernel keeps %s: ", crx_cli_size_text(r->free.min_pg * page_size, size[1]));
	fprintf(out, "%zu of %zu program%s fit%s", r->fit, r->programs, crx_plural(r->programs),
		r->programs == 1 ? "s" : ", each by itself");
	if (r->together && r->all_fit)
		fputs("; all together fit", out);
	fputc('\n', out);
	if (!r->together || r->all_fit)
		return;
	fputs("all together do not fit: the first one that does not is ", out);
	crx_cli_put_path(out, crx_entry_path(r->unfit->entry, path, sizeof(path)));
	fputc('\n', out);
}
