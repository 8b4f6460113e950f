/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every entry of an image made by any tool, breadth first, so that the entries of a directory are
 * adjacent. Work and memory are bounded for hostile images as well: each directory is entered once,
 * and all entries together have at most as many bytes as the image.
 */
#ifndef CRX_READ_WALK_H
#define CRX_READ_WALK_H

#include "read/image.h"

/* An entry, valid until crx_listing_free. It is small because there may be a million. */
struct crx_entry {
	const struct crx_entry *parent; /* NULL for the root */
	struct {
		const char *name; /* "" for the root; may be "." or "..", and contain '/' */
		struct crx_inode inode;
		uint32_t off; /* of the entry; the root's: 0 */
		uint8_t name_len;
	} de;
	uint32_t index;                  /* in listing.entry */
	uint32_t first_child, nchildren; /* of a directory, in listing.entry */
	bool entered; /* false for a directory that was seen before, or is not readable at all */
	bool damaged; /* a directory of which only a part can be read */
};

struct crx_listing {
	struct crx_entry *entry; /* breadth first; [0] is the root */
	size_t n;
	bool truncated; /* some entries cannot be read, or there are too many */
	bool too_many;  /* more than a valid image of this length can have */
	char *names;    /* what de.name points into */
};

/* Fails only if memory is short. A damaged directory is listed up to the damage. */
int crx_listing_read(const struct crx_image *img, struct crx_listing *out, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_listing_free(struct crx_listing *l);

/* The path of e, such as "/usr/bin/sh"; "/" for the root. Returns buf. A path that does not fit
 * loses its beginning, and has "..." there. */
const char *crx_entry_path(const struct crx_entry *e, char *buf, size_t cap);

/* The entry at path, or NULL and errno as stat() sets it. Follows symbolic links within the image;
 * one at the end of the path only if follow_last. z inflates their targets. */
struct crx_inflate;
const struct crx_entry *crx_listing_find(const struct crx_image *img, const struct crx_listing *l,
					 const char *path, bool follow_last, struct crx_inflate *z);

/* What the bits of S_IFMT mean. */
struct crx_entry_type {
	uint32_t mode;    /* S_IFREG and so on; 0 if mode has no valid type */
	char letter;      /* as in ls -l; '?' */
	const char *name; /* "file", "directory", "symlink", ...; "unknown" */
};

const struct crx_entry_type *crx_entry_type(uint32_t mode);

/* How many bytes read() returns: inode.size if the inode has data, else 0. */
uint32_t crx_entry_size(const struct crx_entry *e);

/*
 * The contents of a regular file or symbolic link as read() returns them; the caller frees *out.
 * It has inode.size bytes (those from crx_entry_size on are 0) and a NUL. CRX_EFORMAT, with the
 * path and the kernel's words, if a block cannot be read.
 */
int crx_entry_contents(const struct crx_image *img, const struct crx_entry *e,
		       struct crx_inflate *z, uint8_t **out, struct crx_err *err) CRX_MUST_CHECK;

#endif
