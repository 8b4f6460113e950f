/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Did you mean": the name that is most like what was typed.
 */
#ifndef CRX_CLI_SIMILAR_H
#define CRX_CLI_SIMILAR_H

#include <stddef.h>

/* Initialise with what was typed; it need not end in NUL. */
struct crx_cli_similar {
	const char *typed;
	size_t len;
	const char *best; /* NULL: nothing similar was offered yet */
	unsigned distance;
};

/* Offer a name. It counts as similar if a third of what was typed, at most, must be changed. */
void crx_cli_similar_offer(struct crx_cli_similar *s, const char *name);

#endif
