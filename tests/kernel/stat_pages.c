/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What xipstat relies on: on an MTD a page is copied to RAM when it is
 * touched, and no other does; pages in place are there without being touched.
 */
#include "stat_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILE_PAGES = 80, SHOWN = 4 };

struct file {
	int fd;
	size_t page, pages;
	volatile unsigned char *map; /* private, for reading; all of it */
};

static void print_resident(const struct file *f, const char *step)
{
	size_t i, j;
	unsigned char *in = calloc(f->pages, 1);
	void *map = mmap(NULL, f->pages * f->page, PROT_READ, MAP_SHARED, f->fd, 0);

	printf("T %s", step);
	if (!in || map == MAP_FAILED || mincore(map, f->pages * f->page, in)) {
		printf(" error %d\n", errno);
		free(in);
		return;
	}
	for (i = 0; i < f->pages; i = j) {
		for (j = i; j < f->pages && (in[j] & 1) == (in[i] & 1); j++)
			;
		if ((in[i] & 1) && j == i + 1)
			printf(" %zu", i);
		else if (in[i] & 1)
			printf(" %zu-%zu", i, j - 1);
	}
	putchar('\n');
	munmap(map, f->pages * f->page);
	free(in);
}

static bool open_file(struct file *f, const char *path)
{
	char name[1024];
	struct stat st;
	void *map;

	snprintf(name, sizeof(name), BOARD_ROOT "%s", path);
	f->fd = open(name, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0 || fstat(f->fd, &st))
		return false;
	f->page = (size_t)sysconf(_SC_PAGESIZE);
	f->pages = ((size_t)st.st_size + f->page - 1) / f->page;
	map = mmap(NULL, f->pages * f->page, PROT_READ, MAP_PRIVATE, f->fd, 0);
	f->map = map;
	return map != MAP_FAILED && f->pages >= FILE_PAGES;
}

static void touch(const struct file *f, size_t page)
{
	(void)f->map[page * f->page];
}

static void read_at(const struct file *f, size_t page, size_t len)
{
	unsigned char buf[4096];
	size_t at = 0;
	ssize_t n;

	for (; at < len; at += (size_t)n) {
		n = pread(f->fd, buf, len - at < sizeof(buf) ? len - at : sizeof(buf),
			  (off_t)(page * f->page + at));
		if (n <= 0) {
			puts("T read error");
			return;
		}
	}
}

/* By file position, so that it looks like reading from the beginning to the end. */
static void read_on(const struct file *f, size_t len)
{
	unsigned char buf[100];

	for (; len >= sizeof(buf); len -= sizeof(buf))
		if (read(f->fd, buf, sizeof(buf)) != (ssize_t)sizeof(buf))
			puts("T read error");
}

static void as_another_user(const struct file *f, const char *path)
{
	struct file g = *f;
	char name[1024];
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		snprintf(name, sizeof(name), BOARD_ROOT "%s", path);
		g.fd = setuid(1234) ? -1 : open(name, O_RDONLY | O_CLOEXEC);
		print_resident(&g, "other-user");
		fflush(stdout);
		_exit(0);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}

static void advise(const struct file *f)
{
	posix_fadvise(f->fd, (off_t)(45 * f->page), (off_t)(3 * f->page), POSIX_FADV_WILLNEED);
	madvise((void *)(uintptr_t)(f->map + 50 * f->page), 2 * f->page, MADV_WILLNEED);
	readahead(f->fd, (off_t)(53 * f->page), 2 * f->page);
	print_resident(f, "willneed");
	posix_fadvise(f->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	madvise((void *)(uintptr_t)f->map, f->pages * f->page, MADV_SEQUENTIAL);
	touch(f, 60);
	read_at(f, 63, 1);
	print_resident(f, "sequential");
}

static void map_again(const struct file *f)
{
	size_t len = f->pages * f->page;
	volatile unsigned char *map;

	munmap(mmap(NULL, 2 * f->page, PROT_READ, MAP_PRIVATE | MAP_POPULATE, f->fd,
		    (off_t)(56 * f->page)),
	       2 * f->page);
	print_resident(f, "populate");
	map = mmap(NULL, len, PROT_READ | PROT_EXEC, MAP_PRIVATE, f->fd, 0);
	(void)map[70 * f->page];
	print_resident(f, "exec");
	munmap((void *)(uintptr_t)map, len);
	map = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE, f->fd, 0);
	map[75 * f->page] = 1;
	print_resident(f, "write");
	munmap((void *)(uintptr_t)map, len);
}

