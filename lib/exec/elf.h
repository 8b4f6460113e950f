/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of an ELF file, one at a time, in the host's byte order and with 64-bit values,
 * whatever the file's class and byte order. A record is checked to be within the file; its contents
 * are not checked. Private to exec.
 */
#ifndef CRX_EXEC_ELF_H
#define CRX_EXEC_ELF_H

#include "exec/exec.h"

struct crx_elf {
	const uint8_t *bytes;
	size_t len;
	bool is64;
	bool big;
};

/* The values are those of ELF. */
enum {
	CRX_ELF_CLASS32 = 1,
	CRX_ELF_CLASS64 = 2,
	CRX_ELF_LSB = 1,
	CRX_ELF_MSB = 2,
	CRX_ELF_VERSION = 1,
	CRX_ELF_EXEC = 2,
	CRX_ELF_DYN = 3,
	CRX_ELF_LOAD = 1,
	CRX_ELF_DYNAMIC = 2,
	CRX_ELF_INTERP = 3,
	CRX_ELF_RELRO = 0x6474e552,
	CRX_ELF_SHT_NULL = 0,
	CRX_ELF_SHT_NOTE = 7,
	CRX_ELF_SHT_NOBITS = 8,
	CRX_ELF_SHF_ALLOC = 2,
	CRX_ELF_SHF_EXECINSTR = 4,
	CRX_ELF_DT_NULL = 0,
	CRX_ELF_DT_NEEDED = 1,
	CRX_ELF_DT_STRTAB = 5,
	CRX_ELF_DT_STRSZ = 10,
	CRX_ELF_DT_SONAME = 14,
	CRX_ELF_DT_RPATH = 15,
	CRX_ELF_DT_RUNPATH = 29,
	CRX_ELF_DT_FLAGS_1 = 0x6ffffffb,
	CRX_ELF_DF_1_PIE = 0x08000000
};

struct crx_elf_ehdr {
	uint16_t type, machine, phentsize, phnum, shentsize, shnum;
	uint32_t version, flags;
	uint64_t phoff, shoff;
};

struct crx_elf_phdr {
	uint32_t type, flags;
	uint64_t off, vaddr, filesz, memsz;
};

struct crx_elf_shdr {
	uint32_t type;
	uint64_t flags, size;
};

struct crx_elf_dyn {
	uint64_t tag, value;
};

/* The length of one record in this file, in bytes. */
size_t crx_elf_ehdr_len(const struct crx_elf *e);
size_t crx_elf_phdr_len(const struct crx_elf *e);
size_t crx_elf_shdr_len(const struct crx_elf *e);
size_t crx_elf_dyn_len(const struct crx_elf *e);

/* Read the record at file offset off. False if it is not within the file. */
bool crx_elf_read_ehdr(const struct crx_elf *e, struct crx_elf_ehdr *out);
bool crx_elf_read_phdr(const struct crx_elf *e, uint64_t off, struct crx_elf_phdr *out);
bool crx_elf_read_shdr(const struct crx_elf *e, uint64_t off, struct crx_elf_shdr *out);
bool crx_elf_read_dyn(const struct crx_elf *e, uint64_t off, struct crx_elf_dyn *out);

/* Is the range within the file? */
bool crx_elf_within(const struct crx_elf *e, uint64_t off, uint64_t len);

/* Is it a separate debug file? False if the section headers are missing or invalid. */
bool crx_elf_is_debug_file(const struct crx_elf *e, const struct crx_elf_ehdr *eh);

/* Fill in fdpic and constdisp. */
void crx_elf_find_fdpic(const struct crx_elf *e, const struct crx_elf_ehdr *eh,
			struct crx_exec *out);

/*
 * Read the dynamic section, len bytes at off: fill in needed, soname, rpath and runpath, and *pie
 * (DF_1_PIE). out->seg must be filled in. No kernel reads the section, so nothing in it makes a
 * file damaged: it ends at the end of the file at the latest, and names that pass the end are
 * ignored. Fails only when out of memory.
 */
int crx_elf_read_dynamic(const struct crx_elf *e, uint64_t off, uint64_t len, struct crx_exec *out,
			 bool *pie, struct crx_err *err) CRX_MUST_CHECK;

/* Flat binaries (bflt.c): like crx_exec_probe() and crx_exec_parse(). */
bool crx_bflt_probe(const void *head, size_t len);
int crx_bflt_parse(const void *bytes, size_t len, struct crx_exec *out, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
