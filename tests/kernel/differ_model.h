/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's side: what the kernel model says about an image, in the lines of differ_rules.h.
 */
#ifndef DIFFER_MODEL_H
#define DIFFER_MODEL_H

#include <stdio.h>

#include "differ_make.h"
#include "read/image.h"

struct differ_job {
	const struct differ_target *target;
	const char *name;
	const void *data;
	size_t len;
	bool block;   /* through a block device */
	char **extra; /* names to look up */
	size_t nextra;
	unsigned seed; /* which ranges are mapped */
};

/*
 * Writes the lines to out. To jobs, which may be NULL, it writes a line "map INODE MASK" for each
 * file that may be mapped. Mappings for which the model answers CRX_K_OUT_OF_BOUNDS are left out,
 * because the kernel does not check bounds there.
 */
void differ_model(const struct differ_job *job, FILE *out, FILE *jobs);

/* Would a kernel crash on the image? Then it must not be booted. */
bool differ_crashes(const struct differ_job *job);

/* The same as walk_escape, for len bytes. */
void differ_escape(FILE *out, const char *s, size_t len);

#endif
