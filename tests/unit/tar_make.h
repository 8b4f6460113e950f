/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Archives made by hand in memory, hostile ones too: ustar with pax records,
 * and cpio (newc). Include after cmocka.h.
 */
#ifndef CRX_TESTS_TAR_MAKE_H
#define CRX_TESTS_TAR_MAKE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAR_BLOCK = 512 };

struct tar_make {
	uint8_t *bytes;
	size_t len;
};

static inline void tar_raw(struct tar_make *t, const void *data, size_t len, size_t unit)
{
	size_t pad = (unit - (t->len + len) % unit) % unit;

	t->bytes = realloc(t->bytes, t->len + len + pad + 1);
	assert_non_null(t->bytes);
	if (len)
		memcpy(t->bytes + t->len, data, len);
	memset(t->bytes + t->len + len, 0, pad);
	t->len += len + pad;
}

/* The checksum of a header. */
static inline void tar_sum(void *header)
{
	uint8_t *h = header;
	unsigned sum = 0;
	int i;

	memset(h + 148, ' ', 8);
	for (i = 0; i < TAR_BLOCK; i++)
		sum += h[i];
	snprintf((char *)h + 148, 8, "%06o", sum);
}

/* An entry of that type ('0' ...), mode 0644 (0755 for '5'), 0:0; the header
 * says size bytes, and those of data follow. */
static inline void tar_put(struct tar_make *t, char type, const char *path, const char *link,
			   const void *data, size_t size)
{
	char h[TAR_BLOCK] = { 0 };

	assert_true(strlen(path) <= 100 && (!link || strlen(link) <= 100));
	memcpy(h, path, strlen(path));
	snprintf(h + 100, 8, "%07o", type == '5' ? 0755u : 0644u);
	snprintf(h + 108, 8, "%07o", 0u);
	snprintf(h + 116, 8, "%07o", 0u);
	snprintf(h + 124, 12, "%011llo", (unsigned long long)size & 0x1ffffffffu);
	snprintf(h + 136, 12, "%011o", 0u);
	h[156] = type;
	if (link)
		memcpy(h + 157, link, strlen(link));
	memcpy(h + 257, "ustar\00000", 8);
	snprintf(h + 329, 8, "%07o", type == '3' ? 5u : 0u);
	snprintf(h + 337, 8, "%07o", type == '3' ? 1u : 0u);
	tar_sum(h);
	tar_raw(t, h, sizeof(h), TAR_BLOCK);
	if (data)
		tar_raw(t, data, size, TAR_BLOCK);
}

/* A record of the pax header that the next entry gets; several with "\n" and
 * their own lengths are not for this. */
static inline void tar_pax(struct tar_make *t, const char *key, const void *value, size_t value_len)
{
	size_t body = strlen(key) + value_len + 3, len = body + 1, digits;
	char num[24];
	struct tar_make r = { 0 };

	do {
		digits = (size_t)snprintf(num, sizeof(num), "%zu", len);
		if (digits + body == len)
			break;
		len = digits + body;
	} while (1);
	tar_raw(&r, num, digits, 1);
	tar_raw(&r, " ", 1, 1);
	tar_raw(&r, key, strlen(key), 1);
	tar_raw(&r, "=", 1, 1);
	tar_raw(&r, value, value_len, 1);
	tar_raw(&r, "\n", 1, 1);
	tar_put(t, 'x', "pax", NULL, r.bytes, r.len);
	free(r.bytes);
}

static inline void tar_file(struct tar_make *t, const char *path, const char *text)
{
	tar_put(t, '0', path, NULL, text, strlen(text));
}

static inline void tar_dir(struct tar_make *t, const char *path)
{
	tar_put(t, '5', path, NULL, NULL, 0);
}

static inline void tar_link(struct tar_make *t, const char *path, const char *target)
{
	tar_put(t, '2', path, target, NULL, 0);
}

static inline void tar_hard(struct tar_make *t, const char *path, const char *to)
{
	tar_put(t, '1', path, to, NULL, 0);
}

static inline void tar_end(struct tar_make *t)
{
	static const char zeros[2 * TAR_BLOCK];

	tar_raw(t, zeros, sizeof(zeros), TAR_BLOCK);
}

static inline void cpio_put(struct tar_make *t, const char *path, unsigned mode, unsigned ino,
			    unsigned nlink, const char *data)
{
	char h[111];
	size_t size = data ? strlen(data) : 0;

	snprintf(h, sizeof(h), "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", ino,
		 mode, 7u, 8u, nlink, 0u, (unsigned)size, 3u, 1u, 5u, 1u,
		 (unsigned)strlen(path) + 1, 0u);
	tar_raw(t, h, 110, 1);
	tar_raw(t, path, strlen(path) + 1, 4);
	tar_raw(t, data, size, 4);
}

static inline void cpio_end(struct tar_make *t)
{
	cpio_put(t, "TRAILER!!!", 0, 0, 1, NULL);
}

#endif
