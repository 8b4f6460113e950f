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
 * A file system holds its block device for itself, and then nobody else can
 * open it so. Where the MTD was taken the block device is free, or has no
 * driver. 0 or errno.
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
		return "is no cramfs";
	if (m->major != MTD_BLOCK_MAJOR)
		return "is mounted from a block device, which reads ahead; mount the MTD itself "
		       "(mtdN, mtd:NAME)";
	if (!strncmp(m->source, "mtd", 3) &&
	    (m->source[3] == ':' || isdigit((unsigned char)m->source[3])))
		return NULL;
	switch (try_exclusively(m)) {
	case 0:
	case ENXIO:
	case ENODEV:
		return NULL;
	case EBUSY:
		return "is read through a block device, which reads ahead: the kernel has no "
		       "CRAMFS_MTD, or cannot point at this flash (see its log)";
	default:
		return "may be read through a block device, which reads ahead; without "
		       "/dev/mtdblockN that cannot be told. Mount mtdN or mtd:NAME";
	}
}
