/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parses a line of a device table into an entry. Private to devtable*.c.
 */
#ifndef CRX_EDIT_DEVTABLE_LINE_H
#define CRX_EDIT_DEVTABLE_LINE_H

#include "input/edit/devtable.h"

/* The fields in the order of a line. One word more is read. */
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

	struct crx_place at;                 /* file, owned by dt, and line */
	const char *begin, *end, *words_end; /* the line, and the end of its last word */
	struct crx_devtable_word word[CRX_DEVTABLE_WORDS];
	size_t nwords;
};

/* Report an error at this byte of the line. */
void crx_devtable_bad(struct crx_devtable_line *p, const char *at, const char *fmt, ...)
	CRX_PRINTF(3, 4);

/* A copy that dt owns; NULL, with p->ret set, without memory. */
const char *crx_devtable_copy_text(struct crx_devtable_line *p, const char *text, size_t len);

void crx_devtable_parse_entry(struct crx_devtable_line *p);
void crx_devtable_parse_xattr(struct crx_devtable_line *p);

#endif
