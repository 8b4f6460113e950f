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
	char *root;  /* the mounted directory of the file system, usually "/" */
	char *point; /* the mount point */
	char *type, *source;
};

struct mounts {
	struct mount *mount; /* in the order in which they were mounted */
	size_t n, cap;
};

/* 0, or -1 with a message. */
int mounts_read(const char *proc, struct mounts *out);
void mounts_free(struct mounts *m);

/* The mount of an absolute path without symbolic links; NULL if there is none. */
const struct mount *mounts_of(const struct mounts *m, const char *path);

/* The part of path after the directory dir: "" or "/..."; NULL if path is not in dir. */
const char *mounts_below(const char *dir, const char *path);

/* The path inside the image of a path on the mount m. The caller frees it. */
char *mounts_inside(const struct mount *m, const char *path);

#endif
