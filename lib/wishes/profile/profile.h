/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages were used on a target, from files that xipstat or the profiling of AXFS wrote there.
 * The only user of json-c.
 *
 * A profile is in JSON lines if its first byte after white space is '{', otherwise CSV. Lines end
 * in LF or CR LF. A byte order mark at the beginning is ignored.
 *
 * CSV has lines of path,offset,count:
 *   path    in the image; a leading "/" or "./" makes no difference. It may contain commas,
 *           because it ends at the last but one comma of the line. It may be in double quotes, as
 *           in RFC 4180: then it may contain any bytes, and a quotation mark is doubled. A path
 *           that contains a line break, or begins with a quotation mark, white space, '#' or '{',
 *           must be quoted.
 *   offset  of any byte of the page in the file, decimal or 0x hexadecimal.
 *   count   how often the page was used, decimal; 0: not used.
 * There is no white space around the commas. Empty lines, lines that begin with '#', and the
 * heading path,offset,count before any other line are ignored.
 *
 * JSON lines have an object on each line, in strict JSON and at most 1 MiB long, with the members
 *   "path"    a string, as above. Bytes that are not UTF-8 are kept.
 *   "offset"  a whole number, as above.
 *   "count"   a whole number, as above; 1 if absent.
 * Other members, and empty lines, are ignored. This format needs a build with json-c.
 *
 * A page may be listed repeatedly, in any order. The counts under one name of a file are added. Of
 * several names of a file (hard links, and equal files that will be one inode) the highest count is
 * used, because a page in RAM is listed under each of them.
 */
#ifndef CRX_PROFILE_PROFILE_H
#define CRX_PROFILE_PROFILE_H

#include "wishes/policy/policy.h"

struct crx_profile_entry {
	const char *path; /* as in the profile; equal paths in a row are one pointer */
	uint64_t off;     /* bytes */
	uint64_t count;   /* > 0 */
};

/* Any number of profiles, one after the other. Zero-initialise. */
struct crx_profile {
	struct crx_profile_entry *entry;
	size_t nentries, cap;
	size_t nfiles; /* read so far */
	struct crx_arena paths;
};

/*
 * Append the file at path, of at most 256 MiB, or a text of len bytes that messages call name.
 * CRX_EFORMAT: err names the first invalid line, as "FILE:LINE". CRX_EARG: JSON lines in a build
 * without json-c. The caller frees p, even after an error.
 */
int crx_profile_read(struct crx_profile *p, const char *path, struct crx_err *err) CRX_MUST_CHECK;
int crx_profile_parse(struct crx_profile *p, const char *name, const char *text, size_t len,
		      struct crx_err *err) CRX_MUST_CHECK;
void crx_profile_free(struct crx_profile *p);

/* How often each page was used. */
struct crx_heat {
	bool given; /* there is a profile; otherwise every page counts 1 */
	/* for each of facts.blk: the sum of all profiles (saturating); NULL unless given */
	uint32_t *count;
};

/*
 * From paths to pages. Paths are looked up in the tree, through links. Every name of a file, and
 * every file that will share its inode, gets the highest counts of all of them. Entries whose path
 * does not exist, is not a regular file, or is too short for the offset are ignored, with one
 * warning for each kind, which names the first path. A profile without entries is also a warning.
 */
int crx_profile_heat(const struct crx_profile *p, const struct crx_tree *t,
		     const struct crx_facts *f, struct crx_log *log, struct crx_heat *out,
		     struct crx_err *err) CRX_MUST_CHECK;
void crx_heat_free(struct crx_heat *h);

/* How often page pg of the file was used; 1 if no profile is given. */
uint32_t crx_heat_of(const struct crx_heat *h, const struct crx_facts *f, size_t file, uint32_t pg);

/* Choose the leading pages of each candidate: all of a must; all of a unit with a used page; of
 * others, the fewest that cover the used pages. The caller then updates the ranges. */
void crx_heat_choose(const struct crx_heat *h, const struct crx_facts *f, struct crx_wishes *w);

#endif
