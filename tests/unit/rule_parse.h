/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts of rules, parsed, and the errors that are logged. Include after cmocka.h.
 */
#ifndef CRX_TESTS_RULE_PARSE_H
#define CRX_TESTS_RULE_PARSE_H

#include <stdlib.h>

#include "kept_log.h"
#include "wishes/rules/rule.h"

/* The errors are in said. */
static inline int parse_bytes(struct crx_rules *r, const char *text, size_t len,
			      struct kept_log *said, struct crx_err *err)
{
	int ret;

	kept_begin_paths(said, CRX_LEVEL_ERROR);
	*err = (struct crx_err)CRX_ERR_INIT;
	ret = crx_rules_parse(r, "p", text, len, &said->log, err);
	assert_int_equal(said->n, said->errors);
	return ret;
}

/* The rules, if parsing gives that code. */
static inline struct crx_rules *parse(const char *text, size_t len, int want, struct kept_log *said,
				      struct crx_err *err)
{
	struct crx_rules *r = calloc(1, sizeof(*r));
	int ret;

	assert_non_null(r);
	ret = parse_bytes(r, text, len, said, err);
	if (ret != want)
		fail_msg("%d, not %d: %s%s", ret, want, said->text, err->text);
	return r;
}

static inline void done(struct crx_rules *r)
{
	crx_rules_free(r);
	assert_int_equal(r->nrules + r->name.n, 0);
	crx_rules_free(r);
	free(r);
}

static inline uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

#endif
