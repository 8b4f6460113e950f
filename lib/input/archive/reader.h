/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Archives in, entry by entry: tar, cpio, zip, 7z and whatever else libarchive
 * reads (but mtree), compressed by whatever it decompresses without running a
 * program.
 *
 * Names are bytes, as they stand in the archive. zip, 7z, rar, cab, xar and
 * iso9660 store characters: those come as UTF-8, composed (NFC). The program
 * must be in the C locale.
 *
 * zip, 7z, iso9660 and their like cannot be read from the front on. Out of a
 * pipe, or where they are compressed once more, they are copied to a file
 * without a name (base/io.h) first.
 *
 * cpio archives one behind the other, with zeros between them, are one, as in
 * an initramfs, each compressed in its own way or not at all (but behind xz
 * or zstd libarchive takes nothing but more of the same, and fails).
 * What follows the end of a tar archive is not read, with a warning.
 *
 * Without libarchive crx_archive_open answers CRX_EFORMAT, and
 * crx_archive_probe false.
 */
#ifndef CRX_ARCHIVE_READER_H
#define CRX_ARCHIVE_READER_H

#include "base/err.h"

struct crx_archive_member {
	const char *path;  /* not empty; as it stands: may be absolute, hold "..", end in '/' */
	uint32_t mode;     /* type and permissions; 0 for a hard link that tells neither */
	uint32_t uid, gid; /* UINT32_MAX: that, or more, or less than 0 */
	const char *user, *group; /* NULL: not told */
	uint32_t dev_major, dev_minor;
	bool has_size; /* else only reading tells */
	uint64_t size;
	const char *target;   /* symbolic links, else NULL */
	const char *hardlink; /* the path, as it stands, that this is one more name of; data may
				 come with it */
	uint32_t nlink;       /* names of the file, where told; else 1 */
	bool data_last;       /* cpio: the data comes with the last of nlink names */
	bool encrypted;       /* the data cannot be read */
	bool sparse;          /* the archive leaves its holes out */
	unsigned xattrs; /* CRX_XATTR_*: the kinds it has; ACLs that the format tells of in another
			    way as well */
};

struct crx_archive_reader;

/* Where an archive comes from. All of it stays the caller's. */
struct crx_archive_input {
	int fd;
	const char *name; /* for messages */
	const void *head; /* bytes that have been read from fd already, at most 64 KiB */
	size_t head_len;
	struct crx_log *log; /* gets warnings of libarchive; or NULL */
};

/* CRX_EFORMAT if it is not an archive. */
int crx_archive_open(struct crx_archive_reader **out, const struct crx_archive_input *in,
		     struct crx_err *err) CRX_MUST_CHECK;

/* The next entry: 1, good until the next call; 0 at the end. What has not been
 * read of the one before is passed over. A truncated archive is an error,
 * and so is anything that is damaged. A tar without its mark of the end, as
 * some writers make them, is only a warning if it is compressed, since that
 * has an end of its own. */
int crx_archive_next(struct crx_archive_reader *r, struct crx_archive_member *m,
		     struct crx_err *err) CRX_MUST_CHECK;

/* More of the entry's data, *got bytes of at most len; 0 at its end. Holes read
 * as zeros. Reading on until 0 checks the checksum, where there is one. */
int crx_archive_read(struct crx_archive_reader *r, void *buf, size_t len, size_t *got,
		     struct crx_err *err) CRX_MUST_CHECK;

/* Accepts NULL. */
void crx_archive_close_reader(struct crx_archive_reader *r);

/*
 * Is there a regular file at path in which libarchive finds at least one
 * entry? By what it holds, whatever its name. "raw" data is no archive, nor is
 * a file that only ends in a zip archive.
 */
bool crx_archive_probe(const char *path);

#endif
