/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "kernel.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "mem.h"
#include "text.h"

/* doc/kernel.md names the commits. Versions such as 6.17.2-7-generic are vendors'. */
void kernel_warn(const char *proc)
{
	char *file = mem_format("%s/sys/kernel/osrelease", proc), release[65] = "";
	FILE *f = file ? fopen(file, "re") : NULL;
	unsigned major, minor, patch = 0;
	bool known;

	known = f && fscanf(f, "%64s", release) == 1 &&
		sscanf(release, "%u.%u.%u", &major, &minor, &patch) >= 2;
	if (f)
		fclose(f);
	free(file);
	if (known && major == 6 && minor == 17 && patch < 3)
		say_warning("Linux %s maps the wrong memory wherever a mapping is in place only "
			    "in part, as each library's first one is, unless its vendor has "
			    "corrected that (use Linux 6.17.3 or later)",
			    release);
}
