/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls a function for every regular file of one file system below a directory.
 */
#ifndef WALK_H
#define WALK_H

#include <sys/types.h>

struct walk {
	dev_t device; /* of the file system; others are not entered */
	/* fd is open for reading; path begins with that of walk_tree(). Returns -1 to end the
	 * walk. */
	int (*file)(void *ctx, int fd, const char *path, off_t size);
	void *ctx;
	size_t failed; /* files and directories that cannot be read; each has a message */
};

/*
 * fd is an open directory, which is closed; path is its name. Returns 0, or -1 if memory is short
 * or file() returned -1.
 */
int walk_tree(struct walk *w, int fd, const char *path);

#endif
