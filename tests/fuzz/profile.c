/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target: a profile. It is parsed, and its pages are found in a small root.
 */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "wishes/profile/profile.h"
#include "world.h"

static void find_pages(const struct crx_profile *p)
{
	const struct crx_facts *f = world_facts();
	struct crx_err err = CRX_ERR_INIT;
	struct crx_log log = fuzz_log(NULL);
	struct crx_heat h;
	uint32_t pg;
	size_t i;
	int ret = crx_profile_heat(p, world_tree(), f, &log, &h, &err);

	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret && h.given);
	for (i = 0; i < f->nfiles; i++)
		for (pg = 0; pg < f->file[i].nblks; pg++)
			FUZZ_CHECK(crx_heat_of(&h, f, i, pg) ==
				   crx_heat_of(&h, f, f->file[i].inode, pg));
	crx_heat_free(&h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_profile p = { 0 };
	size_t i;
	int ret = crx_profile_parse(&p, "p", (const char *)data, len, &err);

	fuzz_check_err(ret, &err);
	for (i = 0; i < p.nentries; i++)
		FUZZ_CHECK(p.entry[i].path && p.entry[i].count);
	if (!ret)
		find_pages(&p);
	crx_profile_free(&p);
	return 0;
}
