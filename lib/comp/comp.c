/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of back ends, and the parser of the option that chooses one.
 */
#include "config.h"
#include "comp/backend.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"

static const struct crx_comp_backend *const backends[] = {
#if HAVE_LIBDEFLATE
	&crx_comp_libdeflate,
#endif
	&crx_comp_zlib,
#if HAVE_ZOPFLI
	&crx_comp_zopfli,
#endif
	&crx_comp_store, NULL
};

const struct crx_comp_backend *const *crx_comp_backends(void)
{
	return backends;
}

const char *crx_comp_license(void)
{
#if HAVE_ZOPFLI
	/* Apache-2.0 is compatible with version 3 of the GPL, but not with version 2 */
	return "GPL-3.0-or-later (zopfli is Apache-2.0)";
#else
	return "GPL-2.0-or-later";
#endif
}

/*
 * The largest is zlib's deflateBound() for any memLevel: len + len/8 + len/64 and a few.
 * libdeflate and zopfli fall back to stored deflate blocks.
 */
size_t crx_comp_bound(size_t len)
{
	size_t more = len / 8 + len / 64 + 64;

	return len > SIZE_MAX - more ? SIZE_MAX : len + more;
}

/* "libdeflate, zlib, store" */
static void list_names(char *buf, size_t cap)
{
	size_t i, used = 0;

	buf[0] = '\0';
	for (i = 0; backends[i] && used < cap; i++)
		used += (size_t)snprintf(buf + used, cap - used, "%s%s", i ? ", " : "",
					 backends[i]->name);
}

static const struct crx_comp_backend *find_backend(const char *name, size_t len)
{
	size_t i;

	for (i = 0; backends[i]; i++) {
		if (strlen(backends[i]->name) == len && !memcmp(backends[i]->name, name, len))
			return backends[i];
	}
	return NULL;
}

/* Up to four decimal digits; -1 for anything else. */
static int parse_level(const char *s)
{
	struct crx_number n = crx_number_read(s, NULL, CRX_NUMBER_DECIMAL, 9999);

	return n.whole && n.end - s <= 4 ? (int)n.value : -1;
}

int crx_comp_parse(const char *text, bool best, struct crx_comp_spec *out, struct crx_err *err)
{
	const struct crx_comp_backend *b = backends[0];
	const char *colon = NULL;
	char names[100];
	size_t len;
	int level;

	if (text) {
		colon = strchr(text, ':');
		len = colon ? (size_t)(colon - text) : strlen(text);
		b = find_backend(text, len);
		if (!b) {
			list_names(names, sizeof(names));
			return crx_err_set(err, CRX_EARG, 0, NULL,
					   "no compressor '%.*s' in this build (it has %s)",
					   len < 100 ? (int)len : 100, text, names);
		}
	}
	level = best ? b->level_best : b->level_default;
	if (colon) {
		if (b->level_min == b->level_max)
			return crx_err_set(err, CRX_EARG, 0, NULL,
					   "compressor '%s' has no levels: '%.100s'", b->name,
					   text);
		level = parse_level(colon + 1);
		if (level < b->level_min || level > b->level_max)
			return crx_err_set(err, CRX_EARG, 0, NULL,
					   "compressor '%s' has the levels %d to %d, not '%.100s'",
					   b->name, b->level_min, b->level_max, colon + 1);
	}
	out->backend = b;
	out->level = level;
	return 0;
}
