/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the dynamic linker of one program will do, as far as the tree shows: glibc's
 * (_dl_map_object() in elf/dl-load.c, parse_conf() in elf/ldconfig.c) or musl's (load_library() in
 * ldso/dynlink.c). Private to this room.
 */
#ifndef CRX_LOADER_LDSO_H
#define CRX_LOADER_LDSO_H

#include "scan/scan.h"

enum {
	/* The work limit for one program. Looking into a directory is one step, following a link
	 * a thousand. A program of 300 libraries takes about 300,000; even a hostile tree takes
	 * only seconds. */
	CRX_LDSO_STEPS = 4000000,
	CRX_LDSO_DIRS_MAX = 256,       /* in one list */
	CRX_LDSO_CONF_LEN_MAX = 65536, /* bytes of a configuration file */
	CRX_LDSO_CONF_DEPTH_MAX = 8,   /* of nested includes, and of wildcards in one path */
	CRX_LDSO_PATH_CAP = 4096
};

/* Directories of the tree, each once, in search order. */
struct crx_ldso_dirs {
	const struct crx_node **dir;
	size_t n, cap;
};

/* A name that was searched for, or the DT_SONAME of a loaded object. */
struct crx_ldso_name {
	const char *name;
	bool loaded;
	bool reported; /* as missing */
};

struct crx_ldso {
	const struct crx_tree *t;
	const struct crx_facts *f;
	struct crx_log *log;
	const struct crx_exec *prog;
	bool musl;
	struct crx_ldso_dirs sys;          /* searched for every object, after its own */
	char lib[CRX_DIRENT_NAME_MAX + 8]; /* $LIB */
	void *names;                       /* tsearch's: struct crx_ldso_name */
	size_t steps;                      /* left of CRX_LDSO_STEPS; 0: the limit is reached */
};

/* A library that was found. */
struct crx_ldso_hit {
	size_t file;                   /* into f->file, by its first name (link) */
	const struct crx_node *node;   /* the entry that links led to */
	const struct crx_node *origin; /* $ORIGIN: the directory in which it was found */
};

/* Fill in sys and lib; the other members are set. */
int crx_ldso_find_dirs(struct crx_ldso *l, struct crx_err *err) CRX_MUST_CHECK;
void crx_ldso_free(struct crx_ldso *l);

/* Append to sys the directories that /etc/ld.so.conf lists. */
int crx_ldso_read_conf(struct crx_ldso *l, struct crx_err *err) CRX_MUST_CHECK;

/*
 * The text of the regular file at path, with a NUL at its end; the caller frees it. *out is NULL
 * if there is no such file, or if it is too large (a warning).
 */
int crx_ldso_read_text(struct crx_ldso *l, const char *path, char **out, struct crx_err *err)
	CRX_MUST_CHECK;

/* Count steps. False if the limit is reached: then no steps are left. */
bool crx_ldso_spend(struct crx_ldso *l, size_t steps);

/* Append the directory at path to d, if it exists and is not in d yet. The working directory of the
 * program is unknown, so a relative path begins at the root, and an empty path is ignored. */
int crx_ldso_add_dir(struct crx_ldso *l, struct crx_ldso_dirs *d, const char *path, size_t len,
		     struct crx_err *err) CRX_MUST_CHECK;

/* Append each directory of a list, which any of the separators divide. With an origin, as for
 * DT_RPATH and DT_RUNPATH, expand variables. */
int crx_ldso_add_list(struct crx_ldso *l, struct crx_ldso_dirs *d, const char *list,
		      const char *separators, const struct crx_node *origin, struct crx_err *err)
	CRX_MUST_CHECK;

/*
 * Copy the len bytes at s to buf and expand $ORIGIN and, unless the linker is musl's, $LIB. False
 * if the result does not fit, or depends on the running system ($PLATFORM).
 */
bool crx_ldso_expand(const struct crx_ldso *l, const char *s, size_t len,
		     const struct crx_node *origin, char *buf, size_t cap);

/* Find a library that this program can load: at path, or by its name in the directories of d.
 * Libraries for other machines are ignored. */
bool crx_ldso_open(struct crx_ldso *l, const char *path, struct crx_ldso_hit *hit);
bool crx_ldso_search(struct crx_ldso *l, const struct crx_ldso_dirs *d, const char *name,
		     struct crx_ldso_hit *hit);

/* The entry of name, which is added if needed. name is not copied: it must stay valid until
 * crx_ldso_free(). */
int crx_ldso_name_entry(struct crx_ldso *l, const char *name, struct crx_ldso_name **out,
			struct crx_err *err) CRX_MUST_CHECK;

#endif
