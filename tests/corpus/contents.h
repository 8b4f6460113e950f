/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The members of the JSON that say what is in a file, and what is mapped in place.
 */
#ifndef CORPUS_CONTENTS_H
#define CORPUS_CONTENTS_H

#include "cli/json.h"
#include "read/kmodel.h"

/* What is needed to read files. */
struct corpus_file {
	struct crx_cli_json *j;
	const struct crx_image *img;
	struct crx_inflate *z;
	uint8_t *page; /* room for one */
};

void corpus_put_contents(const struct corpus_file *d, const struct crx_inode *in);

/* Of a mapping of the whole file that is private and not writable. */
void corpus_put_in_place(const struct corpus_file *d, const struct crx_inode *in);

void corpus_put_target(const struct corpus_file *d, const struct crx_inode *in);

void corpus_put_hex(struct crx_cli_json *j, const char *key, uint32_t v);

/* Ends the program; so does a null pointer. */
_Noreturn void corpus_die(const char *what);
void *corpus_checked(void *p);

#endif
