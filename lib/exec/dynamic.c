/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dynamic section: what ld.so must load, and where it searches.
 *
 * Names are in a string table, which is given by its address. The PT_LOADs show where that is in
 * the file. If a tag occurs repeatedly, the last entry counts, as in ld.so.
 */
#include "config.h"
#include "exec/elf.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	NAME_LEN_MAX = 4095,   /* PATH_MAX without the NUL: the limit of open() */
	PATHS_LEN_MAX = 65535, /* a list of directories */
	NEEDED_MAX = 4096
};

#define NOWHERE UINT64_MAX

struct section {
	const struct crx_elf *e;
	uint64_t off, len;
	/* the values of entries; NOWHERE without such an entry */
	uint64_t strtab, strsz, soname, rpath, runpath;
	size_t nneeded;
	bool pie;
	/* where the strings are: file offset and bytes */
	uint64_t str_off, str_len;
};

/* False after the last entry. The first one that is not within the file also ends the section. */
static bool read_entry(const struct section *s, uint64_t i, struct crx_elf_dyn *d)
{
	size_t each = crx_elf_dyn_len(s->e);

	return i < s->len / each && crx_elf_read_dyn(s->e, s->off + i * each, d) &&
	       d->tag != CRX_ELF_DT_NULL;
}

static void read_values(struct section *s)
{
	struct crx_elf_dyn d;
	uint64_t i;

	for (i = 0; read_entry(s, i, &d); i++) {
		if (d.tag == CRX_ELF_DT_NEEDED)
			s->nneeded += s->nneeded < NEEDED_MAX;
		else if (d.tag == CRX_ELF_DT_STRTAB)
			s->strtab = d.value;
		else if (d.tag == CRX_ELF_DT_STRSZ)
			s->strsz = d.value;
		else if (d.tag == CRX_ELF_DT_SONAME)
			s->soname = d.value;
		else if (d.tag == CRX_ELF_DT_RPATH)
			s->rpath = d.value;
		else if (d.tag == CRX_ELF_DT_RUNPATH)
			s->runpath = d.value;
		else if (d.tag == CRX_ELF_DT_FLAGS_1)
			s->pie = d.value & CRX_ELF_DF_1_PIE;
	}
}

/* The string table ends at the end of its segment at the latest; segments are within the file. */
static void find_strings(struct section *s, const struct crx_exec *x)
{
	const struct crx_exec_segment *seg;
	size_t i;

	for (i = 0; i < x->nseg; i++) {
		seg = &x->seg[i];
		if (s->strtab == NOWHERE || s->strtab < seg->vaddr ||
		    s->strtab - seg->vaddr >= seg->filesz)
			continue;
		s->str_off = seg->off + (s->strtab - seg->vaddr);
		s->str_len = seg->filesz - (s->strtab - seg->vaddr);
		if (s->str_len > s->strsz)
			s->str_len = s->strsz;
		return;
	}
}

/* Copy the string at `at` in the table to *out. *out is unchanged if no string of at most max bytes
 * is there. */
static int copy_string(const struct section *s, uint64_t at, size_t max, char **out,
		       struct crx_err *err)
{
	const char *str;
	uint64_t room;
	size_t len;

	if (at >= s->str_len)
		return 0;
	str = (const char *)s->e->bytes + s->str_off + at;
	room = s->str_len - at;
	room = room <= max ? room : max + 1;
	len = strnlen(str, (size_t)room);
	if (len == room)
		return 0;
	*out = crx_strndup(str, len);
	return *out ? 0 : crx_err_nomem(err, "reading executable headers");
}

/* Copies no more bytes than the table has, because many entries may refer to the same bytes, and a
 * small file must not take much memory. */
static int copy_needed(const struct section *s, struct crx_exec *out, struct crx_err *err)
{
	size_t left = (size_t)s->str_len, seen = 0;
	struct crx_elf_dyn d;
	char *name;
	uint64_t i;
	int r;

	if (!s->nneeded || !left)
		return 0;
	out->needed = crx_zalloc(s->nneeded, sizeof(*out->needed));
	if (!out->needed)
		return crx_err_nomem(err, "reading executable headers");
	for (i = 0; seen < s->nneeded && read_entry(s, i, &d); i++) {
		if (d.tag != CRX_ELF_DT_NEEDED)
			continue;
		seen++;
		name = NULL;
		r = copy_string(s, d.value, left < NAME_LEN_MAX ? left : NAME_LEN_MAX, &name, err);
		if (r)
			return r;
		if (!name)
			continue;
		left -= strlen(name);
		out->needed[out->nneeded++] = name;
	}
	if (!out->nneeded) {
		free(out->needed);
		out->needed = NULL;
	}
	return 0;
}

int crx_elf_read_dynamic(const struct crx_elf *e, uint64_t off, uint64_t len, struct crx_exec *out,
			 bool *pie, struct crx_err *err)
{
	struct section s = {
		.e = e,
		.off = off,
		.len = len,
		.strtab = NOWHERE,
		.strsz = NOWHERE,
		.soname = NOWHERE,
		.rpath = NOWHERE,
		.runpath = NOWHERE,
	};
	int r;

	read_values(&s);
	*pie = s.pie;
	find_strings(&s, out);
	r = copy_needed(&s, out, err);
	if (!r)
		r = copy_string(&s, s.soname, NAME_LEN_MAX, &out->soname, err);
	if (!r)
		r = copy_string(&s, s.rpath, PATHS_LEN_MAX, &out->rpath, err);
	if (!r)
		r = copy_string(&s, s.runpath, PATHS_LEN_MAX, &out->runpath, err);
	return r;
}
