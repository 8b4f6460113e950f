/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/err.h"

#include <stdio.h>
#include <string.h>

/* A long path loses its middle: its end says most, and its beginning says where to look. */
static void copy_path(char dst[CRX_ERR_PATH_MAX], const char *path)
{
	size_t len = strlen(path);
	size_t head = CRX_ERR_PATH_MAX / 2 - 4;
	size_t tail = CRX_ERR_PATH_MAX / 2;

	if (len < CRX_ERR_PATH_MAX) {
		memcpy(dst, path, len + 1);
		return;
	}
	memcpy(dst, path, head);
	memcpy(dst + head, "...", 3);
	memcpy(dst + head + 3, path + len - tail, tail + 1);
}

int crx_err_vset(struct crx_err *err, int code, int sys_errno, const char *path, const char *fmt,
		 va_list ap)
{
	if (err->code)
		return err->code;
	err->code = code;
	err->sys_errno = sys_errno;
	copy_path(err->path, path ? path : "");
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	return code;
}

int crx_err_set(struct crx_err *err, int code, int sys_errno, const char *path, const char *fmt,
		...)
{
	va_list ap;

	va_start(ap, fmt);
	code = crx_err_vset(err, code, sys_errno, path, fmt, ap);
	va_end(ap);
	return code;
}

int crx_err_set_at(struct crx_err *err, int code, uint64_t off, const char *path, const char *fmt,
		   ...)
{
	bool first = !err->code;
	va_list ap;

	va_start(ap, fmt);
	code = crx_err_vset(err, code, 0, path, fmt, ap);
	va_end(ap);
	if (first) {
		err->has_off = true;
		err->off = off;
	}
	return code;
}

int crx_err_nomem(struct crx_err *err, const char *what)
{
	return crx_err_set(err, CRX_ENOMEM, 0, NULL, "out of memory while %s", what);
}

void crx_log_vsay(struct crx_log *log, enum crx_level level, const char *path, const char *fmt,
		  va_list ap)
{
	char text[CRX_ERR_TEXT_MAX];

	if (!log)
		return;
	log->warnings += level == CRX_LEVEL_WARNING;
	if (!log->emit)
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	log->emit(log->ctx, level, path, text);
}

void crx_log_say(struct crx_log *log, enum crx_level level, const char *path, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	crx_log_vsay(log, level, path, fmt, ap);
	va_end(ap);
}
