/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts about contents, from reading each file once: a hash of each block,
 * zero blocks, what the executable headers say; then which files and which
 * blocks are equal, byte for byte. The only user of xxhash.
 */
#ifndef CRX_SCAN_SCAN_H
#define CRX_SCAN_SCAN_H

#include "exec/exec.h"
#include "tree/tree.h"

struct crx_hash {
	uint64_t lo, hi;
};

/* Hash of one block's bytes (XXH3, 128 bits). */
struct crx_hash crx_scan_hash(const void *data, size_t len);
bool crx_hash_equal(struct crx_hash a, struct crx_hash b);

#define CRX_NO_BLOCK ((uint32_t)-1)

struct crx_block_fact {
	struct crx_hash hash;
	uint32_t file; /* index into files */
	uint32_t same; /* first block (lowest index) of equal bytes and length; itself if none */
	bool zero;     /* nothing but zero bytes */
};

struct crx_file_fact {
	const struct crx_node *node;
	uint32_t first_blk; /* into blk */
	uint32_t nblks;     /* ceil(size / page_size) */
	uint32_t same;      /* first file (lowest index) of equal bytes; itself if none */
	uint32_t link;      /* first file that is another name of this one; itself if none */
	uint32_t twin; /* first file that it will be one inode with: same, and of equal type, mode
			  and owner; itself if none */
	struct crx_exec exec;
};

struct crx_facts {
	uint32_t page_size;
	struct crx_file_fact *file; /* one for each of tree.file, same order */
	size_t nfiles;
	struct crx_block_fact *blk;
	size_t nblks;
};

struct crx_scan_opts {
	uint32_t page_size;
	unsigned workers;
	bool find_equal;  /* fill same by content; otherwise each is its own */
	bool executables; /* look at headers */
};

int crx_scan(const struct crx_tree *t, const struct crx_scan_opts *o, struct crx_facts *out,
	     struct crx_err *err) CRX_MUST_CHECK;
void crx_facts_free(struct crx_facts *f);

/* Length in bytes of block i of the file: page_size but for the last. */
uint32_t crx_scan_block_len(const struct crx_facts *f, const struct crx_file_fact *file,
			    uint32_t i);

/*
 * Read block i of file through its open handle and check it against the hash
 * that scan found: CRX_ECHANGED if it differs. buf has page_size bytes.
 */
int crx_scan_read_block(const struct crx_facts *f, size_t file, void *handle, uint32_t i, void *buf,
			struct crx_err *err) CRX_MUST_CHECK;

#endif
