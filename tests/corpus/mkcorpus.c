/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mkcorpus DIR: writes NAME.img and NAME.json of all images that are made by hand
 * mkcorpus --describe PAGE-SIZE little|big DIR NAME...: writes NAME.json of images that are there
 * mkcorpus --tree DIR: writes a tree for mkcramfs-xip
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "comp/comp.h"
#include "describe.h"
#include "tests/nasty/cases.h"
#include "tree.h"

static const char *const order_name[] = { [CRX_ORDER_LITTLE] = "le", [CRX_ORDER_BIG] = "be" };

static FILE *open_in(const char *dir, const char *name, const char *ending, const char *mode)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s%s", dir, name, ending);
	f = fopen(path, mode);
	if (!f) {
		perror(path);
		exit(1);
	}
	return f;
}

static void finish(FILE *f, const char *name)
{
	if (ferror(f) | fclose(f)) {
		perror(name);
		exit(1);
	}
}

static void describe(const char *dir, const char *name, const void *data, size_t len,
		     const struct differ_target *t)
{
	FILE *f = open_in(dir, name, ".json", "wb");
	char file[256];

	snprintf(file, sizeof(file), "%s.img", name);
	corpus_describe(file, data, len, t, f);
	finish(f, name);
}

/* Takes g with it. */
static void add(const char *dir, const char *name, struct forge *g, const struct differ_target *t)
{
	FILE *f = open_in(dir, name, ".img", "wb");

	fwrite(g->data, 1, g->len, f);
	finish(f, name);
	describe(dir, name, g->data, g->len, t);
	forge_free(g);
}

/* The right CRC, if the superblock can be found and its size is right. */
static void seal(struct forge *g)
{
	struct crx_super s;
	uint64_t off;

	for (off = 0; off <= CRX_BOOT_PAD_LEN; off += CRX_BOOT_PAD_LEN) {
		if (g->len < off + CRX_SUPER_LEN)
			return;
		crx_super_decode(g->data + off, g->order, &s);
		if (s.magic == CRX_MAGIC && s.size >= off + CRX_SUPER_LEN && s.size <= g->len)
			break;
	}
	if (off > CRX_BOOT_PAD_LEN)
		return;
	forge_put32(g, off + CRX_SUPER_OFF_CRC, 0);
	forge_put32(g, off + CRX_SUPER_OFF_CRC, crx_crc32(0, g->data + off, s.size - off));
}

/* Each class of random images, of which those change most that matter most to a reader. */
static void add_random(const char *dir, const struct differ_target *t)
{
	static struct differ_image made; /* large */
	struct differ_rng rng;
	char name[100];
	size_t i;
	unsigned k;

	for (i = 0; i < differ_nclasses; i++)
		for (k = 0; k < (i < 6 && t->page_size == 4096 ? 3 : 1); k++) {
			rng.state = (uint64_t)t->page_size << 8 | k << 1 | (unsigned)t->order;
			differ_random(&rng, 2);
			differ_make(differ_classes[i], t, &rng, &made);
			seal(&made.g);
			snprintf(name, sizeof(name), "random-%s-%luk-%s-%u", differ_classes[i],
				 (unsigned long)t->page_size / 1024, order_name[t->order], k);
			add(dir, name, &made.g, t);
		}
}

static void add_all(const char *dir)
{
	struct differ_target t = { .page_size = CRX_PAGE_MIN };
	struct forge_base b;
	char name[100];
	struct forge g;
	size_t i;

	for (i = 0; i < 2 * nasty_ncases; i++) {
		t.order = i & 1 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE;
		nasty_make(&nasty_cases[i / 2], t.order, &g);
		snprintf(name, sizeof(name), "forged-%s-%s", nasty_cases[i / 2].name,
			 order_name[t.order]);
		add(dir, name, &g, &t);
	}
	for (i = 0; i < 10; i++) {
		t.page_size = (uint32_t)CRX_PAGE_MIN << i / 2;
		t.order = i & 1 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE;
		forge_base(&g, &b, t.order, t.page_size);
		forge_seal(&g);
		snprintf(name, sizeof(name), "forged-base-%luk-%s",
			 (unsigned long)t.page_size / 1024, order_name[t.order]);
		add(dir, name, &g, &t);
		add_random(dir, &t);
	}
}

static void describe_file(const char *dir, const char *name, const struct differ_target *t)
{
	FILE *f = open_in(dir, name, ".img", "rb");
	uint8_t *data;
	long len = -1;

	if (!fseek(f, 0, SEEK_END))
		len = ftell(f);
	data = len < 0 ? NULL : malloc((size_t)len + 1);
	if (!data || fseek(f, 0, SEEK_SET) || fread(data, 1, (size_t)len, f) != (size_t)len) {
		perror(name);
		exit(1);
	}
	fclose(f);
	describe(dir, name, data, (size_t)len, t);
	free(data);
}

int main(int argc, char **argv)
{
	struct differ_target t = { .page_size = 0 };
	int i;

	if (argc > 5 && !strcmp(argv[1], "--describe")) {
		t.page_size = (uint32_t)strtoul(argv[2], NULL, 10);
		t.order = !strcmp(argv[3], "big") ? CRX_ORDER_BIG : CRX_ORDER_LITTLE;
		for (i = 5; i < argc; i++)
			describe_file(argv[4], argv[i], &t);
	} else if (argc == 3 && !strcmp(argv[1], "--tree")) {
		corpus_tree(argv[2]);
	} else if (argc == 2 && argv[1][0] != '-') {
		add_all(argv[1]);
	} else {
		fputs("usage: mkcorpus DIR | --describe PAGE-SIZE little|big DIR NAME... | "
		      "--tree DIR\n",
		      stderr);
		return 2;
	}
	return 0;
}
