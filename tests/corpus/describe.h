/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel answers about an image, by the kernel model, as JSON. README.md describes the
 * members.
 */
#ifndef CORPUS_DESCRIBE_H
#define CORPUS_DESCRIBE_H

#include <stdio.h>

#include "tests/kernel/differ_make.h"

/* name is that of the image's file. Lack of memory ends the program. */
void corpus_describe(const char *name, const void *data, size_t len, const struct differ_target *t,
		     FILE *out);

#endif
