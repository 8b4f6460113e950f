/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "nommu.h"
#include "text.h"

static int by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

int process_list(const char *proc, int **pid, size_t *n)
{
	const struct dirent *d;
	DIR *dir = opendir(proc);
	size_t cap = 0;
	char *end;
	long v;

	*pid = NULL;
	*n = 0;
	if (!dir) {
		say_error("%s: cannot open: %s", proc, strerror(errno));
		return -1;
	}
	while ((d = readdir(dir))) {
		v = strtol(d->d_name, &end, 10);
		if (*end || v < 1 || v > INT_MAX)
			continue;
		if (!mem_grow(pid, &cap, *n + 1, sizeof(**pid))) {
			closedir(dir);
			free(*pid);
			return -1;
		}
		(*pid)[(*n)++] = (int)v;
	}
	closedir(dir);
	if (*n)
		qsort(*pid, *n, sizeof(**pid), by_number);
	return 0;
}

/* The name that ps shows. It may contain any bytes, because a process can set it. */
static void read_name(const char *proc, struct process *p)
{
	char *name = mem_format("%s/%d/comm", proc, p->pid);
	FILE *f = name ? fopen(name, "re") : NULL;
	size_t n = f ? fread(p->name, 1, sizeof(p->name) - 1, f) : 0;

	if (n && p->name[n - 1] == '\n')
		n--;
	p->name[n] = '\0';
	if (f)
		fclose(f);
	free(name);
}

static int count_without_mmu(uint64_t page_size, const struct ram *ram, struct distinct *all,
			     struct process *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		struct mapping *m = &p->mapping[i];

		if (!nommu_count(page_size, &m->v, ram, &m->pages, all))
			return -1;
		pages_add(&p->sum, &m->pages);
	}
	return 0;
}

static int count_pages(const char *proc, uint64_t page_size, const struct ram *ram,
		       struct distinct *all, struct process *p)
{
	char *name = mem_format("%s/%d/pagemap", proc, p->pid);
	size_t i;
	int fd, ret = 0;

	if (!name)
		return -1;
	fd = open(name, O_RDONLY | O_CLOEXEC);
	free(name);
	if (fd < 0)
		return errno;
	for (i = 0; i < p->n && !ret; i++) {
		ret = pages_count(fd, page_size, &p->mapping[i].v, ram, &p->mapping[i].pages, all);
		pages_add(&p->sum, &p->mapping[i].pages);
	}
	if (ret == ENODATA) {
		say_error("%s/%d/pagemap: has no frame numbers (run this as root)", proc, p->pid);
		ret = -1;
	}
	close(fd);
	return ret;
}

/* Moves the paths of vmas to p. */
static bool name_mappings(struct vmas *vmas, struct process *p)
{
	struct mapping *m;
	size_t i;

	p->mapping = mem_zeroed(vmas->n, sizeof(*p->mapping));
	if (!p->mapping)
		return false;
	for (i = 0; i < vmas->n; i++) {
		m = &p->mapping[p->n++];
		m->v = vmas->vma[i];
		vmas->vma[i].path = NULL;
		m->inside = mounts_inside(m->v.mount, m->v.path);
		if (!m->inside)
			return false;
	}
	return true;
}

int process_read(const struct maps *maps, struct distinct *all, struct process *p)
{
	const char *proc = maps->o->proc;
	struct vmas vmas = { 0 };
	int ret = 0;

	if (vmas_read(proc, p->pid, maps->no_mmu, &maps->mounts, &vmas) < 0)
		ret = errno == ENOMEM ? -1 : errno;
	else if (!name_mappings(&vmas, p))
		ret = -1;
	else
		read_name(proc, p);
	if (!ret && p->n && maps->no_mmu)
		ret = count_without_mmu(maps->page_size, &maps->ram, all, p);
	else if (!ret && p->n)
		ret = count_pages(proc, maps->page_size, &maps->ram, all, p);
	vmas_free(&vmas);
	return ret;
}

void process_free(struct process *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		free(p->mapping[i].v.path);
		free(p->mapping[i].inside);
	}
	free(p->mapping);
	p->mapping = NULL;
	p->n = 0;
}
