/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts about contents. Each file is read once, which gives the hash of each block,
 * the zero blocks, and what executable headers say. Then equal files and equal blocks
 * are found, byte for byte.
 */
#ifndef CRX_SCAN_SCAN_H
#define CRX_SCAN_SCAN_H

#include "exec/exec.h"
#include "tree/tree.h"

struct crx_hash {
	uint64_t lo, hi;
};

/* The hash of a block's bytes (XXH3, 128 bits). */
struct crx_hash crx_scan_hash(const void *data, size_t len);
bool crx_hash_equal(struct crx_hash a, struct crx_hash b);

#define CRX_NO_BLOCK ((uint32_t)-1)

struct crx_block_fact {
	struct crx_hash hash;
	uint32_t file; /* index in crx_facts.file */
	uint32_t same; /* the first block with the same bytes and length, which may be itself */
	bool zero;     /* all bytes are zero */
};

struct crx_file_fact {
	const struct crx_node *node;
	uint32_t first_blk; /* index in crx_facts.blk */
	uint32_t nblks;     /* ceil(size / page_size) */
	/* the first file, which may be itself, that ... */
	uint32_t same;  /* ... has the same bytes */
	uint32_t link;  /* ... is another name of this one (a hard link) */
	uint32_t inode; /* ... shares an inode with it: the same bytes, type, mode and owner */
	struct crx_exec exec;
	int unreadable; /* errno, if it cannot be read */
};

struct crx_facts {
	uint32_t page_size;
	struct crx_file_fact *file; /* in the order of tree.file */
	size_t nfiles;
	struct crx_block_fact *blk;
	size_t nblks;
	size_t unreadable; /* how many files; if there are any, nothing else is complete */
};

struct crx_scan_opts {
	uint32_t page_size;
	unsigned workers;
	bool find_equal;  /* find equal files and blocks; else only hard links are the same */
	bool executables; /* parse executables */
};

/*
 * Scan all files of a finished tree, which must outlive *out. A file that cannot be read
 * (crx_io_is_unreadable()) is not an error here: the caller reports all of them. Any other failure
 * is one, such as that of a file that vanished or changed.
 */
int crx_scan(const struct crx_tree *t, const struct crx_scan_opts *o, struct crx_facts *out,
	     struct crx_err *err) CRX_MUST_CHECK;
void crx_facts_free(struct crx_facts *f);

/* Bytes of block i of the file: page_size, except for the last block. */
uint32_t crx_scan_block_len(const struct crx_facts *f, const struct crx_file_fact *file,
			    uint32_t i);

/* A good number of bytes to read at a time: at least one block of any page size. */
enum { CRX_SCAN_SPAN = 64 * 1024 };

/*
 * Read n > 0 blocks of a file from its open handle, from block b of facts.blk on, into buf, which
 * has n times page_size bytes. CRX_ECHANGED if the hash of one is not the one that crx_scan()
 * found.
 */
int crx_scan_read_blocks(const struct crx_facts *f, void *handle, uint32_t b, uint32_t n, void *buf,
			 struct crx_err *err) CRX_MUST_CHECK;

#endif
