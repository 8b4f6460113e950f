/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/policy/skip.h"

#include <stddef.h>

const char *crx_skip_text(enum crx_skip s)
{
	static const char *const text[CRX_SKIP_KINDS] = {
		[CRX_SKIP_DEBUG] = "separate debug file",
		[CRX_SKIP_MACHINE] = "for another processor",
		[CRX_SKIP_UNALIGNED] = "cannot be loaded at this page size",
		[CRX_SKIP_DAMAGED] = "damaged ELF headers",
		[CRX_SKIP_FLAT_RAM] = "flat binary that is loaded to RAM",
		[CRX_SKIP_NOT_FDPIC] = "copied to RAM without an MMU",
		[CRX_SKIP_PART] = "cannot be in place as a whole",
		[CRX_SKIP_RULE] = "left out by the rules",
	};

	return text[s];
}
