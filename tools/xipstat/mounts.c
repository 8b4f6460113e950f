/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "mounts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "text.h"

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* Blanks and some other characters are written as \040. Changes s. */
static void unescape(char *s)
{
	char *out = s;

	while (*s) {
		if (s[0] == '\\' && is_octal(s[1]) && is_octal(s[2]) && is_octal(s[3])) {
			*out++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
			s += 4;
		} else {
			*out++ = *s++;
		}
	}
	*out = '\0';
}

static void free_mount(struct mount *m)
{
	free(m->root);
	free(m->point);
	free(m->type);
	free(m->source);
}

/* The first n words of s, which is changed. False if it has fewer. */
static bool split(char *s, const char *blanks, char **word, size_t n)
{
	char *save = NULL;
	size_t i;

	for (i = 0; i < n; i++, s = NULL) {
		word[i] = strtok_r(s, blanks, &save);
		if (!word[i])
			return false;
	}
	return true;
}

/*
 * 36 35 98:0 /root /point rw,noatime master:1 - type source rw
 * Returns 1 for a mount, 0 for another line, -1 if memory is short.
 */
static int parse(char *line, struct mount *m)
{
	char *rest = strstr(line, " - "), *field[5], *tail[2];

	if (!rest)
		return 0;
	*rest = '\0';
	if (!split(line, " ", field, 5) || !split(rest + 3, " \n", tail, 2) ||
	    sscanf(field[2], "%u:%u", &m->major, &m->minor) != 2)
		return 0;
	unescape(field[3]);
	unescape(field[4]);
	unescape(tail[1]);
	m->root = mem_copy(field[3]);
	m->point = mem_copy(field[4]);
	m->type = mem_copy(tail[0]);
	m->source = mem_copy(tail[1]);
	return m->root && m->point && m->type && m->source ? 1 : -1;
}

static int add(struct mounts *out, char *line)
{
	struct mount m = { 0 };
	int ret = parse(line, &m);

	if (ret > 0 && mem_grow(&out->mount, &out->cap, out->n + 1, sizeof(*out->mount))) {
		out->mount[out->n++] = m;
		return 0;
	}
	free_mount(&m);
	return ret ? -1 : 0;
}

int mounts_read(const char *proc, struct mounts *out)
{
	char *name = mem_format("%s/self/mountinfo", proc), *line = NULL;
	size_t cap = 0;
	FILE *f;
	int ret = 0;

	*out = (struct mounts){ 0 };
	if (!name)
		return -1;
	f = fopen(name, "re");
	if (!f) {
		say_error("%s: cannot open: %s (is the proc file system mounted there?)", name,
			  strerror(errno));
		ret = -1;
	}
	while (!ret && getline(&line, &cap, f) > 0)
		ret = add(out, line);
	if (!ret && ferror(f)) {
		say_error("%s: cannot read: %s", name, strerror(errno));
		ret = -1;
	}
	if (f)
		fclose(f);
	free(line);
	free(name);
	return ret;
}

void mounts_free(struct mounts *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		free_mount(&m->mount[i]);
	free(m->mount);
	*m = (struct mounts){ 0 };
}

const char *mounts_below(const char *dir, const char *path)
{
	size_t len = strlen(dir);

	while (len && dir[len - 1] == '/')
		len--;
	if (strncmp(dir, path, len) || (path[len] && path[len] != '/'))
		return NULL;
	return path + len;
}

const struct mount *mounts_of(const struct mounts *m, const char *path)
{
	const struct mount *best = NULL;
	size_t i;

	/* if several are mounted at one point, the last one is visible */
	for (i = 0; i < m->n; i++)
		if (mounts_below(m->mount[i].point, path) &&
		    (!best || strlen(m->mount[i].point) >= strlen(best->point)))
			best = &m->mount[i];
	return best;
}

char *mounts_inside(const struct mount *m, const char *path)
{
	const char *below = mounts_below(m->point, path);
	const char *root = strcmp(m->root, "/") ? m->root : "";

	if (!below)
		below = path;
	return !*root && !*below ? mem_copy("/") : mem_format("%s%s", root, below);
}
