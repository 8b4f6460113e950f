/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "vmas.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static const struct mount *cramfs_of(const struct mounts *m, unsigned major, unsigned minor)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->mount[i].major == major && m->mount[i].minor == minor &&
		    !strcmp(m->mount[i].type, "cramfs"))
			return &m->mount[i];
	return NULL;
}

/* The kernel writes a line feed in a name as \012, and escapes nothing else. */
static void unescape(char *path)
{
	char *at;

	while ((at = strstr(path, "\\012"))) {
		*at = '\n';
		memmove(at + 1, at + 4, strlen(at + 4) + 1);
		path = at + 1;
	}
}

/* b6f00000-b6f96000 r-xp 04012000 1f:01 1234 /bin/busybox */
static bool parse(char *line, const struct mounts *mounts, struct vma *v)
{
	unsigned major, minor;
	int at = -1;

	*v = (struct vma){ 0 };
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64 " %n", &v->start,
		   &v->end, v->perms, &v->off, &major, &minor, &v->inode, &at) != 7 ||
	    at < 0)
		return false;
	if (!v->inode || v->end <= v->start || strlen(v->perms) != 4)
		return false;
	v->mount = cramfs_of(mounts, major, minor);
	line[strcspn(line, "\n")] = '\0';
	v->path = line + at;
	return v->mount;
}

static bool add(struct vmas *out, struct vma v)
{
	if (!mem_grow(&out->vma, &out->cap, out->n + 1, sizeof(*out->vma)))
		return false;
	v.path = mem_copy(v.path);
	if (!v.path)
		return false;
	unescape(v.path);
	out->vma[out->n++] = v;
	return true;
}

static bool has_flag(const char *line, const char *flag)
{
	const char *at;

	for (at = line; (at = strstr(at, flag)); at += 2)
		if (at[-1] == ' ' && (at[2] == ' ' || at[2] == '\n' || !at[2]))
			return true;
	return false;
}

static int read_lines(FILE *f, const struct mounts *mounts, struct vmas *out)
{
	char *line = NULL;
	bool on_cramfs = false;
	size_t cap = 0;
	struct vma v;
	int ret = 0;

	while (!ret && getline(&line, &cap, f) > 0) {
		if (on_cramfs && !strncmp(line, "VmFlags:", 8))
			out->vma[out->n - 1].pfn = has_flag(line, "pf");
		/* "Size:" and so on; all other lines begin a mapping */
		if (line[0] >= 'A' && line[0] <= 'Z')
			continue;
		on_cramfs = parse(line, mounts, &v);
		if (on_cramfs && !add(out, v))
			ret = ENOMEM;
	}
	if (!ret && ferror(f))
		ret = errno;
	free(line);
	return ret;
}

int vmas_read(const char *proc, int pid, bool no_mmu, const struct mounts *mounts, struct vmas *out)
{
	char *name = mem_format("%s/%d/%s", proc, pid, no_mmu ? "maps" : "smaps");
	FILE *f;
	int ret;

	if (!name)
		return errno = ENOMEM, -1;
	f = fopen(name, "re");
	ret = f ? read_lines(f, mounts, out) : errno;
	if (f)
		fclose(f);
	free(name);
	errno = ret;
	return ret ? -1 : 0;
}

void vmas_free(struct vmas *v)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		free(v->vma[i].path);
	free(v->vma);
	*v = (struct vmas){ 0 };
}

bool vma_has_address(const struct vma *v)
{
	return v->pfn && v->perms[3] == 'p';
}
