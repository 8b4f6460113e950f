/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "format/rules.h"

bool crx_format_may_be_direct_uncompressed(uint64_t size, uint32_t page_size, uint32_t blk)
{
	uint64_t nblks = (size + page_size - 1) / page_size;

	return blk + 1u < nblks || size % page_size != 0;
}

bool crx_format_may_share_table(const struct crx_identity *a, const struct crx_identity *b)
{
	return a->mode == b->mode && a->uid == b->uid && a->gid == b->gid;
}

bool crx_format_may_share_block(bool direct_uncompressed)
{
	return !direct_uncompressed;
}

uint64_t crx_format_min_size(uint64_t last_entry_off)
{
	return last_entry_off ? last_entry_off + CRX_DIRENT_READ_LEN : 0;
}

uint64_t crx_format_image_size(uint64_t end_off, uint64_t last_entry_off, uint32_t page_size)
{
	uint64_t least = crx_format_min_size(last_entry_off);

	if (end_off < least)
		end_off = least;
	return (end_off + page_size - 1) / page_size * page_size;
}

uint32_t crx_format_tail_zeros(uint64_t size, uint32_t page_size)
{
	uint32_t used = (uint32_t)(size % page_size);

	return used ? page_size - used : 0;
}

uint32_t crx_format_run_padding(uint64_t off, uint32_t page_size)
{
	uint32_t past = (uint32_t)(off % page_size);

	return past ? page_size - past : 0;
}

bool crx_format_may_be_direct_compressed(uint64_t len)
{
	return len <= CRX_DIRECT_LEN_MAX;
}
