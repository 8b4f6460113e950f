/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maps as text.
 */
#include "xipstat.h"

#include "maps.h"

#include <inttypes.h>

#include "text.h"

static void put_mapping(const struct mapping *g)
{
	const struct pages *n = &g->pages;
	char where[24] = "-";

	if (n->flash && n->has_address)
		snprintf(where, sizeof(where), "0x%08" PRIx64, n->address);
	printf("  %7" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 "  %-10s  %08" PRIx64
	       "-%08" PRIx64 " %s ",
	       n->all, n->flash, n->ram, n->copies, where, g->v.start, g->v.end, g->v.perms);
	text_put(stdout, g->v.path);
	if (n->swapped)
		printf("  # and %" PRIu64 " swapped out", n->swapped);
	putchar('\n');
}

void maps_put_process(const struct process *p)
{
	size_t i;

	printf("%d ", p->pid);
	text_put(stdout, p->name);
	printf(": %" PRIu64 " page%s of cramfs, %" PRIu64 " in flash, %" PRIu64 " in RAM (%" PRIu64
	       " copied)\n",
	       p->sum.all, p->sum.all == 1 ? "" : "s", p->sum.flash, p->sum.ram, p->sum.copies);
	if (p->n)
		puts("    pages  in flash    in RAM    copies  flash at    mapping");
	for (i = 0; i < p->n; i++)
		put_mapping(&p->mapping[i]);
	putchar('\n');
}

static void put_total(const struct maps *m, const char *what, size_t pages)
{
	printf("  %7zu page%s %s (%" PRIu64 " KiB)\n", pages, pages == 1 ? "" : "s", what,
	       (uint64_t)pages * m->page_size / 1024);
}

void maps_put_totals(struct maps *m)
{
	printf("%zu process%s, each page counted once:\n", m->processes,
	       m->processes == 1 ? "" : "es");
	put_total(m, "in flash", m->all.flash.n);
	put_total(m, "in RAM, unchanged", m->all.ram.n - m->all.copies.n);
	put_total(m,
		  m->no_mmu ? "in RAM, copied because they are writable"
			    : "in RAM, copied because a process wrote to them",
		  m->all.copies.n);
	if (m->no_mmu)
		printf("All processes have %" PRIu64 " page%s of RAM in %" PRIu64
		       " piece%s, the largest of %" PRIu64 " page%s.\n",
		       m->regions.pages, m->regions.pages == 1 ? "" : "s", m->regions.n,
		       m->regions.n == 1 ? "" : "s", m->regions.largest,
		       m->regions.largest == 1 ? "" : "s");
}
