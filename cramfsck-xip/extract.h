/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -x and --extract=: an image into a directory or an archive.
 */
#ifndef CRAMFSCK_XIP_EXTRACT_H
#define CRAMFSCK_XIP_EXTRACT_H

#include "base/io.h"
#include "read/extract.h"

struct extract_opts {
	const char *to;
	bool archive; /* what to is, by its name's ending; otherwise a directory */
	bool owners;  /* --owners: owners, setuid bits and nodes, devices as well */
	unsigned workers;
	const struct crx_io_hooks *hooks; /* an archive's temporary file; may be NULL */
	struct crx_log *log;
};

/*
 * Without --owners root's files get owners and setuid bits, and FIFOs and
 * sockets are made, but no devices; an ordinary user's get none of it. An
 * archive holds all of it whoever writes it.
 *
 * 0 with crx_extract_in_part(out): less than was asked for, which has been
 * reported (exit 4). So has it with an error, where something had been made
 * already.
 */
int extract_image(const struct crx_image *img, const struct crx_listing *l,
		  const struct extract_opts *o, struct crx_extract_result *out, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
