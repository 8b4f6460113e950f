/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a source is. For lib/input/source itself.
 */
#ifndef CRX_SOURCE_INPUT_H
#define CRX_SOURCE_INPUT_H

#include "input/archive/reader.h"
#include "input/source/source.h"

enum crx_input_kind { CRX_INPUT_DIR, CRX_INPUT_ARCHIVE, CRX_INPUT_MTREE };

enum { CRX_INPUT_HEAD = 4096 };

/* A source, told by what is there. */
struct crx_input {
	const char *path;
	const char *name; /* for messages: path, or "standard input" */
	enum crx_input_kind kind;
	int fd;     /* of all but directories */
	bool piped; /* nothing comes twice from fd: head has been read */
	char head[CRX_INPUT_HEAD];
	size_t head_len;
};

/* Close it in any case. path "-" is standard input. */
int crx_input_open(struct crx_input *in, const char *path, struct crx_err *err) CRX_MUST_CHECK;
void crx_input_close(struct crx_input *in);

/* All of it, at most max bytes; the caller's to free. A byte 0 stands behind it. */
int crx_input_text(const struct crx_input *in, size_t max, char **out, size_t *len,
		   struct crx_err *err) CRX_MUST_CHECK;

/* Reads from in->fd. */
int crx_input_archive(const struct crx_input *in, struct crx_archive_reader **out,
		      struct crx_log *log, struct crx_err *err) CRX_MUST_CHECK;

/* As source.h says, into a new tree. below (may be NULL) is the finished tree
 * over which it will be laid: hard links may lead there. Nodes of below may get
 * a link_ino by that. */
int crx_source_archive(const struct crx_input *in, struct crx_tree *below,
		       const struct crx_source_opts *o, struct crx_tree *t, struct crx_source *s,
		       struct crx_err *err) CRX_MUST_CHECK;

/* Into a tree that crx_tree_init has made, or a finished one. */
int crx_source_mtree(const struct crx_input *in, const struct crx_source_opts *o,
		     struct crx_tree *t, struct crx_source *s, struct crx_err *err) CRX_MUST_CHECK;

#endif
