/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel and ld.so do with an executable: map it from the file, copy it
 * to RAM, or refuse it; and which pages each mapping covers. No other room
 * looks at formats, ELF types or sizes of segments: they ask here.
 *
 * With an MMU: elf_map() and total_mapping_size() of the kernel's
 * fs/binfmt_elf.c, and _dl_map_segments() of ld.so. Without one:
 * elf_fdpic_map_file() of fs/binfmt_elf_fdpic.c and load_flat_file() of
 * fs/binfmt_flat.c.
 *
 * All functions are pure: they read what crx_exec_parse found, allocate
 * nothing and cannot fail.
 */
#ifndef CRX_EXEC_MAPPING_H
#define CRX_EXEC_MAPPING_H

#include "exec/exec.h"

/* Why a kernel maps nothing of a file. */
enum crx_exec_why {
	CRX_EXEC_WHY_NONE,   /* it maps the file */
	CRX_EXEC_WHY_FORMAT, /* not an executable: data, a kernel module, a core file */
	CRX_EXEC_WHY_DAMAGED,
	CRX_EXEC_WHY_DEBUG,     /* separate debug file */
	CRX_EXEC_WHY_UNALIGNED, /* p_offset and p_vaddr of a segment differ modulo the page size */
	CRX_EXEC_WHY_FLAT_MMU,  /* flat, and the kernel has an MMU */
	CRX_EXEC_WHY_FLAT_RAM,  /* flat: compressed, or flagged to be loaded to RAM */
	CRX_EXEC_WHY_NOT_FDPIC, /* no MMU: position-independent, but not FDPIC */
	CRX_EXEC_WHY_NOT_PIC,   /* no MMU: neither */
	CRX_EXEC_WHY_CONSTDISP  /* no MMU: FDPIC whose segments must keep their distances */
};

/* "not FDPIC: copied to RAM as a whole"; NULL if the file is mapped. */
const char *crx_exec_why_text(enum crx_exec_why why);

/* Is the file loaded in spite of it, as a copy in RAM? */
bool crx_exec_why_copied(enum crx_exec_why why);

/* An executable and the kernel that loads it. */
struct crx_exec_load {
	const struct crx_exec *x; /* the caller's */
	uint32_t page_size;
	bool no_mmu;
	enum crx_exec_why why;
};

struct crx_exec_load crx_exec_load(const struct crx_exec *x, uint32_t page_size, bool no_mmu);

/* One mapping of the file. */
struct crx_exec_mapping {
	const struct crx_exec_segment *seg; /* of x->seg */
	uint64_t vaddr;                     /* of the first page */
	uint32_t first_pg;                  /* file page */
	uint32_t npg;                       /* without an MMU they may pass the end of the file */
	uint32_t made_pg; /* pages of the mapping as it is first made, before it is cut to npg */
	bool writable;    /* never in place */
	bool unit;        /* no MMU: in place as a whole or not at all */
};

/*
 * The mapping of segment i (below x->nseg). If load->why is not 0, what would
 * be mapped if it were. False if the segment cannot be mapped at this page
 * size; then first_pg and npg are the pages that hold its bytes.
 */
bool crx_exec_mapping(const struct crx_exec_load *load, size_t i, struct crx_exec_mapping *out);

/* Would a kernel or ld.so map some of it, whatever its page size and MMU? Also
 * true of damaged and debug files: they are not mere data. */
bool crx_exec_is_executable(const struct crx_exec *x);

/* Is it a program or library that ld.so works with: one that says for which
 * processor it is, and what else it needs? */
bool crx_exec_is_object(const struct crx_exec *x);

/* Can it be mapped at any address: a shared object or a PIE? */
bool crx_exec_is_pic(const struct crx_exec *x);

/* Is it only ever mapped by kernels without an MMU, whatever the image is for? */
bool crx_exec_is_for_no_mmu(const struct crx_exec *x);

/* Is its first mapping made as long as all of it, so that the gaps between
 * segments stay reserved? */
bool crx_exec_reserves_span(const struct crx_exec *x);

#endif
