/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "proof/explain/explain.h"

static const char *const BAR[CRX_EXPLAIN_BARS] = {
	[CRX_EXPLAIN_UNLOADABLE] = "segment not loadable at this page size",
	[CRX_EXPLAIN_NOT_PIE] =
		"neither FDPIC nor position-independent: not loadable without an MMU",
	[CRX_EXPLAIN_NOT_FDPIC] = "not FDPIC: copied to RAM as a whole",
	[CRX_EXPLAIN_CONSTDISP] = "segments must keep their distances: copied to RAM as a whole",
	[CRX_EXPLAIN_BFLT_MMU] = "flat binary: a kernel with an MMU copies it to RAM",
	[CRX_EXPLAIN_BFLT_RAM] = "compressed, or flagged to be loaded to RAM",
	[CRX_EXPLAIN_WRITABLE] = "writable: copied to RAM",
	[CRX_EXPLAIN_NO_BASE] = "the flash has no physical address",
	[CRX_EXPLAIN_EXACT_TAIL] =
		"size is a multiple of the page: the last page is read correctly only when "
		"compressed",
};

const char *crx_explain_why_text(struct crx_explain_why why)
{
	return why.bar ? BAR[why.bar] : crx_k_why_text(why.kernel);
}

bool crx_explain_why_logged(struct crx_explain_why why)
{
	return !why.bar && crx_k_why_logged(why.kernel);
}
