/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The image to be checked, mapped from its file.
 */
#ifndef CRAMFSCK_XIP_SUBJECT_H
#define CRAMFSCK_XIP_SUBJECT_H

#include "options.h"
#include "read/check.h"

struct subject {
	struct crx_image img;
	uint64_t offset;             /* of the image in the file */
	bool mapped;                 /* img is valid: the file has a superblock */
	struct crx_finding no_image; /* if not mapped: why */
	bool detected;               /* the page size was not given with -b */
	uint32_t candidates;         /* a bit (page size / 4096) for each that fits */
};

/*
 * With --offset auto, the offsets of several images, or of what is there instead of one, go to log;
 * several images are an error. Also returns 0 if the file is not an image, because that is a
 * finding. A file that cannot be read is an error.
 */
int subject_open(struct subject *s, const struct options *o, struct crx_log *log,
		 struct crx_err *err) CRX_MUST_CHECK;
void subject_close(struct subject *s);

#endif
