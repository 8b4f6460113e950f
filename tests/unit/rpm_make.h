/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Databases of rpm, by hand: one header in SQLite, ndb or a hash of Berkeley DB. Written from the
 * descriptions of these formats, and not from lib/packages.
 */
#ifndef CRX_TESTS_RPM_MAKE_H
#define CRX_TESTS_RPM_MAKE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { RPM_PAGE = 512, RPM_MAX = 16384 };

struct rpm_bytes {
	uint8_t at[RPM_MAX];
	size_t len;
};

static inline void rpm_put(uint8_t *p, uint32_t n, int bytes, bool big)
{
	int i;

	for (i = 0; i < bytes; i++)
		p[big ? bytes - 1 - i : i] = (uint8_t)(n >> 8 * i);
}

struct rpm_tag {
	uint32_t tag, type, count;
	const char *data;
	uint32_t len;
};

/* A header with these tags. */
static inline void rpm_header(struct rpm_bytes *h, const struct rpm_tag *tag, uint32_t ntags)
{
	uint32_t i, off = 0;

	memset(h, 0, sizeof(*h));
	h->len = 8 + 16 * ntags;
	for (i = 0; i < ntags; i++) {
		uint8_t *index = h->at + 8 + 16 * i;

		rpm_put(index, tag[i].tag, 4, true);
		rpm_put(index + 4, tag[i].type, 4, true);
		rpm_put(index + 8, off, 4, true);
		rpm_put(index + 12, tag[i].count, 4, true);
		memcpy(h->at + h->len, tag[i].data, tag[i].len);
		h->len += tag[i].len;
		off += tag[i].len;
	}
	rpm_put(h->at, ntags, 4, true);
	rpm_put(h->at + 4, off, 4, true);
}

/* The next one, and its files. */
#define RPM_TOOL "tool 1.0-2: /usr/bin/tool /etc/tool.conf;"

/* The package "tool" 1.0-2: /usr/bin/tool, /usr/bin/gone (not installed), /etc/tool.conf, and a
 * tag of `extra` bytes, which makes it too large for a page. */
static inline void rpm_tool(struct rpm_bytes *h, uint32_t extra)
{
	static const char zeros[4000];
	const struct rpm_tag tag[] = {
		{ 1000, 6, 1, "tool", 5 },
		{ 1001, 6, 1, "1.0", 4 },
		{ 1002, 6, 1, "2", 2 },
		{ 1004, 7, extra, zeros, extra },
		{ 1029, 1, 3, "\0\2\0", 3 },
		{ 1116, 4, 3, "\0\0\0\0\0\0\0\0\0\0\0\1", 12 },
		{ 1117, 8, 3, "tool\0gone\0tool.conf", 20 },
		{ 1118, 8, 2, "/usr/bin/\0/etc/", 16 },
	};

	rpm_header(h, tag, sizeof(tag) / sizeof(tag[0]));
}

static inline size_t rpm_varint(uint8_t *p, size_t n)
{
	if (n < 128) {
		p[0] = (uint8_t)n;
		return 1;
	}
	p[0] = (uint8_t)(0x80 | n >> 7); /* n < 16384 */
	p[1] = n & 127;
	return 2;
}

/* Pages: 1 the schema, 2 a node with one child, 3 a leaf with one row, 4 ... the rest of the row.
 */
