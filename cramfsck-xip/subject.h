/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is checked: the image in its file.
 */
#ifndef CRAMFSCK_XIP_SUBJECT_H
#define CRAMFSCK_XIP_SUBJECT_H

#include "options.h"
#include "read/check.h"

struct subject {
	struct crx_image img;
	bool mapped; /* there is a superblock; otherwise none says why */
	struct crx_finding none;
	bool detected;       /* the page size was found out */
	uint32_t candidates; /* a bit for each (page size / 4096) that fits, if detected */
};

/*
 * 0 also where the file is no image: that is a finding. A file that cannot be
 * read is an error.
 */
int subject_open(struct subject *s, const struct options *o, struct crx_err *err) CRX_MUST_CHECK;
void subject_close(struct subject *s);

#endif
