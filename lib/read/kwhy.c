/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/kmodel.h"

static const struct {
	const char *text;
	bool logged;
} WHY[CRX_K_WHYS] = {
	[CRX_K_WRONG_MAGIC] = { "wrong magic", true },
	[CRX_K_WRONG_ENDIANNESS] = { "wrong endianness", true },
	[CRX_K_UNSUPPORTED_FEATURES] = { "unsupported filesystem features", true },
	[CRX_K_ROOT_NOT_DIRECTORY] = { "root is not a directory", true },
	[CRX_K_BAD_ROOT_OFFSET] = { "bad root offset", true },
	[CRX_K_NO_DIRECT_ACCESS] = { "unable to get direct memory access", true },
	[CRX_K_CRASH] = { "kernel crash", false },

	[CRX_K_NO_ENTRY] = { "no such entry", false },
	[CRX_K_EMPTY_NAME] = { "empty name", false },
	[CRX_K_SLASH_IN_NAME] = { "slash in a name", false },
	[CRX_K_INVALID_TYPE] = { "Invalid file type", true },

	[CRX_K_BAD_BLOCKSIZE] = { "bad data blocksize", true },
	[CRX_K_DECOMPRESSION] = { "error while decompressing", true },

	/* bailout_reason of cramfs_physmem_mmap(), and its pr_debug() */
	[CRX_K_NOT_REGULAR] = { "not a regular file", false },
	[CRX_K_NO_EXT_POINTERS] = { "no extended block pointers", false },
	[CRX_K_WRITABLE] = { "vma is writable", true },
	[CRX_K_BEYOND_FILE] = { "beyond file limit", true },
	[CRX_K_BLOCK_LAYOUT] = { "unsuitable block layout", true },
	[CRX_K_NOT_ALIGNED] = { "data is not page aligned", true },
	[CRX_K_LAST_PAGE_SHARED] = { "last page is shared", true },
	[CRX_K_NO_BLOCK_LEFT] = { "no suitable block remaining", true },

	[CRX_K_OUT_OF_BOUNDS] = { "out of bounds", false },
};

const char *crx_k_why_text(enum crx_k_why why)
{
	return WHY[why].text;
}

bool crx_k_why_logged(enum crx_k_why why)
{
	return WHY[why].logged;
}
