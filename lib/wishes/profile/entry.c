/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What both formats of profiles share: lines, errors, entries.
 */
#include "config.h"
#include "wishes/profile/parse.h"

#include <string.h>

#include "base/place.h"

int crx_profile_error(const struct crx_profile_lines *l, size_t number, struct crx_err *err,
		      const char *fmt, ...)
{
	struct crx_place at = { l->name, (unsigned)number, 0 };
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = crx_place_verr(err, CRX_EFORMAT, 0, &at, fmt, ap);
	va_end(ap);
	return ret;
}

struct crx_profile_range crx_profile_next_line(struct crx_profile_lines *l)
{
	const char *lf = memchr(l->at, '\n', (size_t)(l->end - l->at));
	struct crx_profile_range line = { l->at, lf ? lf : l->end };

	l->at = lf ? lf + 1 : l->end;
	l->number++;
	if (line.end > line.begin && line.end[-1] == '\r')
		line.end--;
	return line;
}

bool crx_profile_is_blank(struct crx_profile_range line)
{
	while (line.begin < line.end && (*line.begin == ' ' || *line.begin == '\t'))
		line.begin++;
	return line.begin == line.end;
}

/* Most profiles list the pages of one file after another: entries in a row share one copy of a
 * path. */
static const char *keep_path(struct crx_profile *p, struct crx_profile_range path)
{
	size_t len = (size_t)(path.end - path.begin);
	const char *before = p->nentries ? p->entry[p->nentries - 1].path : NULL;

	if (before && !strncmp(before, path.begin, len) && !before[len])
		return before;
	return crx_arena_strndup(&p->paths, path.begin, len);
}

int crx_profile_add(struct crx_profile *p, const struct crx_profile_lines *l, size_t number,
		    const struct crx_profile_use *use, struct crx_err *err)
{
	struct crx_profile_range path = use->path;
	const char *kept;

	if (path.begin == path.end)
		return crx_profile_error(l, number, err, "the path is empty");
	if (memchr(path.begin, 0, (size_t)(path.end - path.begin)))
		return crx_profile_error(l, number, err,
					 "the path contains a NUL byte, which no file name can");
	if (!use->count)
		return 0;
	kept = keep_path(p, path);
	if (!kept || !crx_grow(&p->entry, &p->cap, p->nentries + 1, sizeof(*p->entry)))
		return crx_err_nomem(err, "reading a profile");
	p->entry[p->nentries++] =
		(struct crx_profile_entry){ .path = kept, .off = use->off, .count = use->count };
	return 0;
}
