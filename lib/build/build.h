/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The builder as a library: a source and options to an image in its place.
 */
#ifndef CRX_BUILD_H
#define CRX_BUILD_H

#include "base/io.h"
#include "base/strings.h"
#include "format/cramfs.h"

enum crx_build_lock { CRX_BUILD_LOCK_NO, CRX_BUILD_LOCK_YES, CRX_BUILD_LOCK_NONBLOCK };

struct crx_build_opts {
	const char *source;       /* a directory, an archive, an mtree manifest; "-": one of the latter from standard input */
	const char *image;        /* a path, or "-" */
	struct crx_strings overlay; /* merged over the source, in this order: the same kinds */
	bool whiteouts;           /* of overlays */
	bool force;               /* image may be an archive, a manifest, a device in use */
	enum crx_order order;
	uint32_t page_size;       /* of the target kernel */
	const char *name;         /* at most 16 bytes */
	uint32_t edition;
	bool boot_pad;            /* -p */
	const char *insert_path;  /* -i, or NULL */
	bool ext;                 /* -x: extended block pointers */
	bool xip;                 /* -X; needs ext */
	struct crx_strings policy;  /* -P: policy files; imply ext */
	struct crx_strings profile; /* --profile: files */
	bool no_mmu;              /* the target has no MMU */
	uint64_t flash_budget;    /* 0: none */
	uint64_t ram_goal;        /* 0: none */
	bool want_curve;          /* fill result.point */
	bool want_costs;          /* fill cost of each file exactly: compresses every page that is in place, too */
	bool holes;               /* -z; always on with ext */
	bool all_root, keep_owner;
	/* As the command line has them; what they mean is in edit/owners.h and
	 * edit/devtable.h. In this order, after overlays and excludes. */
	const char *owner;        /* USER:GROUP, or NULL */
	struct crx_strings map[2];  /* FROM:TO[:COUNT], of user and group ids */
	struct crx_strings chmod;   /* RULE */
	struct crx_strings devtable; /* device tables: files */
	bool devtable_as_mkcramfs; /* where makedevs and mkcramfs differ, as the latter */
	struct crx_strings users[2]; /* passwd and group files for names; none: those of the tree */
	bool lossy;               /* make what does not fit fit, with warnings */
	bool dedupe;
	const char *comp;         /* "NAME[:LEVEL]" or NULL */
	bool best;
	unsigned workers;         /* 0: all processors */
	uint64_t max_size;        /* 0: no limit */
	uint64_t pad_to;          /* 0: not */
	uint8_t fill;
	bool sync, verify, dry_run, warn_is_error;
	enum crx_build_lock lock;
	struct crx_strings exclude; /* patterns */
	bool want_files;          /* fill result.file */
	bool want_blocks;         /* and the blocks of each */
};

enum crx_build_stage { CRX_STAGE_READ, CRX_STAGE_SCAN, CRX_STAGE_PACK, CRX_STAGE_CHOOSE, CRX_STAGE_WRITE, CRX_STAGE_VERIFY };

struct crx_build_hooks {
	struct crx_log *log;
	/* total 0: not known. One call at a time, from any thread. */
	void (*progress)(void *ctx, enum crx_build_stage stage, uint64_t done, uint64_t total);
	void *progress_ctx;
	const struct crx_io_hooks *io;
};

/* Pages of one segment of one executable. */
struct crx_result_segment {
	uint32_t index, flags;
	uint32_t file_page, pages;
	uint32_t in_place;        /* promised, and verified unless verify was off */
};

/* One block, as the plan has it. */
struct crx_result_block {
	const char *kind;         /* "hole", "compressed", "stored", "in place" */
	uint64_t off;             /* image offset of its data; 0 for a hole */
	uint32_t len;             /* bytes there */
	bool shared;              /* with a block of another table */
};

struct crx_result_file {
	char *path;
	char type;                /* 'f' or 'l' */
	uint32_t mode, uid, gid;
	uint64_t size;
	uint64_t image_bytes;     /* table, records and pages that are its own (shared ones count for the first) */
	uint32_t holes, compressed, stored, in_place; /* blocks by kind */
	uint32_t candidates;      /* pages that may be in place: by rule or default */
	uint32_t hot;             /* pages of the file that profiles name */
	const char *action;       /* "xip", "store" or "compress" */
	char *rule;               /* "FILE:LINE" that decided, or NULL: the default */
	char *rule_text;          /* the rule as it was written, or NULL */
	uint64_t cost;            /* bytes of flash more than with all compressed; want_costs or a budget, else 0 */
	char *same_as;            /* path of the entry whose table it shares, or NULL */
	const char *skip;         /* why an executable is not in place, or NULL */
	struct crx_result_segment *seg;
	size_t nsegs;
	struct crx_result_block *block; /* want_blocks */
	size_t nblocks;
};

