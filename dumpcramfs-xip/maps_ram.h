/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maps --no-mmu: the RAM that starting a program takes, and with --ram or --buddyinfo, whether it
 * is there.
 */
#ifndef DUMPCRAMFS_XIP_MAPS_RAM_H
#define DUMPCRAMFS_XIP_MAPS_RAM_H

#include "maps.h"
#include "proof/memory/memory.h"

enum { MAPS_INSTANCES_MOST = 1000 };

/* Of one file. */
struct maps_ram_file {
	struct crx_memory m;
	bool fits;          /* as many instances as were asked for, and nothing else */
	uint64_t instances; /* that fit, at most MAPS_INSTANCES_MOST */
	struct crx_memory_failure failure; /* of the next instance, if fewer fit than at most */
};

struct maps_ram {
	struct crx_exec_start start;
	bool judge;            /* --ram or --buddyinfo is given */
	struct crx_buddy free; /* if so */
	struct maps_ram_file
		*file;        /* for each of maps.x.file; of those that are not selected, empty */
	size_t programs, fit; /* of the programs that are selected */
	bool together;        /* PATHs are given, so the next two say something */
	bool all_fit;         /* all of them at the same time, each as often as asked for */
	const struct crx_explain_file *unfit; /* if not: the first that does not */
};

/* Fills in m->ram, for a kernel without an MMU. */
int maps_ram_find(struct maps *m, struct crx_err *err) CRX_MUST_CHECK;
void maps_ram_free(struct maps *m);

void maps_ram_put_text(const struct maps *m, const struct crx_explain_file *f);
void maps_ram_put_json(const struct maps *m, const struct crx_explain_file *f,
		       struct crx_cli_json *j);

/* After all files. */
void maps_ram_put_text_totals(const struct maps *m);
void maps_ram_put_json_totals(const struct maps *m, struct crx_cli_json *j);

/* "text", "data", "stack", ...: what is in the block. */
const char *maps_ram_use(const struct crx_exec_block *b);

/* "no free block of this order", ...; NULL for CRX_BUDDY_DONE. */
const char *maps_ram_answer(enum crx_buddy_answer answer);

#endif
