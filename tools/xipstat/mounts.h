/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is mounted where: /proc/self/mountinfo.
 */
#ifndef MOUNTS_H
#define MOUNTS_H

#include <stdbool.h>
#include <stddef.h>

struct mount {
	unsigned major, minor;
	char *root;  /* the directory of the file system that is mounted, "/" as a rule */
	char *point; /* where */
	char *type, *source;
};

struct mounts {
	struct mount *mount; /* in the order in which they were mounted */
	size_t n, cap;
};

/* 0, or -1 with a message. */
int mounts_read(const char *proc, struct mounts *out);
void mounts_free(struct mounts *m);

/* The mount that an absolute path without links lies on; NULL if there is none. */
const struct mount *mounts_of(const struct mounts *m, const char *path);

/* What is behind the directory dir in path ("" or "/..."); NULL if it is not below. */
const char *mounts_below(const char *dir, const char *path);

/* The path inside the image of what is seen as path, which lies on the mount.
 * The caller frees it. */
char *mounts_inside(const struct mount *m, const char *path);

#endif
