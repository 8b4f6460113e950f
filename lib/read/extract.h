/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extracts an image into a directory, and never outside of it: every step is an openat() that does
 * not follow links, and names with '/' and the names "." and ".." are refused. Paths may be longer
 * than PATH_MAX, and directories may be nested to any depth.
 */
#ifndef CRX_READ_EXTRACT_H
#define CRX_READ_EXTRACT_H

#include "read/kmodel.h"
#include "read/walk.h"

struct crx_extract_opts {
	unsigned workers;
	bool owners;         /* set owners and setuid bits; make FIFOs and sockets */
	bool devices;        /* make device nodes, if owners is set */
	struct crx_log *log; /* gets the first paths of each kind of omission, and counts */
};

/* Counts of entries. */
struct crx_extract_result {
	size_t made;    /* including the root */
	size_t not_set; /* lack their owner, bits, mode or times, or were not made */
	size_t denied;  /* of these, lack something that the options ask for */
	size_t failed;  /* cannot be read from the image or be made, in whole or in part */
};

/* Was less made than the options ask for? */
static inline bool crx_extract_in_part(const struct crx_extract_result *r)
{
	return r->denied || r->failed;
}

/*
 * dir is created if it does not exist; if it does, it must be empty and not a symbolic link. Times
 * become 0, pages of zeros become holes. Entries with the same inode number become separate files,
 * because the number does not identify hard links: mkcramfs gives it to equal files too. Pages that
 * cannot be read are holes in their file, which counts as failed. Modes and times are always asked
 * for.
 *
 * CRX_EIO if the system fails, as with a full disk; then dir contains a part of the tree. CRX_EBIG
 * as from crx_extract_check_size.
 */
int crx_extract(const struct crx_image *img, const struct crx_listing *l, const char *dir,
		const struct crx_extract_opts *o, struct crx_extract_result *out,
		struct crx_err *err) CRX_MUST_CHECK;

/* --- the same rules, for other consumers of a listing --- */

/* Why e must not be given to a file system: its name would lead elsewhere, or its type is not
 * valid. NULL if it may be; the root always may. */
const char *crx_extract_why_refused(const struct crx_entry *e);

/* What directory e lacks: "left empty: ...". NULL if it is complete, or not a directory. */
const char *crx_extract_why_incomplete(const struct crx_entry *e);

/* Permissions of e. The root has 0555 as well, which cramfs_read_super() adds. */
uint32_t crx_extract_mode(const struct crx_entry *e);

/*
 * A small image can become petabytes of files if they share tables. CRX_EBIG if all contents have
 * more than 4 GiB, and more than an image of this length could hold without shared tables.
 */
int crx_extract_check_size(const struct crx_image *img, const struct crx_listing *l,
			   struct crx_err *err) CRX_MUST_CHECK;

/* Bytes of e that read() or readlink() return; 0 for other types. */
uint32_t crx_extract_size(const struct crx_entry *e);

/* Pages that could not be read, added up over calls in the order of pages. Zero-initialise. */
struct crx_extract_bad {
	uint32_t pages;
	uint32_t first_pg;  /* the first of them, */
	enum crx_k_why why; /* and why it cannot be read */
};

struct crx_extract_range {
	uint32_t first_pg, npg;
};

/* Reads pages of e into buf, as whole pages. Pages that cannot be read become zeros, and are
 * counted in bad. */
struct crx_inflate;
void crx_extract_pages(const struct crx_image *img, const struct crx_entry *e,
		       struct crx_extract_range range, struct crx_inflate *z, uint8_t *buf,
		       struct crx_extract_bad *bad);

/*
 * The target of a symbolic link as readlink() returns it (page_get_link()), with a NUL after it, in
 * page, which has page_size bytes. Returns NULL, or why there is no target.
 */
const char *crx_extract_target(const struct crx_image *img, const struct crx_entry *e,
			       struct crx_inflate *z, uint8_t *page);

#endif
