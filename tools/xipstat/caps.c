/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "caps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mem.h"

bool caps_have(const char *proc, int bit)
{
	char *name = mem_format("%s/self/status", proc), *line = NULL;
	FILE *f = name ? fopen(name, "re") : NULL;
	bool have = geteuid() == 0;
	uint64_t mask;
	size_t cap = 0;

	while (f && getline(&line, &cap, f) > 0)
		if (sscanf(line, "CapEff: %" SCNx64, &mask) == 1)
			have = mask >> bit & 1;
	if (f)
		fclose(f);
	free(line);
	free(name);
	return have;
}
