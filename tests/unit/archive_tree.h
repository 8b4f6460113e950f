/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trees made of archives, and archives that are refused. Include after cmocka.h.
 */
#ifndef CRX_TESTS_ARCHIVE_TREE_H
#define CRX_TESTS_ARCHIVE_TREE_H

#include "kept_log.h"
#include "scratch.h"
#include "input/source/source.h"
#include "tar_make.h"
#include "tree_show.h"

struct result {
	struct crx_tree t;
	struct crx_source s;
	struct crx_err err;
	struct kept_log k;
	int ret;
};

static inline void unpack_with(struct scratch *s, const struct tar_make *m,
			       const struct crx_source_opts *o, struct result *r)
{
	struct crx_source_opts logged = *o;

	memset(r, 0, sizeof(*r));
	kept_begin(&r->k);
	logged.log = &r->k.log;
	scratch_put(s, "a", m->bytes, m->len);
	r->ret = crx_source_open(scratch_at(s, "a"), &logged, &r->t, &r->s, &r->err);
	assert_int_equal(r->ret, r->err.code);
}

static inline void end(struct result *r)
{
	crx_tree_free(&r->t);
	crx_source_free(&r->s);
}

/* m makes that tree, with those warnings; m is freed. */
static inline void gives(struct scratch *s, struct tar_make *m, const char *tree, const char *said)
{
	struct crx_source_opts o = { 0 };
	struct result r;

	unpack_with(s, m, &o, &r);
	if (r.ret)
		fail_msg("%s: %s", r.err.path, r.err.text);
	tree_is(&r.t, true, tree);
	assert_string_equal(r.k.text, said);
	end(&r);
	free(m->bytes);
	*m = (struct tar_make){ 0 };
}

/* m is refused, and the error has both texts; m is freed. */
static inline void refused(struct scratch *s, struct tar_make *m, int code, const char *a,
			   const char *b)
{
	struct crx_source_opts o = { 0 };
	struct result r;

	unpack_with(s, m, &o, &r);
	if (r.ret != code || !strstr(r.err.text, a) || !strstr(r.err.text, b))
		fail_msg("%d: %s (not %s, %s)", r.ret, r.err.text, a, b);
	assert_non_null(strstr(r.err.path, "/a"));
	end(&r);
	free(m->bytes);
	*m = (struct tar_make){ 0 };
}

#endif
