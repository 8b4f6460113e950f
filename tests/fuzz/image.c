/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target: an image. It is found, opened, checked, walked, read and mapped as by a kernel,
 * explained, extracted and exported; what the parts say of one thing must agree.
 */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comp/comp.h"
#include "fuzz.h"
#include "image_look.h"
#include "old/old.h"
#include "proof/export/export.h"
#include "read/check.h"
#include "read/extract.h"
#include "read/locate.h"

enum { FINDINGS_MAX = 100, ENTRIES_EXTRACTED = 100, BYTES_EXTRACTED = 1 << 20 };

static void count(void *ctx, const struct crx_finding *f)
{
	const struct crx_finding_info *info = crx_finding_info(f->kind);
	struct crx_check_result *seen = ctx;

	FUZZ_CHECK(f->count && *f->text && *info->id);
	FUZZ_CHECK(memchr(f->path, '\0', sizeof(f->path)));
	seen->errors += info->severity == CRX_SEV_ERROR;
	seen->warnings += info->severity == CRX_SEV_WARNING;
	seen->notes += info->severity == CRX_SEV_NOTE;
}

static void check_findings(const struct crx_image *img, uint32_t candidates,
			   struct crx_check_result *got)
{
	struct crx_check_result seen = { 0 };
	struct crx_check_opts o = {
		.workers = 1,
		.max_findings = FINDINGS_MAX,
		.each = img->len % 2,
		.candidates = candidates,
		.emit = count,
		.ctx = &seen,
	};
	struct crx_err err = CRX_ERR_INIT;
	int ret = crx_check(img, &o, got, &err);
	size_t total;

	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret);
	total = got->errors + got->warnings + got->notes;
	FUZZ_CHECK(seen.errors + seen.warnings + seen.notes ==
		   (total < FINDINGS_MAX ? total : FINDINGS_MAX));
	FUZZ_CHECK(seen.errors <= got->errors && seen.warnings <= got->warnings);
}

static bool is_small(const struct crx_listing *l)
{
	uint64_t bytes = 0;
	size_t i;

	for (i = 0; i < l->n; i++)
		bytes += crx_extract_size(&l->entry[i]);
	return l->n <= ENTRIES_EXTRACTED && bytes <= BYTES_EXTRACTED;
}

/* Longer than the host lets any be: with large pages, a kernel can read them. */
static bool has_long_links(const struct crx_listing *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (S_ISLNK(l->entry[i].de.inode.mode) && l->entry[i].de.inode.size >= PATH_MAX)
			return true;
	return false;
}

static void extract(const struct crx_image *img, const struct crx_listing *l, size_t errors)
{
	struct crx_log log = fuzz_log(NULL);
	struct crx_extract_opts o = { .workers = 1, .log = &log };
	struct crx_extract_result r;
	struct crx_err err = CRX_ERR_INIT;
	int ret;

	fuzz_empty_dir("out");
	ret = crx_extract(img, l, fuzz_path("out"), &o, &r, &err);
	fuzz_check_err(ret, &err);
	if (ret)
		return;
	FUZZ_CHECK(r.made <= l->n && r.failed <= l->n);
	/* what is not an error for a kernel is not one for us */
	if (!errors && r.failed && !has_long_links(l))
		FUZZ_FAIL("%zu entries of a valid image cannot be extracted", r.failed);
}

static void export(const struct crx_image *img, const struct crx_listing *l)
{
	const char *path = fuzz_path(img->len % 2 ? "x.tar" : "x.cpio");
	struct crx_log log = fuzz_log(NULL);
	struct crx_archive_writer *w;
	struct crx_extract_result r;
	struct crx_err err = CRX_ERR_INIT;
	int ret = crx_archive_create(&w, path, NULL, &err);

	if (ret == CRX_EARG)
		return; /* a build without libarchive */
	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret);
	ret = crx_export_archive(img, l, w, &log, &r, &err);
	fuzz_check_err(ret, &err);
	FUZZ_CHECK(ret || r.made + r.failed <= 2 * l->n);
	if (ret) {
		crx_archive_abort(w);
		return;
	}
	ret = crx_archive_close(w, &err);
	fuzz_check_err(ret, &err);
}

