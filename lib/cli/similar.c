/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cli/similar.h"

#include <string.h>

enum { LEN_MAX = 40 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * How many characters must be inserted, deleted or replaced, or neighbours swapped: the optimal
 * string alignment distance (https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance).
 */
static unsigned distance(const char *a, size_t alen, const char *b, size_t blen)
{
	unsigned d[LEN_MAX + 1][LEN_MAX + 1];
	size_t i, j;

	for (i = 0; i <= alen; i++)
		d[i][0] = (unsigned)i;
	for (j = 0; j <= blen; j++)
		d[0][j] = (unsigned)j;
	for (i = 1; i <= alen; i++) {
		for (j = 1; j <= blen; j++) {
			d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
					d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return d[alen][blen];
}

void crx_cli_similar_offer(struct crx_cli_similar *s, const char *name)
{
	size_t len = strlen(name);
	unsigned now;

	if (s->len > LEN_MAX || len > LEN_MAX)
		return;
	now = distance(s->typed, s->len, name, len);
	if (now * 3 <= s->len && (!s->best || now < s->distance)) {
		s->best = name;
		s->distance = now;
	}
}
