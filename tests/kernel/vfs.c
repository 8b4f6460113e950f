/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "vfs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { BLOCK_LEN = 1 << 28, NO_DENTRY = -1 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "vfs: %s\n", what);
	exit(99);
}

/* To cramfs_blkdev_read(), zeros follow a block device of whole pages. Here there are as many as an
 * image of version 1 may have. */
static uint8_t *block_device(void)
{
	static uint8_t *device;

	if (!device) {
		device = mmap(NULL, BLOCK_LEN, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (device == MAP_FAILED)
			die("no address space for a block device");
	}
	return device;
}

/* The image as the machine sees it. The model also judges images in which the reader finds no
 * superblock. */
static void open_image(struct crx_image *img, const struct differ_target *t, const void *data,
		       uint64_t len)
{
	struct crx_err err = CRX_ERR_INIT;

	if (crx_image_view(img, data, len, t->page_size, &err) < 0 || img->order != t->order)
		*img = (struct crx_image){
			.data = data, .len = len, .page_size = t->page_size, .order = t->order
		};
	img->kernel = t->kernel;
}

/* The index of the inode with this number. */
static int node_of(struct vfs *v, uint64_t ino)
{
	struct vfs_node node = { .ino = (uint32_t)ino, .parent = NO_DENTRY };
	int i;

	for (i = 0; i < v->n; i++)
		if (v->node[i].ino == ino)
			return i;
	if (v->n == v->cap) {
		v->cap = v->cap ? 2 * v->cap : 64;
		v->node = realloc(v->node, (size_t)v->cap * sizeof(*v->node));
		if (!v->node)
			die("out of memory");
	}
	if (crx_mount_inode(&v->m, ino, &node.in))
		die("an inode is missing");
	v->node[v->n] = node;
	return v->n++;
}

/* d_splice_alias(): a directory moves to where it is found; ELOOP if that is below itself. */
static int splice(struct vfs *v, int dir, const char *name, int found)
{
	struct vfs_node *d = &v->node[found];
	int i;

	if (!S_ISDIR(d->in.mode) || (d->parent == dir && !strcmp(d->name, name)))
		return 0;
	for (i = dir; i != NO_DENTRY; i = v->node[i].parent)
		if (i == found)
			return ELOOP;
	d->parent = dir;
	snprintf(d->name, sizeof(d->name), "%s", name);
	return 0;
}

enum crx_k_why vfs_mount(struct vfs *v, const struct differ_target *t, const void *data, size_t len,
			 bool block)
{
	struct crx_err err = CRX_ERR_INIT;
	enum crx_k_why why;

	*v = (struct vfs){ .n = 0 };
	if (block) {
		v->on_block = len / t->page_size * t->page_size;
		data = memcpy(block_device(), data, v->on_block);
	}
	open_image(&v->img, t, data, block ? BLOCK_LEN : len);
	v->super = v->img.super;
	why = block ? crx_k_read_super(&v->img) : crx_k_mtd_fill_super(&v->img);
	if (why)
		return why;
	/* cramfs_blkdev_read() ignores super.size, as if the image had version 1 */
	if (block)
		v->img.super.flags &= ~CRX_FLAG_FSID_VERSION_2;
	if (crx_mount_init(&v->m, &v->img, "image", &err))
		die(err.text);
	node_of(v, v->m.root_ino);
	v->node[0].shown = true;
	return CRX_K_OK;
}

void vfs_unmount(struct vfs *v)
{
	if (v->on_block)
		memset(block_device(), 0, v->on_block);
	crx_mount_free(&v->m);
	free(v->node);
	*v = (struct vfs){ .n = 0 };
}

int vfs_lookup(struct vfs *v, int dir, const char *name, int *found)
{
	struct stat st;
	int error = crx_mount_lookup(&v->m, v->node[dir].ino, name, &st);

	if (error)
		return error;
	*found = node_of(v, st.st_ino);
	return splice(v, dir, name, *found);
}
