/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /init of the test of the model: what the kernel makes of hostile images, in
 * the lines of differ_rules.h. Built by test-arm-model.sh, static; no config.h.
 *
 * /jobs, line by line (names escaped):
 *
 *   bank BASE SIZE            physical address of the bank, which is mtd0
 *   extra NAME...             of the next image: to be looked up in every directory
 *   map INODE MASK            of the next image: ranges of that file that may be mapped
 *   image NAME START LENGTH   mount this part of the bank, and look at it
 *   block NAME START LENGTH   the same through a block device
 *   fuse NAME START LENGTH    the same with /cramfs-xip-fuse; if that is there, lines begin with
 *                             "A" as well
 *   segment PATH PAGE PAGES FLAGS   of the image above: map it so
 *   start PATH ARG...         of the image above: a program that says "hello", or copies
 *                             it from its input to its output, and then waits
 *
 * Beyond the lines of differ_rules.h:
 *
 *   S PATH PAGE PAGES FLAGS KIND IN_PLACE OFFSET REASON   a segment, as M
 *   P PATH ARG...             the program of the image above
 *   V ADDRESSES PERMS OFFSET INODE PATH   a line of its /proc/PID/maps
 *   X STATUS TEXT             how it ended, and whether it ran
 *   K LEVEL TEXT              the kernel said something else
 *   A LINKS ATIME MTIME CTIME LISTXATTR GETXATTR   of the node above; the last two are
 *                             errno or the number of bytes
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "board.h"
#include "differ_rules.h"
#include "walk.h"

#define FUSE_PROGRAM "/cramfs-xip-fuse"

enum way { WAY_MTD, WAY_BLOCK, WAY_FUSE };

enum { LINE_MAX_LEN = 16384, VMAS_MAX = 64, ARGS_MAX = 6, TEXT_MAX = 512, PAGE_MAX = 65536 };

struct look {
	struct board b;
	char extra[DIFFER_EXTRA][DIFFER_NAME];
	int nextra;
	struct {
		uint32_t ino;
		unsigned mask;
	} map[DIFFER_INODES];
	int nmaps;
	uint64_t shown[DIFFER_INODES];
	int nshown, lookups;
	/* what the kernel has said since it was last asked */
	char reason[TEXT_MAX], wrong[TEXT_MAX];
	char odd[8 * TEXT_MAX]; /* lines that are none of cramfs's: of the image */
	bool shared_tail, range_ends;
	bool more; /* FUSE_PROGRAM is there */
	bool fuse; /* what is mounted is mounted by it */
};

/* ---- what the kernel says ---- */

static void hear(struct look *k)
{
	char text[8192], *at;
	int level;

	k->reason[0] = k->wrong[0] = '\0';
	k->shared_tail = k->range_ends = false;
	while (board_log(&k->b, &level, text, sizeof(text))) {
		if ((at = strstr(text, "direct mmap impossible: ")))
			snprintf(k->reason, sizeof(k->reason), "%.500s", strchr(at, ':') + 2);
		else if (strstr(text, "last page is shared"))
			k->shared_tail = true;
		else if (!strncmp(text, "cramfs: range: block", 20))
			k->range_ends = true;
		else if (strstr(text, "bad data blocksize"))
			snprintf(k->wrong, sizeof(k->wrong), "bad data blocksize");
		else if (strstr(text, "while decompressing"))
			snprintf(k->wrong, sizeof(k->wrong), "error while decompressing");
		else if (strncmp(text, "cramfs: ", 8) && level <= 4 &&
			 !strstr(text, "would have caused loop"))
			snprintf(k->odd + strlen(k->odd), sizeof(k->odd) - strlen(k->odd),
				 "K %d %s\n", level, text);
	}
}

/* Of a mount: the first complaint, or else a remark. */
static void print_mount_words(struct look *k)
{
	static const char *const numbered[] = { "bad root offset",
						"unable to get direct memory access" };
	char text[8192], words[TEXT_MAX] = "-";
	bool complaint = false;
	size_t i;
	int level;

	while (board_log(&k->b, &level, text, sizeof(text))) {
		/* what follows a failure belongs to the other way to mount */
		if (complaint || strncmp(text, "cramfs: ", 8) || strstr(text, "MTD: ") ||
		    strstr(text, "blockdev"))
			continue;
		complaint = level <= 3;
		if (complaint || strstr(text, "empty filesystem"))
			snprintf(words, sizeof(words), "%.500s", text + 8);
	}
	/* what follows is of this image only */
	for (i = 0; i < sizeof(numbered) / sizeof(numbered[0]); i++)
		if (!strncmp(words, numbered[i], strlen(numbered[i])))
			words[strlen(numbered[i])] = '\0';
	fputs("Q ", stdout);
	walk_escape(stdout, words);
	putchar('\n');
}

