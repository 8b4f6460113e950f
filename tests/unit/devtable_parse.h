/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device table, parsed, with what is logged. Include after cmocka.h.
 */
#ifndef CRX_TESTS_DEVTABLE_PARSE_H
#define CRX_TESTS_DEVTABLE_PARSE_H

#include "kept_log.h"
#include "input/edit/devtable.h"

/* "place: text\n" of each error; "warning: " before one. */
static struct kept_log said;

static inline bool is_said(const char *what)
{
	return strstr(said.text, what);
}

static inline int parse(struct crx_devtable *dt, const char *text, size_t len)
{
	struct crx_err err = CRX_ERR_INIT;

	kept_begin_paths(&said, CRX_LEVEL_ERROR);
	return crx_devtable_parse(dt, "t", text, len, &said.log, &err);
}

#endif