static inline void rpm_sqlite(struct rpm_bytes *db, const struct rpm_bytes *h)
{
	static const char schema[] = "\x06\x17\x1d\x1d\x01\x0dtablePackagesPackages\x02";
	uint8_t *p = db->at, row[RPM_MAX], head[8];
	size_t len, local, n, page = 4;

	memset(db, 0, sizeof(*db));
	memcpy(p, "SQLite format 3", 16);
	rpm_put(p + 16, RPM_PAGE, 2, true);
	p[100] = 13;
	rpm_put(p + 103, 1, 2, true);
	rpm_put(p + 108, 400, 2, true);
	p[400] = sizeof(schema) - 1;
	p[401] = 1;
	memcpy(p + 402, schema, sizeof(schema) - 1);

	p += RPM_PAGE;
	p[0] = 5;
	rpm_put(p + 8, 3, 4, true); /* the last child */

	/* the row: its types are NULL and a blob */
	n = rpm_varint(head + 2, 12 + 2 * h->len);
	head[0] = (uint8_t)(2 + n);
	head[1] = 0;
	memcpy(row, head, 2 + n);
	memcpy(row + 2 + n, h->at, h->len);
	len = 2 + n + h->len;

	p += RPM_PAGE;
	p[0] = 13;
	rpm_put(p + 3, 1, 2, true);
	rpm_put(p + 8, 16, 2, true);
	n = 16;
	n += rpm_varint(p + n, len);
	p[n++] = 1;
	local = len;
	if (len > RPM_PAGE - 35) {
		local = 39 + (len - 39) % (RPM_PAGE - 4); /* (512 - 12) * 32 / 255 - 23 is 39 */
		if (local > RPM_PAGE - 35)
			local = 39;
		rpm_put(p + n + local, (uint32_t)page, 4, true);
	}
	memcpy(p + n, row, local);
	while (local < len) {
		size_t part = len - local < RPM_PAGE - 4 ? len - local : RPM_PAGE - 4;

		p += RPM_PAGE;
		memcpy(p + 4, row + local, part);
		local += part;
		page++;
		rpm_put(p, local < len ? (uint32_t)page : 0, 4, true);
	}
	db->len = (page - 1) * RPM_PAGE;
}

static inline void rpm_ndb(struct rpm_bytes *db, const struct rpm_bytes *h)
{
	size_t i, blks = (16 + h->len + 12 + 15) / 16;
	uint8_t *blob = db->at + 4096;

	memset(db, 0, sizeof(*db));
	memcpy(db->at, "RpmP", 4);
	rpm_put(db->at + 12, 1, 4, false);
	for (i = 2; i < 256; i++)
		memcpy(db->at + 16 * i, "Slot", 4);
	rpm_put(db->at + 16 * 5 + 4, 1, 4, false);
	rpm_put(db->at + 16 * 5 + 8, 256, 4, false);
	rpm_put(db->at + 16 * 5 + 12, (uint32_t)blks, 4, false);
	memcpy(blob, "BlbS", 4);
	rpm_put(blob + 4, 1, 4, false);
	rpm_put(blob + 12, (uint32_t)h->len, 4, false);
	memcpy(blob + 16, h->at, h->len);
	db->len = 4096 + 16 * blks;
}

/* Page 1 has the counter, and one header, which begins on page 2. */
static inline void rpm_bdb(struct rpm_bytes *db, const struct rpm_bytes *h, bool big)
{
	static const uint16_t item[] = { 507, 502, 497, 485 };
	uint8_t *p = db->at + RPM_PAGE;
	size_t done = 0, page = 2, i;

	memset(db, 0, sizeof(*db));
	rpm_put(db->at + 12, 0x061561, 4, big);
	rpm_put(db->at + 20, RPM_PAGE, 4, big);
	p[25] = 13;
	rpm_put(p + 20, 4, 2, big);
	for (i = 0; i < 4; i++) {
		rpm_put(p + 26 + 2 * i, item[i], 2, big);
		p[item[i]] = i < 3 ? 1 : 3;
	}
	p[498] = 1;
	rpm_put(p + 485 + 4, 2, 4, big);
	rpm_put(p + 485 + 8, (uint32_t)h->len, 4, big);
	while (done < h->len) {
		size_t part = h->len - done < RPM_PAGE - 26 ? h->len - done : RPM_PAGE - 26;

		p += RPM_PAGE;
		page++;
		p[25] = 7;
		rpm_put(p + 22, (uint32_t)part, 2, big);
		memcpy(p + 26, h->at + done, part);
		done += part;
		rpm_put(p + 16, done < h->len ? (uint32_t)page : 0, 4, big);
	}
	db->len = page * RPM_PAGE;
}

enum { RPM_KINDS = 4 };

/* A database with that package, of one of these kinds. */
static inline void make_rpm(struct rpm_bytes *db, int kind, uint32_t extra)
{
	struct rpm_bytes h;

	rpm_tool(&h, extra);
	switch (kind) {
	case 0:
		rpm_sqlite(db, &h);
		break;
	case 1:
		rpm_ndb(db, &h);
		break;
	default:
		rpm_bdb(db, &h, kind == 3);
	}
}

#endif
