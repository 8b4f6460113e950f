/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of dumpcramfs-xip, as values.
 */
#ifndef DUMPCRAMFS_XIP_OPTIONS_H
#define DUMPCRAMFS_XIP_OPTIONS_H

#include <stdio.h>

#include "base/strings.h"
#include "cli/option.h"
#include "cli/program.h"
#include "gate/gate.h"
#include "read/kernel.h"

#define PROGRAM "dumpcramfs-xip"

struct options {
	struct crx_cli_common cli;
	uint32_t page_size; /* -b; 0: detect it */
	uint64_t offset;    /* --offset: of the image in its file, or CRX_CLI_OFFSET_AUTO */
	bool json;          /* --json */
	bool paths_only;    /* list -1 */
	bool no_mmu;        /* maps --no-mmu */
	bool has_base;      /* maps --base */
	uint64_t base;
	/* maps --no-mmu with --machine, --ram, --buddyinfo, --min-free, --instances */
	const char *machine, *buddyinfo;
	uint64_t ram; /* 0: not given */
	bool has_min_free;
	uint64_t min_free;
	uint64_t instances;                 /* 0: not given */
	struct crx_kernel kernel;           /* maps --kernel */
	const char *html;                   /* report --html */
	uint32_t erase_len;                 /* --erase-size; 0: not given */
	bool ranges;                        /* diff --ranges */
	const char *blocks;                 /* diff --blocks */
	const char *old;                    /* report --old */
	struct crx_gate_conditions fail_if; /* diff --fail-if */
	const char *database;               /* packages, report: --database */
	const char *package_list;           /* --package-list */
	const char *manifest;               /* --manifest, with */
	const char *pkgdata;                /* --pkgdata */
	struct crx_strings operand;         /* the command, the image, paths */
};

/* For struct crx_cli_program. */
int options_parse(void *options, int argc, char *const *argv, struct crx_err *err) CRX_MUST_CHECK;
void options_free(void *options);
void options_put_help(FILE *out, const void *options);

#endif
