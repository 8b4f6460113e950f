/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static void *checked(void *p)
{
	if (!p)
		say_error("out of memory");
	return p;
}

bool mem_grow(void *array, size_t *cap, size_t needed, size_t size)
{
	size_t room = *cap < 8 ? 8 : *cap;
	void *p;

	if (needed <= *cap)
		return true;
	while (room < needed && room <= SIZE_MAX / 2)
		room *= 2;
	memcpy(&p, array, sizeof(p));
	p = checked(room < needed || room > SIZE_MAX / size ? NULL : realloc(p, room * size));
	if (!p)
		return false;
	memcpy(array, &p, sizeof(p));
	*cap = room;
	return true;
}

char *mem_copy(const char *s)
{
	return checked(strdup(s));
}

void *mem_zeroed(size_t n, size_t size)
{
	return checked(calloc(n ? n : 1, size));
}

char *mem_format(const char *format, ...)
{
	va_list args;
	char *s = NULL;
	int n;

	va_start(args, format);
	n = vasprintf(&s, format, args);
	va_end(args);
	return checked(n < 0 ? NULL : s);
}
