/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cli/called.h"

#include <string.h>

size_t crx_cli_called(const char *argv0, const char *const *name, size_t n)
{
	const char *slash = argv0 ? strrchr(argv0, '/') : NULL;
	const char *last = slash ? slash + 1 : argv0;
	size_t i;

	if (!last)
		return 0;
	if (!strncmp(last, "lt-", 3))
		last += 3;
	for (i = 0; i < n; i++)
		if (!strcmp(last, name[i]))
			return i;
	return 0;
}