/* As the old image of a new one: what it says must be in it. */
static void keep(const struct crx_image *img, const struct crx_listing *l)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_old old;
	size_t i;
	uint32_t k;
	int ret = crx_old_read(img, l, 1, &old, &err);

	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret && old.size <= img->len);
	for (i = 0; i < old.nblocks; i++) {
		const struct crx_old_block *b = &old.block[i];

		FUZZ_CHECK(!i || b[-1].off <= b->off);
		FUZZ_CHECK((uint64_t)(b->data - old.data) + b->stored_len <= old.size);
		FUZZ_CHECK(!b->readable || b->len <= old.page_size);
	}
	for (i = 0; i < old.ntables; i++)
		for (k = 0; old.table[i].usable && k < old.table[i].nblks; k++)
			FUZZ_CHECK(old.ref[old.table[i].first_ref + k] == CRX_OLD_HOLE ||
				   old.ref[old.table[i].first_ref + k] < old.nblocks);
	crx_old_free(&old);
}

/* Everything that is done to an image in memory, for a kernel with this page size. If it is not
 * extracted, the kernel may be an old one. */
static void look(const uint8_t *data, size_t len, uint32_t page_size, uint32_t candidates,
		 bool files)
{
	static const struct crx_kernel kernels[] = { { 0 },
						     { CRX_KERNEL_VERSION(5, 10, 0), false },
						     { CRX_KERNEL_VERSION(6, 1, 0), true } };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_listing l;
	struct crx_image img;
	struct crx_check_result found;
	int ret = crx_image_view(&img, data, len, page_size, &err);

	fuzz_check_err(ret, &err);
	if (ret) {
		FUZZ_CHECK(ret == CRX_EFORMAT);
		return;
	}
	img.kernel = kernels[files ? 0 : len % 3];
	check_findings(&img, candidates, &found);
	ret = crx_listing_read(&img, &l, &err);
	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret);
	image_look(&img, &l, &found);
	keep(&img, &l);
	if (files && is_small(&l)) {
		extract(&img, &l, found.errors);
		export(&img, &l);
	}
	crx_listing_free(&l);
	crx_image_close(&img);
}

/* An image inside of a file. */
static void locate(const uint8_t *data, size_t len)
{
	int fd = open(fuzz_file("dump", data, len), O_RDONLY | O_CLOEXEC), ret;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_log log = fuzz_log(NULL);
	struct crx_image img;
	uint64_t off;
	size_t n;

	FUZZ_CHECK(fd >= 0);
	ret = crx_image_locate(fd, "dump", &log, &off, &n, &err);
	fuzz_check_err(ret, &err);
	if (!ret) {
		FUZZ_CHECK(off < len);
		ret = crx_image_map_at(&img, fd, "dump", off, 4096, &err);
		fuzz_check_err(ret, &err);
		FUZZ_CHECK(!ret && img.len == len - off);
		crx_image_close(&img);
	}
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint32_t candidates = 0, page_size, other;
	struct crx_err err = CRX_ERR_INIT;
	int ret = crx_check_page_size(data, len, &page_size, &candidates, &err);

	fuzz_check_err(ret, &err);
	FUZZ_CHECK(ret ? !page_size : crx_page_size_ok(page_size));
	if (!page_size)
		page_size = CRX_PAGE_MIN;
	look(data, len, page_size, 0, true);
	other = (uint32_t)CRX_PAGE_MIN << crx_crc32(0, data, len) % 5;
	if (other != page_size)
		look(data, len, other, candidates, false);
	locate(data, len);
	return 0;
}
