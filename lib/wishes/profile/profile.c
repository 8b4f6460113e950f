/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/profile/parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"

enum { FILE_MAX = 256 << 20 };

static bool is_json(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len && memchr(" \t\r\n", text[i], 4); i++)
		;
	return i < len && text[i] == '{';
}

int crx_profile_parse(struct crx_profile *p, const char *name, const char *text, size_t len,
		      struct crx_err *err)
{
	struct crx_profile_lines l = { .name = name, .number = 1 };
	int ret;

	/* spreadsheets begin UTF-8 with a byte order mark */
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
