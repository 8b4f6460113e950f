/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs when the program is called as mkcramfs (cramfs-tools) or mkfs.cramfs
 * (util-linux), so that callers of those need not change.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "setters.h"

void names_set_defaults(struct options *o)
{
	long page = sysconf(_SC_PAGESIZE);

	if (o->cli.as == AS_ITSELF)
		return;
	o->build.order = host_order();
	if (o->cli.as == AS_MKFS_CRAMFS && page > 0 && page <= CRX_PAGE_MAX &&
	    crx_page_size_ok((uint64_t)page))
		o->build.page_size = (uint32_t)page;
}

void names_set_implied(struct options *o)
{
	if (o->cli.as == AS_ITSELF)
		return;
	o->silent = !o->verbose && !o->check_only;
	o->build.devtable_as_mkcramfs = o->cli.as == AS_MKCRAMFS;
	/* in mkcramfs, only the second -X aligns pages for an MMU */
	if (o->cli.as == AS_MKCRAMFS && o->xips == 1)
		o->build.no_mmu = true;
}

void names_put_help(FILE *out, const struct options *o)
{
	if (o->cli.as == AS_MKCRAMFS)
		fputs("\n"
		      "As mkcramfs, the program uses the byte order of this machine unless another "
		      "is\n"
		      "given, and prints warnings and errors only unless -v is given. One -X "
		      "means\n"
		      "-X --no-mmu, and -X -X is for targets with an MMU. The manual page "
		      "is\n" PROGRAM "(1).\n",
		      out);
	if (o->cli.as == AS_MKFS_CRAMFS)
		fputs("\n"
		      "As mkfs.cramfs, the program uses the byte order and the page size of this\n"
		      "machine unless others are given, and prints warnings and errors only unless "
		      "-v\n"
		      "is given. The manual page is " PROGRAM "(1).\n",
		      out);
}

/* To mkfs.cramfs of util-linux it is wrong usage if a file on the command line
 * cannot be opened. What is inside SOURCE does not count. */
static bool files_can_be_opened(const struct options *o)
{
	struct crx_err err = CRX_ERR_INIT;
	struct stat st;
	bool ok;
	char *dir;

	if (stat(o->build.source, &st) < 0 ||
	    (o->build.insert_path && stat(o->build.insert_path, &st) < 0))
		return false;
	if (!strcmp(o->build.image, "-"))
		return true;
	if (!stat(o->build.image, &st))
		return !S_ISDIR(st.st_mode) && !access(o->build.image, W_OK);
	if (crx_io_target_dir(o->build.image, &dir, &err) < 0)
		return false;
	ok = !access(dir, W_OK | X_OK);
	free(dir);
	return ok;
}

bool names_is_usage(const struct options *o, const struct crx_err *err)
{
	return err->code == CRX_EARG || (o->cli.as == AS_MKFS_CRAMFS && err->code == CRX_EIO &&
					 o->cli.noperands == 2 && !files_can_be_opened(o));
}
