/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/archive/reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

bool crx_archive_probe(const char *path)
{
	struct crx_archive_input in = { .name = path };
	struct crx_archive_reader *r = NULL;
	struct crx_archive_member m;
	struct crx_err err = CRX_ERR_INIT;
	bool found = false;
	struct stat st;

	/* O_NONBLOCK: do not wait for the writer of a FIFO */
	in.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (in.fd < 0)
		return false;
	if (!fstat(in.fd, &st) && S_ISREG(st.st_mode) && !crx_archive_open(&r, &in, &err))
		found = crx_archive_next(r, &m, &err) > 0;
	crx_archive_close_reader(r);
	close(in.fd);
	return found;
}
