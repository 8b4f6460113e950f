/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maps in its two forms.
 */
#ifndef DUMPCRAMFS_XIP_MAPS_H
#define DUMPCRAMFS_XIP_MAPS_H

#include "command.h"
#include "proof/explain/explain.h"

struct maps {
	struct dump *d;
	struct crx_explain_opts o;
	struct crx_explain x;
	bool *wanted;            /* for each of x.file */
	size_t files;            /* that are wanted */
	uint64_t pages, in_place; /* of these */
	bool addresses;          /* --base, and it is one from which anything can be mapped */
};

int maps_put_text(const struct maps *m, struct crx_err *err) CRX_MUST_CHECK;
int maps_put_json(const struct maps *m, struct crx_err *err) CRX_MUST_CHECK;

/* "program", "library", "interpreter" */
const char *maps_role(const struct crx_explain_file *f);

/* Its processor, into buf; or its format, if it does not say which that is. */
const char *maps_machine(const struct crx_explain_file *f, char *buf, size_t cap);

#endif
