/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parsers share.
 */
#ifndef CRX_PACKAGES_PARTS_H
#define CRX_PACKAGES_PARTS_H

#include "packages/packages.h"

/* Bytes of a text; no NUL at the end. */
struct span {
	const char *at;
	size_t len;
};

static inline struct span span_of(const char *s)
{
	return (struct span){ s, strlen(s) };
}

/* The line at *at, without its end; moves *at to the next one. False at the end. */
bool crx_packages_line(const struct crx_package_text *t, size_t *at, struct span *out);

/* The value of the field NAME, without blanks around it, if the line is "NAME: value". */
bool crx_packages_field(struct span line, const char *name, struct span *out);

/* The package of this name, which is added if it is new; or with `again`, one more of this name. */
int crx_packages_add(struct crx_packages *p, struct span name, bool again, uint32_t *index,
		     struct crx_err *err) CRX_MUST_CHECK;

/* False if there is none. */
bool crx_packages_known(struct crx_packages *p, struct span name, uint32_t *index);

int crx_packages_set_version(struct crx_packages *p, uint32_t index, struct span version,
			     struct crx_err *err) CRX_MUST_CHECK;

/* Adds DIR/NAME, or NAME if dir is empty. One that is empty, too long or
 * has a NUL is ignored. */
int crx_packages_add_path(struct crx_packages *p, uint32_t index, struct span dir, struct span name,
			  struct crx_err *err) CRX_MUST_CHECK;

/* Returns ret. An error of a format without a place gets this one. */
struct crx_place;
int crx_packages_at(int ret, const struct crx_place *place, struct crx_err *err);

/* rpm_header.c: adds the package that a header describes. One without files is ignored. */
int crx_packages_rpm_header(struct crx_packages *p, const uint8_t *data, size_t len,
			    const char *file, struct crx_err *err) CRX_MUST_CHECK;

/* rpm_*.c: the headers in a database of each kind. The first returns whether it is of this kind. */
struct rpm_kind {
	bool (*is)(const uint8_t *data, size_t len);
	int (*read)(struct crx_packages *p, const uint8_t *data, size_t len, const char *file,
		    struct crx_err *err);
};
extern const struct rpm_kind crx_packages_rpm_sqlite, crx_packages_rpm_ndb, crx_packages_rpm_bdb;

/* Numbers in either byte order. */
static inline uint32_t packages_be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}
static inline uint32_t packages_be32(const uint8_t *p)
{
	return packages_be16(p) << 16 | packages_be16(p + 2);
}
static inline uint32_t packages_le16(const uint8_t *p)
{
	return (uint32_t)p[1] << 8 | p[0];
}
static inline uint32_t packages_le32(const uint8_t *p)
{
	return packages_le16(p + 2) << 16 | packages_le16(p);
}

#endif
