/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel and ld.so do with an executable: map it from the file, copy it to RAM, or refuse
 * it; and which pages each mapping has. Other rooms call these functions and do not look at
 * formats, ELF types or sizes of segments.
 *
 * With an MMU, this follows elf_map() and total_mapping_size() in the kernel's fs/binfmt_elf.c, and
 * _dl_map_segments() in ld.so; without one, elf_fdpic_map_file() in fs/binfmt_elf_fdpic.c and
 * load_flat_file() in fs/binfmt_flat.c.
 *
 * All functions are pure: they read the results of crx_exec_parse(), allocate nothing and cannot
 * fail.
 */
#ifndef CRX_EXEC_MAPPING_H
#define CRX_EXEC_MAPPING_H

#include "exec/exec.h"

/* Why a kernel does not map a file. */
enum crx_exec_why {
	CRX_EXEC_WHY_NONE,   /* it maps the file */
	CRX_EXEC_WHY_FORMAT, /* not an executable: data, a kernel module, a core file */
	CRX_EXEC_WHY_DAMAGED,
	CRX_EXEC_WHY_DEBUG,     /* separate debug file */
	CRX_EXEC_WHY_UNALIGNED, /* p_offset and p_vaddr of a segment differ modulo the page size */
	CRX_EXEC_WHY_FLAT_MMU,  /* flat binary, and the kernel has an MMU */
	CRX_EXEC_WHY_FLAT_RAM,  /* flat binary: compressed, or flagged to be loaded to RAM */
	CRX_EXEC_WHY_NOT_FDPIC, /* no MMU: position-independent, but not FDPIC */
	CRX_EXEC_WHY_NOT_PIC,   /* no MMU: neither position-independent nor FDPIC */
	CRX_EXEC_WHY_CONSTDISP, /* no MMU: FDPIC whose segments must keep their distances */
	CRX_EXEC_WHYS
};

/* "not FDPIC: copied to RAM as a whole"; NULL if the file is mapped. */
const char *crx_exec_why_text(enum crx_exec_why why);

/* Is the file still loaded, as a copy in RAM? */
bool crx_exec_why_copied(enum crx_exec_why why);

/* An executable and the kernel that loads it. */
struct crx_exec_load {
	const struct crx_exec *x; /* owned by the caller */
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
	uint32_t npg;                       /* may pass the end of the file without an MMU */
	uint32_t initial_pg; /* pages when it is first mapped, before it is cut to npg */
	bool writable;       /* never in place */
	bool unit;           /* no MMU: in place as a whole or not at all */
};

/*
 * The mapping of segment i (below x->nseg). If load->why is not 0, the mapping that it would have
 * if the file were mapped. False if the segment cannot be mapped at this page size; then first_pg
 * and npg are the pages that contain its bytes.
 */
bool crx_exec_mapping(const struct crx_exec_load *load, size_t i, struct crx_exec_mapping *out);

/* May a kernel or ld.so, of any page size, with or without an MMU, map it? Also true for damaged
 * files and debug files, although none does. */
bool crx_exec_is_executable(const struct crx_exec *x);

/* Is it a program or library that ld.so can load: one that says which machine it is for and which
 * libraries it needs? */
bool crx_exec_is_object(const struct crx_exec *x);

/* Can it be mapped at any address: a shared object or a PIE? */
bool crx_exec_is_pic(const struct crx_exec *x);

/* Is its format mapped only by kernels without an MMU? */
bool crx_exec_is_for_no_mmu(const struct crx_exec *x);

/* Does its first mapping have the length of all of them, so that the gaps between segments are
 * reserved? */
bool crx_exec_reserves_span(const struct crx_exec *x);

#endif
