/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dynamic linker of one program, as far as the tree tells what it will
 * do: glibc's (_dl_map_object() of elf/dl-load.c, parse_conf() of
 * elf/ldconfig.c) or musl's (load_library() of ldso/dynlink.c). Internal to
 * policy.
 */
#ifndef CRX_LOADER_LDSO_H
#define CRX_LOADER_LDSO_H

#include "scan/scan.h"

enum {
	/* What may be spent on one program: looking into one directory is a
	 * step, following a link a thousand. A program of 300 libraries takes
	 * some 300,000; no tree, however hostile, more than seconds. */
	CRX_LDSO_STEPS = 4000000,
	CRX_LDSO_DIRS_MAX = 256,       /* of one list */
	CRX_LDSO_CONF_LEN_MAX = 65536, /* bytes of a configuration file */
	CRX_LDSO_CONF_DEPTH_MAX = 8,   /* of includes in includes, and of wildcards in one */
	CRX_LDSO_PATH_CAP = 4096
};

/* Directories of the tree, each once, in the order of search. */
struct crx_ldso_dirs {
	const struct crx_node **dir;
	size_t n, cap;
};

/* What libraries were asked for by, and what they call themselves. */
struct crx_ldso_name {
	const char *name; /* NULL: a free slot */
	bool loaded;
	bool missed; /* and said so */
};

struct crx_ldso_names {
	struct crx_ldso_name *slot;
	size_t n, cap;
};

struct crx_ldso {
	const struct crx_tree *t;
	const struct crx_facts *f;
	struct crx_log *log;
	const struct crx_exec *prog;
	bool musl;
	struct crx_ldso_dirs sys;          /* for every object, after its own */
	char lib[CRX_DIRENT_NAME_MAX + 8]; /* $LIB */
	struct crx_ldso_names names;
	size_t steps; /* that are left; 0: given up */
};

/* What was found. */
struct crx_ldso_hit {
	size_t file;                   /* into f->file, the first name */
	const struct crx_node *node;   /* the name that links led to */
	const struct crx_node *origin; /* $ORIGIN: the directory that it was found in */
};

/* Fill sys and lib; the other members are set. */
int crx_ldso_find_dirs(struct crx_ldso *l, struct crx_err *err) CRX_MUST_CHECK;
void crx_ldso_free(struct crx_ldso *l);

/* The part of it that is in /etc/ld.so.conf. */
int crx_ldso_read_conf(struct crx_ldso *l, struct crx_err *err) CRX_MUST_CHECK;

/*
 * The text of the regular file at path, with NUL at its end, for the caller to
 * free; NULL in *out if there is none, or if it is too large (a warning).
 */
int crx_ldso_read_text(struct crx_ldso *l, const char *path, char **out, struct crx_err *err)
	CRX_MUST_CHECK;

/* Take steps; false, and none left, when there are not as many. */
bool crx_ldso_spend(struct crx_ldso *l, size_t steps);

/* Append the directory at path, if there is one and it is not in d yet. The
 * directory that a program is started in is not known: paths that do not begin
 * with '/' count from the root, and an empty one is none. */
int crx_ldso_add_dir(struct crx_ldso *l, struct crx_ldso_dirs *d, const char *path, size_t len,
		     struct crx_err *err) CRX_MUST_CHECK;

/* The same of each directory of a list with any of the separators between.
 * With an origin its variables are expanded: DT_RPATH, DT_RUNPATH. */
int crx_ldso_add_list(struct crx_ldso *l, struct crx_ldso_dirs *d, const char *list,
		      const char *separators, const struct crx_node *origin, struct crx_err *err)
	CRX_MUST_CHECK;

/*
 * The len bytes at s into buf, with $ORIGIN and $LIB expanded, or $ORIGIN alone
 * where the linker is musl's. False if that does not fit, or asks for what only
 * the running system knows ($PLATFORM).
 */
bool crx_ldso_expand(const struct crx_ldso *l, const char *s, size_t len,
		     const struct crx_node *origin, char *buf, size_t cap);

/* Is there something at path, or by name in the directories of d, that this
 * program can load? What is for another processor is passed over. */
bool crx_ldso_open(struct crx_ldso *l, const char *path, struct crx_ldso_hit *hit);
bool crx_ldso_search(struct crx_ldso *l, const struct crx_ldso_dirs *d, const char *name,
		     struct crx_ldso_hit *hit);

/* The entry of name, new if there was none, until the next call. The string is
 * kept, not copied. */
int crx_ldso_name(struct crx_ldso *l, const char *name, struct crx_ldso_name **out,
		  struct crx_err *err) CRX_MUST_CHECK;

#endif
