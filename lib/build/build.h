/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The builder as a library: from a source and options to an image under its name.
 */
#ifndef CRX_BUILD_H
#define CRX_BUILD_H

#include <sys/stat.h>

#include "base/io.h"
#include "base/strings.h"
#include "format/cramfs.h"
#include "result/result.h"
#include "write/output.h"

/* A new image that is to replace an old one in flash. */
struct crx_build_update {
	const char *like;   /* the old image: what it has keeps its place and its bytes; or NULL */
	bool recompress;    /* do not take its streams */
	bool wipe;          /* free space is 0xff, also where nothing else would be written */
	uint32_t erase_len; /* what is erased at a time: a power of two, at least 4096 */
	uint32_t max_waste; /* percent by which it may be larger than a first image */
	/* the reserve: space to leave free in a first image; allowed on top of max_waste */
	uint64_t reserve_len;
	uint32_t reserve_percent;
};

/* Strings are the caller's. "-" as source, overlay or image is standard input or output. */
struct crx_build_opts {
	/* the tree */
	/* a directory; or an archive, an mtree manifest or a cramfs image, also "-" */
	const char *source;
	struct crx_strings overlay; /* the same kinds, merged over the source in this order */
	bool whiteouts;             /* overlays may remove entries, as in container layers */
	struct crx_strings exclude; /* patterns */
	bool all_root, keep_owner;
	const char *owner;           /* USER:GROUP, or NULL; see edit/owners.h */
	struct crx_strings map[2];   /* FROM:TO[:COUNT], of user and group ids */
	struct crx_strings chmod;    /* RULE */
	struct crx_strings devtable; /* device tables: files; see edit/devtable.h */
	bool devtable_as_mkcramfs;   /* read them as mkcramfs does, not as makedevs */
	struct crx_strings users[2]; /* passwd and group files; none: those of the tree */
	bool lossy;                  /* cut what cramfs cannot hold, with warnings */

	/* the format */
	enum crx_order order;
	uint32_t page_size; /* of the target kernel */
	const char *name;   /* at most 16 bytes */
	uint32_t edition;
	bool boot_pad;           /* begin with 512 zero bytes */
	const char *insert_path; /* a file to put after the superblock, or NULL */
	bool ext;                /* extended block pointers; implies holes */
	bool holes;
	bool dedupe;      /* store equal files and blocks once */
	const char *comp; /* "NAME[:LEVEL]", or NULL for the default */
	bool best;        /* the highest level of comp */

	/* in place */
	bool xip;                   /* programs and libraries, by default; implies ext */
	bool no_mmu;                /* the target has no MMU */
	struct crx_strings policy;  /* policy files; imply ext */
	struct crx_strings profile; /* profiles: files */
	uint64_t flash_budget;      /* largest size of the image; 0: none */
	uint64_t ram_goal;          /* bytes of RAM to save; 0: none */

	struct crx_build_update update;

	/* the output */
	const char *image;  /* a path, or "-" */
	bool force;         /* replace an archive, a manifest, or a device in use */
	uint64_t max_size;  /* 0: no limit */
	uint64_t pad_to;    /* size of the file; 0: that of the image */
	uint8_t fill;       /* the byte to pad with */
	enum crx_lock lock; /* of a device while it is written */
	bool sync;          /* to disk, before the image gets its name */
	bool verify, dry_run, warn_is_error;
	unsigned workers; /* 0: one for each processor */

	/* the result */
	bool want_curve;    /* fill point */
	bool want_costs;    /* fill costs: compresses each page that may be in place, too */
	bool want_estimate; /* fill in_place.cost: compresses a sample of these pages */
	bool want_files;    /* fill file */
	bool want_blocks;   /* and the blocks of each */
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
	/* total 0: unknown. Called from any thread, but never from two at once. */
	void (*progress)(void *ctx, enum crx_build_stage stage, uint64_t done, uint64_t total);
	void *progress_ctx;
	const struct crx_io_hooks *io;
	/* Called with each file that a manifest takes contents from, which no option names: an
	 * error ends the build. */
	int (*on_contents)(void *ctx, const struct stat *st, struct crx_err *err);
	void *on_contents_ctx;
	/* Called when everything is decided, before a byte is written: an error ends the build. */
	int (*on_decided)(void *ctx, const struct crx_result *r, struct crx_err *err);
	void *on_decided_ctx;
};

/* Build an image. A failure leaves what was at image as it was, unless that is a device or a pipe.
 * result is zeroed first; the caller calls crx_result_free in any case. h may be NULL. */
int crx_build(const struct crx_build_opts *o, const struct crx_build_hooks *h,
	      struct crx_result *result, struct crx_err *err) CRX_MUST_CHECK;

/* Append a pattern, or those in the file at path ("-": standard input): edit/filter.h says what
 * they mean. */
int crx_build_add_pattern(const char *text, struct crx_strings *pattern, struct crx_err *err)
	CRX_MUST_CHECK;
int crx_build_read_patterns(const char *path, struct crx_strings *pattern, struct crx_err *err)
	CRX_MUST_CHECK;

/* Parse a policy file. Every error goes to log; *nrules gets the number of rules. */
int crx_build_check_policy(const char *path, struct crx_log *log, size_t *nrules,
			   struct crx_err *err) CRX_MUST_CHECK;

/* The name of back end i; 0 is the default, NULL follows the last. */
const char *crx_build_backend(size_t i);

/* The licence of the binary with the libraries that it is linked with. */
const char *crx_build_license(void);

#endif
