/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How an image reaches its place: a regular file appears by rename; a device,
 * a FIFO or standard output gets a copy of a verified temporary file.
 */
#ifndef CRX_WRITE_OUTPUT_H
#define CRX_WRITE_OUTPUT_H

#include "base/io.h"

enum crx_lock { CRX_LOCK_NO, CRX_LOCK_YES, CRX_LOCK_NONBLOCK };

struct crx_output_opts {
	const char *path;   /* "-" is standard output */
	bool force;         /* also a block device that is mounted or in use */
	enum crx_lock lock; /* BSD lock on a device while it is written */
	bool sync;          /* fsync before the rename, or on the device */
	uint64_t pad_to;    /* 0, or the size to which the file is filled */
	uint8_t fill;       /* with this byte */
	const struct crx_io_hooks *hooks;
};

struct crx_output {
	struct crx_output_opts o;
	struct crx_io_temp temp; /* the image is written to temp.fd */
	bool copies;             /* temp is copied through at the end */
	int fd;                  /* where to, if copies */
};

/* Refuses directories, sockets, /dev/mtdN and block devices that are mounted. Touches nothing. */
int crx_output_check(const struct crx_output_opts *o, struct crx_err *err) CRX_MUST_CHECK;

/* Refuses an image inside the directory source. Touches nothing. */
int crx_output_check_outside(const char *path, const char *source, struct crx_err *err)
	CRX_MUST_CHECK;

/*
 * Checks, and then opens. A device is opened and locked at once, and a block device exclusively:
 * it must not be in use (open(2), O_EXCL), and cannot be mounted before the image is in place.
 */
int crx_output_open(struct crx_output *out, const struct crx_output_opts *o, struct crx_err *err)
	CRX_MUST_CHECK;

/* Would an image of size bytes fit? (Devices have a size.) */
int crx_output_fits(const struct crx_output *out, uint64_t size, struct crx_err *err)
	CRX_MUST_CHECK;

/* Pad, and put it in its place. */
int crx_output_commit(struct crx_output *out, uint64_t image_size, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_output_abort(struct crx_output *out);

#endif
