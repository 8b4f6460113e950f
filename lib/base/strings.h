/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list that owns its strings.
 */
#ifndef CRX_BASE_STRINGS_H
#define CRX_BASE_STRINGS_H

#include "base/err.h"

/* Zero-initialise. */
struct crx_strings {
	char **at;
	size_t n, cap;
};

/* Appends a copy of text. */
int crx_strings_add(struct crx_strings *s, const char *text, struct crx_err *err) CRX_MUST_CHECK;

/* Frees the strings; the list is then empty. */
void crx_strings_free(struct crx_strings *s);

#endif
