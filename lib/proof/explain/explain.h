/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The segments of the executables in an image, compared with the kernel model: which pages are in
 * place, and why the others are not.
 *
 * exec/mapping.h says what is mapped, read/kmodel.h how the cramfs driver maps it.
 */
#ifndef CRX_EXPLAIN_EXPLAIN_H
#define CRX_EXPLAIN_EXPLAIN_H

#include "exec/mapping.h"
#include "read/kmodel.h"
#include "read/walk.h"

struct crx_explain_opts {
	bool no_mmu;      /* each mapping is in place as a whole, or not at all */
	bool has_base;    /* base is known; otherwise it counts as page-aligned and not 0 */
	uint64_t base;    /* physical address of image byte 0 */
	unsigned workers; /* >= 1; for crx_explain_image */
};

/* What keeps pages of a mapping from being in place, other than the cramfs driver's answer. */
enum crx_explain_bar {
	CRX_EXPLAIN_NO_BAR,
	CRX_EXPLAIN_WRITABLE,   /* no MMU: writable mappings are copied */
	CRX_EXPLAIN_NO_BASE,    /* the flash has no physical address */
	CRX_EXPLAIN_EXACT_TAIL, /* last page of a file of whole pages: read() could not serve it */
	CRX_EXPLAIN_BARS
};

/* What is behind CRX_K_BLOCK_LAYOUT: how the first page that is not in place is kept. */
enum crx_explain_page {
	CRX_EXPLAIN_PAGE_UNKNOWN,
	CRX_EXPLAIN_PAGE_COMPRESSED,
	CRX_EXPLAIN_PAGE_HOLE,
	CRX_EXPLAIN_PAGE_STORED,
	CRX_EXPLAIN_PAGE_APART, /* direct, but not directly after the page before it */
	CRX_EXPLAIN_PAGES
};

/* Why pages are not in place. At most one of exec, bar and kernel is not 0; if all are 0, the pages
 * are in place. */
struct crx_explain_why {
	enum crx_exec_why exec; /* the kernel maps nothing of the file */
	enum crx_explain_bar bar;
	enum crx_k_why kernel; /* the answer of the kernel model */
	enum crx_explain_page page;
};

/* What it means, in the terms of whoever reads a report; NULL if the pages are in place. */
const char *crx_explain_why_means(struct crx_explain_why why);

/* What puts such pages in place; NULL if nothing does. An image alone cannot say which rule or
 * budget kept them out. */
const char *crx_explain_why_advice(struct crx_explain_why why);

/* The same as the kernel says it, or in our words where it says nothing. */
const char *crx_explain_why_text(struct crx_explain_why why);

/* Does the kernel log this reason, in the words of the text? */
bool crx_explain_why_logged(struct crx_explain_why why);

/* Consecutive pages of a mapping that are all in place, or none of them, for one reason. */
struct crx_explain_group {
	uint32_t first_pg, npg; /* file pages */
	bool in_place;
	struct crx_explain_why why;
};

enum { CRX_EXPLAIN_GROUPS = 2 }; /* only the first pages of a mapping can be in place */

struct crx_explain_segment {
	uint32_t index, flags; /* of the program header; 0 and r-x for a flat binary */
	bool writable;         /* never in place */
	uint64_t vaddr;        /* of the first page */
	uint32_t file_page, pages;
	uint32_t in_place; /* pages, from the first on */
	uint64_t off;      /* image offset of the first page in place, if there is one */
	/* in place as a whole: /proc/PID/maps shows the physical address, not the file offset */
	bool pfn;
	/* in place in part, or made longer and then cut: /proc/PID/maps shows the file offset */
	bool mixed;
	bool wrong_memory; /* mixed, and this version of the kernel maps something else there */
	bool refused;      /* no MMU: mmap() fails, and so the program does not start */
	struct crx_explain_group group[CRX_EXPLAIN_GROUPS];
	size_t ngroups;
	struct crx_explain_why why; /* of the first page that is not in place */
};

/* Who maps a file, as far as its name and its headers show. */
enum crx_explain_role {
	CRX_EXPLAIN_PROGRAM,
	CRX_EXPLAIN_LIBRARY,     /* position-independent, and not a program or called NAME.so[.N] */
	CRX_EXPLAIN_INTERPRETER, /* named by a program of the image; by crx_explain_image only */
};

struct crx_explain_file {
	const struct crx_entry *entry; /* the first of its names */
	struct crx_exec exec;
	enum crx_exec_why why; /* the kernel maps nothing of it */
	bool loadable;         /* the kernel maps or copies it */
	enum crx_explain_role role;
	/* the file in the same crx_explain that exec.interp names, or NULL; not by
	 * crx_explain_entry */
	const struct crx_explain_file *interp;
	bool interp_missing;             /* exec.interp names nothing in the image */
	struct crx_explain_segment *seg; /* in the order of exec.seg */
	size_t nsegs;
	uint64_t pages, in_place; /* distinct file pages of segments that are not writable */
};

struct crx_explain {
	struct crx_explain_file *file; /* each inode with segments, in the order of the listing */
	size_t nfiles;
	uint64_t pages, in_place;
	bool truncated; /* some files are missing: too many for a valid image of this length */
};

/* Fails only if memory is short. Blocks that cannot be read count as zeros. The caller frees out
 * with crx_explain_free. */
int crx_explain_image(const struct crx_image *img, const struct crx_listing *l,
		      const struct crx_explain_opts *o, struct crx_explain *out,
		      struct crx_err *err) CRX_MUST_CHECK;

/* The same for one file, which has no segments if it is not an executable. The caller frees out
 * with crx_explain_file_free. z belongs to the calling thread. */
int crx_explain_entry(const struct crx_image *img, const struct crx_entry *e,
		      const struct crx_explain_opts *o, struct crx_inflate *z,
		      struct crx_explain_file *out, struct crx_err *err) CRX_MUST_CHECK;

void crx_explain_free(struct crx_explain *x);
void crx_explain_file_free(struct crx_explain_file *f);

/*
 * A line that /proc/PID/maps shows for a mapping of the file in a process that runs or uses it:
 * a segment, a part of one that RELRO splits, or a gap that ld.so leaves in a library. With an MMU,
 * addresses count from the load address, or are absolute if the file is not position-independent.
 * Without one, they are physical if the mapping is in place, and otherwise count from its copy.
 */
struct crx_explain_line {
	uint64_t start, end;
	uint32_t flags;                        /* CRX_EXEC_R, _W, _X */
	bool shared;                           /* not private */
	bool known;                            /* no MMU: start and end are physical */
	uint64_t off;                          /* as shown: a file offset or a physical address */
	bool physical;                         /* off is a physical address */
	const struct crx_explain_segment *seg; /* NULL for a gap */
};

/* The n lines of f, which crx_explain_image or crx_explain_entry filled in with the same o. The
 * caller frees *out. */
int crx_explain_lines(const struct crx_image *img, const struct crx_explain_file *f,
		      const struct crx_explain_opts *o, struct crx_explain_line **out, size_t *n,
		      struct crx_err *err) CRX_MUST_CHECK;

#endif
