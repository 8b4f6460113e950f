/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "proof/explain/explain.h"

static const char *const BAR[CRX_EXPLAIN_BARS] = {
	[CRX_EXPLAIN_WRITABLE] = "writable: copied to RAM",
	[CRX_EXPLAIN_NO_BASE] = "the flash has no physical address",
	[CRX_EXPLAIN_EXACT_TAIL] =
		"size is a multiple of the page: the last page is read correctly only when "
		"compressed",
};

const char *crx_explain_why_text(struct crx_explain_why why)
{
	if (why.exec)
		return crx_exec_why_text(why.exec);
	return why.bar ? BAR[why.bar] : crx_k_why_text(why.kernel);
}

bool crx_explain_why_logged(struct crx_explain_why why)
{
	return !why.exec && !why.bar && crx_k_why_logged(why.kernel);
}
