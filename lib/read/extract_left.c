/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports what was not extracted: a line for each of the first paths of each kind, then counts.
 */
#include "config.h"
#include "read/extract_parts.h"

#include <errno.h>
#include <string.h>

void crx_extract_left_init(struct crx_extraction *x)
{
	int kind;

	for (kind = 0; kind < CRX_LEFT_KINDS; kind++)
		x->left[kind] = (struct crx_offenders){
			.log = x->o->log,
			.level = kind < CRX_LEFT_FAILED ? CRX_LEVEL_NOTE : CRX_LEVEL_ERROR,
			.most = CRX_OFFENDERS_MOST,
		};
}

void crx_extract_report(struct crx_extraction *x, enum crx_left kind, const struct crx_entry *e,
			const char *fmt, ...)
{
	char path[CRX_ERR_PATH_MAX];
	va_list ap;

	if (kind == CRX_LEFT_FAILED)
		x->out->failed++;
	va_start(ap, fmt);
	crx_offenders_vadd(&x->left[kind], crx_entry_path(e, path, sizeof(path)), fmt, ap);
	va_end(ap);
}

int crx_extract_sys_error(struct crx_extraction *x, const struct crx_entry *e, int sys_errno,
			  const char *what, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];

	switch (sys_errno) {
	case ENOSPC:
	case EDQUOT:
	case EROFS:
	case EIO:
	case ENOMEM:
	case EMFILE:
	case ENFILE:
		crx_entry_path(e, path, sizeof(path));
		return crx_err_set(err, CRX_EIO, sys_errno, path,
				   "cannot %s; '%s' contains a part of the tree", what, x->dir);
	case EEXIST:
		crx_extract_report(x, CRX_LEFT_FAILED, e,
				   "not extracted: the name exists already (twice in the image, or "
				   "equal to another on this file system)");
		return 0;
	default:
		crx_extract_report(x, CRX_LEFT_FAILED, e, "not extracted: cannot %s: %s", what,
				   strerror(sys_errno));
		return 0;
	}
}

static const char *entries(size_t n)
{
	return n == 1 ? "entry" : "entries";
}

static void report_not_asked_for(const struct crx_extraction *x)
{
	const char *needs = "that needs root or --owners";
	size_t n;

	n = x->left[CRX_LEFT_OWNER].count;
	if (n)
		crx_log_note(x->o->log, x->dir, "owners of %zu %s not set: %s", n, entries(n),
			     needs);
	n = x->left[CRX_LEFT_BITS].count;
	if (n)
		crx_log_warn(x->o->log, x->dir, "setuid or setgid bits of %zu %s not set: %s", n,
			     entries(n), needs);
	n = x->left[CRX_LEFT_NODE].count;
	if (n)
		crx_log_warn(x->o->log, x->dir, "%zu %s not made: %s", n,
			     n == 1 ? "device, FIFO or socket" : "devices, FIFOs or sockets",
			     x->o->owners ? "devices need --owners" : needs);
}

void crx_extract_report_counts(struct crx_extraction *x)
{
	static const char *const what[CRX_LEFT_KINDS] = {
		[CRX_LEFT_FAILED] = "that could not be extracted",
		[CRX_LEFT_NODE_DENIED] = "devices, FIFOs and sockets not made",
		[CRX_LEFT_BITS_DENIED] = "without their setuid or setgid bits",
		[CRX_LEFT_OWNER_DENIED] = "without their owner",
		[CRX_LEFT_MODE_DENIED] = "without their mode or times",
	};
	int kind;

	report_not_asked_for(x);
	for (kind = CRX_LEFT_FAILED; kind < CRX_LEFT_KINDS; kind++)
		crx_offenders_end(&x->left[kind], x->dir, what[kind]);
}
