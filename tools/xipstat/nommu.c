/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "nommu.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "text.h"

bool nommu_is(const char *proc)
{
	char *name = mem_format("%s/maps", proc);
	bool found = name && !access(name, F_OK);

	free(name);
	return found;
}

bool nommu_count(uint64_t page_size, const struct vma *v, const struct ram *ram, struct pages *out,
		 struct distinct *all)
{
	uint64_t first = v->start / page_size, i;
	bool copy = v->perms[1] == 'w';

	*out = (struct pages){ .all = (v->end - v->start) / page_size };
	if (!ram_has(ram, v->start)) {
		out->flash = out->all;
		out->address = v->start;
		out->has_address = true;
	} else {
		out->ram = out->all;
		out->copies = copy ? out->all : 0;
	}
	for (i = 0; i < out->all; i++) {
		if (!frames_add(out->flash ? &all->flash : &all->ram, first + i))
			return false;
		if (out->copies && !frames_add(&all->copies, first + i))
			return false;
	}
	return true;
}

int nommu_read_regions(const char *proc, uint64_t page_size, const struct ram *ram,
		       struct regions *out)
{
	char *name = mem_format("%s/maps", proc), *line = NULL;
	FILE *f = name ? fopen(name, "re") : NULL;
	uint64_t start, end, pages;
	size_t cap = 0;
	int ret = -1;

	*out = (struct regions){ 0 };
	if (f) {
		while (getline(&line, &cap, f) > 0) {
			if (sscanf(line, "%" SCNx64 "-%" SCNx64, &start, &end) != 2 ||
			    end <= start || !ram_has(ram, start))
				continue;
			pages = (end - start) / page_size;
			out->n++;
			out->pages += pages;
			if (pages > out->largest)
				out->largest = pages;
		}
		ret = 0;
		fclose(f);
	} else if (name) {
		say_error("%s: cannot open: %s", name, strerror(errno));
	}
	free(line);
	free(name);
	return ret;
}
