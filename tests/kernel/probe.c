/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /init of the kernel under test: mounts images out of a flash bank one after
 * the other and prints what the kernel makes of them. It judges nothing; the
 * host compares. Built by test-arm.sh, static; no config.h.
 *
 * /jobs, line by line (paths and names escaped, numbers in any C base):
 *
 *   bank BASE SIZE               physical address of the bank, which is mtd0
 *   image NAME START LENGTH      mount this part of it as an MTD partition, and walk it
 *   block NAME START LENGTH      the same through a block device
 *   segment PATH PAGE PAGES FLAGS    of the image above: map it so
 *   keep PATH PAGE PAGES FLAGS       the same, and it stays mapped as long as the image is mounted;
 *                                the first segment of an inode only
 *   run PATH ARG                 of the image above: start it there
 *   ask PATH                     of the image above: what does it print without arguments?
 *
 * Beyond the lines of walk.h it prints
 *
 *   F TYPE BSIZE BLOCKS FILES NAMELEN      statfs
 *   S PATH PAGE PAGES FLAGS KIND IN_FLASH ADDRESS PAGE...   a segment
 *   X PATH STATUS TEXT                     a program: "started" or how it failed
 *   O PATH STATUS TEXT                     the answer
 *   V PATH PERMS PAGE PAGES KIND IN_FLASH  a mapping of that program
 *   K LEVEL TEXT                           the kernel's log
 *   E                                      an image ends
 *   END
 *
 * KIND is "pfn" (the whole mapping points into the flash), "mixed" (some
 * leading pages do) or "ram".
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board.h"
#include "walk.h"

#define ROOT BOARD_ROOT

enum { LINE_MAX_LEN = 16384, VMAS_MAX = 256, KEPT_MAX = 1024 };

static void show_image(struct board *p, bool block)
{
	struct walk w = { .out = stdout };
	struct statfs fs;
	int fd;

	if (!board_mount(p, block))
		return;
	if (!statfs(ROOT, &fs))
		printf("F %lx %lu %lu %lu %lu\n", (unsigned long)fs.f_type,
		       (unsigned long)fs.f_bsize, (unsigned long)fs.f_blocks,
		       (unsigned long)fs.f_files, (unsigned long)fs.f_namelen);
	fd = open(ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || walk_tree(&w, fd))
		board_begun(p, "walk", errno);
	if (fd >= 0)
		close(fd);
}

static void print_placing(const struct board *p, const unsigned char *addr, size_t len)
{
	struct vma *vma = calloc(VMAS_MAX, sizeof(*vma));
	struct placing at = { "lost", 0, 0 };
	struct flash flash = board_flash(p);
	int i, n = vma ? place_read_vmas("self", vma, VMAS_MAX) : 0;

	for (i = 0; i < n; i++)
		if (vma[i].start == (uintptr_t)addr && vma[i].end - vma[i].start == len)
			at = place_vma(&flash, &vma[i], "self");
	printf(" %s %" PRIu64 " %" PRIx64, at.kind, at.pages, at.address);
	free(vma);
}

static struct {
	uint64_t inode;
	void *addr;
	size_t len;
} kept[KEPT_MAX];
static int nkept;

static void end_image(struct board *p)
{
	while (nkept) {
		nkept--;
		munmap(kept[nkept].addr, kept[nkept].len);
	}
	board_end_image(p);
}

/* As a loader would. MAP_FAILED, or the address; and what the file is. */
static unsigned char *map_segment(const char *path, uint64_t off, size_t len, const char *flags,
				  struct stat *st)
{
	int prot = PROT_READ | (strchr(flags, 'x') ? PROT_EXEC : 0), fd;
	unsigned char *addr = MAP_FAILED;
	char name[8192] = ROOT;

