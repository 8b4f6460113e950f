/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that appears when it is complete. Without a name: standard output. What is no
 * regular file (a pipe, a device) is written to as it is.
 */
#ifndef OUTFILE_H
#define OUTFILE_H

#include <stdio.h>

struct outfile {
	const char *path;
	FILE *stream;
	char *temp; /* its name until it is complete, or NULL */
};

/* Each: 0, or -1 with a message. */
int outfile_open(struct outfile *o, const char *path);
int outfile_close(struct outfile *o);

/* Leave no trace. Also behind outfile_close, where it does nothing. */
void outfile_drop(struct outfile *o);

#endif
