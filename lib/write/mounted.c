/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "write/mounted.h"

#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* Copies a field, which ends at a blank. It has blanks and the like as \040. */
static void unescape(const char *field, char *out, size_t cap)
{
	size_t n = 0;

	while (*field && *field != ' ' && *field != '\n' && n + 1 < cap) {
		if (field[0] == '\\' && is_octal(field[1]) && is_octal(field[2]) &&
		    is_octal(field[3])) {
			out[n++] = (char)((field[1] - '0') << 6 | (field[2] - '0') << 3 |
					  (field[3] - '0'));
			field += 4;
		} else {
			out[n++] = *field++;
		}
	}
	out[n] = '\0';
}

/* Field i of a line, counted from 0; NULL if it has fewer. */
static const char *field_of(const char *line, unsigned i)
{
	for (; i; i--) {
		line += strcspn(line, " \n");
		if (*line != ' ')
			return NULL;
		line++;
	}
	return line;
}

bool crx_output_mounted(const char *mountinfo, dev_t dev, char *where, size_t cap)
{
	enum { DEVICE = 2, MOUNT_POINT = 4 }; /* "36 35 98:0 /root /point rw - ext4 ..." */
	const char *line = mountinfo, *device, *point;
	char wanted[32];
	size_t len = (size_t)snprintf(wanted, sizeof(wanted), "%u:%u ", major(dev), minor(dev));

	for (;;) {
		device = field_of(line, DEVICE);
		point = field_of(line, MOUNT_POINT);
		if (device && point && !strncmp(device, wanted, len)) {
			unescape(point, where, cap);
			return true;
		}
		line = strchr(line, '\n');
		if (!line)
			return false;
		line++;
	}
}
