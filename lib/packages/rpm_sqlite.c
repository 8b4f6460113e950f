/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpm's database in SQLite, rpmdb.sqlite: the table Packages has a number and a header in each row
 * (rpm, lib/backend/sqlite.c). The format of the file is that of
 * https://www.sqlite.org/fileformat2.html, of which this reads the b-trees of tables, with overflow
 * pages. A database inside an image is not a file that libsqlite3 could open, and may be hostile.
 */
#include "config.h"
#include "packages/parts.h"

#include <stdlib.h>

enum { FILE_HEAD = 100, LEAF_HEAD = 8, INTERIOR_HEAD = 12, DEPTH_MAX = 24 };
enum page_type { PAGE_INTERIOR = 5, PAGE_LEAF = 13 };

struct sqlite {
	struct crx_packages *p;
	const uint8_t *data;
	uint32_t page_size, usable, npages;
	uint32_t visits;  /* pages that may still be visited: a sound file needs one for each */
	uint64_t budget;  /* bytes of rows that may still be copied; likewise */
	uint32_t headers; /* the first page of the table Packages; 0 if there is none */
	const char *file;
	struct crx_err *err;
};

/* The payload of a row. */
struct row {
	const uint8_t *at;
	size_t len;
};

typedef int row_fn(struct sqlite *s, struct row row);

static bool is(const uint8_t *data, size_t len)
{
	return len >= FILE_HEAD && !memcmp(data, "SQLite format 3", 16);
}

static int damaged(const struct sqlite *s, const char *what)
{
	return crx_err_set(s->err, CRX_EFORMAT, 0, s->file, "%s is damaged", what);
}

/* A number of 1 to 9 bytes, of 7 bits each. False if it does not end before `end`. */
static bool read_varint(const uint8_t **at, const uint8_t *end, uint64_t *out)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < 8 && *at < end; i++) {
		n = n << 7 | (**at & 0x7f);
		if (!(*(*at)++ & 0x80)) {
			*out = n;
			return true;
		}
	}
	if (*at >= end)
		return false;
	*out = n << 8 | *(*at)++;
	return true;
}

/* How many bytes of a payload are on the page of its cell ("B-tree Cell Format"). */
static uint64_t local_len(const struct sqlite *s, uint64_t len)
{
	uint64_t most = s->usable - 35, least = (s->usable - 12) * 32 / 255 - 23, n;

	if (len <= most)
		return len;
	n = least + (len - least) % (s->usable - 4);
	return n <= most ? n : least;
}

static int copy_overflow(struct sqlite *s, uint32_t page, uint8_t *out, uint64_t len)
{
	while (len) {
		const uint8_t *p;
		uint64_t n = len < s->usable - 4 ? len : s->usable - 4;

		if (!page || page > s->npages)
			return damaged(s, "a chain of overflow pages");
		p = s->data + (size_t)(page - 1) * s->page_size;
		memcpy(out, p + 4, (size_t)n);
		out += n;
		len -= n;
		page = packages_be32(p);
	}
	return 0;
}

/* Calls fn with the row of the cell at `at`. */
static int read_cell(struct sqlite *s, const uint8_t *at, const uint8_t *end, row_fn *fn)
{
	uint64_t len, rowid, local;
	uint8_t *copy;
	int ret;

	if (!read_varint(&at, end, &len) || !read_varint(&at, end, &rowid) || len > s->budget)
		return damaged(s, "a row");
	local = local_len(s, len);
	if (local + (local < len ? 4 : 0) > (uint64_t)(end - at))
		return damaged(s, "a row");
	s->budget -= len;
	if (local == len)
		return fn(s, (struct row){ at, (size_t)len });
	copy = crx_alloc((size_t)len, 1);
	if (!copy)
		return crx_err_nomem(s->err, "reading the database of rpm");
	memcpy(copy, at, (size_t)local);
	ret = copy_overflow(s, packages_be32(at + local), copy + local, len - local);
	if (!ret)
		ret = fn(s, (struct row){ copy, (size_t)len });
	free(copy);
	return ret;
}

