/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apk's file "installed" (apk-tools, src/database.c): a paragraph for each package, of lines "X:",
 * where X is a letter. F: is a directory, R: a file in it.
 */
#include "config.h"
#include "packages/parts.h"

struct apk {
	struct crx_packages *p;
	struct span dir;
	bool open; /* a package is; its index is */
	uint32_t index;
};

static int read_line(struct apk *a, char letter, struct span value, struct crx_err *err)
{
	const struct span none = { 0 };
	int ret;

	if (letter == 'P') {
		a->dir = none;
		ret = crx_packages_add(a->p, value, true, &a->index, err);
		a->open = !ret;
		return ret;
	}
	if (!a->open)
		return 0;
	switch (letter) {
	case 'V':
		return crx_packages_set_version(a->p, a->index, value, err);
	case 'F':
		a->dir = value;
		return crx_packages_add_path(a->p, a->index, none, value, err);
	case 'R':
		return value.len ? crx_packages_add_path(a->p, a->index, a->dir, value, err) : 0;
	default:
		return 0;
	}
}

int crx_packages_read_apk(struct crx_packages *p, const struct crx_package_text *t,
			  struct crx_err *err)
{
	struct apk a = { .p = p };
	struct span line;
	size_t at = 0;
	int ret = 0;

	while (!ret && crx_packages_line(t, &at, &line)) {
		if (!line.len)
			a.open = false;
		else if (line.len > 1 && line.at[1] == ':')
			ret = read_line(&a, line.at[0], (struct span){ line.at + 2, line.len - 2 },
					err);
	}
	return ret;
}
