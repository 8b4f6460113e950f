/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens a source and finds out what it is. Private to lib/input/source.
 */
#ifndef CRX_SOURCE_INPUT_H
#define CRX_SOURCE_INPUT_H

#include "input/archive/reader.h"
#include "input/source/source.h"

enum { CRX_INPUT_HEAD = 4096 };

struct crx_input {
	const char *path;
	enum crx_source_kind kind;
	bool piped;              /* the file cannot seek */
	struct crx_io_rest file; /* its path is "standard input" for "-"; fd -1: a directory */
	char head[CRX_INPUT_HEAD];
};

/* Path "-" is standard input. Close it even after an error. */
int crx_input_open(struct crx_input *in, const char *path, struct crx_err *err) CRX_MUST_CHECK;
void crx_input_close(struct crx_input *in);

/*
 * Unpack an archive into a new tree, as source.h says. below is the finished
 * tree that it will be merged over, or NULL: hard links may refer to files of
 * below, and these get a link_ino.
 */
int crx_source_archive(const struct crx_input *in, struct crx_tree *below,
		       const struct crx_source_opts *o, struct crx_tree *t, struct crx_source *s,
		       struct crx_err *err) CRX_MUST_CHECK;

/* Read an image into a new tree. below is as for an archive. */
int crx_source_image(const struct crx_input *in, const struct crx_tree *below,
		     const struct crx_source_opts *o, struct crx_tree *t, struct crx_source *s,
		     struct crx_err *err) CRX_MUST_CHECK;

/* Apply a manifest to t, either just initialised by crx_tree_init() or finished. */
int crx_source_mtree(const struct crx_input *in, const struct crx_source_opts *o,
		     struct crx_tree *t, struct crx_source *s, struct crx_err *err) CRX_MUST_CHECK;

#endif
