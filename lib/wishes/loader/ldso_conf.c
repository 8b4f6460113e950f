/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/ld.so.conf and what it includes, as ldconfig reads them.
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
		crx_log_warn(l->log, path,
			     "larger than %d bytes, so not read for directories with libraries",
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

/* A path that grows and shrinks. */
struct name {
	char buf[CRX_LDSO_PATH_CAP];
	size_t len;
};

static int read_conf(struct conf *c, const char *path);

static bool append(struct name *n, const char *s, size_t len)
{
	if (len + 1 >= sizeof(n->buf) - n->len)
		return false;
	n->buf[n->len] = '/';
	memcpy(n->buf + n->len + 1, s, len);
	n->len += len + 1;
	n->buf[n->len] = '\0';
	return true;
}

/* glob(): the files that pattern names below the directory n, in the order of
 * their names, each read as it is found. Wildcards are not for hidden files. */
static int include_below(struct conf *c, struct name *n, const char *pattern, unsigned wildcards)
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
		if (!append(n, part, len))
			return 0;
	}
	if (!*pattern)
		return read_conf(c, n->buf);
	dir = n->len ? crx_tree_find(c->l->t, n->buf) : c->l->t->root;
	was = n->len;
	for (i = 0;
	     dir && wildcards && i < dir->nchildren && !ret && crx_ldso_spend(c->l, ENTRY_STEPS);
	     i++) {
		child = dir->child[i];
		if ((*child->name == '.' && *part != '.') || !crx_glob_match(part, child->name) ||
		    !append(n, child->name, strlen(child->name)))
			continue;
		ret = include_below(c, n, pattern + len, wildcards - 1);
		n->len = was;
		n->buf[was] = '\0';
	}
	return ret;
}

/* include: patterns with blanks between, relative to the including file. */
static int include(struct conf *c, const char *path, char *patterns)
{
	struct name n;
	char *p = patterns, *end;
	bool last = false;
	int ret = 0;

	for (; !ret && !last; p = end + 1) {
		p += strspn(p, " \t");
		end = p + strcspn(p, " \t");
		last = !*end;
		*end = '\0';
		n.len = *p == '/' ? 0 : (size_t)(strrchr(path, '/') - path);
		memcpy(n.buf, path, n.len);
		n.buf[n.len] = '\0';
		if (*p)
			ret = include_below(c, &n, p, CRX_LDSO_CONF_DEPTH_MAX);
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
