/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/nasty/forge.h"

enum { K = 1024 };

static char path[4096];

static _Noreturn void die(void)
{
	perror(path);
	exit(1);
}

static const char *in(const char *dir, const char *name)
{
	snprintf(path, sizeof(path), "%s%s", dir, name);
	return path;
}

static void write_file(const char *dir, const char *name, const void *data, size_t len, mode_t mode)
{
	FILE *f = fopen(in(dir, name), "wb");

	if (!f || fwrite(data, 1, len, f) != len || fclose(f) || chmod(path, mode))
		die();
}

/* len bytes: words if text, else what does not shrink; zeros from `from` to `to`. */
static void make(const char *dir, const char *name, size_t len, bool text, size_t from, size_t to)
{
	uint8_t *data = malloc(len + 1);
	size_t i;

	if (!data)
		die();
	forge_pattern(data, len, (unsigned)len);
	for (i = 0; text && i < len; i++)
		data[i] = (uint8_t)("cramfs \n"[data[i] % 8]);
	if (to > from)
		memset(data + from, 0, to - from);
	write_file(dir, name, data, len, 0644);
	free(data);
}

static void make_dir(const char *dir, const char *name, mode_t mode)
{
	if (mkdir(in(dir, name), 0700) || chmod(path, mode))
		die();
}

static void make_link(const char *dir, const char *name, const char *target)
{
	if (symlink(target, in(dir, name)))
		die();
}

static void make_names(const char *dir)
{
	char name[300] = "/names/", target[1001];
	int i;

	make_dir(dir, "/names", 01777);
	make(dir, "/names/with blank", 20, true, 0, 0);
	make(dir, "/names/\xc3\xa4\xe2\x82\xac", 21, true, 0, 0);
	make(dir, "/names/not-\xff-utf8", 22, true, 0, 0);
	for (i = 1; i <= 5; i++) {
		memset(name + 7, 'a' + i, (size_t)i);
		name[7 + i] = '\0';
		make(dir, name, (size_t)i, true, 0, 0);
	}
	memset(name + 7, 'z', 252);
	name[7 + 252] = '\0';
	make(dir, name, 252, true, 0, 0);
	make_link(dir, "/names/link", "with blank");
	memset(target, 't', sizeof(target) - 1);
	target[sizeof(target) - 1] = '\0';
	make_link(dir, "/names/long-link", target);
	make_link(dir, "/names/to-root", "/");
}

static void make_files(const char *dir)
{
	static const size_t edge[] = { 1,          4 * K - 1, 4 * K,      4 * K + 1, 8 * K,
				       16 * K + 4, 64 * K,    64 * K + 1, 128 * K,   200 * K };
	char name[64];
	size_t i;

	make_dir(dir, "/data", 0755);
	for (i = 0; i < sizeof(edge) / sizeof(edge[0]); i++) {
		snprintf(name, sizeof(name), "/data/text-%zu", edge[i]);
		make(dir, name, edge[i], true, 0, 0);
		snprintf(name, sizeof(name), "/data/run-%zu", edge[i]);
		make(dir, name, edge[i], true, 0, 1);
		if (edge[i] > 64 * K + 1)
			continue;
		snprintf(name, sizeof(name), "/data/noise-%zu", edge[i]);
		make(dir, name, edge[i], false, 0, 0);
	}
	make(dir, "/data/empty", 0, true, 0, 0);
	make(dir, "/data/zeros", 130 * K, true, 0, 130 * K);
	make(dir, "/data/hole-first", 150 * K, true, 0, 64 * K);
	make(dir, "/data/hole-inside", 140 * K, false, 4 * K, 132 * K);
	make(dir, "/data/hole-last", 150 * K + 5, true, 64 * K, 150 * K + 5);
	make(dir, "/data/equal-1", 33 * K, false, 0, 0);
	make(dir, "/data/equal-2", 33 * K, false, 0, 0);
	make(dir, "/data/equal-but-its-mode", 33 * K, false, 0, 0);
}

void corpus_tree(const char *dir)
{
	static const char devices[] = "/dev/console c 600 0 5 5 1 - - -\n"
				      "/dev/block b 660 65535 255 255 254 - - -\n"
				      "/dev/fifo p 644 1 2 - - - - -\n"
				      "/data/equal-but-its-mode f 4755 1000 100 - - - - -\n"
				      "/data/text-1 f 000 1234 56 - - - - -\n";
	static const char policy[] = "/data/run-* xip file\n"
				     "/data/noise-8192 store\n"
				     "/data/text-65536 store\n";

	umask(022);
	make_dir(dir, "", 0755);
	make_dir(dir, "/dev", 0755);
	make_dir(dir, "/empty", 0700);
	make_dir(dir, "/a", 0755);
	make_dir(dir, "/a/b", 0755);
	make_dir(dir, "/a/b/c", 02750);
	make(dir, "/a/b/c/deep", 5000, true, 0, 0);
	make_names(dir);
	make_files(dir);
	write_file(dir, ".devices", devices, sizeof(devices) - 1, 0644);
	write_file(dir, ".policy", policy, sizeof(policy) - 1, 0644);
}
