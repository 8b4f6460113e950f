/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image into a directory, never outside of it: every step by openat()
 * without following links, no name with '/', no "." or "..".
 */
#ifndef CRX_READ_EXTRACT_H
#define CRX_READ_EXTRACT_H

#include "read/walk.h"

struct crx_extract_opts {
	unsigned workers;
	bool owners;  /* set owners, setuid bits; make devices, FIFOs, sockets */
	bool devices; /* make device nodes */
	struct crx_log *log; /* what was not set, what could not be read */
};

struct crx_extract_result {
	size_t made;      /* entries */
	size_t not_set;   /* owners, bits or nodes left out for want of privilege */
	size_t failed;    /* entries that could not be read from the image: the tree is half of it */
};

/* dir is created if it does not exist; it must be empty otherwise. */
int crx_extract(const struct crx_image *img, const struct crx_listing *l, const char *dir, const struct crx_extract_opts *o, struct crx_extract_result *out, struct crx_err *err) CRX_MUST_CHECK;

#endif
