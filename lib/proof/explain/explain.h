/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The segments of executables against the model of the kernel: which pages
 * are in place, and the reason for each that is not.
 *
 * Who maps what: load_elf_binary() and load_elf_interp() of the kernel's
 * fs/binfmt_elf.c, and ld.so; without an MMU elf_fdpic_map_file() of
 * fs/binfmt_elf_fdpic.c and load_flat_file() of fs/binfmt_flat.c.
 */
#ifndef CRX_EXPLAIN_EXPLAIN_H
#define CRX_EXPLAIN_EXPLAIN_H

#include "exec/mapping.h"
#include "read/kmodel.h"
#include "read/walk.h"

struct crx_explain_opts {
	bool no_mmu;      /* all or nothing for each mapping */
	bool has_base;    /* base is known; otherwise taken for page-aligned and not 0 */
	uint64_t base;    /* physical address of image byte 0 */
	unsigned workers; /* >= 1; for crx_explain_image */
};

/* What keeps pages of a file that is mapped out of place before the cramfs driver
 * is asked, or whatever it answers. */
enum crx_explain_bar {
	CRX_EXPLAIN_NO_BAR,
	CRX_EXPLAIN_WRITABLE,   /* no MMU: what is writable is copied */
	CRX_EXPLAIN_NO_BASE,    /* the flash has no physical address */
	CRX_EXPLAIN_EXACT_TAIL, /* the last page of a file of whole pages: in place, read() fails */
	CRX_EXPLAIN_BARS
};

/* Why pages are not in place: one of these. All zero: they are. */
struct crx_explain_why {
	enum crx_exec_why exec;  /* the file is not mapped at all */
	enum crx_explain_bar bar;
	enum crx_k_why kernel;   /* the kernel model's answer */
};

/* NULL if the pages are in place. */
const char *crx_explain_why_text(struct crx_explain_why why);

/* Is the text what the kernel itself logs? */
bool crx_explain_why_logged(struct crx_explain_why why);

/* Consecutive pages of one mapping: all in place, or none, for one reason. */
struct crx_explain_group {
	uint32_t first_pg, npg;  /* file pages */
	bool in_place;
	struct crx_explain_why why;
};

enum { CRX_EXPLAIN_GROUPS = 2 }; /* what is in place is always a prefix */

struct crx_explain_segment {
	uint32_t index, flags;   /* program header; 0 and r-x for a flat binary */
	bool writable;           /* never in place */
	uint64_t vaddr;          /* of the first page */
	uint32_t file_page, pages;
	uint32_t in_place;       /* pages, from the first on */
	uint64_t off;            /* image offset of the first page in place, if any */
	bool pfn;                /* one PFN mapping: /proc/PID/maps shows the physical address in place of the file offset */
	bool mixed;              /* part in place, or made longer and then cut: /proc shows the file offset */
	bool refused;            /* no MMU: mmap() fails, and so does the program */
	struct crx_explain_group group[CRX_EXPLAIN_GROUPS];
	size_t ngroups;
	struct crx_explain_why why; /* of the first page that is not in place */
};

/* Who maps a file, as far as can be seen. */
enum crx_explain_role {
	CRX_EXPLAIN_PROGRAM,
	CRX_EXPLAIN_LIBRARY,     /* position-independent, and not a program or called NAME.so[.N] */
	CRX_EXPLAIN_INTERPRETER, /* named by a program of the image; by crx_explain_image only */
};

struct crx_explain_file {
	const struct crx_entry *entry; /* the first of its names */
	struct crx_exec exec;
	enum crx_exec_why why;   /* a kernel of this kind maps nothing of it */
	bool loadable;           /* mapped or copied by such a kernel */
	enum crx_explain_role role;
	struct crx_explain_segment *seg; /* in the order of exec.seg */
	size_t nsegs;
	uint64_t pages, in_place; /* distinct file pages of segments that are not writable */
};

struct crx_explain {
	struct crx_explain_file *file; /* those with segments, in the order of the listing; one inode once */
	size_t nfiles;
	uint64_t pages, in_place;
	bool truncated; /* too much to look at for an image of this length: some files were left out */
};

/* Fails only for memory. What cannot be read counts as zeros. */
int crx_explain_image(const struct crx_image *img, const struct crx_listing *l, const struct crx_explain_opts *o, struct crx_explain *out, struct crx_err *err) CRX_MUST_CHECK;

/* One file; no segments where it is no executable. */
int crx_explain_entry(const struct crx_image *img, const struct crx_entry *e, const struct crx_explain_opts *o, struct crx_inflate *z, struct crx_explain_file *out, struct crx_err *err) CRX_MUST_CHECK;

void crx_explain_free(struct crx_explain *x);
void crx_explain_file_free(struct crx_explain_file *f);

/*
 * The lines that /proc/PID/maps shows of the file's mappings in a process
 * that runs or uses it: segments split by RELRO, and the gaps that ld.so
 * leaves in a library. Addresses count from the load address; those
 * of a file that is not position-independent are absolute. Without an MMU they are what they are, or, for a copy,
 * count from where it was put.
 */
struct crx_explain_line {
	uint64_t start, end;
	char perms[5];    /* "r-xp" */
	bool known;       /* start and end are physical addresses (no MMU, in place) */
	uint64_t off;     /* as shown: file offset or physical address */
	bool physical;    /* which of the two */
	const struct crx_explain_segment *seg; /* NULL: a gap */
};

/* f as found with o. *out, n lines, is the caller's to free. */
int crx_explain_lines(const struct crx_image *img, const struct crx_explain_file *f,
		      const struct crx_explain_opts *o, struct crx_explain_line **out, size_t *n,
		      struct crx_err *err) CRX_MUST_CHECK;

#endif
