/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "reclaim.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "text.h"

/* pgsteal_kswapd, pgsteal_direct, pgsteal_khugepaged; others repeat these by another measure */
static bool is_reclaim(const char *name)
{
	return !strcmp(name, "pgsteal_kswapd") || !strcmp(name, "pgsteal_direct") ||
	       !strcmp(name, "pgsteal_khugepaged") || !strcmp(name, "pgsteal_proactive");
}

void reclaim_tell(const char *proc)
{
	char *file = mem_format("%s/vmstat", proc), name[64];
	FILE *f = file ? fopen(file, "re") : NULL;
	uint64_t n, pages = 0, drops = 0;
	bool known = false;

	while (f && fscanf(f, "%63s %" SCNu64, name, &n) == 2) {
		if (is_reclaim(name)) {
			pages += n;
			known = true;
		}
		if (!strcmp(name, "drop_pagecache"))
			drops = n;
	}
	if (f)
		fclose(f);
	free(file);
	if (!known)
		say_warning(
			"pages that were used, and reclaimed since for want of memory, are missed");
	else if (pages || drops)
		say_warning("since the system started %" PRIu64
			    " pages were reclaimed for want of memory, and caches were dropped "
			    "%" PRIu64 " times: used pages among them are missed",
			    pages, drops);
}
