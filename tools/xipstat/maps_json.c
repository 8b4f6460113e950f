/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maps as JSON, described in xipstat(1). Members may be added.
 */
#include "xipstat.h"

#include "maps.h"

#include <inttypes.h>

#include "text.h"

static void put_number(const char *key, uint64_t v)
{
	printf(", \"%s\": %" PRIu64, key, v);
}

static void put_pages(const struct pages *n)
{
	put_number("pages", n->all);
	put_number("flash", n->flash);
	put_number("ram", n->ram);
	put_number("copies", n->copies);
	put_number("swapped", n->swapped);
}

static void put_mapping(const struct maps *m, const struct mapping *g)
{
	fputs("{\"path\": ", stdout);
	text_put_json(stdout, g->inside);
	fputs(", \"seen_as\": ", stdout);
	text_put_json(stdout, g->v.path);
	printf(", \"device\": \"%u:%u\"", g->v.mount->major, g->v.mount->minor);
	put_number("inode", g->v.inode);
	put_number("start", g->v.start);
	put_number("end", g->v.end);
	printf(", \"perms\": \"%s\", \"direct\": %s", g->v.perms,
	       g->v.pfn || (m->no_mmu && g->pages.flash) ? "true" : "false");
	if (vma_has_address(&g->v))
		fputs(", \"file_page\": null", stdout);
	else
		put_number("file_page", g->v.off / m->page_size);
	if (g->pages.flash && g->pages.has_address)
		put_number("address", g->pages.address);
	put_pages(&g->pages);
	putchar('}');
}

void maps_json_begin(struct maps *m)
{
	printf("{\n\t\"page_size\": %" PRIu64 ",\n\t\"processes\": [", m->page_size);
}

void maps_json_process(struct maps *m, const struct process *p)
{
	static const char *const before[] = { "", "," };
	size_t i;

	printf("%s\n\t\t{\"pid\": %d, \"name\": ", before[m->shown++ > 0], p->pid);
	text_put_json(stdout, p->name);
	put_pages(&p->sum);
	fputs(", \"mappings\": [", stdout);
	for (i = 0; i < p->n; i++) {
		printf("%s\n\t\t\t", before[i > 0]);
		put_mapping(m, &p->mapping[i]);
	}
	fputs("]}", stdout);
}

void maps_json_end(struct maps *m)
{
	printf("],\n\t\"totals\": {\"processes\": %zu, \"flash\": %zu, \"ram\": %zu, \"copies\": "
	       "%zu",
	       m->processes, m->all.flash.n, m->all.ram.n, m->all.copies.n);
	if (m->no_mmu) {
		put_number("regions", m->regions.n);
		put_number("region_pages", m->regions.pages);
		put_number("largest_region", m->regions.largest);
	}
	puts("}\n}");
}
