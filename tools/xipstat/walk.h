/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every regular file of one file system below a directory.
 */
#ifndef WALK_H
#define WALK_H

#include <sys/types.h>

struct walk {
	dev_t device; /* of the file system; others are not entered */
	/* fd is open for reading; path begins with that given to walk_tree. 0, or -1 to end the
	 * walk. */
	int (*file)(void *ctx, int fd, const char *path, off_t size);
	void *ctx;
	size_t failed; /* that could not be looked at, each with a message */
};

/*
 * dir is open, and closed here; path is its name for messages and the walk.
 * 0, or -1 if there is no memory or file() said so.
 */
int walk_tree(struct walk *w, int dir, const char *path);

#endif