static void print_words(const char *text)
{
	putchar(' ');
	walk_escape(stdout, *text ? text : "-");
}

/* ---- contents ---- */

static void show_read(struct look *k, int fd, const struct stat *st)
{
	uint32_t pages = (uint32_t)((st->st_size + k->b.page - 1) / k->b.page), i;
	size_t size = (size_t)k->b.page;
	unsigned char page[PAGE_MAX];

	/* each page by itself, so that what is said is said of it */
	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	putchar('R');
	for (i = 0; i < pages; i++) {
		if (i >= DIFFER_READ && i + 1 < pages)
			continue;
		memset(page, 0, size);
		hear(k);
		if (pread(fd, page, size, (off_t)(i * size)) < 0) {
			hear(k);
			print_words(*k->wrong ? k->wrong : strerror(errno));
		} else {
			walk_print_mapped(stdout, page, size, size);
		}
	}
	putchar('\n');
}

static struct placing placing_of(struct look *k, const unsigned char *addr, size_t len,
				 bool ram_seen)
{
	struct flash flash = board_flash(&k->b);
	struct vma v = { .start = (uintptr_t)addr, .end = (uintptr_t)addr + len };
	struct vma vma[VMAS_MAX];
	struct placing at = place_vma(&flash, &v, "self");
	int i, n;

	/* pagemap does not show VM_PFNMAP; then only smaps does */
	if (at.pages || ram_seen)
		return at;
	n = place_read_vmas("self", vma, VMAS_MAX);
	for (i = 0; i < n; i++)
		if (vma[i].start == v.start)
			return place_vma(&flash, &vma[i], "self");
	return at;
}

/* Does the first page have a frame? */
static bool has_frame(const struct look *k, const unsigned char *addr)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (pread(fd, &entry, sizeof(entry),
		  (off_t)((uintptr_t)addr / (size_t)k->b.page * sizeof(entry))) !=
	    (ssize_t)sizeof(entry))
		entry = 0;
	close(fd);
	return entry >> 63;
}

/* What the kernel did not say is what pages there are. */
static const char *reason_of(const struct look *k, const struct placing *at, uint32_t pages)
{
	if (*k->reason)
		return k->reason;
	if (k->shared_tail)
		return "last page is shared";
	if (k->range_ends)
		return "unsuitable block layout";
	return at->pages && at->pages < pages ? "beyond file limit" : "-";
}

static void print_placing(struct look *k, const struct placing *at, uint32_t pages)
{
	printf(" %s %" PRIu64 " ", at->pages ? at->kind : "ram", at->pages);
	if (at->pages && at->address)
		printf("%" PRIx64, at->address - k->b.bank_base - k->b.start);
	else
		putchar('-');
	print_words(reason_of(k, at, pages));
}

/* A shared mapping that is wholly direct: no file says where it leads. */
static bool shared_pfn(const unsigned char *addr)
{
	struct vma vma[VMAS_MAX];
	int i, n = place_read_vmas("self", vma, VMAS_MAX);

	for (i = 0; i < n; i++)
		if (vma[i].start == (uintptr_t)addr)
			return vma[i].pfn;
	return false;
}

static unsigned char *map_range(struct look *k, int fd, const struct differ_range *r)
{
	hear(k);
	return mmap(NULL, (size_t)r->pages * (size_t)k->b.page,
		    PROT_READ | (r->exec ? PROT_EXEC : 0) | (r->write ? PROT_WRITE : 0),
		    r->shared ? MAP_SHARED : MAP_PRIVATE, fd, (off_t)r->first * k->b.page);
}

static void show_map(struct look *k, int fd, const struct differ_range *r)
{
	size_t len = (size_t)r->pages * (size_t)k->b.page, size;
	unsigned char *addr = map_range(k, fd, r);
	struct placing at = { "pfn", 0, r->pages };
	char *pages = NULL;
	FILE *f;

	printf("M %" PRIu32 " %" PRIu32, r->first, r->pages);
	if (addr == MAP_FAILED) {
		printf(" error %d\n", errno);
		return;
	}
	hear(k);
	/* touched, so that what is in RAM has frames */
	f = open_memstream(&pages, &size);
	if (f) {
		walk_print_mapped(f, addr, len, len);
		fclose(f);
	}
	if (!r->shared || !shared_pfn(addr))
		at = placing_of(k, addr, len, has_frame(k, addr));
	print_placing(k, &at, r->pages);
	puts(pages ? pages : "");
	free(pages);
	munmap(addr, len);
}

