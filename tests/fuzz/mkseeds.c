/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mkseeds DIR: writes the seeds that are not text, DIR/TARGET/NAME: images, executables and
 * archives that the other tests make by hand.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "tests/kernel/differ_make.h"
#include "tests/nasty/cases.h"
#include "tests/unit/deflate_make.h"
#include "tests/unit/elf_make.h"
#include "tests/unit/rpm_make.h"
#include "tests/unit/tar_make.h"

enum { RANDOM_PER_CLASS = 3 };

static const char *top;
static char target[4096];

static void begin(const char *name)
{
	snprintf(target, sizeof(target), "%s/%s", top, name);
	FUZZ_CHECK(!mkdir(target, 0777));
}

static void put(const char *name, const void *data, size_t len)
{
	char path[4400];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", target, name);
	f = fopen(path, "wb");
	FUZZ_CHECK(f && fwrite(data, 1, len, f) == len && !fclose(f));
}

static void put_image(const char *name, struct forge *g)
{
	put(name, g->data, g->len);
	forge_free(g);
}

static void put_images(void)
{
	static struct differ_image made;
	struct differ_target machine = { .page_size = 4096, .order = CRX_ORDER_LITTLE };
	struct differ_rng rng;
	struct forge_base b;
	struct forge g;
	char name[100];
	size_t i;
	int k;

	begin("image");
	for (i = 0; i < 2; i++) {
		forge_base(&g, &b, i ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, i ? 8192 : 4096);
		put_image(i ? "good-big-8K" : "good", &g);
	}
	for (i = 0; i < nasty_ncases; i++) {
		nasty_make(&nasty_cases[i], i % 2 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE, &g);
		put_image(nasty_cases[i].name, &g);
	}
	for (i = 0; i < differ_nclasses; i++)
		for (k = 0; k < RANDOM_PER_CLASS; k++) {
			rng.state = (uint64_t)k;
			differ_make(differ_classes[i], &machine, &rng, &made);
			snprintf(name, sizeof(name), "random-%s-%d", differ_classes[i], k);
			put_image(name, &made.g);
		}
}

static void put_executables(void)
{
	static const uint8_t flat[] = { 'b', 'F', 'L', 'T', 0, 0, 0, 4,   0, 0, 0, 0x40,
					0,   0,   0,   80,  0, 0, 0, 120, 0, 0, 1, 0 };
	uint8_t bytes[128] = { 0 };
	struct elf_make m;
	char name[30];
	int i;

	begin("executables");
	for (i = 0; i < 8; i++) {
		if (i < 4)
			elf_make_sample(&m, i & 1, i >> 1 & 1);
		else
			elf_make_dynamic(&m, i & 1, i >> 1 & 1);
		snprintf(name, sizeof(name), "%s-%d-%s", i < 4 ? "sample" : "dynamic",
			 i & 1 ? 64 : 32, i & 2 ? "big" : "little");
		put(name, m.bytes, m.len);
	}
	elf_make_sample(&m, 0, 0);
	elf_make_bytes(&m)[7] = 65; /* ELFOSABI_ARM_FDPIC */
	put("fdpic", m.bytes, m.len);
	memcpy(bytes, flat, sizeof(flat));
	put("flat", bytes, sizeof(bytes));
}

static void put_archive(const char *name, struct tar_make *t)
{
	put(name, t->bytes, t->len);
	free(t->bytes);
	*t = (struct tar_make){ 0 };
}

static void put_archives(void)
{
	struct tar_make t = { 0 };

	begin("archive");
	tar_dir(&t, "./");
	tar_dir(&t, "usr/bin");
	tar_file(&t, "usr/bin/a", "text");
	tar_hard(&t, "usr/b", "usr/bin/a");
	tar_link(&t, "bin", "usr/bin");
	tar_file(&t, "bin/c", "through the link");
	tar_put(&t, '3', "null", NULL, NULL, 0);
	tar_pax(&t, "SCHILY.xattr.user.a", "b", 1);
	tar_file(&t, "x", "");
	tar_end(&t);
	put_archive("tar", &t);

	tar_file(&t, "d/.wh.f", "");
	tar_file(&t, "e/.wh..wh..opq", "");
	tar_file(&t, "e/new", "n");
	tar_end(&t);
	put_archive("whiteouts", &t);

	tar_file(&t, "../up", "");
	tar_file(&t, "/etc/x", "");
	tar_end(&t);
	put_archive("outside", &t);

	cpio_put(&t, ".", 040755, 1, 2, NULL);
	cpio_put(&t, "a", 0100644, 2, 2, NULL);
	cpio_put(&t, "b", 0100644, 2, 2, "of both");
	cpio_put(&t, "l", 0120777, 3, 1, "a");
	cpio_put(&t, "c", 020600, 4, 1, NULL);
	cpio_end(&t);
	put_archive("cpio", &t);
}

static void put_packages(void)
{
	struct rpm_bytes h, db;

	begin("packages");
	rpm_tool(&h, 700);
	rpm_sqlite(&db, &h);
	put("rpm-sqlite", db.at, db.len);
	rpm_ndb(&db, &h);
	put("rpm-ndb", db.at, db.len);
	rpm_bdb(&db, &h, false);
	put("rpm-bdb", db.at, db.len);
}

static void put_streams(void)
{
	uint8_t stream[DEFLATE_MAX];
	char name[20];
	size_t i;

	begin("inflate");
	for (i = 0; i < sizeof(deflate_blocks) / sizeof(*deflate_blocks); i++) {
		snprintf(name, sizeof(name), "%zu", i);
		put(name, stream, deflate_make(&deflate_blocks[i], stream));
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: mkseeds DIR\n", stderr);
		return 2;
	}
	top = argv[1];
	put_images();
	put_executables();
	put_archives();
	put_packages();
	put_streams();
	return 0;
}
