/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only user of libelf, which knows the records of both classes and converts them from the
 * file's byte order to the host's.
 *
 * Each record is copied after a check of its bounds, and then converted in place by
 * elf32_xlatetom() or elf64_xlatetom(). elf_memory() is not used: it trusts the number of sections
 * in the header, and if that covers the whole file, it takes several times the size of the file in
 * memory.
 */
#include "config.h"
#include "exec/elf.h"

#include <libelf.h>
#include <pthread.h>
#include <string.h>

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

static bool read_record(const struct crx_elf *e, uint64_t off, Elf_Type type, void *out)
{
	Elf_Data data = { .d_buf = out, .d_type = type, .d_version = EV_CURRENT };
	unsigned order = e->big ? ELFDATA2MSB : ELFDATA2LSB;

	pthread_once(&version_once, set_version);
	data.d_size = (e->is64 ? elf64_fsize : elf32_fsize)(type, 1, EV_CURRENT);
	if (!crx_elf_within(e, off, data.d_size))
		return false;
	memcpy(out, e->bytes + off, data.d_size);
	return (e->is64 ? elf64_xlatetom : elf32_xlatetom)(&data, &data, order) != NULL;
}

bool crx_elf_read_ehdr(const struct crx_elf *e, Elf64_Ehdr *out)
{
	Elf32_Ehdr h;

	if (!read_record(e, 0, ELF_T_EHDR, e->is64 ? (void *)out : &h))
		return false;
	if (!e->is64)
		*out = (Elf64_Ehdr){ .e_type = h.e_type,
				     .e_machine = h.e_machine,
				     .e_version = h.e_version,
				     .e_flags = h.e_flags,
				     .e_phoff = h.e_phoff,
				     .e_shoff = h.e_shoff,
				     .e_phentsize = h.e_phentsize,
				     .e_phnum = h.e_phnum,
				     .e_shentsize = h.e_shentsize,
				     .e_shnum = h.e_shnum };
	return true;
}

bool crx_elf_read_phdr(const struct crx_elf *e, uint64_t off, Elf64_Phdr *out)
{
	Elf32_Phdr h;

	if (!read_record(e, off, ELF_T_PHDR, e->is64 ? (void *)out : &h))
		return false;
	if (!e->is64)
		*out = (Elf64_Phdr){ .p_type = h.p_type,
				     .p_flags = h.p_flags,
				     .p_offset = h.p_offset,
				     .p_vaddr = h.p_vaddr,
				     .p_filesz = h.p_filesz,
				     .p_memsz = h.p_memsz };
	return true;
}

bool crx_elf_read_shdr(const struct crx_elf *e, uint64_t off, Elf64_Shdr *out)
{
	Elf32_Shdr h;

	if (!read_record(e, off, ELF_T_SHDR, e->is64 ? (void *)out : &h))
		return false;
	if (!e->is64)
		*out = (Elf64_Shdr){ .sh_type = h.sh_type,
				     .sh_flags = h.sh_flags,
				     .sh_size = h.sh_size };
	return true;
}

bool crx_elf_read_dyn(const struct crx_elf *e, uint64_t off, Elf64_Dyn *out)
{
	Elf32_Dyn d;

	if (!read_record(e, off, ELF_T_DYN, e->is64 ? (void *)out : &d))
		return false;
	if (!e->is64)
		*out = (Elf64_Dyn){ .d_tag = d.d_tag, .d_un.d_val = d.d_un.d_val };
	return true;
}
