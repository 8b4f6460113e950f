/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which packages there are, and which paths belong to them: from the databases of package managers,
 * and from the lists of build systems. The databases are untrusted: every parser takes bytes in
 * memory, checks every number in them, and does work in proportion to their length. Paths that are
 * too long to exist are left out.
 */
#ifndef CRX_PACKAGES_PACKAGES_H
#define CRX_PACKAGES_PACKAGES_H

#include "base/mem.h"
#include "base/offenders.h"
#include "base/strings.h"

enum {
	CRX_PACKAGES_MAX = 1 << 16,       /* packages */
	CRX_PACKAGES_NAME_MAX = 255,      /* bytes of a name */
	CRX_PACKAGES_PATHS_MAX = 1 << 22, /* paths of all packages together */
	CRX_PACKAGES_PATH_MAX = 4096,     /* bytes of a path: PATH_MAX of Linux */
	CRX_PACKAGES_BYTES_MAX = 1 << 28  /* of all names, versions and paths */
};

struct crx_package {
	const char *name, *version; /* version is "" if it is not known */
	uint32_t hash, len, next;   /* private: of the name; the next in its bucket, plus 1 */
};

/* A path as the database has it: "/bin/sh", "bin/sh" or "./bin/sh". */
struct crx_package_path {
	const char *path;
	uint32_t package; /* index */
};

/* A database that was found. */
struct crx_package_source {
	const char *format; /* "dpkg", "opkg", "apk", "rpm" */
	const char *path;   /* "var/lib/dpkg" */
};

/* Zero-initialise. The strings are in the arena. */
struct crx_packages {
	struct crx_package *package;
	size_t n, cap;
	struct crx_package_path *path;
	size_t npaths, paths_cap;
	struct crx_package_source source[8];
	size_t nsources;
	struct crx_arena arena;
	uint64_t bytes;    /* of all strings */
	uint32_t *bucket;  /* private: the first package of each bucket, plus 1 */
	uint32_t compared; /* private: names, to bound the work */
};

void crx_packages_free(struct crx_packages *p);

/* --- databases inside a root --- */

/* How the files of a root are read. Paths have no slash at the beginning. */
struct crx_package_files {
	void *ctx;
	/* The whole file, with a NUL after its *len bytes; the caller frees *text, which is NULL if
	 * there is no such file. */
	int (*read)(void *ctx, const char *path, char **text, size_t *len, struct crx_err *err);
	/* Adds the names in a directory, sorted; none if there is no such directory. */
	int (*list)(void *ctx, const char *dir, struct crx_strings *names, struct crx_err *err);
};

/*
 * Reads all databases of a root: those of dpkg, opkg, apk and rpm. A database without lists of
 * files does not count. One that is damaged is a warning; what was read of it remains. Fails if
 * memory is short, or with what files->read() and files->list() return.
 */
int crx_packages_find(struct crx_packages *p, const struct crx_package_files *files,
		      struct crx_offenders *warnings, struct crx_err *err) CRX_MUST_CHECK;

/* --- the formats. All add to *p. `file` is a name for messages. --- */

struct crx_package_text {
	const char *file, *text;
	size_t len;
};

/* dpkg, opkg: the file NAME.list, one path on each line, with a mode and more after a tab (opkg).
 * An architecture in NAME ("libc6:armhf") does not count. diversions, of dpkg, may be NULL. */
struct crx_package_diversions;
int crx_packages_read_paths(struct crx_packages *p, const char *name,
			    const struct crx_package_text *t,
			    const struct crx_package_diversions *diversions, struct crx_err *err)
	CRX_MUST_CHECK;

/* dpkg's file NAME.md5sums: a sum, two spaces, a path. */
int crx_packages_read_md5sums(struct crx_packages *p, const char *name,
			      const struct crx_package_text *t, struct crx_err *err) CRX_MUST_CHECK;

/* dpkg, opkg: the file "status". Sets the versions of packages that are known already. */
int crx_packages_read_status(struct crx_packages *p, const struct crx_package_text *t,
			     struct crx_err *err) CRX_MUST_CHECK;

/* dpkg's file "diversions": three lines for each path. The caller frees *out with
 * crx_package_diversions_free(). */
int crx_package_diversions_read(const struct crx_package_text *t,
				struct crx_package_diversions **out, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_package_diversions_free(struct crx_package_diversions *d);

/* apk's file "installed". */
int crx_packages_read_apk(struct crx_packages *p, const struct crx_package_text *t,
			  struct crx_err *err) CRX_MUST_CHECK;

/* rpm's database: SQLite (rpmdb.sqlite), ndb (Packages.db) or a Berkeley DB hash (Packages). The
 * first bytes say which one. CRX_EFORMAT if it is damaged. */
int crx_packages_read_rpm(struct crx_packages *p, const struct crx_package_text *t,
			  struct crx_err *err) CRX_MUST_CHECK;

/* Lines "PACKAGE,PATH", as in Buildroot's packages-file-list.txt. CRX_EFORMAT with the number of
 * the line if there is no comma, no package or no path. */
int crx_packages_read_list(struct crx_packages *p, const struct crx_package_text *t,
			   struct crx_err *err) CRX_MUST_CHECK;

/* Yocto's manifest: lines "PACKAGE ARCHITECTURE VERSION". CRX_EFORMAT if a line has no package, or
 * a name that could not be the name of a file. */
int crx_packages_read_manifest(struct crx_packages *p, const struct crx_package_text *t,
			       struct crx_err *err) CRX_MUST_CHECK;

/* Yocto's pkgdata/runtime-reverse/NAME, of a package of the manifest: its line FILES_INFO. */
int crx_packages_read_pkgdata(struct crx_packages *p, size_t package,
			      const struct crx_package_text *t, struct crx_err *err) CRX_MUST_CHECK;

#endif
