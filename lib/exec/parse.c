/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The headers of an ELF file, all checked against its length. The rules are those of
 * load_elf_phdrs() and load_elf_binary() in the kernel's fs/binfmt_elf.c, and of the ELF
 * specification.
 */
#include "config.h"
#include "exec/elf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"

enum {
	PHDRS_MAX = 65536, /* bytes of program headers: load_elf_phdrs() */
	INTERP_MAX = 4096  /* PATH_MAX: load_elf_binary() */
};

/* One file being parsed. */
struct parse {
	struct crx_elf e;
	Elf64_Ehdr eh;
	struct crx_exec *out;
	struct crx_err *err;
	uint64_t dyn_off, dyn_len; /* PT_DYNAMIC */
	unsigned loads, stacks;    /* PT_LOADs and PT_GNU_STACKs so far */
};

bool crx_exec_probe(const void *head, size_t len)
{
	return crx_bflt_probe(head, len) || (len >= SELFMAG && !memcmp(head, ELFMAG, SELFMAG));
}

void crx_exec_free(struct crx_exec *x)
{
	size_t i;

	if (!x)
		return;
	for (i = 0; i < x->nneeded; i++)
		free(x->needed[i]);
	free(x->needed);
	free(x->soname);
	free(x->rpath);
	free(x->runpath);
	free(x->interp);
	free(x->seg);
	free(x->empty);
	memset(x, 0, sizeof(*x));
}

/* Nothing that was read from a damaged file is used. */
static int CRX_PRINTF(2, 3) damaged(struct parse *p, const char *fmt, ...)
{
	va_list ap;

	crx_exec_free(p->out);
	p->out->kind = CRX_EXEC_DAMAGED;
	va_start(ap, fmt);
	vsnprintf(p->out->why, sizeof(p->out->why), fmt, ap);
	va_end(ap);
	return 0;
}

static bool is_damaged(const struct parse *p)
{
	return p->out->kind == CRX_EXEC_DAMAGED;
}

/* False if it is damaged. */
static bool read_header(struct parse *p)
{
	const uint8_t *id = p->e.bytes;
	struct crx_exec *x = p->out;

	if (p->e.len < EI_NIDENT)
		return damaged(p, "the ELF header is cut short");
	if (id[EI_CLASS] != ELFCLASS32 && id[EI_CLASS] != ELFCLASS64)
		return damaged(p, "ELF class %u is neither 32 nor 64 bits", id[EI_CLASS]);
	if (id[EI_DATA] != ELFDATA2LSB && id[EI_DATA] != ELFDATA2MSB)
		return damaged(p, "ELF byte order %u is neither little nor big", id[EI_DATA]);
	p->e.is64 = id[EI_CLASS] == ELFCLASS64;
	p->e.big = id[EI_DATA] == ELFDATA2MSB;
	if (!crx_elf_read_ehdr(&p->e, &p->eh))
		return damaged(p, "the ELF header is cut short");
	if (id[EI_VERSION] != EV_CURRENT || p->eh.e_version != EV_CURRENT)
		return damaged(p, "ELF version %u/%" PRIu32 " does not exist", id[EI_VERSION],
			       p->eh.e_version);
	x->kind = CRX_EXEC_ELF;
	x->abi.elf_class = p->e.is64 ? 64 : 32;
	x->abi.big = p->e.big;
	x->abi.machine = p->eh.e_machine;
	x->type = p->eh.e_type;
	return true;
}

static int add_segment(struct parse *p, uint32_t index, const Elf64_Phdr *h)
{
	struct crx_exec *x = p->out;
	struct crx_exec_segment **list = h->p_filesz ? &x->seg : &x->empty;

	if (!*list)
		*list = crx_zalloc(p->eh.e_phnum, sizeof(**list));
	if (!*list)
		return crx_err_nomem(p->err, "reading executable headers");
	(*list)[h->p_filesz ? x->nseg++ : x->nempty++] = (struct crx_exec_segment){
		index, h->p_flags, h->p_offset, h->p_vaddr, h->p_filesz, h->p_memsz,
	};
	return 0;
}

static int read_load(struct parse *p, uint32_t index, const Elf64_Phdr *h)
{
	/* a segment may end with the address space, so check its last byte, not its end */
	uint64_t top = p->e.is64 ? UINT64_MAX : UINT32_MAX;
	uint64_t end = h->p_memsz <= UINT64_MAX - h->p_vaddr ? h->p_vaddr + h->p_memsz : UINT64_MAX;

	/* a segment without bytes in the file (.bss) may have any offset */
	if (h->p_filesz && !crx_elf_within(&p->e, h->p_offset, h->p_filesz))
		return damaged(p,
			       "segment %" PRIu32 " (%" PRIu64 " byte%s at %" PRIu64
			       ") passes the end of the file",
			       index, h->p_filesz, crx_plural(h->p_filesz), h->p_offset);
	/* their order does not matter: a kernel maps each by itself, and a vmlinux of x86-64 has
	 * its per-CPU segment, at address 0, last */
	if (h->p_filesz > h->p_memsz)
		return damaged(p, "segment %" PRIu32 " is larger in the file than in memory",
			       index);
	if (h->p_memsz && h->p_memsz - 1 > top - h->p_vaddr)
		return damaged(p, "segment %" PRIu32 " passes the end of the address space", index);
	/* total_mapping_size(): segments without bytes in the file count, too */
	if (!p->loads++ || h->p_vaddr < p->out->load_start)
		p->out->load_start = h->p_vaddr;
	if (end > p->out->load_end)
		p->out->load_end = end;
	return add_segment(p, index, h);
}

