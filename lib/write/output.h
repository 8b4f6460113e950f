/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Puts an image in its place. A regular file is renamed into place; a device, a FIFO or
 * standard output gets a copy of a temporary file that has been verified.
 */
#ifndef CRX_WRITE_OUTPUT_H
#define CRX_WRITE_OUTPUT_H

#include "base/io.h"

enum crx_lock { CRX_LOCK_NO, CRX_LOCK_YES, CRX_LOCK_NONBLOCK };

struct crx_output_opts {
	const char *path;   /* "-" is standard output */
	bool force;         /* write to a block device even if it is mounted or in use */
	enum crx_lock lock; /* hold a BSD lock on a device while writing it */
	bool sync;          /* fsync before the rename, or after writing to the device */
	uint64_t pad_to;    /* pad the file to this size; 0: do not */
	uint8_t fill;       /* the byte to pad with */
	const struct crx_io_hooks *hooks;
};

struct crx_output {
	struct crx_output_opts o;
	struct crx_io_temp temp; /* the image is written to temp.fd */
	bool copies;             /* temp, a nameless file, is copied to fd at the end */
	int fd;
};

/* Fails for directories, sockets, /dev/mtdN, and (without force) block devices that are
 * mounted. Opens and changes nothing. */
int crx_output_check(const struct crx_output_opts *o, struct crx_err *err) CRX_MUST_CHECK;

/* Fails if the image would be inside the directory source. Changes nothing. */
int crx_output_check_outside(const char *path, const char *source, struct crx_err *err)
	CRX_MUST_CHECK;

/*
 * Check o as above, then open the output. Standard output must not be a terminal (unless forced). A
 * device is opened and locked now. A block device is opened with O_EXCL (open(2)) unless forced: it
 * must not be in use, and cannot be mounted until the image is complete. Abort even after an error.
 */
int crx_output_open(struct crx_output *out, const struct crx_output_opts *o, struct crx_err *err)
	CRX_MUST_CHECK;

/* CRX_EBIG if an image of size bytes does not fit on the device. */
int crx_output_fits(const struct crx_output *out, uint64_t size, struct crx_err *err)
	CRX_MUST_CHECK;

/* Pad the image, and put it in its place. */
int crx_output_commit(struct crx_output *out, uint64_t image_size, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_output_abort(struct crx_output *out);

#endif
