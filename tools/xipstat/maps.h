/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xipstat maps: which pages of running programs are in flash, and which are in RAM.
 */
#ifndef MAPS_H
#define MAPS_H

#include "nommu.h"
#include "options.h"

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

/* Processes are read and printed one at a time. */
struct maps {
	const struct options *o;
	uint64_t page_size;
	bool no_mmu;
	struct regions regions; /* if so */
	struct mounts mounts;
	struct ram ram;
	struct distinct all;
	size_t processes; /* that map files of an image */
	size_t shown;
	size_t denied; /* processes that must not be read */
};

/* Returns the exit status. */
int maps_run(const struct options *o);

/* maps_text.c and maps_json.c: what is printed before, for each process, and after. */
void maps_put_process(const struct process *p);
void maps_put_totals(struct maps *m);
void maps_json_begin(struct maps *m);
void maps_json_process(struct maps *m, const struct process *p);
void maps_json_end(struct maps *m);

#endif
