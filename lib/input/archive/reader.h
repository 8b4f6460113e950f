/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads archives, entry by entry: tar, cpio, zip, 7z and every other format of
 * libarchive except mtree, compressed in any way that libarchive decompresses
 * without running a program.
 *
 * Names are the bytes in the archive. zip, 7z, rar, cab, xar and iso9660 store
 * characters; these names are converted to UTF-8, composed (NFC). The program
 * must be in the C locale.
 *
 * zip, 7z, iso9660 and similar formats need a file to seek in. From a pipe, or
 * if they are compressed once more, they are first copied to a file without a
 * name (base/io.h).
 *
 * Concatenated cpio archives, also with zeros between them, are read as one, as
 * in an initramfs. Each may be compressed in its own way or not at all. (After
 * xz or zstd, libarchive accepts only more of the same, and fails otherwise.)
 * What follows the end of a tar archive is not read; this gives a warning.
 *
 * Without libarchive, crx_archive_open() fails with CRX_EFORMAT.
 */
#ifndef CRX_ARCHIVE_READER_H
#define CRX_ARCHIVE_READER_H

#include "base/io.h"

struct crx_archive_member {
	const char *path;         /* not empty; may be absolute, contain "..", or end in '/' */
	uint32_t mode;            /* type and permissions; 0 for a hard link stored without them */
	uint32_t uid, gid;        /* UINT32_MAX also for larger and for negative ones */
	const char *user, *group; /* NULL: not stored */
	uint32_t dev_major, dev_minor;
	bool has_size; /* false: the size is known only after reading the data */
	uint64_t size;
	const char *target;   /* of a symbolic link, else NULL */
	const char *hardlink; /* path of an entry that this is another name of, or NULL; it may
				 still have data */
	uint32_t nlink;       /* names of the file; 1 if not stored */
	bool data_last;       /* cpio: the data is stored with the last of nlink names */
	bool encrypted;       /* the data cannot be read */
	bool sparse;          /* the archive does not store its holes */
	unsigned xattrs;      /* CRX_XATTR_*: which kinds it has, ACLs however they are stored */
};

struct crx_archive_reader;

/*
 * CRX_EFORMAT if the file is not an archive. in has at most 64 KiB that were read before; its fd
 * stays the caller's. log is for warnings, and may be NULL. fd and log must outlive the reader.
 */
int crx_archive_open(struct crx_archive_reader **out, const struct crx_io_rest *in,
		     struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;

/*
 * Returns 1 with the next entry, valid until the next call, or 0 at the end.
 * Data of the previous entry that was not read is skipped. Truncated or damaged
 * archives are errors. A tar without its end mark, which some writers omit, is
 * an error too, unless it is compressed: the compressed data has an end of its
 * own, so this is only a warning.
 */
int crx_archive_next(struct crx_archive_reader *r, struct crx_archive_member *m,
		     struct crx_err *err) CRX_MUST_CHECK;

/*
 * The next *got bytes of the entry's data, at most len; *got is 0 at the end.
 * Holes read as zeros. A checksum, if the format has one, is checked when the
 * end is reached.
 */
int crx_archive_read(struct crx_archive_reader *r, void *buf, size_t len, size_t *got,
		     struct crx_err *err) CRX_MUST_CHECK;

/* Accepts NULL. */
void crx_archive_close_reader(struct crx_archive_reader *r);

#endif
