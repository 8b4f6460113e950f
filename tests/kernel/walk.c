/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Built by the tests' scripts for the host and for the target, without config.h;
 * a part of the build for differ. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static sigjmp_buf bus_jump;
static volatile sig_atomic_t bus_armed;

static void on_sigbus(int sig)
{
	if (!bus_armed) {
		signal(sig, SIG_DFL);
		raise(sig);
		return;
	}
	siglongjmp(bus_jump, 1);
}

void walk_catch_sigbus(void)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_sigbus;
	sa.sa_flags = SA_NODEFER;
	sigaction(SIGBUS, &sa, NULL);
}

void walk_escape(FILE *out, const char *s)
{
	const unsigned char *p;

	for (p = (const unsigned char *)s; *p; p++) {
		if (*p <= ' ' || *p >= 0x7f || *p == '%')
			fprintf(out, "%%%02x", *p);
		else
			putc(*p, out);
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool walk_unescape(char *s)
{
	char *out = s;

	while (*s) {
		if (*s != '%') {
			*out++ = *s++;
			continue;
		}
		if (hex_digit(s[1]) < 0 || hex_digit(s[2]) < 0)
			return false;
		*out++ = (char)(hex_digit(s[1]) * 16 + hex_digit(s[2]));
		s += 3;
	}
	*out = '\0';
	return true;
}

/*
 * FNV-1a of 64 bits over little-endian words of 32: each step is a bijection
 * of the state, so a single word that differs is always seen. Words, because
 * the probe runs on an emulated processor.
 */
static uint64_t hash_bytes(uint64_t h, const unsigned char *p, size_t len)
{
	uint32_t word;
	size_t i;

	for (; len >= 4; p += 4, len -= 4) {
		word = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
		h = (h ^ word) * 0x100000001b3ull;
	}
	for (word = 0, i = 0; i < len; i++)
		word |= (uint32_t)p[i] << 8 * i;
	return (h ^ word ^ (uint64_t)len << 32) * 0x100000001b3ull;
}

static uint32_t fold(uint64_t h)
{
	return (uint32_t)(h ^ h >> 32);
}

static bool all_zero(const unsigned char *p, size_t len)
{
	return !len || (!p[0] && !memcmp(p, p + 1, len - 1));
}

static void print_page(FILE *out, const unsigned char *p, size_t len)
{
	if (all_zero(p, len))
		fputs(" zero", out);
	else
		fprintf(out, " %08" PRIx32, fold(hash_bytes(0xcbf29ce484222325ull, p, len)));
}

static void print_mapped_page(FILE *out, const unsigned char *p, size_t len)
{
	/* what is touched goes into a buffer, so that SIGBUS never cuts a line */
	unsigned char page[WALK_PAGE];

	bus_armed = 1;
	if (sigsetjmp(bus_jump, 1)) {
		bus_armed = 0;
		fputs(" bus", out);
		return;
	}
	memcpy(page, p, sizeof(page));
	bus_armed = 0;
	print_page(out, page, len);
	if (!all_zero(page + len, sizeof(page) - len))
		putc('+', out);
}

void walk_print_mapped(FILE *out, const unsigned char *p, size_t len, uint64_t left)
{
	size_t off;

	for (off = 0; off < len; off += WALK_PAGE) {
		print_mapped_page(out, p + off, left < WALK_PAGE ? (size_t)left : WALK_PAGE);
		left -= left < WALK_PAGE ? left : WALK_PAGE;
	}
}

static void print_read(FILE *out, int fd, uint64_t size)
{
	unsigned char page[WALK_PAGE];
	uint64_t off;
	ssize_t n;

	for (off = 0; off < size; off += WALK_PAGE) {
		n = pread(fd, page, sizeof(page), (off_t)off);
		if (n < 0)
			fprintf(out, " e%d", errno);
		else
			print_page(out, page, (size_t)n);
	}
	/* nothing may follow the end */
	n = pread(fd, page, 1, (off_t)size);
	if (n != 0)
		fprintf(out, " beyond:%zd", n);
}

static void print_map(FILE *out, int fd, uint64_t size)
{
	size_t len = ((size_t)size + WALK_PAGE - 1) / WALK_PAGE * WALK_PAGE;
	unsigned char *p;

	if (!len)
		return;
	p = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED) {
		fprintf(out, " e%d", errno);
	} else {
		walk_print_mapped(out, p, len, size);
		munmap(p, len);
	}
}

static int print_contents(const struct walk *w, int dir_fd, const char *name, uint64_t size)
{
	char *text[2] = { NULL, NULL };
	size_t len;
	FILE *out[2];
	int i, ret = 0, fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0) {
		fprintf(w->out, "R open:e%d\n", errno);
		return 0;
	}
	/* mapped first: before read() has brought pages into the cache */
	for (i = 0; i < 2 && !ret; i++) {
		out[i] = open_memstream(&text[i], &len);
		if (!out[i]) {
			ret = -1;
			break;
		}
		if (i)
			print_read(out[i], fd, size);
		else
			print_map(out[i], fd, size);
		if (fclose(out[i]))
			ret = -1;
	}
	if (!ret)
		fprintf(w->out, "R%s\nM%s\n", text[1], strcmp(text[0], text[1]) ? text[0] : " =");
	free(text[0]);
	free(text[1]);
	close(fd);
	return ret;
}

