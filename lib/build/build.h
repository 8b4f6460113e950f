/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The builder as a library: a source and options to an image in its place.
 */
#ifndef CRX_BUILD_H
#define CRX_BUILD_H

#include <sys/stat.h>

#include "base/io.h"
#include "base/strings.h"
#include "format/cramfs.h"
#include "result/result.h"

enum crx_build_lock { CRX_BUILD_LOCK_NO, CRX_BUILD_LOCK_YES, CRX_BUILD_LOCK_NONBLOCK };

struct crx_build_opts {
	const char *source; /* a directory, an archive, an mtree manifest; "-": one of the latter
			       from standard input */
	const char *image;  /* a path, or "-" */
	struct crx_strings overlay; /* merged over the source, in this order: the same kinds */
	bool whiteouts;             /* of overlays */
	bool force;                 /* image may be an archive, a manifest, a device in use */
	enum crx_order order;
	uint32_t page_size; /* of the target kernel */
	const char *name;   /* at most 16 bytes */
	uint32_t edition;
	bool boot_pad;              /* -p */
	const char *insert_path;    /* -i, or NULL */
	bool ext;                   /* -x: extended block pointers */
	bool xip;                   /* -X; needs ext */
	struct crx_strings policy;  /* -P: policy files; imply ext */
	struct crx_strings profile; /* --profile: files */
	bool no_mmu;                /* the target has no MMU */
	uint64_t flash_budget;      /* 0: none */
	uint64_t ram_goal;          /* 0: none */
	bool want_curve;            /* fill result.point */
	bool want_costs; /* fill cost of each file exactly: compresses every page that is in place,
			    too */
	bool holes;      /* -z; always on with ext */
	bool all_root, keep_owner;
	/* As the command line has them; what they mean is in edit/owners.h and
	 * edit/devtable.h. In this order, after overlays and excludes. */
	const char *owner;           /* USER:GROUP, or NULL */
	struct crx_strings map[2];   /* FROM:TO[:COUNT], of user and group ids */
	struct crx_strings chmod;    /* RULE */
	struct crx_strings devtable; /* device tables: files */
	bool devtable_as_mkcramfs;   /* where makedevs and mkcramfs differ, as the latter */
	struct crx_strings users[2]; /* passwd and group files for names; none: those of the tree */
	bool lossy;                  /* make what does not fit fit, with warnings */
	bool dedupe;
	const char *comp; /* "NAME[:LEVEL]" or NULL */
	bool best;
	unsigned workers;  /* 0: all processors */
	uint64_t max_size; /* 0: no limit */
	uint64_t pad_to;   /* 0: not */
	uint8_t fill;
	bool sync, verify, dry_run, warn_is_error;
	enum crx_build_lock lock;
	struct crx_strings exclude; /* patterns */
	bool want_files;            /* fill result.file */
	bool want_blocks;           /* and the blocks of each */
};

enum crx_build_stage {
	CRX_STAGE_READ,
	CRX_STAGE_SCAN,
	CRX_STAGE_PACK,
	CRX_STAGE_CHOOSE,
	CRX_STAGE_WRITE,
	CRX_STAGE_VERIFY
};

struct crx_build_hooks {
	struct crx_log *log;
	/* total 0: not known. One call at a time, from any thread. */
	void (*progress)(void *ctx, enum crx_build_stage stage, uint64_t done, uint64_t total);
	void *progress_ctx;
	const struct crx_io_hooks *io;
	/* Called with each file that a manifest takes contents from, which no option names: an
	 * error ends the build. */
	int (*on_contents)(void *ctx, const struct stat *st, struct crx_err *err);
	void *on_contents_ctx;
};

/* Build. On failure nothing has been put at image. result is zeroed first; the
 * caller calls crx_result_free in any case. */
int crx_build(const struct crx_build_opts *o, const struct crx_build_hooks *h,
	      struct crx_result *result, struct crx_err *err) CRX_MUST_CHECK;

/* Append the patterns in the file at path (--exclude-from): edit/filter.h says
 * what its lines mean. */
int crx_build_read_patterns(const char *path, struct crx_strings *pattern, struct crx_err *err)
	CRX_MUST_CHECK;

/*
 * Parse a policy file, every error to log; nrules gets their number.
 */
int crx_build_check_policy(const char *path, struct crx_log *log, size_t *nrules,
			   struct crx_err *err) CRX_MUST_CHECK;

/* What this build holds, for -V: the name of back end i (0 is the default; NULL
 * behind the last), and the licence that results. */
const char *crx_build_backend(size_t i);
const char *crx_build_license(void);

#endif
