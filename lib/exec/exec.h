/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the headers of an executable say, read from its bytes in memory. What a kernel does with it
 * is in mapping.h. Headers are not trusted: everything is checked against the length of the file.
 * The only user of libelf.
 */
#ifndef CRX_EXEC_EXEC_H
#define CRX_EXEC_EXEC_H

#include "base/err.h"

enum crx_exec_kind {
	CRX_EXEC_NONE, /* not an executable of a known format */
	CRX_EXEC_ELF,
	CRX_EXEC_DAMAGED, /* begins like one, but has impossible headers: data */
	CRX_EXEC_BFLT     /* flat binary, for kernels without an MMU */
};

/* A machine: what must agree for a kernel or ld.so to map a file. */
struct crx_exec_abi {
	uint8_t elf_class; /* 32 or 64; 0: unknown, because the format does not say */
	uint8_t big;       /* 1: big-endian */
	uint16_t machine;  /* e_machine */
};

/* Permissions of a segment: ELF's PF_R, PF_W and PF_X. */
enum { CRX_EXEC_X = 1, CRX_EXEC_W = 2, CRX_EXEC_R = 4, CRX_EXEC_RWX = 7 };

/* A PT_LOAD. */
struct crx_exec_segment {
	uint32_t index; /* of the program header */
	uint32_t flags; /* CRX_EXEC_R, _W, _X; other bits may be set */
	uint64_t off, vaddr, filesz, memsz;
};

/* What the header of a flat binary says of its memory, apart from the text. */
struct crx_exec_flat {
	uint32_t data_len, bss_len, stack_len; /* bytes */
	uint32_t nrelocs;                      /* relocations; a word each */
};

struct crx_exec {
	enum crx_exec_kind kind;
	struct crx_exec_abi abi;
	uint16_t type;  /* ET_EXEC 2, ET_DYN 3, ...: e_type */
	bool debug;     /* code is NOBITS: a separate debug file */
	bool program;   /* ET_EXEC, or ET_DYN with PT_INTERP or DF_1_PIE; all flat binaries */
	bool fdpic;     /* ELF: elf_check_fdpic() */
	bool constdisp; /* ELF: elf_check_const_displacement(); flat: copied to RAM */
	uint64_t load_start, load_end;   /* ELF: the address range of all PT_LOADs */
	uint64_t relro_start, relro_end; /* ELF: PT_GNU_RELRO, or both 0 */
	char *interp;                    /* PT_INTERP, or NULL */
	/* ELF, from PT_DYNAMIC: what ld.so must load, and where it searches. Names are not changed;
	 * without any, NULL and 0. Names that pass the end of the file, have no end, or are longer
	 * than any path are ignored. */
	char **needed; /* DT_NEEDED, in order; 4,096 at most */
	size_t nneeded;
	char *soname;          /* DT_SONAME */
	char *rpath, *runpath; /* DT_RPATH, DT_RUNPATH: directories, separated by ':' */
	/* those with bytes in the file, by program header index; of a flat binary, the text,
	 * because only that is mapped */
	struct crx_exec_segment *seg;
	size_t nseg;
	struct crx_exec_segment *empty; /* ELF: those without */
	size_t nempty;
	uint64_t stack_len; /* ELF: PT_GNU_STACK, or 0 */
	struct crx_exec_flat flat;
	char why[120]; /* CRX_EXEC_DAMAGED: what is wrong */
};

/* Parse len bytes, aligned to 8. Fails only when out of memory. The caller frees out. */
int crx_exec_parse(const void *bytes, size_t len, struct crx_exec *out, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_exec_free(struct crx_exec *x);

/* May the first len (>= 4) bytes begin a file of a format that crx_exec_parse() knows? */
bool crx_exec_probe(const void *head, size_t len);

/* "arm", "aarch64", ... or "machine 243", in buf. */
const char *crx_exec_abi_name(const struct crx_exec_abi *abi, char *buf, size_t cap);
bool crx_exec_abi_equal(const struct crx_exec_abi *a, const struct crx_exec_abi *b);

/* The same for a file; NULL if its format does not say which machine it is for. */
const char *crx_exec_machine_name(const struct crx_exec *x, char *buf, size_t cap);

/* "elf", "fdpic" or "flat"; NULL if the format is unknown. */
const char *crx_exec_format_name(const struct crx_exec *x);

/* Is it selected by the words elf and bflt of a policy rule? */
bool crx_exec_is_elf(const struct crx_exec *x);
bool crx_exec_is_bflt(const struct crx_exec *x);

/* "r-x", in buf, which has 4 bytes. */
const char *crx_exec_flags_name(uint32_t flags, char buf[4]);

#endif