static char type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return 'f';
	case S_IFDIR:
		return 'd';
	case S_IFLNK:
		return 'l';
	case S_IFCHR:
		return 'c';
	case S_IFBLK:
		return 'b';
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 's';
	default:
		return '?';
	}
}

/* A directory's size is that of its entries: an inode each, and the name padded to 4. */
static void print_node(const struct walk *w, const char *path, int dir_fd, const char *name,
		       const struct stat *st, uint64_t dir_size)
{
	bool device = S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode);
	uint64_t size = (uint64_t)st->st_size;
	mode_t mode = st->st_mode & 07777;
	char target[8192];
	ssize_t n;

	if (w->source && S_ISDIR(st->st_mode))
		size = dir_size;
	if (w->source && device)
		size = 0;
	if (w->source && !*name)
		mode |= 0555; /* cramfs_read_super does so */
	fputs("N ", w->out);
	walk_escape(w->out, path);
	fprintf(w->out, " %c %04o %lu %lu %" PRIu64, type_of(st->st_mode), (unsigned)mode,
		w->squash ? 0ul : (unsigned long)st->st_uid,
		w->squash ? 0ul : (unsigned long)st->st_gid, size);
	if (device)
		fprintf(w->out, " %u,%u", major(st->st_rdev), minor(st->st_rdev));
	else
		fputs(" -", w->out);
	putc(' ', w->out);
	if (!S_ISLNK(st->st_mode)) {
		fputs("-\n", w->out);
	} else {
		n = readlinkat(dir_fd, name, target, sizeof(target) - 1);
		if (n < 0) {
			fprintf(w->out, "error:e%d\n", errno);
		} else {
			target[n] = '\0';
			walk_escape(w->out, target);
			putc('\n', w->out);
		}
	}
	if (!w->source)
		fprintf(w->out, "I %" PRIu64 "\n", (uint64_t)st->st_ino);
}

struct listing {
	char **name; /* one byte of type, then the name */
	size_t n, cap;
	int error; /* errno of readdir */
};

static void listing_free(struct listing *l)
{
	while (l->n)
		free(l->name[--l->n]);
	free(l->name);
}

static int by_name(const void *a, const void *b)
{
	/* strcmp compares unsigned bytes, as cramfs wants its entries sorted */
	return strcmp(*(char *const *)a + 1, *(char *const *)b + 1);
}

static int listing_add(struct listing *l, const struct dirent *d)
{
	size_t cap = l->cap ? 2 * l->cap : 64;
	size_t len = strlen(d->d_name) + 2;
	char **name;

	if (l->n == l->cap) {
		name = realloc(l->name, cap * sizeof(*name));
		if (!name)
			return -1;
		l->name = name;
		l->cap = cap;
	}
	l->name[l->n] = malloc(len);
	if (!l->name[l->n])
		return -1;
	l->name[l->n][0] = (char)('A' + d->d_type);
	memcpy(l->name[l->n++] + 1, d->d_name, len - 1);
	return 0;
}

