/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every entry of an image, by whatever tool, in the order of the tree (breadth
 * first: a directory's entries are adjacent). Hostile images end: a directory
 * is entered once, and the bytes of all entries are no more than the image's.
 */
#ifndef CRX_READ_WALK_H
#define CRX_READ_WALK_H

#include "read/image.h"

/* An entry; a tree of them lives until crx_listing_free. Small, for there may
 * be a million. */
struct crx_entry {
	const struct crx_entry *parent; /* NULL for the root */
	struct {
		const char *name;       /* "" for the root; may be "." or "..", may hold '/' */
		struct crx_inode inode;
		uint32_t off;           /* of the entry; the root's: 0 */
		uint8_t name_len;
	} de;
	uint32_t index;                 /* in listing.entry */
	uint32_t first_child, nchildren; /* directories: entries first_child .. */
	bool entered;                   /* false: a directory that was seen before (a cycle, or shared) or of which nothing could be read */
	bool damaged;                   /* a directory of which not all could be read */
};

struct crx_listing {
	struct crx_entry *entry; /* breadth first; [0] is the root */
	size_t n;
	bool truncated;          /* entries that could not be read, or too many of them */
	bool too_many;           /* more than a sound image of this length can have */
	char *names;             /* what de.name points into */
};

/* Fails only for memory. A damaged directory contributes the entries before the damage. */
int crx_listing_read(const struct crx_image *img, struct crx_listing *out, struct crx_err *err) CRX_MUST_CHECK;
void crx_listing_free(struct crx_listing *l);

/* "/usr/bin/sh" of entry e; "/" for the root. Returns buf; cut with "..." in front. */
const char *crx_entry_path(const struct crx_entry *e, char *buf, size_t cap);

/* The entry at path, links inside the image followed (the last one if follow_last); NULL if there is none. z inflates link targets. */
struct crx_inflate;
const struct crx_entry *crx_listing_find(const struct crx_image *img, const struct crx_listing *l, const char *path, bool follow_last, struct crx_inflate *z);

/* How many bytes read() serves: inode.size where the inode has data, else 0. */
uint32_t crx_entry_size(const struct crx_entry *e);

/*
 * The whole contents of a regular file or link as read() serves them; *out is
 * the caller's to free. There are inode.size bytes (those from crx_entry_size
 * on are 0) and a NUL. CRX_EFORMAT with path and the kernel's words.
 */
int crx_entry_contents(const struct crx_image *img, const struct crx_entry *e, struct crx_inflate *z, uint8_t **out, struct crx_err *err) CRX_MUST_CHECK;

#endif
