/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of an ELF file, one at a time, in the host's byte order and with 64-bit values,
 * whatever the file's class and byte order. Fields of 32-bit records that nobody uses are 0. A
 * record is checked to be within the file; its contents are not checked. Private to exec.
 */
#ifndef CRX_EXEC_ELF_H
#define CRX_EXEC_ELF_H

#include <elf.h>

#include "exec/exec.h"

struct crx_elf {
	const uint8_t *bytes;
	size_t len;
	bool is64;
	bool big;
};

/* The length of one record in this file, in bytes: CRX_ELF_LEN(e, Phdr). */
#define CRX_ELF_LEN(e, record) ((e)->is64 ? sizeof(Elf64_##record) : sizeof(Elf32_##record))

/* Read the record at file offset off. False if it is not within the file. */
bool crx_elf_read_ehdr(const struct crx_elf *e, Elf64_Ehdr *out);
bool crx_elf_read_phdr(const struct crx_elf *e, uint64_t off, Elf64_Phdr *out);
bool crx_elf_read_shdr(const struct crx_elf *e, uint64_t off, Elf64_Shdr *out);
bool crx_elf_read_dyn(const struct crx_elf *e, uint64_t off, Elf64_Dyn *out);

/* Is the range within the file? */
bool crx_elf_within(const struct crx_elf *e, uint64_t off, uint64_t len);

/* Is it a separate debug file? False if the section headers are missing or invalid. */
bool crx_elf_is_debug_file(const struct crx_elf *e, const Elf64_Ehdr *eh);

/* Fill in fdpic and constdisp. */
void crx_elf_find_fdpic(const struct crx_elf *e, const Elf64_Ehdr *eh, struct crx_exec *out);

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
