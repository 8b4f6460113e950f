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
	uint64_t str_off, str_len; /* where the strings are in the file */
};

/* False after the last entry. The first one that is not within the file also ends the section. */
static bool read_entry(const struct section *s, uint64_t i, Elf64_Dyn *d)
{
	size_t each = CRX_ELF_LEN(s->e, Dyn);

	return i < s->len / each && crx_elf_read_dyn(s->e, s->off + i * each, d) &&
	       d->d_tag != DT_NULL;
}

/* The value of the last entry with this tag, or NOWHERE. */
static uint64_t last_value(const struct section *s, Elf64_Sxword tag)
{
	uint64_t value = NOWHERE, i;
	Elf64_Dyn d;

	for (i = 0; read_entry(s, i, &d); i++)
		if (d.d_tag == tag)
			value = d.d_un.d_val;
	return value;
}

/* The string table ends at the end of its segment at the latest; segments are within the file. */
static void find_strings(struct section *s, const struct crx_exec *x)
{
	uint64_t strtab = last_value(s, DT_STRTAB), strsz = last_value(s, DT_STRSZ);
	const struct crx_exec_segment *seg;
	size_t i;

	for (i = 0; i < x->nseg; i++) {
		seg = &x->seg[i];
		if (strtab == NOWHERE || strtab < seg->vaddr || strtab - seg->vaddr >= seg->filesz)
			continue;
		s->str_off = seg->off + (strtab - seg->vaddr);
		s->str_len = seg->filesz - (strtab - seg->vaddr);
		if (s->str_len > strsz)
			s->str_len = strsz;
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
	size_t left = (size_t)s->str_len, seen = 0, cap = 0;
	Elf64_Dyn d;
	char *name;
	uint64_t i;
	int r;

	for (i = 0; left && seen < NEEDED_MAX && read_entry(s, i, &d); i++) {
		if (d.d_tag != DT_NEEDED)
			continue;
		seen++;
		name = NULL;
		r = copy_string(s, d.d_un.d_val, left < NAME_LEN_MAX ? left : NAME_LEN_MAX, &name,
				err);
		if (r)
			return r;
		if (!name)
			continue;
		if (!crx_grow(&out->needed, &cap, out->nneeded + 1, sizeof(*out->needed))) {
			free(name);
			return crx_err_nomem(err, "reading executable headers");
		}
		left -= strlen(name);
		out->needed[out->nneeded++] = name;
	}
	return 0;
}

int crx_elf_read_dynamic(const struct crx_elf *e, uint64_t off, uint64_t len, struct crx_exec *out,
			 bool *pie, struct crx_err *err)
{
	struct section s = { .e = e, .off = off, .len = len };
	uint64_t flags = last_value(&s, DT_FLAGS_1);
	int r;

	*pie = flags != NOWHERE && (flags & DF_1_PIE);
	find_strings(&s, out);
	r = copy_needed(&s, out, err);
	if (!r)
		r = copy_string(&s, last_value(&s, DT_SONAME), NAME_LEN_MAX, &out->soname, err);
	if (!r)
		r = copy_string(&s, last_value(&s, DT_RPATH), PATHS_LEN_MAX, &out->rpath, err);
	if (!r)
		r = copy_string(&s, last_value(&s, DT_RUNPATH), PATHS_LEN_MAX, &out->runpath, err);
	return r;
}
