/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What "mkcramfs-xip --json" wrote of an image.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "gate/gate.h"
#include "gate/tokens.h"

enum { JSON_VERSION = 1 };

struct summary {
	struct crx_gate_tokens t;
	struct crx_gate_image *out;
	bool version, size, page_size, files; /* were there */
};

static int read_image(struct summary *s)
{
	uint64_t n = 0;
	int ret = crx_gate_tokens_open(&s->t, '{');

	while (!ret && (ret = crx_gate_tokens_member(&s->t)) == 1) {
		bool size = !strcmp(s->t.text, "size"), page = !strcmp(s->t.text, "page_size");

		ret = size || page ? crx_gate_tokens_number(&s->t, &n)
				   : crx_gate_tokens_skip(&s->t);
		if (ret)
			break;
		if (size)
			s->out->size = crx_gate_limited(n);
		else if (page && (n < 4096 || n > 65536))
			ret = crx_gate_tokens_wrong(&s->t, "page_size is not that of a kernel");
		else if (page)
			s->out->page_size = (uint32_t)n;
		s->size = s->size || size;
		s->page_size = s->page_size || page;
	}
	return ret;
}

/* A regular file or a symbolic link. */
struct file {
	char *path;
	uint64_t size, pages;
	bool is_file, is_shared;
	bool has_size, has_pages;
};

static int read_blocks(struct summary *s, struct file *f)
{
	int ret = crx_gate_tokens_open(&s->t, '{');

	while (!ret && (ret = crx_gate_tokens_member(&s->t)) == 1) {
		if (!strcmp(s->t.text, "in_place")) {
			f->has_pages = true;
			ret = crx_gate_tokens_number(&s->t, &f->pages);
		} else {
			ret = crx_gate_tokens_skip(&s->t);
		}
	}
	return ret;
}

static int read_path(struct summary *s, struct file *f)
{
	int ret = crx_gate_tokens_string(&s->t);

	if (ret)
		return ret;
	free(f->path);
	f->path = crx_strdup(s->t.text);
	return f->path ? 0 : crx_err_nomem(s->t.err, "reading JSON");
}

/* The value of the member whose key was read. */
static int read_member(struct summary *s, struct file *f)
{
	const char *key = s->t.text;
	int ret;

	if (!strcmp(key, "path"))
		return read_path(s, f);
	if (!strcmp(key, "blocks"))
		return read_blocks(s, f);
	if (!strcmp(key, "size")) {
		f->has_size = true;
		return crx_gate_tokens_number(&s->t, &f->size);
	}
	if (!strcmp(key, "same_as")) {
		f->is_shared = !crx_gate_tokens_is_null(&s->t);
		return f->is_shared ? crx_gate_tokens_string(&s->t) : 0;
	}
	if (strcmp(key, "type") != 0)
		return crx_gate_tokens_skip(&s->t);
	ret = crx_gate_tokens_string(&s->t);
	if (!ret)
		f->is_file = !strcmp(s->t.text, "file");
	return ret;
}

static int read_file(struct summary *s)
{
	struct file f = { .path = NULL };
	int ret = crx_gate_tokens_open(&s->t, '{');

	while (!ret && (ret = crx_gate_tokens_member(&s->t)) == 1)
		ret = read_member(s, &f);
	if (!ret && (!f.path || !f.has_size || !f.has_pages))
		ret = crx_gate_tokens_wrong(&s->t, "a file without path, size or blocks");
	if (!ret && f.is_file)
		ret = crx_gate_add(s->out, f.path, f.size, f.pages, f.is_shared, s->t.err);
	free(f.path);
	return ret;
}

static int read_files(struct summary *s)
{
	int ret = crx_gate_tokens_open(&s->t, '[');

	s->files = true;
	while (!ret && (ret = crx_gate_tokens_element(&s->t)) == 1)
		ret = read_file(s);
	return ret;
}

static int read_version(struct summary *s)
{
	uint64_t n = 0;
	int ret = crx_gate_tokens_number(&s->t, &n);

	s->version = true;
	if (!ret && n != JSON_VERSION)
		ret = crx_gate_tokens_wrong(&s->t,
					    "another version of the JSON than this program knows");
	return ret;
}

int crx_gate_summary(const char *json, size_t len, const char *name, struct crx_gate_image *out,
		     struct crx_err *err)
{
	struct summary s = {
		.t = { .name = name, .begin = json, .at = json, .end = json + len, .err = err },
		.out = out,
	};
	int ret;

	*out = (struct crx_gate_image){ .size = 0 };
	ret = crx_gate_tokens_open(&s.t, '{');
	while (!ret && (ret = crx_gate_tokens_member(&s.t)) == 1) {
		if (!strcmp(s.t.text, "version"))
			ret = read_version(&s);
		else if (!strcmp(s.t.text, "image"))
			ret = read_image(&s);
		else if (!strcmp(s.t.text, "files"))
			ret = read_files(&s);
		else
			ret = crx_gate_tokens_skip(&s.t);
	}
	if (!ret)
		ret = crx_gate_tokens_end(&s.t);
	if (!ret && (!s.version || !s.size || !s.page_size || !s.files))
		ret = crx_err_set(err, CRX_EFORMAT, 0, name,
				  "is JSON, but not what mkcramfs-xip --json writes");
	free(s.t.text);
	if (!ret)
		crx_gate_sort(out);
	return ret;
}
