/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What static libraries that were compiled for glibc need besides musl: the checked functions of
 * _FORTIFY_SOURCE, without the checks. For tests only.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void *__memcpy_chk(void *dst, const void *src, size_t n, size_t cap);
int __snprintf_chk(char *s, size_t n, int flag, size_t cap, const char *fmt, ...);
int __vsnprintf_chk(char *s, size_t n, int flag, size_t cap, const char *fmt, va_list ap);
void *rawmemchr(const void *s, int c);

void *__memcpy_chk(void *dst, const void *src, size_t n, size_t cap)
{
	(void)cap;
	return memcpy(dst, src, n);
}

int __vsnprintf_chk(char *s, size_t n, int flag, size_t cap, const char *fmt, va_list ap)
{
	(void)flag;
	(void)cap;
	return vsnprintf(s, n, fmt, ap);
}

int __snprintf_chk(char *s, size_t n, int flag, size_t cap, const char *fmt, ...)
{
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = __vsnprintf_chk(s, n, flag, cap, fmt, ap);
	va_end(ap);
	return ret;
}

void *rawmemchr(const void *s, int c)
{
	const char *p = s;

	while (*p != (char)c)
		p++;
	return (char *)p;
}
