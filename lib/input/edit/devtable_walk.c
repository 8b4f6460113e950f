/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/edit/devtable_apply.h"

#include <string.h>
#include <sys/stat.h>

const char *crx_devtable_type_word(const struct crx_node *n)
{
	switch (n->mode & S_IFMT) {
	case S_IFREG:
		return "a regular file";
	case S_IFDIR:
		return "a directory";
	case S_IFLNK:
		return "a symbolic link";
	case S_IFCHR:
		return "a character device";
	case S_IFBLK:
		return "a block device";
	case S_IFIFO:
		return "a FIFO";
	default:
		return "a socket";
	}
}

int crx_devtable_report(struct crx_devtable_apply *a, const char *path, size_t len, const char *why,
			const char *what)
{
	if (len > CRX_ERR_PATH_MAX / 2)
		crx_fault(&a->faults, &a->e->at, "...%.*s: %s%s", CRX_ERR_PATH_MAX / 2,
			  path + len - CRX_ERR_PATH_MAX / 2, why, what);
	else
		crx_fault(&a->faults, &a->e->at, "%.*s: %s%s", (int)len, path, why, what);
	return 0;
}

bool crx_devtable_is_part(const char *s, size_t len, const char *part)
{
	return strlen(part) == len && !memcmp(s, part, len);
}

int crx_devtable_walk(struct crx_devtable_apply *a, const char *path, size_t len, uint32_t mode,
		      struct crx_node **out, bool *created)
{
	struct crx_node *at = a->names.root, *next;
	size_t i = 0, from;
	int ret;

	*out = NULL;
	*created = false;
	for (;; i = from + strcspn(path + from, "/")) {
		from = i + strspn(path + i, "/");
		if (from >= len)
			break;
		i = from + strcspn(path + from, "/");
		if (i > len)
			i = len;
		if (crx_devtable_is_part(path + from, i - from, "."))
			continue;
		if (crx_devtable_is_part(path + from, i - from, "..")) {
			at = at->parent ? at->parent : at;
			continue;
		}
		next = crx_names_find(&a->names, at, path + from, i - from);
		*created = !next;
		if (!next && !mode)
			return 0;
		if (!next) {
			ret = crx_names_add(&a->names, at, path + from, i - from, &next, a->err);
			if (ret < 0)
				return ret;
			next->mode = S_IFDIR | mode;
		}
		at = crx_names_dir(&a->names, next);
		if (!at)
			return crx_devtable_report(a, path, i,
						   S_ISLNK(next->mode)
							   ? "is a symbolic link that does not "
							     "lead to a directory in the tree"
							   : "is not a directory but ",
						   S_ISLNK(next->mode)
							   ? ""
							   : crx_devtable_type_word(next));
	}
	*out = at;
	return 0;
}