struct crx_result_skip {
	const char *reason;
	size_t files;
};

/* What a budget left out. */
struct crx_result_step {
	char *path;
	int64_t segment;          /* program header index; -1: the whole file */
	uint32_t first_pg, pages; /* file pages that would come in place */
	uint64_t ram_len, flash_len;
};

struct crx_result_point {
	uint64_t image_size, ram_len, pages;
};

/* A rule of a policy file. */
struct crx_result_rule {
	char *place, *text;       /* "FILE:LINE", as written */
	size_t matches, decides;  /* files */
	uint64_t pages, cost;     /* in place by it; bytes of flash, where result.file[].cost is filled */
};

struct crx_build_result {
	/* entries of the tree, without the root */
	size_t dirs, files, symlinks, devices, others;
	uint64_t content_bytes;   /* of files and links, each name counted */
	uint64_t image_size;      /* super.size */
	uint64_t file_size;       /* with --pad-to */
	uint32_t crc, edition, blocks, nodes;
	struct {
		uint64_t head, dirs, tables, compressed, stored, headers, in_place, tails, padding;
	} bytes;                  /* sum: image_size */
	uint64_t in_place_pages, candidate_pages; /* distinct file pages, each table once */
	uint64_t in_place_files;
	bool profiled;            /* there is a profile: RAM counts hot pages only */
	uint64_t hot_pages, hot_in_place; /* distinct candidate pages that profiles name, and those of them in place */
	uint64_t ram_len;         /* bytes of RAM that the pages in place save: hot ones, or all without a profile */
	struct {
		bool used;            /* there is a flash budget or a RAM goal */
		uint64_t flash_len, ram_len; /* as asked; 0: not */
		uint64_t least_size, most_size; /* image with nothing but musts in place, with everything */
		uint64_t ram_len_max; /* RAM saved with everything in place */
		double gap;           /* to the bound of the relaxation: 0.004 is 0.4 % */
		struct crx_result_step *missed; /* what just missed */
		size_t nmissed;
		uint64_t next_len, next_ram_len, next_pages; /* what next_len bytes more would buy */
	} budget;
	struct crx_result_point *point; /* want_curve */
	size_t npoints;
	struct crx_result_rule *rule;
	size_t nrules;
	uint64_t in_place_cost;   /* bytes of flash more than with all compressed */
	bool in_place_cost_estimated; /* by compressing a sample of the pages */
	uint64_t shared_tables;   /* entries that share an earlier one's table */
	uint64_t shared_table_bytes; /* content bytes of those */
	uint64_t shared_blocks, shared_block_bytes; /* blocks stored once for several, and image bytes saved */
	struct crx_result_skip *skip; /* executables that are not in place, by reason */
	size_t nskips;
	char *machines;           /* "arm", "arm, aarch64"; "" if none or without xip */
	struct crx_result_file *file;
	size_t nfiles;
	const char *comp_name;
	int comp_level;
	bool verified, written, squashed; /* squashed: owners were stored as 0:0 */
};

/* Build. On failure nothing has been put at image. result is zeroed first;
 * free it in any case. */
int crx_build(const struct crx_build_opts *o, const struct crx_build_hooks *h, struct crx_build_result *result, struct crx_err *err) CRX_MUST_CHECK;
void crx_build_result_free(struct crx_build_result *r);

/* Append the patterns in the file at path (--exclude-from): edit/filter.h says
 * what its lines mean. */
int crx_build_read_patterns(const char *path, struct crx_strings *pattern,
			    struct crx_err *err) CRX_MUST_CHECK;

/*
 * Parse a policy file, every error to log; nrules gets their number.
 */
int crx_build_check_policy(const char *path, struct crx_log *log, size_t *nrules, struct crx_err *err) CRX_MUST_CHECK;

/* What this build holds, for -V: the name of back end i (0 is the default; NULL
 * behind the last), and the licence that results. */
const char *crx_build_backend(size_t i);
const char *crx_build_license(void);

#endif
