/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of extraction share. For lib/read itself.
 */
#ifndef CRX_READ_EXTRACT_PARTS_H
#define CRX_READ_EXTRACT_PARTS_H

#include <sys/types.h>

#include "base/offenders.h"
#include "comp/comp.h"
#include "read/extract.h"

/* What was left out. */
enum crx_left {
	/* not asked for: notes */
	CRX_LEFT_NODE, /* a device, FIFO or socket that was not made */
	CRX_LEFT_BITS, /* setuid and setgid */
	CRX_LEFT_OWNER,
	/* asked for, and the tree is a part of the image: errors */
	CRX_LEFT_FAILED,      /* cannot be read from the image, or cannot be made */
	CRX_LEFT_NODE_DENIED, /* the system did not allow it; and so on */
	CRX_LEFT_BITS_DENIED,
	CRX_LEFT_OWNER_DENIED,
	CRX_LEFT_MODE_DENIED, /* or times */
	CRX_LEFT_KINDS
};

enum { CRX_EXTRACT_FILES = 128 }; /* open at a time */

/* A directory on the way from the root to where we are. */
struct crx_extract_level {
	const struct crx_entry *dir;
	size_t next; /* of its children */
	dev_t dev;
	ino_t ino; /* to know it again on the way back */
};

struct crx_extract_worker {
	struct crx_inflate *z;
	uint8_t *buf; /* of crx_extract_chunk() pages */
};

/* Files that were made, and wait for their contents. */
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
	const char *dir; /* as the caller calls it */
	int fd;          /* the directory that is being filled */
	struct crx_extract_level *level;
	size_t depth, cap;
	struct crx_extract_worker *worker;
	unsigned workers;
	struct crx_extract_batch batch;
	struct crx_offenders left[CRX_LEFT_KINDS];
};

/* --- extract_files.c: contents, in parallel --- */
int crx_extract_files_init(struct crx_extraction *x, struct crx_err *err) CRX_MUST_CHECK;
/* fd, open for writing, is of an empty file for e; it becomes the batch's. */
int crx_extract_files_add(struct crx_extraction *x, int fd, const struct crx_entry *e,
			  struct crx_err *err) CRX_MUST_CHECK;
/* Fill and close all that wait. */
int crx_extract_files_flush(struct crx_extraction *x, struct crx_err *err) CRX_MUST_CHECK;
/* Close what waits, filled or not. */
void crx_extract_files_free(struct crx_extraction *x);

/* --- extract_left.c: what is reported of the entries that are not complete --- */

/* x->o must be set. */
void crx_extract_left_init(struct crx_extraction *x);

void crx_extract_say(struct crx_extraction *x, enum crx_left kind, const struct crx_entry *e,
		     const char *fmt, ...) CRX_PRINTF(4, 5);

/* A call for e failed with this errno: 0 if only e suffers from it (and it has
 * been said), a code if all would. */
int crx_extract_sys(struct crx_extraction *x, const struct crx_entry *e, int sys_errno,
		    const char *what, struct crx_err *err) CRX_MUST_CHECK;

/* The counts, at the end. */
void crx_extract_say_counts(struct crx_extraction *x);

/* --- extract_attrs.c: owners, modes, times --- */

/* By descriptor (name NULL), or by name in a directory, not followed. */
struct crx_extract_place {
	int fd;
	const char *name;
};
void crx_extract_set_attrs(struct crx_extraction *x, const struct crx_entry *e,
			   struct crx_extract_place p);

#endif