static int read_tree(struct sqlite *s, uint32_t page, unsigned depth, row_fn *fn)
{
	const uint8_t *p, *head, *end, *cell;
	uint32_t n, i, off;
	bool leaf;
	int ret = 0;

	if (!page || page > s->npages || depth > DEPTH_MAX || !s->visits)
		return damaged(s, "a tree of pages");
	s->visits--;
	p = s->data + (size_t)(page - 1) * s->page_size;
	head = p + (page == 1 ? FILE_HEAD : 0);
	end = p + s->usable;
	leaf = head[0] == PAGE_LEAF;
	cell = head + (leaf ? LEAF_HEAD : INTERIOR_HEAD);
	n = packages_be16(head + 3);
	if ((!leaf && head[0] != PAGE_INTERIOR) || n > (uint32_t)(end - cell) / 2)
		return damaged(s, "a page");
	for (i = 0; i < n && !ret; i++) {
		off = packages_be16(cell + 2 * (size_t)i);
		if (off + 4 > s->usable)
			return damaged(s, "a page");
		ret = leaf ? read_cell(s, p + off, end, fn)
			   : read_tree(s, packages_be32(p + off), depth + 1, fn);
	}
	if (!ret && !leaf)
		ret = read_tree(s, packages_be32(head + 8), depth + 1, fn);
	return ret;
}

/* The values of a row: a type for each, then their bytes. */
struct record {
	const uint8_t *type, *types_end, *value, *end;
};

static bool open_record(struct row row, struct record *r)
{
	uint64_t len;

	r->type = row.at;
	r->end = row.at + row.len;
	if (!read_varint(&r->type, r->end, &len) || len > row.len)
		return false;
	r->types_end = r->value = row.at + len;
	return true;
}

/* The next value; its type is 12 or more for a BLOB (even) or a text (odd). */
static bool next_value(struct record *r, uint64_t *type, struct row *out)
{
	static const uint8_t number[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0 };
	uint64_t len;

	if (!read_varint(&r->type, r->types_end, type))
		return false;
	len = *type < sizeof(number) ? number[*type] : (*type - 12) / 2;
	if (len > (uint64_t)(r->end - r->value))
		return false;
	*out = (struct row){ r->value, (size_t)len };
	r->value += len;
	return true;
}

static bool is_text(struct row value, uint64_t type, const char *text)
{
	return type >= 13 && type % 2 && value.len == strlen(text) &&
	       !memcmp(value.at, text, value.len);
}

static uint64_t number_of(struct row value)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < value.len; i++)
		n = n << 8 | value.at[i];
	return n;
}

/* A row of the schema: type, name, tbl_name, rootpage, sql. */
static int read_schema(struct sqlite *s, struct row row)
{
	struct row value[4];
	uint64_t type[4];
	struct record r;
	size_t i;

	if (!open_record(row, &r))
		return damaged(s, "the schema");
	for (i = 0; i < 4; i++)
		if (!next_value(&r, &type[i], &value[i]))
			return damaged(s, "the schema");
	if (!is_text(value[0], type[0], "table") || !is_text(value[1], type[1], "Packages"))
		return 0;
	s->headers = type[3] == 9 ? 1 : (uint32_t)number_of(value[3]);
	return 0;
}

/* A row of Packages: hnum, blob. */
static int read_package(struct sqlite *s, struct row row)
{
	struct row value;
	uint64_t type;
	struct record r;

	if (!open_record(row, &r) || !next_value(&r, &type, &value) ||
	    !next_value(&r, &type, &value) || type < 12)
		return damaged(s, "a row");
	return crx_packages_rpm_header(s->p, value.at, value.len, s->file, s->err);
}

static int read_sqlite(struct crx_packages *p, const uint8_t *data, size_t len, const char *file,
		       struct crx_err *err)
{
	struct sqlite s = { .p = p, .data = data, .budget = len, .file = file, .err = err };
	int ret;

	s.page_size = packages_be16(data + 16);
	if (s.page_size == 1)
		s.page_size = 65536;
	s.usable = s.page_size - data[20];
	if (s.page_size < 512 || s.page_size & (s.page_size - 1) || s.usable < 480)
		return damaged(&s, "the first page");
	s.npages = (uint32_t)(len / s.page_size);
	s.visits = s.npages;
	ret = read_tree(&s, 1, 0, read_schema);
	if (!ret && !s.headers)
		ret = crx_err_set(err, CRX_EFORMAT, 0, file, "has no table Packages");
	s.visits = s.npages;
	return ret ? ret : read_tree(&s, s.headers, 0, read_package);
}

const struct rpm_kind crx_packages_rpm_sqlite = { is, read_sqlite };
