/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages were in use on a target, from the files that xipstat or AXFS's
 * profiling wrote there. The only user of json-c.
 *
 * A profile is CSV, or JSON lines if its first byte that is no white space is
 * '{'. Lines end in LF or CR LF; a byte order mark in front of UTF-8 is passed over.
 *
 * CSV, a line each: path,offset,count
 *   path    as it is in the image; a leading "/" or "./" or none make no
 *           difference. The last two commas of a line end it, so it may hold
 *           commas. In double quotes, as of RFC 4180, it may hold anything,
 *           a quotation mark doubled; needed where it holds a line break or begins
 *           with a quotation mark, white space, '#' or '{'.
 *   offset  of any byte of the page in the file, decimal or 0x hexadecimal.
 *   count   how often the page was used, decimal; 0: not at all.
 * There is no white space around the commas. Skipped are empty lines, lines
 * that begin with '#', and the heading path,offset,count before any other line.
 *
 * JSON lines: in each line an object, in strict JSON and at most 1 MiB long,
 * with the members
 *   "path"    a string, as above. Bytes that are not UTF-8 stand as they are.
 *   "offset"  a whole number, as above.
 *   "count"   the same; 1 if there is none.
 * Others are ignored, and so are empty lines. Needs a build with json-c.
 *
 * The same page may be named any number of times, in any order: counts under
 * one name of a file add up; of several names of it (hard links, and equal files that
 * will be one inode: twin) the highest count holds, since a page in RAM is told under each of them.
 */
#ifndef CRX_PROFILE_PROFILE_H
#define CRX_PROFILE_PROFILE_H

#include "wishes/policy/policy.h"

struct crx_profile_entry {
	const char *path; /* as the profile has it; equal ones in a row are the same pointer */
	uint64_t off;     /* bytes */
	uint64_t count;   /* > 0 */
};

/* Any number of profiles, one behind the other. Zero-initialise. */
struct crx_profile {
	struct crx_profile_entry *entry;
	size_t nentries, cap;
	size_t nfiles; /* that were read */
	struct crx_arena paths;
};

/* Append the file at path, of at most 256 MiB, or a text of len bytes called
 * name in messages. CRX_EFORMAT names the first line that is neither, as
 * "FILE:LINE"; CRX_EARG for JSON lines in a build without json-c. p is the
 * caller's to free in any case. */
int crx_profile_read(struct crx_profile *p, const char *path, struct crx_err *err) CRX_MUST_CHECK;
int crx_profile_parse(struct crx_profile *p, const char *name, const char *text, size_t len,
		      struct crx_err *err) CRX_MUST_CHECK;
void crx_profile_free(struct crx_profile *p);

/* How hot each page is. */
struct crx_heat {
	bool given;      /* there is a profile; otherwise every candidate page counts 1 */
	uint32_t *count; /* one for each of facts.blk: how often it was used, all profiles together
			    (saturating); NULL unless given */
};

/*
 * Profile to pages: paths are looked up in the tree, links followed; every name
 * of a file (twin) gets the highest counts of all its names. Entries of paths that are not there,
 * or are no regular file, or behind the file's end, are summed up in one warning each kind (with
 * the first path); a profile without entries is a warning, too.
 */
int crx_profile_heat(const struct crx_profile *p, const struct crx_tree *t,
		     const struct crx_facts *f, struct crx_log *log, struct crx_heat *out,
		     struct crx_err *err) CRX_MUST_CHECK;
void crx_heat_free(struct crx_heat *h);

/* How often page pg of the file was used; 1 where no profile is given. */
uint32_t crx_heat_of(const struct crx_heat *h, const struct crx_facts *f, size_t file, uint32_t pg);

/* Only the shortest prefix that covers the hot pages of each candidate that is
 * no must (all or nothing of a unit: all if one page is hot). The caller settles. */
void crx_heat_trim(const struct crx_heat *h, const struct crx_facts *f, struct crx_wishes *w);

#endif
