/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpm's own "ndb", Packages.db (rpm, lib/backend/ndb/rpmpkg.c): pages of slots, each of which says
 * where a blob is, in units of 16 bytes. All numbers are little-endian.
 */
#include "config.h"
#include "packages/parts.h"

enum { PAGE = 4096, SLOT = 16, SLOT_FIRST = 2, BLK = 16, BLOB_HEAD = 16 };

static bool magic(const uint8_t *p, const char *word)
{
	return !memcmp(p, word, 4);
}

static bool is(const uint8_t *data, size_t len)
{
	return len >= PAGE && magic(data, "RpmP");
}

struct ndb {
	struct crx_packages *p;
	const uint8_t *data;
	size_t len, budget; /* bytes of headers still to be read: slots do not share one */
	const char *file;
};

static int read_slot(struct ndb *d, size_t slot, struct crx_err *err)
{
	const uint8_t *data = d->data, *s = data + slot * SLOT;
	uint64_t off = (uint64_t)packages_le32(s + 8) * BLK;
	uint64_t room = (uint64_t)packages_le32(s + 12) * BLK;
	uint32_t blob;

	if (!magic(s, "Slot"))
		return crx_err_set(err, CRX_EFORMAT, 0, d->file, "a slot is damaged");
	if (!off)
		return 0; /* free */
	if (off > d->len || room > d->len - off || room < BLOB_HEAD)
		return crx_err_set(err, CRX_EFORMAT, 0, d->file, "a header is outside the file");
	blob = packages_le32(data + off + 12);
	if (!magic(data + off, "BlbS") || blob > room - BLOB_HEAD || blob > d->budget)
		return crx_err_set(err, CRX_EFORMAT, 0, d->file, "a header is damaged");
	d->budget -= blob;
	return crx_packages_rpm_header(d->p, data + off + BLOB_HEAD, blob, d->file, err);
}

static int read_ndb(struct crx_packages *p, const uint8_t *data, size_t len, const char *file,
		    struct crx_err *err)
{
	struct ndb d = { .p = p, .data = data, .len = len, .budget = len, .file = file };
	size_t pages = packages_le32(data + 12), i, n, most = len / SLOT;
	int ret = 0;

	n = pages > len / PAGE ? most : pages * (PAGE / SLOT);
	for (i = SLOT_FIRST; i < n && !ret; i++)
		ret = read_slot(&d, i, err);
	return ret;
}

const struct rpm_kind crx_packages_rpm_ndb = { is, read_ndb };
