/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's side: what the model of the kernel says of an image, in the lines
 * of differ_rules.h.
 */
#ifndef DIFFER_MODEL_H
#define DIFFER_MODEL_H

#include <stdio.h>

#include "read/image.h"

struct differ_job {
	const char *name;
	const void *data;
	size_t len;
	bool block;   /* through a block device */
	char **extra; /* names to look up */
	size_t nextra;
	unsigned seed; /* which ranges are mapped */
};

/*
 * Lines into out. Into jobs, which may be NULL, a line "map INODE MASK" for
 * each file of which something may be mapped: never where the model answers
 * 'out of bounds', for the kernel does not look there.
 */
void differ_model(const struct differ_job *job, FILE *out, FILE *jobs);

/* A kernel would crash on it: it is not to be booted. */
bool differ_crashes(const void *data, size_t len);

/* As walk_escape, of bytes. */
void differ_escape(FILE *out, const char *s, size_t len);

#endif
