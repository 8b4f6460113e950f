/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/image.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comp/comp.h"
#include "read/bytes.h"
#include "read/magic.h"

const uint8_t *crx_image_bytes(const struct crx_image *img, uint64_t off, uint64_t len)
{
	if (len > img->len || off > img->len - len)
		return NULL;
	return img->data + off;
}

/* Looks for a superblock in either byte order. */
static bool find_super_at(struct crx_image *img, uint64_t off)
{
	static const enum crx_order orders[] = { CRX_ORDER_LITTLE, CRX_ORDER_BIG };
	const uint8_t *p = crx_image_bytes(img, off, CRX_SUPER_LEN);
	size_t i;

	for (i = 0; p && i < sizeof(orders) / sizeof(orders[0]); i++) {
		if (crx_get32(p, orders[i]) != CRX_MAGIC)
			continue;
		img->order = orders[i];
		img->super_off = off;
		crx_super_decode(p, orders[i], &img->super);
		return true;
	}
	return false;
}

static int refuse(const void *data, uint64_t len, const char *name, struct crx_err *err)
{
	const struct crx_magic *m = crx_magic_identify(data, len);

	if (!m)
		return crx_err_set(err, CRX_EFORMAT, 0, name, "no cramfs superblock at 0 or %d",
				   CRX_BOOT_PAD_LEN);
	return crx_err_set(err, CRX_EFORMAT, 0, name, "not a cramfs image, but %s%s%s%s", m->what,
			   m->advice ? " (" : "", m->advice ? m->advice : "", m->advice ? ")" : "");
}

static int init_view(struct crx_image *img, const void *data, uint64_t len, const char *name,
		     uint32_t page_size, struct crx_err *err)
{
	*img = (struct crx_image){ .data = data, .len = len, .page_size = page_size };
	if (!crx_page_size_ok(page_size))
		return crx_err_set(err, CRX_EARG, 0, name, "%lu is not a valid page size",
				   (unsigned long)page_size);
	/* in the order of cramfs_read_super(): after a boot pad only if not at 0 */
	if (find_super_at(img, 0) || find_super_at(img, CRX_BOOT_PAD_LEN))
		return 0;
	return refuse(data, len, name, err);
}

int crx_image_view(struct crx_image *img, const void *data, uint64_t len, uint32_t page_size,
		   struct crx_err *err)
{
	return init_view(img, data, len, NULL, page_size, err);
}

/* The size of a block device is only known from the position of its end. */
static int file_len(int fd, const char *name, uint64_t *len, struct crx_err *err)
{
	struct stat st;
	off_t end;

	if (fstat(fd, &st) < 0)
		return crx_err_set(err, CRX_EIO, errno, name, "cannot determine its size");
	end = st.st_size;
	if (S_ISBLK(st.st_mode)) {
		end = lseek(fd, 0, SEEK_END);
		if (end < 0)
			return crx_err_set(err, CRX_EIO, errno, name, "cannot determine its size");
	} else if (!S_ISREG(st.st_mode)) {
		return crx_err_set(err, CRX_EFORMAT, 0, name,
				   "neither a regular file nor a block device");
	}
	*len = (uint64_t)end;
	return 0;
}

int crx_image_map(struct crx_image *img, int fd, const char *name, uint32_t page_size,
		  struct crx_err *err)
{
	return crx_image_map_at(img, fd, name, 0, page_size, err);
}

int crx_image_map_file(struct crx_image *img, int fd, const char *name, struct crx_err *err)
{
	uint64_t len = 0;
	void *map;
	int ret;

	*img = (struct crx_image){ 0 };
	ret = file_len(fd, name, &len, err);
	if (ret < 0)
		return ret;
	if (!len)
		return crx_err_set(err, CRX_EFORMAT, 0, name, "empty: not a cramfs image");
	if (len > SIZE_MAX)
		return crx_err_set(err, CRX_EBIG, 0, name,
				   "too large for this machine's address space");
	map = mmap(NULL, (size_t)len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return crx_err_set(err, CRX_EIO, errno, name, "cannot map it into memory");
	*img = (struct crx_image){ .data = map, .len = len, .map = map, .map_len = len };
	return 0;
}

int crx_image_map_at(struct crx_image *img, int fd, const char *name, uint64_t off,
		     uint32_t page_size, struct crx_err *err)
{
	struct crx_image file;
	int ret = crx_image_map_file(&file, fd, name, err);

	*img = (struct crx_image){ 0 };
	if (ret < 0)
		return ret;
	if (file.len < CRX_SUPER_LEN || off > file.len - CRX_SUPER_LEN)
		ret = crx_err_set(err, CRX_EFORMAT, 0, name, "too short for a cramfs image%s",
				  off ? " at that offset" : "");
	else
		ret = init_view(img, file.data + off, file.len - off, name, page_size, err);
	img->map = file.map;
	img->map_len = file.map_len;
	if (ret < 0)
		crx_image_close(img);
	return ret;
}

void crx_image_close(struct crx_image *img)
{
	if (!img)
		return;
	if (img->map)
		munmap(img->map, (size_t)img->map_len);
	*img = (struct crx_image){ 0 };
}

bool crx_image_pointer(const struct crx_image *img, uint64_t table_off, uint32_t i, uint32_t *out)
{
	uint64_t in_table = (uint64_t)i * CRX_BLKPTR_LEN;
	const uint8_t *p;

	if (table_off > UINT64_MAX - in_table)
		return false;
	p = crx_image_bytes(img, table_off + in_table, CRX_BLKPTR_LEN);
	if (!p)
		return false;
	*out = crx_get32(p, img->order);
	return true;
}

bool crx_image_has_crc(const struct crx_image *img)
{
	return img->super.flags & CRX_FLAG_FSID_VERSION_2 && img->super.size <= img->len &&
	       img->super.size >= img->super_off + CRX_SUPER_LEN;
}

uint32_t crx_image_crc(const struct crx_image *img)
{
	static const uint8_t zero[4];
	const uint8_t *p = img->data + img->super_off;
	uint64_t left = img->super.size - img->super_off - CRX_SUPER_OFF_CRC - sizeof(zero);
	uint32_t crc = crx_crc32(0, p, CRX_SUPER_OFF_CRC);

	crc = crx_crc32(crc, zero, sizeof(zero));
	return crx_crc32(crc, p + CRX_SUPER_OFF_CRC + sizeof(zero), (size_t)left);
}
