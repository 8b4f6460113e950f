/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The segments of executables against the model of the kernel: which pages
 * are in place, and the reason for each that is not.
 */
#ifndef CRX_EXPLAIN_EXPLAIN_H
#define CRX_EXPLAIN_EXPLAIN_H

#include "exec/exec.h"
#include "read/walk.h"

/* A stretch of pages of one mapping that fare alike. */
struct crx_explain_group {
	uint32_t first_pg, npg;  /* file pages */
	bool in_place;
	const char *reason;      /* NULL if in place; the kernel's words, or ours */
	bool ours;               /* the kernel has no words for it */
};

struct crx_explain_segment {
	uint32_t index, flags;   /* program header */
	uint32_t file_page, pages;
	uint32_t in_place;
	uint64_t off;            /* image offset of the first page in place, if any */
	bool mixed;              /* part in place: a mixed map, /proc shows the file offset */
	struct crx_explain_group *group;
	size_t ngroups;
	const char *reason;      /* of the first page that is not in place, or NULL */
};

struct crx_explain_file {
	const struct crx_entry *entry;
	struct crx_exec exec;
	bool loadable;           /* at this page size */
	struct crx_explain_segment *seg;
	size_t nsegs;
	uint64_t pages, in_place; /* distinct file pages of segments that are not writable */
};

struct crx_explain {
	struct crx_explain_file *file; /* executables in the order of the listing; hard links (one inode) once */
	size_t nfiles;
	uint64_t pages, in_place;
};

/* no_mmu: all or nothing for each mapping (cramfs_physmem_get_unmapped_area). */
int crx_explain_image(const struct crx_image *img, const struct crx_listing *l, bool no_mmu, unsigned workers, struct crx_explain *out, struct crx_err *err) CRX_MUST_CHECK;
int crx_explain_entry(const struct crx_image *img, const struct crx_entry *e, bool no_mmu, struct crx_inflate *z, struct crx_explain_file *out, struct crx_err *err) CRX_MUST_CHECK;
void crx_explain_free(struct crx_explain *x);
void crx_explain_file_free(struct crx_explain_file *f);

#endif
