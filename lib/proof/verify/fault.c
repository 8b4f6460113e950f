/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "proof/verify/state.h"

#include <stdarg.h>
#include <stdio.h>

int crx_verify_fault(const struct crx_verify *v, const struct crx_node *node, uint64_t off,
		     struct crx_err *err, const char *fmt, ...)
{
	char path[CRX_ERR_PATH_MAX];
	char text[CRX_ERR_TEXT_MAX / 2];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return crx_err_set_at(err, CRX_EVERIFY, off,
			      node ? crx_tree_path(node, path, sizeof(path)) : v->path,
			      "the image that was written is wrong: %s (a bug in %s %s: please "
			      "report it)",
			      text, PACKAGE_NAME, PACKAGE_VERSION);
}
