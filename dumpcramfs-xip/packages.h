/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who uses the flash: every byte of an image, by the package it belongs to.
 */
#ifndef DUMPCRAMFS_XIP_PACKAGES_H
#define DUMPCRAMFS_XIP_PACKAGES_H

#include "command.h"
#include "extents.h"
#include "packages/packages.h"

/* A package, or one of those that follow the packages: see struct packages. */
struct packages_row {
	uint64_t entries;     /* that belong to it; of `shared`: to two or more packages */
	uint64_t missing;     /* paths of the database that are not in the image */
	uint64_t bytes[USES]; /* that nothing else uses */
	uint64_t total;       /* the sum of these */
	uint64_t shared;      /* bytes that others use too */
	uint64_t pages;       /* in place, of each table that is its own */
	uint64_t cost;        /* bytes that the pages in place take beyond their compressed size */
};

/* An entry that belongs to a row; an entry may belong to several. */
struct packages_owner {
	uint32_t entry, row;
};

struct packages {
	struct crx_packages list;
	struct packages_row *row; /* of each package, and of the three below */
	uint32_t none;            /* index of: entries of no package */
	uint32_t shared;          /* what two or more of the above use */
	uint32_t image;           /* what no entry uses: head, padding, free space, ... */
	size_t nrows;
	struct packages_row sum;
	struct packages_owner *owner; /* sorted; every entry but the root occurs */
	size_t nowners, owners_cap;
	bool truncated; /* as in struct pieces */
	bool given;     /* there is a database, or a list */
};

/* Reads the databases and lists that the options name, or else those in the image. The caller frees
 * out with packages_free(), even after an error. */
int packages_find(struct dump *d, struct packages *out, struct crx_err *err) CRX_MUST_CHECK;
void packages_free(struct packages *p);

/* Writes the members databases, packages, no_package, shared, image and total. */
void packages_put_json(const struct packages *p, const struct crx_image *img,
		       struct crx_cli_json *j);

/* The rows that an entry belongs to, from the listing's index of it. Returns how many. */
size_t packages_of(const struct packages *p, uint32_t entry, const struct packages_owner **first);

struct crx_paths;

/* packages_load.c: fills in list and given. */
int packages_load(struct dump *d, struct packages *p, struct crx_paths *paths, struct crx_err *err)
	CRX_MUST_CHECK;

/* packages_owners.c: from list to owner, rows with entries and missing. */
int packages_own(struct packages *p, const struct view *v, struct crx_paths *paths,
		 struct crx_err *err) CRX_MUST_CHECK;

/* packages_bytes.c: bytes, total, shared and pages of all rows. */
int packages_count(struct packages *p, const struct view *v, struct crx_err *err) CRX_MUST_CHECK;

/* packages_cost.c: the cost of the pages in place at these offsets, each with a row that it belongs
 * to. Sorts the pages. */
struct packages_page {
	uint64_t off;
	uint32_t row;
};
int packages_cost(struct packages *p, const struct crx_image *img, struct packages_page *page,
		  size_t n, struct crx_err *err) CRX_MUST_CHECK;

#endif