	memset(st, 0, sizeof(*st));
	snprintf(name + strlen(ROOT), sizeof(name) - strlen(ROOT), "%s", path);
	fd = walk_unescape(name) ? open(name, O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0 && !fstat(fd, st))
		addr = mmap(NULL, len, prot, MAP_PRIVATE, fd, (off_t)off);
	if (fd >= 0)
		close(fd);
	return addr;
}

static void keep_segment(struct board *p, const char *path, uint64_t page, uint64_t pages,
			 const char *flags)
{
	size_t len = (size_t)(pages * (uint64_t)p->page);
	char name[8192] = ROOT;
	struct stat st;
	void *addr;
	int i;

	/* Without an MMU, one process cannot map the same pages of a file twice: the second
	 * mapping would have the address of the first, which is then lost. */
	snprintf(name + strlen(ROOT), sizeof(name) - strlen(ROOT), "%s", path);
	if (!walk_unescape(name) || stat(name, &st))
		return;
	for (i = 0; i < nkept && kept[i].inode != st.st_ino; i++)
		;
	if (i < nkept || nkept == KEPT_MAX)
		return;
	addr = map_segment(path, page * (uint64_t)p->page, len, flags, &st);
	if (addr == MAP_FAILED) {
		board_begun(p, "keep", errno);
		return;
	}
	kept[nkept].inode = st.st_ino;
	kept[nkept].addr = addr;
	kept[nkept++].len = len;
}

/* Map one segment, see where its pages are, and read them. */
static void show_segment(struct board *p, const char *path, uint64_t page, uint64_t pages,
			 const char *flags)
{
	size_t len = (size_t)(pages * (uint64_t)p->page);
	uint64_t off = page * (uint64_t)p->page, left = 0;
	unsigned char *addr;
	struct stat st;

	printf("S %s %" PRIu64 " %" PRIu64 " %s", path, page, pages, flags);
	addr = map_segment(path, off, len, flags, &st);
	if (addr == MAP_FAILED) {
		printf(" error %d 0", errno);
	} else {
		if ((uint64_t)st.st_size > off)
			left = (uint64_t)st.st_size - off;
		print_placing(p, addr, len);
		walk_print_mapped(stdout, addr, len, left);
		munmap(addr, len);
	}
	putchar('\n');
}

static void print_mappings(const struct board *p, pid_t child)
{
	struct vma *vma = calloc(VMAS_MAX, sizeof(*vma));
	struct flash flash = board_flash(p);
	struct placing at;
	char pid[32];
	int i, n;

	snprintf(pid, sizeof(pid), "%d", (int)child);
	n = vma ? place_read_vmas(pid, vma, VMAS_MAX) : 0;
	for (i = 0; i < n; i++) {
		if (!vma[i].inode || vma[i].perms[1] == 'w')
			continue;
		at = place_vma(&flash, &vma[i], pid);
		fputs("V ", stdout);
		/* paths are as we see them, outside the chroot */
		walk_escape(stdout, strncmp(vma[i].path, ROOT, strlen(ROOT))
					    ? vma[i].path
					    : vma[i].path + strlen(ROOT));
		printf(" %s ", vma[i].perms);
		if (vma[i].pfn)
			printf("@%" PRIx64, vma[i].off);
		else
			printf("%" PRIu64, vma[i].off / (uint64_t)p->page);
		printf(" %" PRIu64 " %s %" PRIu64 "\n",
		       (vma[i].end - vma[i].start) / (uint64_t)p->page, at.kind, at.pages);
	}
	free(vma);
}

/*
 * Start a program that copies its standard input to its standard output. When
 * a line has come back it runs, all loaded, and stands still: look at it.
 */
