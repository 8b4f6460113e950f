/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target: databases and lists of packages. Each parser reads the input, and then a root has it in
 * the place of every file.
 */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "packages/packages.h"

static void check(int ret, struct crx_err *err, struct crx_packages *p)
{
	size_t i;

	fuzz_check_err(ret, err);
	FUZZ_CHECK(!ret || ret == CRX_EFORMAT);
	FUZZ_CHECK(p->n <= CRX_PACKAGES_MAX && p->npaths <= CRX_PACKAGES_PATHS_MAX);
	FUZZ_CHECK(p->bytes <= CRX_PACKAGES_BYTES_MAX);
	for (i = 0; i < p->n; i++)
		FUZZ_CHECK(*p->package[i].name && p->package[i].version &&
			   strlen(p->package[i].name) <= CRX_PACKAGES_NAME_MAX);
	for (i = 0; i < p->npaths; i++)
		FUZZ_CHECK(*p->path[i].path && p->path[i].package < p->n);
	crx_packages_free(p);
	*err = (struct crx_err)CRX_ERR_INIT;
}

static int read_dpkg(struct crx_packages *p, const struct crx_package_text *t, struct crx_err *err)
{
	struct crx_package_diversions *d;
	int ret = crx_package_diversions_read(t, &d, err);

	FUZZ_CHECK(!ret);
	ret = crx_packages_read_paths(p, "a:b", t, d, err);
	crx_package_diversions_free(d);
	if (!ret)
		ret = crx_packages_read_md5sums(p, "c", t, err);
	return ret ? ret : crx_packages_read_status(p, t, err);
}

static int read_yocto(struct crx_packages *p, const struct crx_package_text *t, struct crx_err *err)
{
	const struct crx_package_text one = { "m", "a b 1", 5 };
	int ret = crx_packages_read_manifest(p, &one, err);

	return ret ? ret : crx_packages_read_pkgdata(p, 0, t, err);
}

static int root_read(void *ctx, const char *path, char **text, size_t *len, struct crx_err *err)
{
	const struct crx_package_text *t = ctx;

	(void)err;
	FUZZ_CHECK(*path != '/');
	*text = malloc(t->len + 1);
	FUZZ_CHECK(*text);
	memcpy(*text, t->text, t->len);
	(*text)[t->len] = '\0';
	*len = t->len;
	return 0;
}

static int root_list(void *ctx, const char *dir, struct crx_strings *names, struct crx_err *err)
{
	(void)ctx;
	(void)dir;
	if (crx_strings_add(names, "a.list", err) || crx_strings_add(names, "a.md5sums", err))
		return CRX_ENOMEM;
	return crx_strings_add(names, "a", err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static int (*const parser[])(struct crx_packages * p, const struct crx_package_text *t,
				     struct crx_err *err) = {
		read_dpkg,
		read_yocto,
		crx_packages_read_apk,
		crx_packages_read_list,
		crx_packages_read_manifest,
		crx_packages_read_rpm,
	};
	struct crx_package_text t = { "f", (const char *)data, len };
	const struct crx_package_files root = { &t, root_read, root_list };
	struct crx_packages p = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_log log = fuzz_log(NULL);
	struct crx_offenders warnings = { &log, CRX_LEVEL_WARNING, 3, 0 };
	size_t i;

	for (i = 0; i < sizeof(parser) / sizeof(parser[0]); i++)
		check(parser[i](&p, &t, &err), &err, &p);
	check(crx_packages_find(&p, &root, &warnings, &err), &err, &p);
	return 0;
}
