/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cramfs-xip-fuse: parse, open, mount and serve.
 */
#include "config.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "base/io.h"
#include "read/open.h"
#include "serve.h"

static int check_dir(const char *dir, struct crx_err *err)
{
	struct stat st;
	bool exists;
	int ret = crx_io_stat(dir, &st, &exists, err);

	if (ret)
		return ret;
	if (!exists)
		return crx_err_set(err, CRX_EIO, 0, dir, "no such directory");
	return S_ISDIR(st.st_mode) ? 0 : crx_err_set(err, CRX_EIO, 0, dir, "not a directory");
}

static void warn_incomplete(const struct crx_image *img, const char *path, struct crx_log *log)
{
	uint64_t size = img->super.size;

	if ((img->super.flags & CRX_FLAG_FSID_VERSION_2) && size > img->len)
		crx_log_warn(log, path,
			     "%" PRIu64 " of the image's %" PRIu64
			     " bytes are missing (no kernel mounts it from flash; what was in them "
			     "cannot be read)",
			     size - img->len, size);
}

static int run(void *options, struct crx_cli_console *console, struct crx_err *err)
{
	const struct options *o = options;
	struct crx_log log = { crx_cli_console_log, console, 0 };
	const struct crx_open_opts oo = {
		.locate = o->offset == CRX_CLI_OFFSET_AUTO,
		.off = o->offset,
		.page_size = o->page_size,
		.log = &log,
	};
	struct crx_image img;
	struct crx_mount m;
	uint32_t candidates;
	int ret;

	crx_cli_process_on_sigbus("the image");
	ret = crx_open_image(&img, o->image, &oo, &candidates, err);
	if (ret)
		return ret;
	ret = crx_mount_init(&m, &img, o->image, err);
	if (!ret)
		warn_incomplete(&img, o->image, &log);
	if (!ret)
		ret = check_dir(o->dir, err);
	if (!ret)
		ret = serve(&m, o, err);
	crx_mount_free(&m);
	crx_image_close(&img);
	return ret;
}

int main(int argc, char **argv)
{
	static const char *const name[] = { PROGRAM, NULL };
	static const char *const usage[] = { "[options] IMAGE DIR", NULL };
	static const struct crx_cli_program program = {
		.name = name,
		.usage = usage,
		.parse = options_parse,
		.check = options_check,
		.run = run,
		.free = options_free,
		.put_help = options_put_help,
	};
	struct options o;

	return crx_cli_main(&program, &o, argc, argv);
}
