/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image into a directory, never outside of it: every step by openat()
 * without following links, no name with '/', no "." or "..". Paths may be
 * longer than PATH_MAX, and directories nested to any depth.
 */
#ifndef CRX_READ_EXTRACT_H
#define CRX_READ_EXTRACT_H

#include "read/walk.h"

struct crx_extract_opts {
	unsigned workers;
	bool owners;         /* set owners and setuid bits; make FIFOs and sockets */
	bool devices;        /* make device nodes; with owners only */
	struct crx_log *log; /* the first paths of each kind that was left out, and counts */
};

/* Counts of entries. */
struct crx_extract_result {
	size_t made;    /* the root as well */
	size_t not_set; /* without their owner, bits, mode or times, or not made at all */
	size_t denied;  /* of these, the ones of which the options ask for what is missing */
	size_t failed;  /* cannot be read from the image, or be made: all or a part of them */
};

/* Is what was made less than what was asked for? */
static inline bool crx_extract_in_part(const struct crx_extract_result *r)
{
	return r->denied || r->failed;
}

/*
 * dir is created if it does not exist; it must be empty otherwise, and no
 * symbolic link. Times become 0; zero pages become holes. Entries with one
 * inode number become separate files: mkcramfs gives one number to equal
 * files as well, so it does not tell a hard link. Pages that cannot be read
 * are holes in their file, which counts as failed. Modes and times are always
 * asked for.
 *
 * CRX_EIO where the system fails (a full disk): what is in dir then is a part
 * of the tree. CRX_EBIG as from crx_extract_check_size.
 */
int crx_extract(const struct crx_image *img, const struct crx_listing *l, const char *dir,
		const struct crx_extract_opts *o, struct crx_extract_result *out,
		struct crx_err *err) CRX_MUST_CHECK;

/* --- the same rules for whoever makes something else of a listing --- */

/* Why e must not be given to a file system: its name would lead elsewhere, or
 * its type is none. NULL for a good one; the root is. */
const char *crx_extract_refuses(const struct crx_entry *e);

/* What directory e lacks: "left empty: ...". NULL if it is whole, or no directory. */
const char *crx_extract_lacks(const struct crx_entry *e);

/* Permissions of e; the root's with the 0555 that cramfs_read_super() adds. */
uint32_t crx_extract_mode(const struct crx_entry *e);

/*
 * An image of n bytes can make petabytes of files if they share tables. CRX_EBIG
 * if all contents come to more than tables of the image's length could hold
 * unshared, and to more than 4 GiB.
 */
int crx_extract_check_size(const struct crx_image *img, const struct crx_listing *l,
			   struct crx_err *err) CRX_MUST_CHECK;

/* Bytes of e as read() and readlink() count them: what stat() says, and 0 for
 * what holds no data. */
uint32_t crx_extract_size(const struct crx_entry *e);

/* Pages that could not be read; zero-initialise, collects over calls in the order of pages. */
struct crx_extract_bad {
	uint32_t pages;
	uint32_t first_pg; /* of them */
	const char *why;   /* the kernel's words for it */
};

struct crx_extract_range {
	uint32_t first_pg, npg;
};

/* Pages of e into buf, as whole pages; zeros for what cannot be read, which is counted in bad. */
struct crx_inflate;
void crx_extract_pages(const struct crx_image *img, const struct crx_entry *e,
		       struct crx_extract_range range, struct crx_inflate *z, uint8_t *buf,
		       struct crx_extract_bad *bad);

/*
 * The target of a link as readlink() serves it: of one page, ended by a NUL
 * (page_get_link()). page has page_size bytes. NULL, or why there is none.
 */
const char *crx_extract_target(const struct crx_image *img, const struct crx_entry *e,
			       struct crx_inflate *z, uint8_t *page);

#endif
