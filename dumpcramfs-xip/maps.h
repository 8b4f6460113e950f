/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The output of maps, as text and as JSON.
 */
#ifndef DUMPCRAMFS_XIP_MAPS_H
#define DUMPCRAMFS_XIP_MAPS_H

#include "command.h"
#include "proof/explain/explain.h"

struct maps_ram;

struct maps {
	struct dump *d;
	struct crx_explain_opts o;
	struct crx_explain x;
	bool *selected;           /* for each of x.file */
	size_t files;             /* that are selected */
	uint64_t pages, in_place; /* of these files */
	uint64_t wrong_memory;    /* mappings of these files, and */
	size_t wrong_files;       /* how many of the files have one */
	bool addresses;           /* --base is given and allows mapping in place */
	struct maps_ram *ram;     /* maps_ram.h; NULL with an MMU */
};

int maps_put_text(const struct maps *m, struct crx_err *err) CRX_MUST_CHECK;
int maps_put_json(const struct maps *m, struct crx_err *err) CRX_MUST_CHECK;

/* "program", "library", "interpreter" */
const char *maps_role(const struct crx_explain_file *f);

/* The name of its processor, in buf; or that of its format, if the format does not say. */
const char *maps_machine(const struct crx_explain_file *f, char *buf, size_t cap);

/* "r-xp", as in /proc/PID/maps. Returns buf. */
enum { MAPS_PERMS = 5 };
const char *maps_perms(const struct crx_explain_line *l, char buf[MAPS_PERMS]);

#endif
