/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel must show of an image made from a source directory.
 *
 *   facts [-q] DIR      -q: as if owned by 0:0
 *
 * Run it under the same fakeroot as the builder.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "walk.h"

int main(int argc, char **argv)
{
	struct walk w = { .out = stdout, .source = true };
	int fd;

	if (argc > 1 && !strcmp(argv[1], "-q")) {
		w.squash = true;
		argc--;
		argv++;
	}
	if (argc != 2) {
		fputs("usage: facts [-q] DIR\n", stderr);
		return 2;
	}
	walk_catch_sigbus();
	puts("B source source 0");
	fd = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || walk_tree(&w, fd) || fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "facts: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	close(fd);
	return 0;
}
