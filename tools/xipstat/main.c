/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xipstat shows, on the target, which pages of a cramfs image were used, and which pages of running
 * programs are in flash. It needs only a C library, so it can be built static for any target.
 */
#include "xipstat.h"

#include <errno.h>
#include <string.h>

#include "maps.h"
#include "options.h"
#include "profile.h"
#include "text.h"

static int print(void (*put)(FILE *out))
{
	put(stdout);
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_DONE;
	say_error("standard output: cannot write: %s", strerror(errno));
	return EXIT_FAILED;
}

int main(int argc, char **argv)
{
	struct options o;
	int ret;

	text_write_lines();
	ret = options_parse(&o, argc, argv);
	if (ret)
		return ret;
	if (o.help)
		return print(options_put_help);
	if (o.version)
		return print(options_put_version);
	return strcmp(o.command, "maps") ? profile_run(&o) : maps_run(&o);
}
