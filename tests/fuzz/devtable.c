/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target: a device table, in both styles. It is parsed, and applied to a small root.
 */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "input/edit/devtable.h"
#include "tree/limits.h"
#include "world.h"

/* Of a table that creates more, only the parser is run: applying it takes too long. */
enum { NODES_MAX = 2000 };

static void apply(const struct crx_devtable *dt)
{
	struct crx_strings no_files[CRX_USERS_KINDS] = { { 0 } };
	struct crx_offences offences = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_log log = fuzz_log(NULL);
	struct crx_users u;
	struct crx_tree t;
	int ret;

	world_make_tree(&t);
	ret = crx_users_load(&u, no_files, &t, &err);
	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret);
	ret = crx_devtable_apply(dt, &u, &t, &log, &err);
	fuzz_check_err(ret, &err);
	if (!ret) {
		FUZZ_CHECK(!crx_tree_check(&t, 4096, &offences, &err));
		if (offences.count)
			crx_devtable_report_limits(dt, &u, &log);
		crx_offences_free(&offences);
	}
	crx_users_free(&u);
	crx_tree_free(&t);
}

static void parse(const uint8_t *data, size_t len, enum crx_devtable_style style)
{
	struct crx_devtable dt = { .style = style };
	struct crx_err err = CRX_ERR_INIT;
	size_t errors = 0, i;
	struct crx_log log = fuzz_log(&errors);
	int ret = crx_devtable_parse(&dt, "t", (const char *)data, len, &log, &err);

	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!errors == !ret);
	for (i = 0; i < dt.nentries; i++)
		FUZZ_CHECK(strchr("fFdrcbp", dt.entry[i].type) && *dt.entry[i].path);
	for (i = 0; i < dt.nxattrs; i++)
		FUZZ_CHECK(dt.xattr[i].entry < dt.nentries);
	FUZZ_CHECK(dt.nodes <= CRX_DEVTABLE_NODES_MAX);
	if (!ret && dt.nodes <= NODES_MAX)
		apply(&dt);
	crx_devtable_free(&dt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	parse(data, len, CRX_DEVTABLE_MAKEDEVS);
	parse(data, len, CRX_DEVTABLE_MKCRAMFS);
	return 0;
}