static void show_segment(struct look *k, char **field)
{
	struct differ_range r = { .exec = strchr(field[4], 'x'), .write = strchr(field[4], 'w') };
	char name[2 * LINE_MAX_LEN];
	struct placing at;
	unsigned char *addr;
	int fd;

	printf("S %s %s %s %s", field[1], field[2], field[3], field[4]);
	r.first = (uint32_t)strtoul(field[2], NULL, 0);
	r.pages = (uint32_t)strtoul(field[3], NULL, 0);
	snprintf(name, sizeof(name), BOARD_ROOT "%s", field[1]);
	fd = walk_unescape(name) ? open(name, O_RDONLY | O_CLOEXEC) : -1;
	addr = fd < 0 ? MAP_FAILED : map_range(k, fd, &r);
	if (addr == MAP_FAILED) {
		printf(" error %d\n", errno);
	} else {
		hear(k);
		at = placing_of(k, addr, (size_t)r.pages * (size_t)k->b.page, false);
		print_placing(k, &at, r.pages);
		putchar('\n');
		munmap(addr, (size_t)r.pages * (size_t)k->b.page);
	}
	if (fd >= 0)
		close(fd);
}

static void show_file(struct look *k, int dir, const char *name, const struct stat *st)
{
	uint32_t pages = (uint32_t)((st->st_size + k->b.page - 1) / k->b.page);
	int i, n, fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct differ_range r;

	if (fd < 0) {
		printf("R error %d\n", errno);
		return;
	}
	for (i = 0; i < k->nmaps && k->map[i].ino != st->st_ino; i++)
		;
	for (n = 0; i < k->nmaps && n < DIFFER_RANGES; n++)
		if ((k->map[i].mask & 1u << n) && differ_range(n, pages, &r))
			show_map(k, fd, &r);
	show_read(k, fd, st);
	close(fd);
}

static void show_link(int dir, const char *name)
{
	static char target[PAGE_MAX + 1];
	ssize_t n = readlinkat(dir, name, target, PAGE_MAX);

	if (n < 0) {
		printf("T error %d\n", errno);
		return;
	}
	target[n] = '\0';
	fputs("T ", stdout);
	walk_escape(stdout, target);
	putchar('\n');
}

/* ---- the walk ---- */

static void show_dir(struct look *k, int fd, int depth);

static bool first_time(struct look *k, uint64_t ino)
{
	int i;

	for (i = 0; i < k->nshown; i++)
		if (k->shown[i] == ino)
			return false;
	if (k->nshown < DIFFER_INODES)
		k->shown[k->nshown++] = ino;
	return true;
}

static void show_more(const struct stat *st, int dir, const char *name)
{
	char path[64 + DIFFER_NAME];
	ssize_t listed, got;

	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, name);
	listed = llistxattr(path, NULL, 0);
	if (listed < 0)
		listed = -errno;
	got = lgetxattr(path, "user.any", NULL, 0);
	if (got < 0)
		got = -errno;
	printf("A %lu %lld %lld %lld %zd %zd\n", (unsigned long)st->st_nlink,
	       (long long)st->st_atime, (long long)st->st_mtime, (long long)st->st_ctime, listed,
	       got);
}

static void show_node(struct look *k, int dir, const char *name, int depth)
{
	struct stat st;
	int fd, error = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) ? errno : 0;

	if (error == ELOOP)
		error = 40; /* the one number that is another on MIPS */
	k->lookups++;
	fputs("N ", stdout);
	walk_escape(stdout, name);
	if (error) {
		printf(" error %d\n", error);
		return;
	}
	printf(" %" PRIu64 " %o %u %u %" PRIu64 " %" PRIu64 " ", (uint64_t)st.st_ino,
	       (unsigned)st.st_mode, (unsigned)st.st_uid, (unsigned)st.st_gid, (uint64_t)st.st_size,
	       (uint64_t)st.st_blocks);
	if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
		printf("%u,%u\n", major(st.st_rdev), minor(st.st_rdev));
	else
		puts("-");
	if (k->more)
		show_more(&st, dir, name);
	if (!first_time(k, st.st_ino))
		return;
	if (S_ISLNK(st.st_mode))
		show_link(dir, name);
	if (S_ISREG(st.st_mode))
		show_file(k, dir, name, &st);
	if (S_ISDIR(st.st_mode)) {
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0) {
			printf("D error %d\n", errno);
			return;
		}
		show_dir(k, fd, depth + 1);
		close(fd);
	}
}

struct listing {
	char name[DIFFER_ENTRIES][DIFFER_NAME];
	int n;
};

