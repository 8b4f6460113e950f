/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/profile/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"

enum { FILE_MAX = 256 << 20 };

int crx_profile_bad(const struct crx_profile_lines *l, size_t number, struct crx_err *err, const char *fmt, ...)
{
	char place[CRX_ERR_PATH_MAX], text[CRX_ERR_TEXT_MAX];
	size_t len = strlen(l->name), room = sizeof(place) - 32;
	size_t cut = len > room ? len - room : 0;
	va_list ap;

	/* the line must not be what is cut off */
	snprintf(place, sizeof(place), "%s%s:%zu", cut ? "..." : "", l->name + cut, number);
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return crx_err_set(err, CRX_EFORMAT, 0, place, "%s", text);
}

struct crx_profile_range crx_profile_line(struct crx_profile_lines *l)
{
	const char *lf = memchr(l->at, '\n', (size_t)(l->end - l->at));
	struct crx_profile_range line = { l->at, lf ? lf : l->end };

	l->at = lf ? lf + 1 : l->end;
	l->number++;
	if (line.end > line.begin && line.end[-1] == '\r')
		line.end--;
	return line;
}

bool crx_profile_blank(struct crx_profile_range line)
{
	while (line.begin < line.end && (*line.begin == ' ' || *line.begin == '\t'))
		line.begin++;
	return line.begin == line.end;
}

/* Profiles go file by file: the path of the entry before is kept once. */
static const char *keep_path(struct crx_profile *p, struct crx_profile_range path)
{
	size_t len = (size_t)(path.end - path.begin);
	const char *before = p->nentries ? p->entry[p->nentries - 1].path : NULL;
	char *copy;

	if (before && !strncmp(before, path.begin, len) && !before[len])
		return before;
	copy = crx_arena_alloc(&p->paths, len + 1);
	if (!copy)
		return NULL;
	memcpy(copy, path.begin, len);
	copy[len] = '\0';
	return copy;
}

int crx_profile_add(struct crx_profile *p, const struct crx_profile_lines *l, size_t number, struct crx_profile_range path, uint64_t off, uint64_t count, struct crx_err *err)
{
	const char *kept;

	if (path.begin == path.end)
		return crx_profile_bad(l, number, err, "the path is empty");
	if (memchr(path.begin, 0, (size_t)(path.end - path.begin)))
		return crx_profile_bad(l, number, err, "the path holds a NUL byte: no file can have that name");
	if (!count)
		return 0;
	kept = keep_path(p, path);
	if (!kept || !crx_grow(&p->entry, &p->cap, p->nentries + 1, sizeof(*p->entry)))
		return crx_err_nomem(err, "reading a profile");
	p->entry[p->nentries++] = (struct crx_profile_entry){ .path = kept, .off = off, .count = count };
	return 0;
}

static bool is_json(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len && memchr(" \t\r\n", text[i], 4); i++)
		;
	return i < len && text[i] == '{';
}

int crx_profile_parse(struct crx_profile *p, const char *name, const char *text, size_t len, struct crx_err *err)
{
	struct crx_profile_lines l = { .name = name, .number = 1 };
	int ret;

	/* spreadsheets begin UTF-8 so */
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		text += 3;
		len -= 3;
	}
	l.at = text;
	l.end = text + len;
	ret = is_json(text, len) ? crx_profile_jsonl(p, &l, err) : crx_profile_csv(p, &l, err);
	if (!ret)
		p->nfiles++;
	return ret;
}

int crx_profile_read(struct crx_profile *p, const char *path, struct crx_err *err)
{
	size_t len;
	char *text;
	int ret = crx_io_read_file(path, FILE_MAX, &text, &len, err);

	if (ret < 0)
		return ret;
	ret = crx_profile_parse(p, path, text, len, err);
	free(text);
	return ret;
}

void crx_profile_free(struct crx_profile *p)
{
	free(p->entry);
	crx_arena_free(&p->paths);
	*p = (struct crx_profile){ 0 };
}