static void show_program(struct board *p, const char *path, const char *arg)
{
	const char text[] = "hello\n";
	int in[2], out[2], status = -1;
	char *argv[] = { strdup(path), *arg ? strdup(arg) : NULL, NULL };
	char back[sizeof(text)] = "";
	pid_t child;

	if (pipe(in) || pipe(out))
		return;
	fflush(stdout);
	child = fork();
	if (!child) {
		close(in[1]);
		close(out[0]);
		board_exec(path, argv, in[0], out[1]);
	}
	close(in[0]);
	close(out[1]);
	if (child > 0 && write(in[1], text, sizeof(text) - 1) > 0 &&
	    read(out[0], back, sizeof(back) - 1) > 0)
		print_mappings(p, child);
	close(in[1]);
	close(out[0]);
	if (child > 0)
		waitpid(child, &status, 0);
	fputs("X ", stdout);
	walk_escape(stdout, path);
	printf(" %d %s\n", status, strcmp(back, text) ? "failed" : "started");
}

/* What it prints, in the beginning. */
static void ask_program(const char *path)
{
	char *argv[] = { strdup(path), NULL };
	char text[512] = "";
	int out[2], null = open("/dev/null", O_RDONLY | O_CLOEXEC), status = -1;
	size_t len = 0;
	ssize_t n = 1;
	pid_t child;

	if (null < 0 || pipe(out))
		return;
	fflush(stdout);
	child = fork();
	if (!child) {
		close(out[0]);
		board_exec(path, argv, null, out[1]);
	}
	close(null);
	close(out[1]);
	while (n > 0 && len < sizeof(text) - 1) {
		n = read(out[0], text + len, sizeof(text) - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	close(out[0]);
	if (child > 0)
		waitpid(child, &status, 0);
	fputs("O ", stdout);
	walk_escape(stdout, path);
	printf(" %d ", status);
	walk_escape(stdout, text);
	putchar('\n');
}

static bool image_job(struct board *p, bool block, char *field[5])
{
	end_image(p);
	if (!board_number(field[2], &p->start) || !board_number(field[3], &p->len))
		return false;
	snprintf(p->image, sizeof(p->image), "%s", field[1]);
	show_image(p, block);
	return true;
}

static bool do_job(struct board *p, char *line)
{
	char *field[5] = { NULL };
	uint64_t page, pages;
	int n = 0;

	for (line = strtok(line, " \n"); line && n < 5; line = strtok(NULL, " \n"))
		field[n++] = line;
	if (!n)
		return true;
	if (!strcmp(field[0], "bank") && n == 3)
		return board_number(field[1], &p->bank_base) &&
		       board_number(field[2], &p->bank_size);
	if (!strcmp(field[0], "image") && n == 4)
		return image_job(p, false, field);
	if (!strcmp(field[0], "block") && n == 4)
		return image_job(p, true, field);
	if ((!strcmp(field[0], "segment") || !strcmp(field[0], "keep")) && n == 5 &&
	    board_number(field[2], &page) && board_number(field[3], &pages)) {
		if (p->mounted && *field[0] == 'k')
			keep_segment(p, field[1], page, pages, field[4]);
		else if (p->mounted)
			show_segment(p, field[1], page, pages, field[4]);
		return true;
	}
	if (!strcmp(field[0], "run") && n >= 2 && walk_unescape(field[1])) {
		if (p->mounted)
			show_program(p, field[1], n > 2 ? field[2] : "");
		return true;
	}
	if (!strcmp(field[0], "ask") && n == 2 && walk_unescape(field[1])) {
		if (p->mounted)
			ask_program(field[1]);
		return true;
	}
	return false;
}

int main(void)
{
	static char line[LINE_MAX_LEN], copy[LINE_MAX_LEN], buffer[65536];
	struct board p;
	FILE *jobs;

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	walk_catch_sigbus();
	jobs = board_set_up(&p) < 0 ? NULL : fopen("/jobs", "re");
	if (!jobs)
		printf("probe: cannot begin: %s\n", strerror(errno));
	while (jobs && fgets(line, sizeof(line), jobs)) {
		memcpy(copy, line, sizeof(copy));
		if (!do_job(&p, line))
			printf("probe: not a job: %s", copy);
	}
	end_image(&p);
	puts("END");
	fflush(stdout);
	/* the kernel panics when init ends: wait to be switched off */
	for (;;)
		pause();
}
