/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "differ_model.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "comp/comp.h"
#include "differ_nommu.h"
#include "differ_rules.h"
#include "read/kcore.h"
#include "vfs.h"
#include "walk.h"

struct model {
	const struct differ_job *job;
	struct vfs v;
	FILE *out, *jobs;
	struct crx_inflate *z;
	int lookups;
};

struct listing {
	char name[DIFFER_ENTRIES][DIFFER_NAME];
	int n;
};

void differ_escape(FILE *out, const char *s, size_t len)
{
	char copy[DIFFER_NAME];

	memcpy(copy, s, len);
	copy[len] = '\0';
	walk_escape(out, copy);
}

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "differ: %s\n", what);
	exit(99);
}

/* ---- contents ---- */

static void print_words(FILE *out, const char *text)
{
	putc(' ', out);
	walk_escape(out, text);
}

/* The page as a mapping shows it. */
static enum crx_k_why get_page(struct model *m, const struct crx_inode *in, uint32_t i,
			       uint8_t *page)
{
	memset(page, 0xa5, m->v.img.page_size); /* all of it must be overwritten */
	return crx_k_read_folio(&m->v.img, in, i, m->z, page);
}

static void show_read(struct model *m, const struct crx_inode *in)
{
	uint32_t pages = crx_k_max_pages(&m->v.img, in), size = crx_k_i_size(in), i, left;
	uint8_t page[DIFFER_PAGE_MAX];
	enum crx_k_why why;

	fputs("R", m->out);
	for (i = 0; i < pages; i++) {
		if (i >= DIFFER_READ && i + 1 < pages)
			continue;
		why = get_page(m, in, i, page);
		left = size - i * m->v.img.page_size;
		if (left < m->v.img.page_size)
			memset(page + left, 0, m->v.img.page_size - left);
		if (why)
			print_words(m->out, crx_k_why_text(why));
		else
			walk_print_mapped(m->out, page, m->v.img.page_size, m->v.img.page_size);
	}
	putc('\n', m->out);
}

/* A page that cannot be read, in the units of walk.h. */
static void print_bus(const struct model *m)
{
	uint32_t i;

	for (i = 0; i < m->v.img.page_size; i += WALK_PAGE)
		fputs(" bus", m->out);
}

static void show_map(struct model *m, const struct crx_inode *in, const struct differ_range *r,
		     const struct crx_k_map *map)
{
	uint32_t i, pages = crx_k_max_pages(&m->v.img, in);
	bool spoken = crx_k_why_logged(map->why) && !m->job->block;
	const char *kind = "ram";
	uint8_t page[DIFFER_PAGE_MAX];

	if (map->pages)
		kind = map->pages == r->pages ? "pfn" : "mixed";
	fprintf(m->out, "M %" PRIu32 " %" PRIu32 " %s %" PRIu32 " ", r->first, r->pages, kind,
		map->pages);
	/* nothing shows the address of a shared mapping that is direct as a whole */
	if (map->pages && (!r->shared || map->pages < r->pages))
		fprintf(m->out, "%" PRIx64, map->off);
	else
		putc('-', m->out);
	print_words(m->out, spoken ? crx_k_why_text(map->why) : "-");
	for (i = 0; i < r->pages; i++) {
		if (i < map->pages)
			walk_print_mapped(m->out,
					  m->v.img.data + map->off +
						  (uint64_t)i * m->v.img.page_size,
					  m->v.img.page_size, m->v.img.page_size);
		else if (r->first + i >= pages || get_page(m, in, r->first + i, page))
			print_bus(m);
		else
			walk_print_mapped(m->out, page, m->v.img.page_size, m->v.img.page_size);
	}
	putc('\n', m->out);
}

/* Three of the ranges are mapped, chosen by seed and inode. */
static bool chosen(const struct model *m, uint32_t ino, int k)
{
	uint32_t h = (m->job->seed ^ ino) * 2654435761u;

	return k == (int)(h >> 29) || k == (int)(h >> 26 & 7) || k == (int)(h >> 23 & 7);
}

static void show_maps(struct model *m, const struct vfs_node *f)
{
	uint32_t pages = crx_k_max_pages(&m->v.img, &f->in);
	struct differ_nommu nommu = { &m->v.img, m->z, m->job->block, m->out };
	struct differ_range r;
	struct crx_k_map map;
	unsigned mask = 0;
	int k;

	for (k = 0; k < DIFFER_RANGES; k++) {
		if (!chosen(m, f->ino, k) || !differ_range(k, pages, &r))
			continue;
		if (m->job->target->no_mmu) {
			if (differ_nommu_map(&nommu, &f->in, &r))
				mask |= 1u << k;
			continue;
		}
		if (m->job->block)
			map = (struct crx_k_map){ 0 };
		else
			map = crx_k_physmem_mmap(&m->v.img, &f->in, r.first, r.pages, r.write);
		if (map.why == CRX_K_OUT_OF_BOUNDS)
			continue;
		mask |= 1u << k;
		show_map(m, &f->in, &r, &map);
	}
	if (mask && m->jobs)
		fprintf(m->jobs, "map %" PRIu32 " %#x\n", f->ino, mask);
}

