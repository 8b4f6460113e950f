/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "scan/scan.h"

uint32_t crx_scan_block_len(const struct crx_facts *f, const struct crx_file_fact *file, uint32_t i)
{
	uint64_t left = file->node->size - (uint64_t)i * f->page_size;

	return left < f->page_size ? (uint32_t)left : f->page_size;
}

int crx_scan_read_block(const struct crx_facts *f, size_t file, void *handle, uint32_t i, void *buf,
			struct crx_err *err)
{
	const struct crx_file_fact *fact = &f->file[file];
	const struct crx_content *c = &fact->node->content;
	uint32_t len = crx_scan_block_len(f, fact, i);
	char path[CRX_ERR_PATH_MAX];
	int ret;

	ret = c->ops->pread(c, handle, buf, len, (uint64_t)i * f->page_size, err);
	if (ret < 0)
		return ret;
	if (!crx_hash_equal(crx_scan_hash(buf, len), f->blk[fact->first_blk + i].hash))
		return crx_err_set(err, CRX_ECHANGED, 0,
				   crx_tree_path(fact->node, path, sizeof(path)),
				   "changed while the image was being built (build again when "
				   "nothing writes to the tree)");
	return 0;
}
