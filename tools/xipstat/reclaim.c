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

/* The other counters pgsteal_* count the same pages in another way. */
static bool is_reclaim(const char *name)
{
	return !strcmp(name, "pgsteal_kswapd") || !strcmp(name, "pgsteal_direct") ||
	       !strcmp(name, "pgsteal_khugepaged") || !strcmp(name, "pgsteal_proactive");
}

void reclaim_warn(const char *proc)
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
		say_warning("used pages that were reclaimed because memory was short are not in "
			    "the profile");
	else if (pages || drops)
		say_warning("since the system started, %" PRIu64
			    " page%s were reclaimed because memory was short, and caches were "
			    "dropped %" PRIu64 " time%s: used pages among them are not in the "
			    "profile",
			    pages, pages == 1 ? "" : "s", drops, drops == 1 ? "" : "s");
}