static void show_link(struct model *m, const struct vfs_node *f)
{
	char *target;
	int error = crx_mount_readlink(&m->v.m, f->ino, &target);

	if (error) {
		fprintf(m->out, "T error %d\n", error);
		return;
	}
	fputs("T ", m->out);
	walk_escape(m->out, target);
	putc('\n', m->out);
	free(target);
}

/* ---- the walk ---- */

static void show_dir(struct model *m, int dir, int depth);

static void show_node(struct model *m, int dir, const char *name, int depth)
{
	int found = 0, error = vfs_lookup(&m->v, dir, name, &found);
	struct vfs_node *f;
	struct stat st;

	m->lookups++;
	fputs("N ", m->out);
	walk_escape(m->out, name);
	if (error) {
		fprintf(m->out, " error %d\n", error);
		return;
	}
	f = &m->v.node[found];
	if (crx_mount_getattr(&m->v.m, f->ino, &st))
		die("an inode is missing");
	fprintf(m->out, " %" PRIu32 " %o %u %u %" PRIu64 " %" PRIu64 " ", f->ino,
		(unsigned)st.st_mode, (unsigned)st.st_uid, (unsigned)st.st_gid,
		(uint64_t)st.st_size, (uint64_t)st.st_blocks);
	if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
		fprintf(m->out, "%u,%u\n", major(st.st_rdev), minor(st.st_rdev));
	else
		fputs("-\n", m->out);
	if (f->shown)
		return;
	f->shown = true;
	if (S_ISLNK(st.st_mode))
		show_link(m, f);
	if (S_ISREG(st.st_mode)) {
		show_maps(m, f);
		show_read(m, &f->in);
	}
	if (S_ISDIR(st.st_mode))
		show_dir(m, found, depth + 1);
}

/* getdents64(); its callers read names as C strings. */
static void list(struct model *m, uint32_t dir, struct listing *l)
{
	struct crx_dirent de;
	uint32_t pos = 0;
	int error = 0;

	l->n = 0;
	fputs("D", m->out);
	while (l->n < DIFFER_ENTRIES && !(error = crx_mount_readdir(&m->v.m, dir, &pos, &de))) {
		snprintf(l->name[l->n], DIFFER_NAME, "%s", de.name);
		fprintf(m->out, " %" PRIu64 ":%d:", crx_k_ino(&de.inode, de.off),
			de.inode.mode >> 12);
		walk_escape(m->out, l->name[l->n++]);
	}
	fprintf(m->out, " %d\n", error == ENOENT ? 0 : error);
}

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static void show_dir(struct model *m, int dir, int depth)
{
	struct listing *l = calloc(1, sizeof(*l));
	size_t i;

	if (!l)
		die("out of memory");
	list(m, m->v.node[dir].ino, l);
	for (i = 0; depth < DIFFER_DEPTH && i < (size_t)l->n + m->job->nextra; i++) {
		const char *name = i < (size_t)l->n ? l->name[i] : m->job->extra[i - (size_t)l->n];

		if (*name && !is_dots(name) && m->lookups < DIFFER_NODES)
			show_node(m, dir, name, depth);
	}
	fputs("U\n", m->out);
	free(l);
}

static void show_mounted(struct model *m)
{
	const struct crx_super *super = &m->v.super;
	bool v2 = super->flags & CRX_FLAG_FSID_VERSION_2;

	fprintf(m->out, "F 28cd3d45 %d %" PRIu32 " %" PRIu32 " 252\n", m->v.img.page_size,
		v2 ? super->blocks : 0, v2 ? super->files : 0);
	m->z = crx_inflate_new();
	if (!m->z)
		die("out of memory");
	show_dir(m, 0, 0);
	crx_inflate_free(m->z);
}

void differ_model(const struct differ_job *job, FILE *out, FILE *jobs)
{
	struct model m = { .job = job, .out = out, .jobs = jobs };
	enum crx_k_why why = vfs_mount(&m.v, job->target, job->data, job->len, job->block);

	if (why) {
		fprintf(out, "B %s mount %d\nQ", job->name, job->block ? EINVAL : ENOENT);
		print_words(out, crx_k_why_text(why));
		putc('\n', out);
	} else {
		fprintf(out, "B %s mounted 0\nQ %s\n", job->name,
			m.v.super.root.off ? "-" : "empty%20filesystem");
		show_mounted(&m);
	}
	fputs("E\n", out);
	vfs_unmount(&m.v);
}

bool differ_crashes(const struct differ_job *job)
{
	struct vfs v;
	bool crashes = vfs_mount(&v, job->target, job->data, job->len, false) == CRX_K_CRASH;

	vfs_unmount(&v);
	return crashes;
}
