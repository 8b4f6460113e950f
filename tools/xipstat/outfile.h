/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that appears when it is complete, or standard output. A pipe or a device is written to
 * directly.
 */
#ifndef OUTFILE_H
#define OUTFILE_H

#include <stdio.h>

struct outfile {
	const char *path;
	FILE *stream;
	char *temp; /* its name until it is complete, or NULL */
};

/* 0, or -1 with a message. path NULL or "-" is standard output. */
int outfile_open(struct outfile *o, const char *path);
int outfile_close(struct outfile *o);

/* Removes the temporary file. Does nothing after outfile_close(). */
void outfile_drop(struct outfile *o);

#endif
