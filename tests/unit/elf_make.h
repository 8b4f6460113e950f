/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes small ELF files in memory, byte by byte and without libelf, in both
 * classes and both byte orders, so that tests have an opinion of their own.
 *
 * The sample file: header, program headers (PHDR, INTERP, LOAD r-x, LOAD rw-,
 * DYNAMIC), name of the interpreter, dynamic section, code, data, section
 * headers (null, .note, .text, .data, .bss).
 */
#ifndef CRX_TESTS_ELF_MAKE_H
#define CRX_TESTS_ELF_MAKE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ELF_MAKE_INTERP "/lib/ld-test.so.1"

enum {
	ELF_MAKE_MAX = 4096,
	ELF_MAKE_INTERP_OFF = 0x200,
	ELF_MAKE_DYN_OFF = 0x240,
	ELF_MAKE_TEXT_LEN = 0x400, /* first PT_LOAD: from offset 0 */
	ELF_MAKE_DATA_OFF = 0x410, /* second PT_LOAD */
	ELF_MAKE_DATA_LEN = 0x30,
	ELF_MAKE_LOADS_END = ELF_MAKE_DATA_OFF + ELF_MAKE_DATA_LEN,
	ELF_MAKE_SH_OFF = 0x440,
	ELF_MAKE_NPHDRS = 5,
	ELF_MAKE_NSHDRS = 5
};

struct elf_make {
	int is64, big;
	size_t len;
	uint64_t bytes[ELF_MAKE_MAX / 8];
};

/* Which record, and where in it and how wide, in the two classes. */
enum elf_rec { REC_EHDR, REC_PHDR, REC_SHDR, REC_DYN };

struct elf_field {
	enum elf_rec rec;
	uint8_t off32, len32, off64, len64;
};

static const struct elf_field E_TYPE = { REC_EHDR, 16, 2, 16, 2 },
			      E_MACHINE = { REC_EHDR, 18, 2, 18, 2 },
			      E_VERSION = { REC_EHDR, 20, 4, 20, 4 },
			      E_PHOFF = { REC_EHDR, 28, 4, 32, 8 },
			      E_SHOFF = { REC_EHDR, 32, 4, 40, 8 },
			      E_EHSIZE = { REC_EHDR, 40, 2, 52, 2 },
			      E_PHENTSIZE = { REC_EHDR, 42, 2, 54, 2 },
			      E_PHNUM = { REC_EHDR, 44, 2, 56, 2 },
			      E_SHENTSIZE = { REC_EHDR, 46, 2, 58, 2 },
			      E_SHNUM = { REC_EHDR, 48, 2, 60, 2 },
			      E_SHSTRNDX = { REC_EHDR, 50, 2, 62, 2 },
			      P_TYPE = { REC_PHDR, 0, 4, 0, 4 },
			      P_FLAGS = { REC_PHDR, 24, 4, 4, 4 },
			      P_OFFSET = { REC_PHDR, 4, 4, 8, 8 },
			      P_VADDR = { REC_PHDR, 8, 4, 16, 8 },
			      P_FILESZ = { REC_PHDR, 16, 4, 32, 8 },
			      P_MEMSZ = { REC_PHDR, 20, 4, 40, 8 },
			      SH_TYPE = { REC_SHDR, 4, 4, 4, 4 },
			      SH_FLAGS = { REC_SHDR, 8, 4, 8, 8 },
			      SH_OFFSET = { REC_SHDR, 16, 4, 24, 8 },
			      SH_SIZE = { REC_SHDR, 20, 4, 32, 8 }, D_TAG = { REC_DYN, 0, 4, 0, 8 },
			      D_VAL = { REC_DYN, 4, 4, 8, 8 };

static inline uint8_t *elf_make_bytes(struct elf_make *m)
{
	return (uint8_t *)m->bytes;
}

static inline size_t elf_make_ehdr_len(const struct elf_make *m)
{
	return m->is64 ? 64 : 52;
}

static inline size_t elf_make_phdr_len(const struct elf_make *m)
{
	return m->is64 ? 56 : 32;
}

static inline size_t elf_make_shdr_len(const struct elf_make *m)
{
	return m->is64 ? 64 : 40;
}