void stat_pages(const char *path)
{
	struct file f;
	size_t i;

	if (!open_file(&f, path)) {
		puts("T open error");
		return;
	}
	print_resident(&f, "fresh");
	touch(&f, 5);
	touch(&f, 9);
	print_resident(&f, "touch");
	for (i = 20; i < 24; i++)
		touch(&f, i);
	print_resident(&f, "in-order");
	read_at(&f, 30, 1);
	read_at(&f, 40, 2 * f.page);
	print_resident(&f, "pread");
	read_on(&f, 2 * f.page);
	print_resident(&f, "read-on");
	advise(&f);
	map_again(&f);
	as_another_user(&f, path);
	munmap((void *)(uintptr_t)f.map, f.pages * f.page);
	posix_fadvise(f.fd, 0, 0, POSIX_FADV_DONTNEED);
	print_resident(&f, "dontneed");
	/* what xipstat is to find */
	read_at(&f, 3, 1);
	read_at(&f, 7, 1);
	read_at(&f, f.pages - 1, 1);
	print_resident(&f, "last");
	close(f.fd);
}

/* ---- pages in place ---- */

/* "flash", "ram" or "-" for each of the first pages of a mapping, and whether
 * it is wholly direct. */
static void print_map(const struct board *b, const char *step, const volatile unsigned char *map,
		      const struct file *f)
{
	struct flash flash = board_flash(b);
	struct vma vma[64];
	int i, n = place_read_vmas("self", vma, 64),
	       fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry[SHOWN] = { 0 }, at;
	size_t pages = 0;

	printf("T %s", step);
	for (i = 0; i < n; i++) {
		if (vma[i].start != (uintptr_t)map)
			continue;
		printf(" %s %s %s", vma[i].pfn ? "pf" : "-", vma[i].perms,
		       vma[i].pfn && vma[i].off >= flash.base && vma[i].off < flash.base + flash.len
			       ? "physical"
			       : "-");
		pages = (size_t)(vma[i].end - vma[i].start) / f->page;
	}
	if (fd < 0 ||
	    pread(fd, entry, sizeof(entry), (off_t)((uintptr_t)map / f->page * sizeof(*entry))) !=
		    (ssize_t)sizeof(entry))
		printf(" error");
	for (i = 0; i < SHOWN && (size_t)i < pages; i++) {
		at = (entry[i] & ((UINT64_C(1) << 55) - 1)) * f->page;
		printf(" %s", !(entry[i] >> 63)                                 ? "-"
			      : at >= flash.base && at < flash.base + flash.len ? "flash"
										: "ram");
	}
	putchar('\n');
	if (fd >= 0)
		close(fd);
}

static volatile unsigned char *map_pages(const struct file *f, size_t first, size_t pages, int how)
{
	return mmap(NULL, pages * f->page, PROT_READ, how, f->fd, (off_t)(first * f->page));
}

static void map_in_place(const struct board *b, const char *path)
{
	volatile unsigned char *mixed, *direct;
	struct file f;

	if (!open_file(&f, path)) {
		puts("T open error");
		return;
	}
	/* longer than the file: never wholly direct */
	mixed = map_pages(&f, 0, f.pages + 1, MAP_PRIVATE);
	print_map(b, "mixed-untouched", mixed, &f);
	direct = map_pages(&f, 1, SHOWN, MAP_PRIVATE);
	print_map(b, "direct", direct, &f);
	print_map(b, "direct-shared", map_pages(&f, 1, SHOWN, MAP_SHARED), &f);
	fflush(stdout);
	if (!fork()) {
		print_map(b, "mixed-child", mixed, &f);
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	madvise((void *)(uintptr_t)mixed, 2 * f.page, MADV_DONTNEED);
	(void)mixed[0];
	print_map(b, "mixed-dropped", mixed, &f);
	mprotect((void *)(uintptr_t)(mixed + 2 * f.page), f.page, PROT_NONE);
	print_map(b, "mixed-none", mixed + 2 * f.page, &f);
	/* a wholly direct one that is cut, and written to */
	munmap((void *)(uintptr_t)direct, f.page);
	print_map(b, "direct-cut", direct + f.page, &f);
	mprotect((void *)(uintptr_t)(direct + f.page), f.page, PROT_READ | PROT_WRITE);
	direct[f.page] = 1;
	print_map(b, "direct-written", direct + f.page, &f);
}

/* In a child, with which all mappings end. */
void stat_direct(const struct board *b, const char *path)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		map_in_place(b, path);
		fflush(stdout);
		_exit(0);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}

/* A writable mapping is never direct: mincore() looks into the page cache. */
void stat_cached(const char *path, size_t first, size_t pages)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), i, n = 0;
	unsigned char *in = calloc(pages, 1);
	char name[1024];
	void *map;
	int fd;

	snprintf(name, sizeof(name), BOARD_ROOT "%s", path);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	map = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd,
		   (off_t)(first * page));
	if (fd < 0 || !in || map == MAP_FAILED || mincore(map, pages * page, in)) {
		printf("C error %d\n", errno);
	} else {
		for (i = 0; i < pages; i++)
			n += in[i] & 1;
		printf("C %zu\n", n);
		munmap(map, pages * page);
	}
	free(in);
	if (fd >= 0)
		close(fd);
}
