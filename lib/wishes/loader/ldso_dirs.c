/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The directories in which a dynamic linker searches besides those that programs and libraries
 * name themselves.
 */
#include "config.h"
#include "wishes/loader/ldso.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/glob.h"

/* Those that do not exist are ignored. */
static const char *const DIRS_64[] = { "/lib64", "/usr/lib64", "/lib64/lp64d", "/usr/lib64/lp64d" };
static const char *const DIRS_32[] = { "/lib32", "/usr/lib32", "/libx32", "/usr/libx32" };
static const char *const DIRS_ALL[] = { "/lib", "/usr/lib" };

static int add_all(struct crx_ldso *l, const char *const *dir, size_t n, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++)
		ret = crx_ldso_add_dir(l, &l->sys, dir[i], strlen(dir[i]), err);
	return ret;
}

/* The directory part of a path, with its '/'. */
static size_t dir_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* The directory that the interpreter is in, after links and by its name: a linker searches the
 * directories of its own prefix. */
static int add_interpreters(struct crx_ldso *l, struct crx_err *err)
{
	const char *interp = l->prog->interp;
	const struct crx_node *n = interp ? crx_tree_find(l->t, interp) : NULL;
	char path[CRX_LDSO_PATH_CAP];
	int ret;

	if (!n || !S_ISREG(n->mode))
		return 0;
	crx_tree_path(n, path, sizeof(path));
	ret = *path == '/' ? crx_ldso_add_dir(l, &l->sys, path, dir_len(path), err) : 0;
	return ret ? ret : crx_ldso_add_dir(l, &l->sys, interp, dir_len(interp), err);
}

/* /lib/TRIPLET and /usr/lib/TRIPLET, as in Debian. $LIB is such a directory if it contains the C
 * library for this machine. */
static int add_triplets(struct crx_ldso *l, const char *lib, struct crx_err *err)
{
	static const char LIBC[] = "/libc.so.6";
	const struct crx_node *dir = crx_tree_find(l->t, lib), *n;
	char path[CRX_LDSO_PATH_CAP];
	struct crx_ldso_hit hit;
	size_t i, len;
	int ret = 0;

	for (i = 0; dir && i < dir->nchildren && !ret && crx_ldso_spend(l, 1); i++) {
		n = dir->child[i];
		if (!crx_glob_match("*-linux-*", n->name) || strlen(n->name) > CRX_DIRENT_NAME_MAX)
			continue;
		crx_tree_path(n, path, sizeof(path) - sizeof(LIBC));
		len = strlen(path);
		ret = crx_ldso_add_dir(l, &l->sys, path, len, err);
		memcpy(path + len, LIBC, sizeof(LIBC));
		if (!*l->lib && crx_ldso_open(l, path, &hit))
			snprintf(l->lib, sizeof(l->lib), "lib/%.*s", CRX_DIRENT_NAME_MAX, n->name);
	}
	return ret;
}

static bool is_dir(const struct crx_ldso *l, const char *path)
{
	const struct crx_node *n = crx_tree_find(l->t, path);

	return n && S_ISDIR(n->mode);
}

static int glibc_dirs(struct crx_ldso *l, struct crx_err *err)
{
	bool is64 = l->prog->abi.elf_class == 64;
	int ret = crx_ldso_read_conf(l, err);
	size_t i;

	if (!ret)
		ret = add_interpreters(l, err);
	for (i = 0; i < 2 && !ret; i++)
		ret = add_triplets(l, DIRS_ALL[i], err);
	if (!*l->lib)
		snprintf(l->lib, sizeof(l->lib), "%s",
			 is64 && (is_dir(l, "/lib64") || is_dir(l, "/usr/lib64")) ? "lib64"
										  : "lib");
	if (!ret)
		ret = add_all(l, is64 ? DIRS_64 : DIRS_32, 4, err);
	return ret ? ret : add_all(l, DIRS_ALL, 2, err);
}

/* PREFIX/lib/ld-musl-ARCH.so.1 reads PREFIX/etc/ld-musl-ARCH.path. */
static int musl_dirs(struct crx_ldso *l, struct crx_err *err)
{
	const char *interp = l->prog->interp, *base = strrchr(interp, '/') + 1;
	char path[CRX_LDSO_PATH_CAP + 16];
	size_t prefix = (size_t)(base - interp) - 1;
	char *text;
	int ret;

	while (prefix && interp[prefix - 1] != '/')
		prefix--;
	snprintf(path, sizeof(path), "%.*setc/%.*s.path", (int)prefix, interp,
		 (int)strcspn(base, "."), base);
	ret = crx_ldso_read_text(l, path, &text, err);
	if (!ret)
		ret = crx_ldso_add_list(l, &l->sys, text ? text : "/lib:/usr/local/lib:/usr/lib",
					":\n", NULL, err);
	free(text);
	return ret;
}

int crx_ldso_find_dirs(struct crx_ldso *l, struct crx_err *err)
{
	return l->musl ? musl_dirs(l, err) : glibc_dirs(l, err);
}