/* Where the field of record number i begins in the sample. */
static inline size_t elf_make_pos(const struct elf_make *m, const struct elf_field *f, unsigned i)
{
	size_t at = m->is64 ? f->off64 : f->off32;

	switch (f->rec) {
	case REC_PHDR:
		return at + elf_make_ehdr_len(m) + i * elf_make_phdr_len(m);
	case REC_SHDR:
		return at + ELF_MAKE_SH_OFF + i * elf_make_shdr_len(m);
	case REC_DYN:
		return at + ELF_MAKE_DYN_OFF + i * (m->is64 ? 16u : 8u);
	default:
		return at;
	}
}

/* Set a field; what does not fit its width is cut off. */
static inline void elf_set(struct elf_make *m, struct elf_field f, unsigned i, uint64_t v)
{
	uint8_t *p = elf_make_bytes(m) + elf_make_pos(m, &f, i);
	size_t n = m->is64 ? f.len64 : f.len32, k;

	for (k = 0; k < n; k++)
		p[m->big ? n - 1 - k : k] = (uint8_t)(v >> (8 * k));
}

static inline void elf_make_phdr(struct elf_make *m, unsigned i, uint32_t type, uint32_t flags,
				 uint64_t off, uint64_t filesz, uint64_t memsz)
{
	elf_set(m, P_TYPE, i, type);
	elf_set(m, P_FLAGS, i, flags);
	elf_set(m, P_OFFSET, i, off);
	elf_set(m, P_VADDR, i, (flags & 2 ? 0x20000 : 0x10000) + off);
	elf_set(m, P_FILESZ, i, filesz);
	elf_set(m, P_MEMSZ, i, memsz);
}

static inline void elf_make_shdr(struct elf_make *m, unsigned i, uint32_t type, uint64_t flags,
				 uint64_t off, uint64_t size)
{
	elf_set(m, SH_TYPE, i, type);
	elf_set(m, SH_FLAGS, i, flags);
	elf_set(m, SH_OFFSET, i, off);
	elf_set(m, SH_SIZE, i, size);
}

/* The sample: a position-independent ARM program. */
static inline void elf_make_sample(struct elf_make *m, int is64, int big)
{
	uint8_t *b = elf_make_bytes(m);
	size_t i;

	memset(m, 0, sizeof(*m));
	m->is64 = is64;
	m->big = big;
	m->len = ELF_MAKE_SH_OFF + ELF_MAKE_NSHDRS * elf_make_shdr_len(m);
	for (i = ELF_MAKE_DYN_OFF; i < ELF_MAKE_SH_OFF; i++)
		b[i] = (uint8_t)(i * 7 + 1);
	memcpy(b, "\177ELF", 4);
	b[4] = is64 ? 2 : 1;
	b[5] = big ? 2 : 1;
	b[6] = 1;
	elf_set(m, E_TYPE, 0, 3);
	elf_set(m, E_MACHINE, 0, 40);
	elf_set(m, E_VERSION, 0, 1);
	elf_set(m, E_PHOFF, 0, elf_make_ehdr_len(m));
	elf_set(m, E_SHOFF, 0, ELF_MAKE_SH_OFF);
	elf_set(m, E_EHSIZE, 0, elf_make_ehdr_len(m));
	elf_set(m, E_PHENTSIZE, 0, elf_make_phdr_len(m));
	elf_set(m, E_PHNUM, 0, ELF_MAKE_NPHDRS);
	elf_set(m, E_SHENTSIZE, 0, elf_make_shdr_len(m));
	elf_set(m, E_SHNUM, 0, ELF_MAKE_NSHDRS);
	memcpy(b + ELF_MAKE_INTERP_OFF, ELF_MAKE_INTERP, sizeof(ELF_MAKE_INTERP));

	elf_make_phdr(m, 0, 6, 4, elf_make_ehdr_len(m), ELF_MAKE_NPHDRS * elf_make_phdr_len(m),
		      ELF_MAKE_NPHDRS * elf_make_phdr_len(m));
	elf_make_phdr(m, 1, 3, 4, ELF_MAKE_INTERP_OFF, sizeof(ELF_MAKE_INTERP),
		      sizeof(ELF_MAKE_INTERP));
	elf_make_phdr(m, 2, 1, 5, 0, ELF_MAKE_TEXT_LEN, ELF_MAKE_TEXT_LEN);
	elf_make_phdr(m, 3, 1, 6, ELF_MAKE_DATA_OFF, ELF_MAKE_DATA_LEN, 0x100);
	elf_make_phdr(m, 4, 2, 4, ELF_MAKE_DYN_OFF, m->is64 ? 64 : 32, m->is64 ? 64 : 32);

	elf_set(m, D_TAG, 0, 12); /* DT_INIT */
	elf_set(m, D_VAL, 0, 0x10300);
	elf_set(m, D_TAG, 1, 0x6ffffffb); /* DT_FLAGS_1 */
	elf_set(m, D_VAL, 1, 0x08000001); /* PIE, NOW */
	elf_set(m, D_TAG, 2, 0);
	elf_set(m, D_VAL, 2, 0);

	elf_make_shdr(m, 1, 7, 2, 0x2c0, 0x24);                          /* NOTE, A */
	elf_make_shdr(m, 2, 1, 6, 0x300, 0x100);                         /* PROGBITS, AX */
	elf_make_shdr(m, 3, 1, 3, ELF_MAKE_DATA_OFF, ELF_MAKE_DATA_LEN); /* PROGBITS, WA */
	elf_make_shdr(m, 4, 8, 3, ELF_MAKE_LOADS_END, 0xd0);             /* NOBITS, WA */
}

