/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cramfs image as a source. Private to lib/input/source.
 */
#ifndef CRX_SOURCE_IMAGE_H
#define CRX_SOURCE_IMAGE_H

#include "input/source/source.h"
#include "read/walk.h"

/* The state of the source. Nothing changes it once the tree is read: threads share it. */
struct crx_source_image {
	char *name; /* for messages */
	struct crx_image img;
	uint32_t page_sizes; /* that fit: a bit (page size / 4096) for each */
	struct crx_listing list;
};

/* Check the whole image, as source.h says. */
int crx_source_check_image(const struct crx_source_image *s, const struct crx_source_opts *o,
			   struct crx_err *err) CRX_MUST_CHECK;

/* Make what read() returns of e, an entry of s->list, the contents of n. */
void crx_source_set_image_contents(struct crx_source_image *s, const struct crx_entry *e,
				   struct crx_node *n);

#endif