/* The kernel's cramfs lists no "." and ".."; a source directory has them. */
static int listing_read(struct listing *l, int fd, bool source)
{
	DIR *dir = fdopendir(dup(fd));
	struct dirent *d;
	int ret = 0;

	memset(l, 0, sizeof(*l));
	if (!dir)
		return -1;
	for (;;) {
		errno = 0;
		d = readdir(dir);
		if (!d || ret)
			break;
		if (source && (!strcmp(d->d_name, ".") || !strcmp(d->d_name, "..")))
			continue;
		ret = listing_add(l, d);
	}
	l->error = d ? 0 : errno;
	closedir(dir);
	return ret;
}

/* d_type of a source is lstat's: fakeroot makes nodes that it only pretends. */
static void listing_types(struct listing *l, int fd)
{
	struct stat st;
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!fstatat(fd, l->name[i] + 1, &st, AT_SYMLINK_NOFOLLOW))
			l->name[i][0] = (char)('A' + ((st.st_mode & S_IFMT) >> 12));
}

static void print_listing(const struct walk *w, const char *path, const struct listing *l)
{
	uint64_t h = 0xcbf29ce484222325ull;
	size_t i;

	for (i = 0; i < l->n; i++)
		h = hash_bytes(h, (const unsigned char *)l->name[i], strlen(l->name[i]));
	fputs("D ", w->out);
	walk_escape(w->out, path);
	fprintf(w->out, " %zu %016" PRIx64 " %d\n", l->n, h, l->error);
}

static uint64_t listing_size(const struct listing *l)
{
	uint64_t size = 0;
	size_t i;

	for (i = 0; i < l->n; i++)
		size += 12 + (strlen(l->name[i] + 1) + 3) / 4 * 4;
	return size;
}

static int walk_node(const struct walk *w, const char *dir_path, int dir_fd, const char *name);

static int walk_dir(const struct walk *w, const char *path, int fd, const char *name,
		    const struct stat *st)
{
	struct listing l;
	size_t i;
	int ret = listing_read(&l, fd, w->source);

	if (!ret && w->source) {
		if (l.n)
			qsort(l.name, l.n, sizeof(*l.name), by_name);
		listing_types(&l, fd);
	}
	if (!ret) {
		print_node(w, *path ? path : "/", fd, name, st, listing_size(&l));
		print_listing(w, *path ? path : "/", &l);
	}
	for (i = 0; i < l.n && !ret; i++)
		ret = walk_node(w, path, fd, l.name[i] + 1);
	listing_free(&l);
	return ret;
}

static int walk_node(const struct walk *w, const char *dir_path, int dir_fd, const char *name)
{
	size_t len = strlen(dir_path) + strlen(name) + 2;
	char *path = malloc(len);
	struct stat st;
	int fd, ret = 0;

	if (!path)
		return -1;
	snprintf(path, len, "%s/%s", dir_path, name);
	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW)) {
		fputs("N ", w->out);
		walk_escape(w->out, path);
		fprintf(w->out, " error %d\n", errno);
	} else if (S_ISDIR(st.st_mode)) {
		fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0) {
			fprintf(stderr, "%s: %s\n", path, strerror(errno));
			ret = -1;
		} else {
			ret = walk_dir(w, path, fd, name, &st);
			close(fd);
		}
	} else {
		print_node(w, path, dir_fd, name, &st, 0);
		if (S_ISREG(st.st_mode))
			ret = print_contents(w, dir_fd, name, (uint64_t)st.st_size);
	}
	free(path);
	return ret;
}

int walk_tree(const struct walk *w, int root_fd)
{
	struct stat st;

	if (fstat(root_fd, &st))
		return -1;
	return walk_dir(w, "", root_fd, "", &st);
}
