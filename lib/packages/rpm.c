/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpm's database: a table of headers, in one of three kinds of files.
 */
#include "config.h"
#include "packages/parts.h"

int crx_packages_read_rpm(struct crx_packages *p, const struct crx_package_text *t,
			  struct crx_err *err)
{
	const struct rpm_kind *const kind[] = { &crx_packages_rpm_sqlite, &crx_packages_rpm_ndb,
						&crx_packages_rpm_bdb };
	const uint8_t *data = (const uint8_t *)t->text;
	size_t i;

	for (i = 0; i < sizeof(kind) / sizeof(kind[0]); i++)
		if (kind[i]->is(data, t->len))
			return kind[i]->read(p, data, t->len, t->file, err);
	return crx_err_set(err, CRX_EFORMAT, 0, t->file,
			   "not a database of rpm's (SQLite, ndb or Berkeley DB)");
}
