/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "ram.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "text.h"

/* Only root sees addresses; others see zeros. */
static bool has_addresses(const struct ram *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (r->range[i].last)
			return true;
	return false;
}

/* "40000000-4fffffff : System RAM"; the lines for its parts are indented. */
static bool add(struct ram *out, const char *line)
{
	uint64_t first, last;
	int at = -1;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " : %n", &first, &last, &at) != 2 || at < 0)
		return true;
	if (*line == ' ' || strncmp(line + at, "System RAM", 10))
		return true;
	if (!mem_grow(&out->range, &out->cap, out->n + 1, sizeof(*out->range)))
		return false;
	out->range[out->n].first = first;
	out->range[out->n++].last = last;
	return true;
}

int ram_read(const char *proc, struct ram *out)
{
	char *name = mem_format("%s/iomem", proc), *line = NULL;
	size_t cap = 0;
	int ret = -1;
	FILE *f;

	*out = (struct ram){ 0 };
	if (!name)
		return -1;
	f = fopen(name, "re");
	if (!f) {
		say_error("%s: cannot open: %s", name, strerror(errno));
	} else {
		ret = 0;
		while (!ret && getline(&line, &cap, f) > 0)
			ret = add(out, line) ? 0 : -1;
		fclose(f);
		if (!ret && !has_addresses(out)) {
			say_error(out->n ? "%s: has no addresses (run this as root)"
					 : "%s: lists no System RAM",
				  name);
			ret = -1;
		}
	}
	free(line);
	free(name);
	return ret;
}

void ram_free(struct ram *r)
{
	free(r->range);
	*r = (struct ram){ 0 };
}

bool ram_has(const struct ram *r, uint64_t address)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (address >= r->range[i].first && address <= r->range[i].last)
			return true;
	return false;
}
