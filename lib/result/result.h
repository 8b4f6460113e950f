/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is reported of a build, as values. Only the programs turn them into text and JSON.
 *
 * Everything here belongs to the result: no pointer leads into the stages it was filled from.
 * Lengths are in bytes. Files, rules and machines are referred to by their index.
 */
#ifndef CRX_RESULT_RESULT_H
#define CRX_RESULT_RESULT_H

#include "exec/exec.h"
#include "input/source/source.h"
#include "place/layout/layout.h"
#include "wishes/policy/skip.h"
#include "wishes/rules/rule.h"

#define CRX_RESULT_NONE SIZE_MAX /* no rule, no file */

/* How a block is kept. */
enum crx_result_kind {
	CRX_RESULT_HOLE,
	CRX_RESULT_COMPRESSED,
	CRX_RESULT_STORED,
	CRX_RESULT_IN_PLACE,
	CRX_RESULT_KINDS
};

/* "hole", "compressed", "stored", "in place" */
const char *crx_result_kind_text(enum crx_result_kind k);

/* Why the first page of a segment that is not in place is not. */
enum crx_result_why {
	CRX_RESULT_WHY_NONE, /* all are in place */
	CRX_RESULT_WHY_WRITABLE,
	CRX_RESULT_WHY_SKIPPED, /* the file is: see its skip */
	CRX_RESULT_WHY_RULE,    /* by a rule, or because no rule names the file */
	CRX_RESULT_WHY_CHOICE,  /* not chosen, by a profile, a budget or a RAM goal */
	CRX_RESULT_WHY_TAIL     /* the last page of a file of whole pages */
};

/* A segment of an executable that has bytes in the file. */
struct crx_result_segment {
	uint32_t index; /* of the program header */
	uint32_t flags; /* crx_exec_flags_name() */
	uint32_t file_page, pages;
	uint32_t in_place; /* of its pages: promised, and verified unless verify was off */
	enum crx_result_why why;
};

struct crx_result_block {
	enum crx_result_kind kind;
	uint64_t off; /* image offset of its data; 0 for a hole */
	uint32_t len; /* bytes there */
	bool shared;  /* with a block of another table */
};

/* An entry of the image; the root is none. */
struct crx_result_file {
	char *path;
	uint32_t mode; /* with S_IFMT */
	uint32_t uid, gid;
	uint64_t size; /* regular files and symbolic links */
	uint32_t dev_major, dev_minor;
	uint64_t image_bytes; /* table, records and pages; 0 where same_as has them */
	uint32_t blocks[CRX_RESULT_KINDS];
	uint32_t candidates; /* pages that may be in place, by rule or by default */
	uint32_t hot;        /* pages that profiles name */
	enum crx_action action;
	size_t rule;        /* that decided: into result.rule; NONE: the default */
	uint64_t cost;      /* flash bytes more than if compressed; 0 unless costs_known */
	size_t same_as;     /* the file whose table it shares: into result.file, or NONE */
	enum crx_skip skip; /* why an executable is not in place */
	struct crx_result_segment *seg;
	size_t nsegs;
	struct crx_result_block *block; /* only if blocks were asked for */
	size_t nblocks;
};

/* A rule of a policy file. */
struct crx_result_rule {
	char *file, *text; /* the policy file as it was named; the rule as it was written */
	unsigned line;
	size_t matches, decides; /* files */
	uint64_t pages;          /* in place because of it */
	uint64_t cost;           /* flash bytes more than if compressed; 0 unless costs_known */
};

/* Pages of one candidate that the budget left out. */
struct crx_result_step {
	char *path;
	int64_t segment;          /* program header index; -1: the whole file */
	uint32_t first_pg, pages; /* file pages that would be in place */
	uint64_t ram_len, flash_len;
};

/* A point of the budget curve. */
struct crx_result_point {
	uint64_t image_size, ram_len, pages;
};

/* Pages in place. They are distinct file pages: each table counts once. */
struct crx_result_in_place {
	uint64_t pages, candidates, files;
	uint64_t cost; /* flash bytes more than with all compressed; 0 unless estimated or known */
	bool cost_estimated;              /* from a sample of the pages */
	bool profiled;                    /* there is a profile: RAM counts hot pages only */
	uint64_t hot_pages, hot_in_place; /* candidates that profiles name, and those in place */
	uint64_t ram_len;                 /* RAM saved: by hot pages, or without a profile by all */
};

/* What a flash budget or a RAM goal came to. */
struct crx_result_budget {
	uint64_t least_size, most_size; /* image with only musts in place, with everything */
	uint64_t ram_len_max;           /* RAM saved with everything in place */
	double gap;                     /* to the bound of the relaxation: 0.004 is 0.4 % */
	struct crx_result_step *missed; /* the next best, the nearest first */
	size_t nmissed;
	uint64_t next_len, next_ram_len, next_pages; /* what next_len bytes more would gain */
};

/* How the image differs from the old one that it was built like. */
struct crx_result_update {
	uint64_t blocks;         /* erase blocks that the image has */
	uint64_t changed_blocks; /* those that differ, or are after the end of the old image */
	uint64_t changed_bytes;  /* of them, to write */
	uint64_t fresh_size;     /* of a first image; 0 without an old one */
};

struct crx_result {
	struct { /* of the tree, without the root */
		size_t dirs, files, symlinks, devices, others;
		uint64_t content_bytes; /* of files and links; each name counts */
	} entries;
	uint64_t image_size; /* super.size */
	uint64_t file_size;  /* with --pad-to */
	uint32_t crc, blocks, nodes;
	struct crx_layout_bytes bytes;
	struct {
		uint64_t files, symlinks,
			content_bytes;        /* names that share an earlier one's table */
		uint64_t blocks, saved_bytes; /* blocks that use another's bytes */
	} shared;
	struct crx_result_in_place in_place;
	size_t skipped[CRX_SKIP_KINDS]; /* executables that are not in place, by reason */
	struct crx_exec_abi *machine;   /* of the root's programs; none without -X and -P */
	size_t nmachines;
	struct crx_result_budget budget; /* zeroed unless pages were weighed */
	struct crx_result_point *point;  /* the budget curve, if it was asked for */
	size_t npoints;
	/* the counts are known if the image was written */
	struct crx_result_update update;
	bool costs_known; /* the cost of each file and rule */
	struct crx_result_rule *rule;
	size_t nrules;
	struct crx_result_file *file; /* in the order of their paths, if files were asked for */
	size_t nfiles;
	size_t backend; /* crx_build_backend() */
	unsigned level;
	enum crx_source_kind source_kind;
	bool verified, written;
	bool squashed; /* owners were stored as 0:0 */
};

void crx_result_free(struct crx_result *r);

#endif
