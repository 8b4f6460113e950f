/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Built by the tests for the target, static; no config.h. */
#include "board.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/blkpg.h>
#include <linux/loop.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

bool board_log(struct board *b, int *level, char *text, size_t size)
{
	char rec[8192], *at, *end;
	ssize_t n;

	while ((n = read(b->kmsg, rec, sizeof(rec) - 1)) > 0 || (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		rec[n] = '\0';
		at = strchr(rec, ';');
		if (!at)
			continue;
		end = strchr(++at, '\n');
		if (end)
			*end = '\0';
		/* these say nothing about the image */
		if (!strncmp(at, "hrtimer: interrupt took", 23) ||
		    !strncmp(at, "random: crng init done", 22))
			continue;
		*level = atoi(rec) & 7;
		snprintf(text, size, "%s", at);
		return true;
	}
	return false;
}

static int add_partition(struct board *b)
{
	struct blkpg_partition part;
	struct blkpg_ioctl_arg arg;

	memset(&part, 0, sizeof(part));
	memset(&arg, 0, sizeof(arg));
	part.start = (long long)b->start;
	part.length = (long long)b->len;
	strcpy(part.devname, "image");
	arg.op = BLKPG_ADD_PARTITION;
	arg.datalen = sizeof(part);
	arg.data = &part;
	return ioctl(b->mtd, BLKPG, &arg);
}

static int delete_partition(struct board *b)
{
	struct blkpg_partition part;
	struct blkpg_ioctl_arg arg;

	memset(&part, 0, sizeof(part));
	memset(&arg, 0, sizeof(arg));
	part.pno = 1; /* the index of mtd1 */
	arg.op = BLKPG_DEL_PARTITION;
	arg.datalen = sizeof(part);
	arg.data = &part;
	return ioctl(b->mtd, BLKPG, &arg);
}

static int attach_loop(struct board *b)
{
	int fd = open("/dev/mtdblock1", O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -1;
	b->loop = open("/dev/loop0", O_RDONLY | O_CLOEXEC);
	ret = b->loop < 0 ? -1 : ioctl(b->loop, LOOP_SET_FD, fd);
	close(fd);
	return ret;
}

void board_begun(const struct board *b, const char *step, int error)
{
	printf("B %s %s %d\n", b->image, step, error);
}

bool board_mount(struct board *b, bool block)
{
	if (add_partition(b)) {
		board_begun(b, "partition", errno);
		return false;
	}
	b->partition = true;
	if (block && attach_loop(b)) {
		board_begun(b, "loop", errno);
		return false;
	}
	b->looped = block;
	if (mount(block ? "/dev/loop0" : "mtd1", BOARD_ROOT, "cramfs", MS_RDONLY, NULL)) {
		board_begun(b, "mount", errno);
		return false;
	}
	b->mounted = true;
	board_begun(b, "mounted", 0);
	return true;
}

void board_end_image(struct board *b)
{
	char text[8192];
	int level;

	if (b->mounted && umount(BOARD_ROOT))
		printf("B %s umount %d\n", b->image, errno);
	if (b->looped && ioctl(b->loop, LOOP_CLR_FD, 0))
		printf("B %s loop-off %d\n", b->image, errno);
	if (b->loop >= 0)
		close(b->loop);
	b->loop = -1;
	if (b->partition && delete_partition(b))
		printf("B %s delete-partition %d\n", b->image, errno);
	while (board_log(b, &level, text, sizeof(text)))
		printf("K %d %s\n", level, text);
	if (*b->image)
		puts("E");
	b->mounted = b->looped = b->partition = false;
	*b->image = '\0';
	fflush(stdout);
}

struct flash board_flash(const struct board *b)
{
	return (struct flash){
		.base = b->bank_base + b->start,
		.len = b->len,
		.page = (uint64_t)b->page,
	};
}

bool board_number(const char *text, uint64_t *out)
{
	char *end;

	if (!text)
		return false;
	errno = 0;
	*out = strtoull(text, &end, 0);
	return !errno && end != text && !*end;
}

void board_exec(const char *path, char **argv, int in, int out)
{
	char *env[] = { strdup("PATH=/bin"), strdup("HOME=/"), NULL };

	if (chroot(BOARD_ROOT) || chdir("/") || dup2(in, 0) < 0 || dup2(out, 1) < 0)
		_exit(126);
	execve(path, argv, env);
	_exit(errno);
}

int board_set_up(struct board *b)
{
	*b = (struct board){ .mtd = -1, .loop = -1, .kmsg = -1, .page = sysconf(_SC_PAGESIZE) };
	signal(SIGPIPE, SIG_IGN);
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mkdir(BOARD_ROOT, 0755);
	if (mount("proc", "/proc", "proc", 0, NULL) || mount("sysfs", "/sys", "sysfs", 0, NULL) ||
	    mount("devtmpfs", "/dev", "devtmpfs", 0, NULL))
		return -1;
	/* nothing of the kernel's may fall into our lines; board_log brings it */
	klogctl(6, NULL, 0);
	b->kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (b->kmsg >= 0)
		lseek(b->kmsg, 0, SEEK_END);
	b->mtd = open("/dev/mtd0", O_RDWR | O_CLOEXEC);
	if (b->mtd < 0)
		b->mtd = open("/dev/mtd0", O_RDONLY | O_CLOEXEC);
	return b->mtd < 0 ? -1 : 0;
}
