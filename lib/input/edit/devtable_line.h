/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of a device table on its way to an entry. Internal to devtable*.c.
 */
#ifndef CRX_EDIT_DEVTABLE_LINE_H
#define CRX_EDIT_DEVTABLE_LINE_H

#include "input/edit/devtable.h"

/* The fields, in the order of a line; one more word is looked at. */
enum {
	CRX_DEVTABLE_NAME,
	CRX_DEVTABLE_TYPE,
	CRX_DEVTABLE_MODE,
	CRX_DEVTABLE_USER,
	CRX_DEVTABLE_GROUP,
	CRX_DEVTABLE_MAJOR,
	CRX_DEVTABLE_MINOR,
	CRX_DEVTABLE_START,
	CRX_DEVTABLE_INC,
	CRX_DEVTABLE_COUNT,
	CRX_DEVTABLE_FIELDS,
	CRX_DEVTABLE_WORDS = CRX_DEVTABLE_FIELDS + 1
};

struct crx_devtable_word {
	const char *begin;
	size_t len;
};

struct crx_devtable_line {
	struct crx_devtable *dt;
	struct crx_faults faults;
	struct crx_err *err;
	int ret;      /* CRX_ENOMEM, or 0 */
	size_t first; /* the file's first entry */

	struct crx_place at;              /* file, kept by dt, and line */
	const char *begin, *end, *behind; /* the line; behind its last word */
	struct crx_devtable_word word[CRX_DEVTABLE_WORDS];
	size_t nwords;
};

/* What is wrong at this byte of the line, and what was expected. */
void crx_devtable_bad(struct crx_devtable_line *p, const char *at, const char *fmt, ...)
	CRX_PRINTF(3, 4);

/* A copy that dt owns; NULL with p->ret set when memory is short. */
const char *crx_devtable_keep(struct crx_devtable_line *p, const char *text, size_t len);

void crx_devtable_take_entry(struct crx_devtable_line *p);
void crx_devtable_take_xattr(struct crx_devtable_line *p);

#endif
