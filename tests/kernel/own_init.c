/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /sbin/init of a complete boot from a root without busybox. It does the parts of boot_run.sh that
 * need no other programs, and prints the same lines. Linked dynamically.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOG_ALL = 3 };

/* Its standard output goes to the file, if one is named. */
static pid_t start(char **argv, const char *to)
{
	pid_t child;
	int fd;

	fflush(stdout);
	child = fork();
	if (child)
		return child;
	fd = to ? open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600) : 1;
	if (fd >= 0 && dup2(fd, 1) == 1)
		execv(argv[0], argv);
	_exit(127);
}

static int wait_for(pid_t child)
{
	int status = -1;

	if (child > 0)
		waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void task(const char *name, char **argv)
{
	int status;

	printf("T %s\n", name);
	status = wait_for(start(argv, NULL));
	printf("X %d\n", status);
}

static void print_last_line(const char *path)
{
	char line[256] = "";
	FILE *f = fopen(path, "re");

	while (f && fgets(line, sizeof(line), f))
		;
	if (f)
		fclose(f);
	fputs(line, stdout);
}

static void print_log(void)
{
	static char text[1 << 20];
	int n = klogctl(LOG_ALL, text, sizeof(text) - 1);
	char *line;

	text[n > 0 ? n : 0] = '\0';
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		printf("K %s\n", line);
}

int main(void)
{
	char *program[] = { "/opt/boot/program", "/opt/boot/plugin.so", NULL, NULL };
	char *maps[] = { "/opt/boot/xipstat", "maps", "--json", NULL };
	pid_t child;
	int fd, status;

	if (mount("proc", "/proc", "proc", 0, NULL) || mount("sysfs", "/sys", "sysfs", 0, NULL) ||
	    mount("tmpfs", "/tmp", "tmpfs", 0, NULL) || mkfifo("/tmp/a", 0600))
		perror("init");
	task("program", program);
	/* open() returns when the program has opened the other side: then it is loaded */
	program[2] = "/tmp/a";
	child = start(program, "/tmp/a.out");
	fd = open("/tmp/a", O_WRONLY | O_CLOEXEC);
	task("maps", maps);
	if (write(fd, "end\n", 4) != 4)
		perror("init");
	close(fd);
	puts("T after");
	status = wait_for(child);
	print_last_line("/tmp/a.out");
	printf("X %d\n", status);
	print_log();
	puts("END");
	fflush(stdout);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
