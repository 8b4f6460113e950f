/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "scan/scan.h"

uint32_t crx_scan_block_len(const struct crx_facts *f, const struct crx_file_fact *file, uint32_t i)
{
	uint64_t left = file->node->size - (uint64_t)i * f->page_size;

	return left < f->page_size ? (uint32_t)left : f->page_size;
}

int crx_scan_read_blocks(const struct crx_facts *f, void *handle, uint32_t b, uint32_t n, void *buf,
			 struct crx_err *err)
{
	const struct crx_file_fact *file = &f->file[f->blk[b].file];
	const struct crx_content *c = &file->node->content;
	uint32_t i = b - file->first_blk, len;
	size_t all = (size_t)(n - 1) * f->page_size + crx_scan_block_len(f, file, i + n - 1);
	const uint8_t *data = buf;
	char path[CRX_ERR_PATH_MAX];
	int ret = c->ops->pread(c, handle, buf, all, (uint64_t)i * f->page_size, err);

	for (; n && !ret; n--, i++, data += len) {
		len = crx_scan_block_len(f, file, i);
		if (!crx_hash_equal(crx_scan_hash(data, len), f->blk[file->first_blk + i].hash))
			ret = crx_err_set(err, CRX_ECHANGED, 0,
					  crx_tree_path(file->node, path, sizeof(path)),
					  "changed while the image was being built (build again "
					  "when nothing writes to the tree)");
	}
	return ret;
}