struct dirent64 {
	uint64_t ino;
	int64_t off;
	uint16_t reclen;
	uint8_t type;
	char name[];
};

/* By getdents64: opendir() and its like would hide what it says. */
static void list(int fd, struct listing *l)
{
	char buf[4096] __attribute__((aligned(8)));
	const struct dirent64 *d;
	long n, at;

	l->n = 0;
	fputs("D", stdout);
	while ((n = syscall(SYS_getdents64, fd, buf, sizeof(buf))) > 0) {
		for (at = 0; at < n && l->n < DIFFER_ENTRIES; at += d->reclen) {
			d = (const struct dirent64 *)(buf + at);
			printf(" %" PRIu64 ":%d:", d->ino, d->type);
			walk_escape(stdout, d->name);
			snprintf(l->name[l->n++], DIFFER_NAME, "%.255s", d->name);
		}
		if (l->n == DIFFER_ENTRIES)
			break;
	}
	printf(" %d\n", n < 0 ? errno : 0);
}

static void show_dir(struct look *k, int fd, int depth)
{
	struct listing *l = calloc(1, sizeof(*l));
	const char *name;
	int i;

	if (!l)
		return;
	list(fd, l);
	for (i = 0; depth < DIFFER_DEPTH && i < l->n + k->nextra; i++) {
		name = i < l->n ? l->name[i] : k->extra[i - l->n];
		if (*name && strcmp(name, ".") && strcmp(name, "..") && k->lookups < DIFFER_NODES)
			show_node(k, fd, name, depth);
	}
	puts("U");
	free(l);
}

/* The program wants a file. It ends when it has mounted it; another one continues. */
static bool mount_fuse(struct look *k)
{
	static char buf[65536];
	char size[16];
	uint64_t at = 0;
	size_t n;
	int status = -1, fd = open("/image", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	for (; fd >= 0 && at < k->b.len; at += n) {
		n = k->b.len - at < sizeof(buf) ? (size_t)(k->b.len - at) : sizeof(buf);
		if (pread(k->b.mtd, buf, n, (off_t)(k->b.start + at)) != (ssize_t)n ||
		    write(fd, buf, n) != (ssize_t)n)
			return false;
	}
	if (fd < 0 || close(fd))
		return false;
	snprintf(size, sizeof(size), "%ld", k->b.page);
	if (!fork()) {
		fd = open("/dev/null", O_RDWR);
		if (fd >= 0)
			dup2(fd, 2);
		execl(FUSE_PROGRAM, FUSE_PROGRAM, "-b", size, "/image", BOARD_ROOT, NULL);
		_exit(127);
	}
	wait(&status);
	k->fuse = k->b.mounted = !status;
	if (k->fuse)
		board_begun(&k->b, "mounted", 0);
	else
		board_begun(&k->b, "fuse", status);
	return k->fuse;
}

static void show_image(struct look *k, enum way way)
{
	bool mounted;
	struct statfs fs;
	struct stat st;
	int fd;

	k->nshown = k->lookups = 0;
	hear(k);
	mounted = way == WAY_FUSE ? mount_fuse(k) : board_mount(&k->b, way == WAY_BLOCK);
	print_mount_words(k);
	fd = mounted ? open(BOARD_ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd >= 0 && !statfs(BOARD_ROOT, &fs) && !fstat(fd, &st)) {
		printf("F %lx %lu %lu %lu %lu\n", (unsigned long)fs.f_type,
		       (unsigned long)fs.f_bsize, (unsigned long)fs.f_blocks,
		       (unsigned long)fs.f_files, (unsigned long)fs.f_namelen);
		first_time(k, st.st_ino);
		show_dir(k, fd, 0);
	}
	if (fd >= 0)
		close(fd);
}

static void end_image(struct look *k)
{
	hear(k);
	fputs(k->odd, stdout);
	k->odd[0] = '\0';
	board_end_image(&k->b);
	/* what continued is a child of init, and ends after the umount */
	if (k->fuse)
		wait(NULL);
	k->fuse = false;
}

/* ---- programs ---- */

static void print_maps(pid_t child)
{
	char line[2048], path[64], addr[64], perms[8], off[32], ino[32];
	int at;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)child);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%63s %7s %31s %*s %31s %n", addr, perms, off, ino, &at) != 4)
			continue;
		printf("V %s %s %s %s ", addr, perms, off, ino);
		/* paths are as we see them, outside the chroot */
		walk_escape(stdout,
			    strncmp(line + at, BOARD_ROOT "/", 5) ? line + at : line + at + 4);
		putchar('\n');
	}
	if (f)
		fclose(f);
}

