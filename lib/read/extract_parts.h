/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of extraction share. Private to lib/read.
 */
#ifndef CRX_READ_EXTRACT_PARTS_H
#define CRX_READ_EXTRACT_PARTS_H

#include <sys/types.h>

#include "base/offenders.h"
#include "comp/comp.h"
#include "read/extract.h"

/* What was not extracted. */
enum crx_left {
	/* not asked for: notes */
	CRX_LEFT_NODE, /* a device, FIFO or socket that was not made */
	CRX_LEFT_BITS, /* setuid and setgid */
	CRX_LEFT_OWNER,
	/* asked for, so that the tree is only a part of the image: errors */
	CRX_LEFT_FAILED,      /* cannot be read from the image, or cannot be made */
	CRX_LEFT_NODE_DENIED, /* by the system, as the others */
	CRX_LEFT_BITS_DENIED,
	CRX_LEFT_OWNER_DENIED,
	CRX_LEFT_MODE_DENIED, /* or times */
	CRX_LEFT_KINDS
};

enum { CRX_EXTRACT_FILES = 128 }; /* open at a time */

/* A directory on the path from the root to the one that is being filled. */
struct crx_extract_level {
	const struct crx_entry *dir;
	size_t next; /* of its children */
	dev_t dev;
	ino_t ino; /* to recognise it on the way back */
};

struct crx_extract_worker {
	struct crx_inflate *z;
	uint8_t *buf; /* for the pages of one job */
};

/* Files that were made, but have no contents yet. */
struct crx_extract_batch {
	struct {
		int fd;
		const struct crx_entry *entry;
	} file[CRX_EXTRACT_FILES];
	size_t n;
};

struct crx_extraction {
	const struct crx_image *img;
	const struct crx_listing *l;
	const struct crx_extract_opts *o;
	struct crx_extract_result *out;
	const char *dir; /* as the caller named it */
	int fd;          /* the directory that is being filled */
	bool exposed;    /* others may use dir while it is filled */
	struct crx_extract_level *level;
	size_t depth, cap;
	struct crx_extract_worker *worker;
	unsigned workers;
	struct crx_extract_batch batch;
	struct crx_offenders left[CRX_LEFT_KINDS];
};

/* --- extract_files.c: contents, in parallel --- */

int crx_extract_files_init(struct crx_extraction *x, struct crx_err *err) CRX_MUST_CHECK;
/* Adds the empty file fd, open for writing, for e. The batch takes over fd. */
int crx_extract_files_add(struct crx_extraction *x, int fd, const struct crx_entry *e,
			  struct crx_err *err) CRX_MUST_CHECK;
/* Fills and closes the files of the batch. */
int crx_extract_files_flush(struct crx_extraction *x, struct crx_err *err) CRX_MUST_CHECK;
/* Closes the files of the batch without filling them, and frees the workers. */
void crx_extract_files_free(struct crx_extraction *x);

/* --- extract_left.c: what is reported of the entries that are not complete --- */

/* x->o must be set. */
void crx_extract_left_init(struct crx_extraction *x);

void crx_extract_report(struct crx_extraction *x, enum crx_left kind, const struct crx_entry *e,
			const char *fmt, ...) CRX_PRINTF(4, 5);

/* A system call for e failed with this errno. Reports it and returns 0 if only e is concerned;
 * returns a code if no other entry could be extracted either. what: "open the directory". */
int crx_extract_sys_error(struct crx_extraction *x, const struct crx_entry *e, int sys_errno,
			  const char *what, struct crx_err *err) CRX_MUST_CHECK;

/* Reports the counts, at the end. */
void crx_extract_report_counts(struct crx_extraction *x);

/* --- extract_attrs.c: owners, modes, times --- */

/* A file by its descriptor (name is NULL), or by its name in a directory, if that is not a link. */
struct crx_extract_place {
	int fd;
	const char *name;
};
void crx_extract_set_attrs(struct crx_extraction *x, const struct crx_entry *e,
			   struct crx_extract_place p);

#endif