/*
 * The sample with a dynamic section that names libraries and directories; its
 * strings are the data segment, whose addresses are not those of the text:
 * "", libc.so.6, libm.so.6, me.so, $ORIGIN:/r and /u.
 */
#define ELF_MAKE_STRINGS "\0libc.so.6\0libm.so.6\0me.so\0$ORIGIN:/r\0/u"

enum {
	ELF_MAKE_STR_LIBC = 1,
	ELF_MAKE_STR_LIBM = 11,
	ELF_MAKE_STR_ME = 21,
	ELF_MAKE_STR_RPATH = 27,
	ELF_MAKE_STR_RUNPATH = 38,
	ELF_MAKE_STR_ADDR = 0x20000 + ELF_MAKE_DATA_OFF,
	ELF_MAKE_NDYNS = 9
};

static inline void elf_make_dyn(struct elf_make *m, unsigned i, uint64_t tag, uint64_t value)
{
	elf_set(m, D_TAG, i, tag);
	elf_set(m, D_VAL, i, value);
}

static inline void elf_make_dynamic(struct elf_make *m, int is64, int big)
{
	elf_make_sample(m, is64, big);
	memset(elf_make_bytes(m) + ELF_MAKE_DATA_OFF, 0xee, ELF_MAKE_DATA_LEN);
	memcpy(elf_make_bytes(m) + ELF_MAKE_DATA_OFF, ELF_MAKE_STRINGS, sizeof(ELF_MAKE_STRINGS));
	elf_make_dyn(m, 0, 1, ELF_MAKE_STR_LIBM);         /* DT_NEEDED */
	elf_make_dyn(m, 1, 29, ELF_MAKE_STR_RUNPATH);     /* DT_RUNPATH */
	elf_make_dyn(m, 2, 0x6ffffffb, 0x08000001);       /* DT_FLAGS_1: PIE, NOW */
	elf_make_dyn(m, 3, 15, ELF_MAKE_STR_RPATH);       /* DT_RPATH */
	elf_make_dyn(m, 4, 14, ELF_MAKE_STR_ME);          /* DT_SONAME */
	elf_make_dyn(m, 5, 1, ELF_MAKE_STR_LIBC);         /* DT_NEEDED */
	elf_make_dyn(m, 6, 10, sizeof(ELF_MAKE_STRINGS)); /* DT_STRSZ */
	elf_make_dyn(m, 7, 5, ELF_MAKE_STR_ADDR);         /* DT_STRTAB */
	elf_make_dyn(m, 8, 0, 0);
	elf_set(m, P_FILESZ, 4, ELF_MAKE_NDYNS * (m->is64 ? 16u : 8u));
	elf_set(m, P_MEMSZ, 4, ELF_MAKE_NDYNS * (m->is64 ? 16u : 8u));
}

#endif
