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

struct words {
	const char *means, *advice;
};

static const struct words PAGE[CRX_EXPLAIN_PAGES] = {
	[CRX_EXPLAIN_PAGE_UNKNOWN] = { "not kept for mapping", NULL },
	[CRX_EXPLAIN_PAGE_COMPRESSED] = { "compressed", "-X, a policy or a larger --flash-budget "
							"of mkcramfs-xip puts pages in place" },
	[CRX_EXPLAIN_PAGE_HOLE] = { "a hole: zeros that take no flash", NULL },
	[CRX_EXPLAIN_PAGE_STORED] = { "stored, but not for mapping",
				      "the action xip of a policy puts pages in place, store does "
				      "not" },
	[CRX_EXPLAIN_PAGE_APART] = { "not directly after the page before it in flash",
				     "mkcramfs-xip keeps the pages of a segment together" },
};

static const struct words KERNEL[CRX_K_WHYS] = {
	[CRX_K_NO_EXT_POINTERS] = { "the image is in the classic format",
				    "-X or a policy of mkcramfs-xip makes an image with pages in "
				    "place" },
	[CRX_K_WRITABLE] = { "writable: copied to RAM", NULL },
	[CRX_K_BEYOND_FILE] = { "the segment goes beyond the end of the file", NULL },
	[CRX_K_NOT_ALIGNED] = { "not page-aligned in flash",
				"the image must begin on a page boundary of the flash; "
				"mkcramfs-xip aligns the pages in it" },
	[CRX_K_LAST_PAGE_SHARED] = { "other data follows the file's end in its last page",
				     "mkcramfs-xip fills that page with zeros" },
	[CRX_K_NO_BLOCK_LEFT] = { "other data follows the file's end in its only page",
				  "mkcramfs-xip fills that page with zeros" },
	[CRX_K_OUT_OF_BOUNDS] = { "outside the image: it is damaged", NULL },
};

static struct words words_of(struct crx_explain_why why)
{
	if (!why.exec && !why.bar && why.kernel == CRX_K_BLOCK_LAYOUT)
		return PAGE[why.page];
	if (!why.exec && !why.bar && KERNEL[why.kernel].means)
		return KERNEL[why.kernel];
	return (struct words){ crx_explain_why_text(why), NULL };
}

const char *crx_explain_why_means(struct crx_explain_why why)
{
	return words_of(why).means;
}

const char *crx_explain_why_advice(struct crx_explain_why why)
{
	return words_of(why).advice;
}

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