/* When a line has come back it runs, all loaded, and stands still. */
static void start(char **argv)
{
	const char text[] = "hello\n";
	int in[2], out[2], i, status = -1;
	char back[sizeof(text)] = "";
	pid_t child;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return;
	fputs("P", stdout);
	for (i = 0; argv[i]; i++)
		print_words(argv[i]);
	putchar('\n');
	fflush(stdout);
	mount("/dev", BOARD_ROOT "/dev", NULL, MS_BIND, NULL);
	child = fork();
	if (!child) {
		/* what it thinks of a "hello" that ends there is not for the console */
		dup2(out[1], 2);
		board_exec(argv[0], argv, in[0], out[1]);
	}
	close(in[0]);
	close(out[1]);
	if (child > 0 && write(in[1], text, sizeof(text) - 1) > 0 &&
	    read(out[0], back, sizeof(back) - 1) > 0)
		print_maps(child);
	close(in[1]);
	close(out[0]);
	if (child > 0)
		waitpid(child, &status, 0);
	umount(BOARD_ROOT "/dev");
	printf("X %d %s\n", status, strcmp(back, text) ? "failed" : "ran");
}

/* ---- jobs ---- */

static bool take_extra(struct look *k, char **field, int n)
{
	int i;

	k->nextra = k->nmaps = 0;
	for (i = 1; i < n && k->nextra < DIFFER_EXTRA; i++) {
		if (!walk_unescape(field[i]))
			return false;
		snprintf(k->extra[k->nextra++], DIFFER_NAME, "%s", field[i]);
	}
	return true;
}

static bool take_map(struct look *k, char **field)
{
	uint64_t ino, mask;

	if (k->nmaps == DIFFER_INODES || !board_number(field[1], &ino) ||
	    !board_number(field[2], &mask))
		return false;
	k->map[k->nmaps].ino = (uint32_t)ino;
	k->map[k->nmaps++].mask = (unsigned)mask;
	return true;
}

static bool take_image(struct look *k, char **field, enum way way)
{
	end_image(k);
	if (!board_number(field[2], &k->b.start) || !board_number(field[3], &k->b.len))
		return false;
	snprintf(k->b.image, sizeof(k->b.image), "%s", field[1]);
	show_image(k, way);
	return true;
}

static bool take_start(struct look *k, char **field, int n)
{
	char *argv[ARGS_MAX + 1] = { NULL };
	int i;

	for (i = 1; i < n && i <= ARGS_MAX; i++) {
		if (!walk_unescape(field[i]))
			return false;
		argv[i - 1] = field[i];
	}
	if (k->b.mounted)
		start(argv);
	return true;
}

static bool do_job(struct look *k, char *line)
{
	char *field[DIFFER_EXTRA + 2] = { NULL };
	int n = 0;

	for (line = strtok(line, " \n"); line && n < DIFFER_EXTRA + 2; line = strtok(NULL, " \n"))
		field[n++] = line;
	if (!n)
		return true;
	if (!strcmp(field[0], "bank") && n == 3)
		return board_number(field[1], &k->b.bank_base) &&
		       board_number(field[2], &k->b.bank_size);
	if (!strcmp(field[0], "extra"))
		return take_extra(k, field, n);
	if (!strcmp(field[0], "map") && n == 3)
		return take_map(k, field);
	if (!strcmp(field[0], "image") && n == 4)
		return take_image(k, field, WAY_MTD);
	if (!strcmp(field[0], "block") && n == 4)
		return take_image(k, field, WAY_BLOCK);
	if (!strcmp(field[0], "fuse") && n == 4)
		return take_image(k, field, WAY_FUSE);
	if (!strcmp(field[0], "segment") && n == 5) {
		if (k->b.mounted)
			show_segment(k, field);
		return true;
	}
	if (!strcmp(field[0], "start") && n > 1)
		return take_start(k, field, n);
	return false;
}

int main(void)
{
	static char line[LINE_MAX_LEN], copy[LINE_MAX_LEN], buffer[65536];
	static struct look k;
	FILE *jobs;

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	walk_catch_sigbus();
	jobs = board_set_up(&k.b) < 0 ? NULL : fopen("/jobs", "re");
	k.more = !access(FUSE_PROGRAM, X_OK);
	if (!jobs)
		printf("probe: cannot begin: %s\n", strerror(errno));
	while (jobs && fgets(line, sizeof(line), jobs)) {
		memcpy(copy, line, sizeof(copy));
		if (!do_job(&k, line))
			printf("probe: not a job: %s", copy);
	}
	end_image(&k);
	puts("END");
	fflush(stdout);
	/* the kernel panics when init ends: wait to be switched off */
	for (;;)
		pause();
}
