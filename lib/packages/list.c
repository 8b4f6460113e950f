/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines "PACKAGE,PATH": Buildroot's packages-file-list.txt, or what a user has other tools write.
 */
#include "config.h"
#include "packages/parts.h"

#include "base/place.h"

int crx_packages_read_list(struct crx_packages *p, const struct crx_package_text *t,
			   struct crx_err *err)
{
	struct crx_place place = { .file = t->file };
	struct span line, path;
	size_t at = 0;
	uint32_t index;
	int ret = 0;

	while (!ret && crx_packages_line(t, &at, &line)) {
		const char *comma = memchr(line.at, ',', line.len);

		place.line++;
		if (!line.len)
			continue;
		if (!comma || comma == line.at || comma + 1 == line.at + line.len)
			return crx_place_err(err, CRX_EFORMAT, 0, &place,
					     "expected PACKAGE,PATH on each line");
		path.at = comma + 1;
		path.len = (size_t)(line.at + line.len - path.at);
		line.len = (size_t)(comma - line.at);
		ret = crx_packages_add(p, line, false, &index, err);
		if (!ret)
			ret = crx_packages_add_path(p, index, (struct span){ 0 }, path, err);
	}
	return crx_packages_at(ret, &place, err);
}
