/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only user of libelf, which knows the records of both classes and converts them from the
 * file's byte order to the host's.
 *
 * Each record is copied after a check of its bounds, and then converted by elf32_xlatetom() or
 * elf64_xlatetom(). elf_memory() is not used: it trusts the number of sections in the header, and
 * if that covers the whole file, it takes several times the size of the file in memory.
 */
#include "config.h"
#include "exec/elf.h"

#include <libelf.h>
#include <pthread.h>
#include <string.h>

_Static_assert((int)CRX_ELF_CLASS32 == ELFCLASS32 && (int)CRX_ELF_CLASS64 == ELFCLASS64, "class");
_Static_assert((int)CRX_ELF_LSB == ELFDATA2LSB && (int)CRX_ELF_MSB == ELFDATA2MSB, "byte order");
_Static_assert((int)CRX_ELF_VERSION == EV_CURRENT, "version");
_Static_assert((int)CRX_ELF_EXEC == ET_EXEC && (int)CRX_ELF_DYN == ET_DYN, "type");
_Static_assert((int)CRX_ELF_LOAD == PT_LOAD && (int)CRX_ELF_DYNAMIC == PT_DYNAMIC &&
		       (int)CRX_ELF_INTERP == PT_INTERP && (int)CRX_ELF_RELRO == PT_GNU_RELRO,
	       "program header");
_Static_assert((int)CRX_ELF_SHT_NULL == SHT_NULL && (int)CRX_ELF_SHT_NOTE == SHT_NOTE &&
		       (int)CRX_ELF_SHT_NOBITS == SHT_NOBITS,
	       "section");
_Static_assert((int)CRX_ELF_SHF_ALLOC == SHF_ALLOC && (int)CRX_ELF_SHF_EXECINSTR == SHF_EXECINSTR,
	       "section flags");
_Static_assert((int)CRX_ELF_DT_NULL == DT_NULL && (int)CRX_ELF_DT_NEEDED == DT_NEEDED &&
		       (int)CRX_ELF_DT_FLAGS_1 == DT_FLAGS_1,
	       "dynamic tag");
_Static_assert((int)CRX_ELF_DT_STRTAB == DT_STRTAB && (int)CRX_ELF_DT_STRSZ == DT_STRSZ &&
		       (int)CRX_ELF_DT_SONAME == DT_SONAME,
	       "dynamic tag");
_Static_assert((int)CRX_ELF_DT_RPATH == DT_RPATH && (int)CRX_ELF_DT_RUNPATH == DT_RUNPATH,
	       "dynamic tag");

union record {
	Elf32_Ehdr eh32;
	Elf64_Ehdr eh64;
	Elf32_Phdr ph32;
	Elf64_Phdr ph64;
	Elf32_Shdr sh32;
	Elf64_Shdr sh64;
	Elf32_Dyn dyn32;
	Elf64_Dyn dyn64;
};

/* elf_version() must be called before anything else of libelf. It sets a variable of the library,
 * so only one thread may call it. */
static pthread_once_t version_once = PTHREAD_ONCE_INIT;

static void set_version(void)
{
	(void)elf_version(EV_CURRENT);
}

bool crx_elf_within(const struct crx_elf *e, uint64_t off, uint64_t len)
{
	return off <= e->len && len <= e->len - off;
}

static bool read_record(const struct crx_elf *e, uint64_t off, size_t len, Elf_Type type,
			union record *out)
{
	union record raw;
	Elf_Data src = { .d_buf = &raw, .d_type = type, .d_size = len, .d_version = EV_CURRENT };
	Elf_Data dst = {
		.d_buf = out, .d_type = type, .d_size = sizeof(*out), .d_version = EV_CURRENT
	};
	unsigned order = e->big ? ELFDATA2MSB : ELFDATA2LSB;

	if (!crx_elf_within(e, off, len))
		return false;
	pthread_once(&version_once, set_version);
	memcpy(&raw, e->bytes + off, len);
	memset(out, 0, sizeof(*out));
	return (e->is64 ? elf64_xlatetom(&dst, &src, order) : elf32_xlatetom(&dst, &src, order)) !=
	       NULL;
}

size_t crx_elf_ehdr_len(const struct crx_elf *e)
{
	return e->is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
}

size_t crx_elf_phdr_len(const struct crx_elf *e)
{
	return e->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
}

size_t crx_elf_shdr_len(const struct crx_elf *e)
{
	return e->is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
}

size_t crx_elf_dyn_len(const struct crx_elf *e)
{
	return e->is64 ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);
}

/* Both classes have the same field names, but different widths and orders. */
#define COPY_EHDR(o, h)                           \
	do {                                      \
		(o)->type = (h).e_type;           \
		(o)->machine = (h).e_machine;     \
		(o)->version = (h).e_version;     \
		(o)->flags = (h).e_flags;         \
		(o)->phoff = (h).e_phoff;         \
		(o)->shoff = (h).e_shoff;         \
		(o)->phentsize = (h).e_phentsize; \
		(o)->phnum = (h).e_phnum;         \
		(o)->shentsize = (h).e_shentsize; \
		(o)->shnum = (h).e_shnum;         \
	} while (0)

#define COPY_PHDR(o, h)                     \
	do {                                \
		(o)->type = (h).p_type;     \
		(o)->flags = (h).p_flags;   \
		(o)->off = (h).p_offset;    \
		(o)->vaddr = (h).p_vaddr;   \
		(o)->filesz = (h).p_filesz; \
		(o)->memsz = (h).p_memsz;   \
	} while (0)

#define COPY_SHDR(o, h)                    \
	do {                               \
		(o)->type = (h).sh_type;   \
		(o)->flags = (h).sh_flags; \
		(o)->size = (h).sh_size;   \
	} while (0)

bool crx_elf_read_ehdr(const struct crx_elf *e, struct crx_elf_ehdr *out)
{
	union record r;

	if (!read_record(e, 0, crx_elf_ehdr_len(e), ELF_T_EHDR, &r))
		return false;
	if (e->is64)
		COPY_EHDR(out, r.eh64);
	else
		COPY_EHDR(out, r.eh32);
	return true;
}

bool crx_elf_read_phdr(const struct crx_elf *e, uint64_t off, struct crx_elf_phdr *out)
{
	union record r;

	if (!read_record(e, off, crx_elf_phdr_len(e), ELF_T_PHDR, &r))
		return false;
	if (e->is64)
		COPY_PHDR(out, r.ph64);
	else
		COPY_PHDR(out, r.ph32);
	return true;
}

bool crx_elf_read_shdr(const struct crx_elf *e, uint64_t off, struct crx_elf_shdr *out)
{
	union record r;

	if (!read_record(e, off, crx_elf_shdr_len(e), ELF_T_SHDR, &r))
		return false;
	if (e->is64)
		COPY_SHDR(out, r.sh64);
	else
		COPY_SHDR(out, r.sh32);
	return true;
}

bool crx_elf_read_dyn(const struct crx_elf *e, uint64_t off, struct crx_elf_dyn *out)
{
	union record r;

	if (!read_record(e, off, crx_elf_dyn_len(e), ELF_T_DYN, &r))
		return false;
	out->tag = e->is64 ? (uint64_t)r.dyn64.d_tag : (uint32_t)r.dyn32.d_tag;
	out->value = e->is64 ? r.dyn64.d_un.d_val : r.dyn32.d_un.d_val;
	return true;
}
