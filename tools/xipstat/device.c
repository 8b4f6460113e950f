/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xipstat.h"

#include "device.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { MTD_BLOCK_MAJOR = 31 };

static bool is_node(const char *path, const struct mount *m)
{
	struct stat st;

	return !stat(path, &st) && S_ISBLK(st.st_mode) && major(st.st_rdev) == m->major &&
	       minor(st.st_rdev) == m->minor;
}

/*
 * A file system opens its block device exclusively, so a second exclusive open fails. If the kernel
 * uses the MTD instead, the block device is free or has no driver. Returns 0 or errno.
 */
static int try_exclusively(const struct mount *m)
{
	char node[64];
	const char *name = m->source;
	int fd;

	snprintf(node, sizeof(node), "/dev/mtdblock%u", m->minor);
	if (is_node(node, m))
		name = node;
	else if (!is_node(name, m))
		return ENOENT;
	fd = open(name, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

const char *device_not_mtd(const struct mount *m)
{
	if (strcmp(m->type, "cramfs"))
		return "not a cramfs file system";
	if (m->major != MTD_BLOCK_MAJOR)
		return "mounted from a block device, which reads ahead (mount mtdN or mtd:NAME "
		       "instead)";
	if (!strncmp(m->source, "mtd", 3) &&
	    (m->source[3] == ':' || isdigit((unsigned char)m->source[3])))
		return NULL;
	switch (try_exclusively(m)) {
	case 0:
	case ENXIO:
	case ENODEV:
		return NULL;
	case EBUSY:
		return "read through a block device, which reads ahead: the kernel lacks "
		       "CRAMFS_MTD or cannot map this flash (see its log)";
	default:
		return "may be read through a block device, which reads ahead: /dev/mtdblockN is "
		       "needed to find out (or mount mtdN or mtd:NAME)";
	}
}
