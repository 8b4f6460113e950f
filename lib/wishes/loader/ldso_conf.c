/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/ld.so.conf and the files that it includes, as ldconfig reads them.
 */
#include "config.h"
#include "wishes/loader/ldso.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/glob.h"

enum { ENTRY_STEPS = 16, FILE_STEPS = 1024 };

int crx_ldso_read_text(struct crx_ldso *l, const char *path, char **out, struct crx_err *err)
{
	const struct crx_node *n = crx_tree_find(l->t, path);

	*out = NULL;
	if (!n || !S_ISREG(n->mode) || !crx_ldso_spend(l, FILE_STEPS))
		return 0;
	if (n->size > CRX_LDSO_CONF_LEN_MAX) {
		crx_log_warn(l->log, path, "is ignored, because it is larger than %d bytes",
			     CRX_LDSO_CONF_LEN_MAX);
		return 0;
	}
	return crx_content_read(&n->content, out, err);
}

struct conf {
	struct crx_ldso *l;
	struct crx_err *err;
	unsigned depth;
};

struct path {
	char buf[CRX_LDSO_PATH_CAP];
	size_t len;
};

static int read_conf(struct conf *c, const char *path);

static bool append(struct path *p, const char *s, size_t len)
{
	if (len + 1 >= sizeof(p->buf) - p->len)
		return false;
	p->buf[p->len] = '/';
	memcpy(p->buf + p->len + 1, s, len);
	p->len += len + 1;
	p->buf[p->len] = '\0';
	return true;
}

/* Read the files below the directory at p that match the pattern, in the order of their names, as
 * glob() finds them: a wildcard does not match the dot of a hidden file. */
static int include_below(struct conf *c, struct path *p, const char *pattern, unsigned wildcards)
{
	const struct crx_node *dir, *child;
	size_t len, i, was;
	char part[256];
	int ret = 0;

	for (; pattern += strspn(pattern, "/"), *pattern; pattern += len) {
		len = strcspn(pattern, "/");
		if (len >= sizeof(part))
			return 0;
		memcpy(part, pattern, len);
		part[len] = '\0';
		if (strpbrk(part, "*?[\\"))
			break;
		if (!append(p, part, len))
			return 0;
	}
	if (!*pattern)
		return read_conf(c, p->buf);
	dir = p->len ? crx_tree_find(c->l->t, p->buf) : c->l->t->root;
	was = p->len;
	for (i = 0;
	     dir && wildcards && i < dir->nchildren && !ret && crx_ldso_spend(c->l, ENTRY_STEPS);
	     i++) {
		child = dir->child[i];
		if ((*child->name == '.' && *part != '.') || !crx_glob_match(part, child->name) ||
		    !append(p, child->name, strlen(child->name)))
			continue;
		ret = include_below(c, p, pattern + len, wildcards - 1);
		p->len = was;
		p->buf[was] = '\0';
	}
	return ret;
}

/* The patterns of an "include" line, separated by blanks and relative to the file at path. */
static int include(struct conf *c, const char *path, char *patterns)
{
	char *pattern = patterns, *end;
	struct path p;
	bool last = false;
	int ret = 0;

	for (; !ret && !last; pattern = end + 1) {
		pattern += strspn(pattern, " \t");
		end = pattern + strcspn(pattern, " \t");
		last = !*end;
		*end = '\0';
		p.len = *pattern == '/' ? 0 : (size_t)(strrchr(path, '/') - path);
		memcpy(p.buf, path, p.len);
		p.buf[p.len] = '\0';
		if (*pattern)
			ret = include_below(c, &p, pattern, CRX_LDSO_CONF_DEPTH_MAX);
	}
	return ret;
}

static int read_line(struct conf *c, const char *path, char *line)
{
	size_t len;

	line[strcspn(line, "#")] = '\0';
	line += strspn(line, " \t\r\v\f");
	len = strlen(line);
	while (len && strchr(" \t\r\v\f", line[len - 1]))
		line[--len] = '\0';
	if (!strncmp(line, "include", 7) && strspn(line + 7, " \t"))
		return include(c, path, line + 7);
	return len ? crx_ldso_add_dir(c->l, &c->l->sys, line, len, c->err) : 0;
}

static int read_conf(struct conf *c, const char *path)
{
	char *text, *line, *end;
	int ret;

	if (c->depth >= CRX_LDSO_CONF_DEPTH_MAX)
		return 0;
	ret = crx_ldso_read_text(c->l, path, &text, c->err);
	if (ret || !text)
		return ret;
	c->depth++;
	for (line = text; !ret && *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		ret = read_line(c, path, line);
	}
	c->depth--;
	free(text);
	return ret;
}

int crx_ldso_read_conf(struct crx_ldso *l, struct crx_err *err)
{
	struct conf c = { .l = l, .err = err };

	return read_conf(&c, "/etc/ld.so.conf");
}