/* As in load_elf_binary(), the first one counts, and its last byte is NUL. */
static int read_interp(struct parse *p, const Elf64_Phdr *h)
{
	const char *name;

	if (p->out->interp)
		return 0;
	if (!crx_elf_within(&p->e, h->p_offset, h->p_filesz))
		return damaged(p, "the interpreter's name passes the end of the file");
	if (h->p_filesz < 2 || h->p_filesz > INTERP_MAX)
		return damaged(p, "the interpreter's name has %" PRIu64 " byte%s", h->p_filesz,
			       crx_plural(h->p_filesz));
	name = (const char *)p->e.bytes + h->p_offset;
	if (name[h->p_filesz - 1])
		return damaged(p, "the interpreter's name does not end with NUL");
	p->out->interp = crx_strdup(name);
	return p->out->interp ? 0 : crx_err_nomem(p->err, "reading executable headers");
}

static int read_program_header(struct parse *p, uint32_t index, const Elf64_Phdr *h)
{
	struct crx_exec *x = p->out;

	switch (h->p_type) {
	case PT_LOAD:
		return read_load(p, index, h);
	case PT_INTERP:
		return read_interp(p, h);
	case PT_DYNAMIC:
		p->dyn_off = h->p_offset;
		p->dyn_len = h->p_filesz;
		break;
	case PT_GNU_RELRO:
		if (h->p_memsz > UINT64_MAX - h->p_vaddr)
			break;
		x->relro_start = h->p_vaddr;
		x->relro_end = h->p_vaddr + h->p_memsz;
		break;
	case PT_GNU_STACK: /* the first one: elf_fdpic_fetch_phdrs() */
		if (!p->stacks++)
			x->stack_len = h->p_memsz;
		break;
	default:
		break;
	}
	return 0;
}

static int read_program_headers(struct parse *p)
{
	size_t each = CRX_ELF_LEN(&p->e, Phdr);
	Elf64_Phdr h;
	uint32_t i;
	int r = 0;

	if (!p->eh.e_phnum)
		return 0;
	if (p->eh.e_phentsize != each)
		return damaged(p, "the program headers have %u bytes each, not %zu",
			       p->eh.e_phentsize, each);
	/* these include PN_XNUM, which is for core files */
	if (p->eh.e_phnum * each > PHDRS_MAX)
		return damaged(p, "%u program headers are more than a kernel reads", p->eh.e_phnum);
	if (!crx_elf_within(&p->e, p->eh.e_phoff, p->eh.e_phnum * each))
		return damaged(p, "the program headers pass the end of the file");
	for (i = 0; i < p->eh.e_phnum && !r && !is_damaged(p); i++) {
		if (!crx_elf_read_phdr(&p->e, p->eh.e_phoff + i * each, &h))
			return damaged(p, "program header %" PRIu32 " cannot be read", i);
		r = read_program_header(p, i, &h);
	}
	return r;
}

int crx_exec_parse(const void *bytes, size_t len, struct crx_exec *out, struct crx_err *err)
{
	struct parse p = { .e = { .bytes = bytes, .len = len }, .out = out, .err = err };
	bool pie = false;
	int r;

	memset(out, 0, sizeof(*out));
	if (!crx_exec_probe(bytes, len))
		return 0;
	if (crx_bflt_probe(bytes, len))
		return crx_bflt_parse(bytes, len, out, err);
	if (!read_header(&p))
		return 0;
	crx_elf_find_fdpic(&p.e, &p.eh, out);
	out->debug = crx_elf_is_debug_file(&p.e, &p.eh);
	/* others are never mapped: relocatable files (kernel modules), core files */
	if (out->debug || (out->type != ET_EXEC && out->type != ET_DYN))
		return 0;
	r = read_program_headers(&p);
	if (!r && !is_damaged(&p))
		r = crx_elf_read_dynamic(&p.e, p.dyn_off, p.dyn_len, out, &pie, err);
	if (r)
		crx_exec_free(out);
	if (r || is_damaged(&p))
		return r;
	/* DF_1_PIE distinguishes a static PIE from a shared object */
	out->program = out->type == ET_EXEC || out->interp || pie;
	return 0;
}
