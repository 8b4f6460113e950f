/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xipstat maps: what of the running programs lies in flash, and what in RAM.
 */
#ifndef MAPS_H
#define MAPS_H

#include "options.h"
#include "pages.h"

struct mapping {
	struct vma v;
	char *inside; /* its path in the image */
	struct pages pages;
};

struct process {
	int pid;
	char name[64];
	struct mapping *mapping;
	size_t n;
	struct pages sum;
};

/* One at a time is looked at, and shown. */
struct maps {
	const struct options *o;
	uint64_t page_size;
	struct mounts mounts;
	struct ram ram;
	struct distinct all;
	size_t processes; /* that have mappings of an image */
	size_t shown;
	size_t denied; /* that could not be looked at */
};

/* The exit status. */
int maps_run(const struct options *o);

/* maps_text.c, maps_json.c: in front of all, each process, behind all. */
void maps_put_process(struct maps *m, const struct process *p);
void maps_put_totals(struct maps *m);
void maps_json_begin(struct maps *m);
void maps_json_process(struct maps *m, const struct process *p);
void maps_json_end(struct maps *m);

#endif
