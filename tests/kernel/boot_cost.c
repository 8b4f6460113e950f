/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cost COMMAND [ARG...]: run it, then print "X STATUS" and "I N". N is the CPU time of the command
 * and its children in the kernel and in programs, in nanoseconds. QEMU's -icount shift=0 makes each
 * instruction take one.
 *
 * cost: give the kernel numbers that it takes for random. Otherwise the first program that wants
 * some would spend billions of instructions on making them.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/random.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long long nanoseconds(const struct timeval *t)
{
	return (t->tv_sec * 1000000LL + t->tv_usec) * 1000;
}

static int add_entropy(void)
{
	struct {
		int bits;
		int bytes;
		char numbers[32];
	} entropy = { 256, 32, "the same ones in each boot" };
	int fd = open("/dev/random", O_WRONLY);

	return fd >= 0 && ioctl(fd, RNDADDENTROPY, &entropy) == 0 ? 0 : 126;
}

int main(int argc, char **argv)
{
	struct rusage used;
	int status = 0;
	pid_t child;

	if (argc < 2)
		return add_entropy();
	child = fork();
	if (child == 0) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) != child)
		return 126;
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	printf("X %d\nI %lld\n", status, nanoseconds(&used.ru_utime) + nanoseconds(&used.ru_stime));
	return status;
}
