/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * differ [OPTION...] OUT SEED COUNT: COUNT random images, and those of tests/nasty
 * differ [OPTION...] OUT ROOT: the image of a real root alone
 *
 *   -b PAGE-SIZE   of the kernel; by default 4096
 *   -B             the kernel is big-endian
 *   -M             the kernel has no MMU
 *
 * In OUT it leaves
 *
 *   bank      all of them, each at the beginning of a page
 *   jobs      for differ_probe
 *   expect    what the model of the kernel says of each
 *   left-out  names of those that are not to be booted, and why
 *
 * The model is that of a current kernel, or of CRX_KERNEL_VERSION, such as 5.10.223. If char is
 * signed on the target and its kernel is older than 6.2, CRX_KERNEL_SIGNED_CHAR is set.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "differ_make.h"
#include "differ_model.h"
#include "differ_rules.h"
#include "tests/nasty/cases.h"
#include "walk.h"

struct bank {
	struct differ_target target;
	FILE *bank, *jobs, *expect, *left_out;
	uint64_t at;
	unsigned seed;
};

static FILE *create(const char *dir, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "wb");
	if (!f) {
		perror(path);
		exit(1);
	}
	return f;
}

static void add_job(struct bank *b, const struct differ_job *job)
{
	size_t i;

	fputs("extra", b->jobs);
	for (i = 0; i < job->nextra; i++) {
		putc(' ', b->jobs);
		walk_escape(b->jobs, job->extra[i]);
	}
	putc('\n', b->jobs);
	differ_model(job, b->expect, b->jobs);
	fprintf(b->jobs, "%s %s %#llx %#zx\n", job->block ? "block" : "image", job->name,
		(unsigned long long)b->at, job->len);
}

/* The image goes into the bank, and to the model. */
static void add_image(struct bank *b, const char *name, const struct forge *g, char **extra,
		      size_t nextra, bool block)
{
	static uint8_t erased[DIFFER_PAGE_MAX];
	struct differ_job job = {
		.target = &b->target,
		.name = name,
		.data = g->data,
		.len = g->len,
		.extra = extra,
		.nextra = nextra,
		.seed = b->seed,
	};
	size_t page = b->target.page_size, rest = (page - g->len % page) % page;
	char block_name[128];

	if (!g->len)
		return; /* no partition can be made of it */
	memset(erased, 0xff, sizeof(erased));
	if (differ_crashes(&job))
		fprintf(b->left_out, "%s super.size is 0\n", name);
	else
		add_job(b, &job);
	if (block) {
		snprintf(block_name, sizeof(block_name), "%s@block", name);
		job.name = block_name;
		job.block = true;
		add_job(b, &job);
	}
	fwrite(g->data, 1, g->len, b->bank);
	fwrite(erased, 1, rest, b->bank);
	b->at += g->len + rest;
}

static void add_nasty(struct bank *b)
{
	static char names[][8] = { "dir", "hole", "link", "run", "direct", "a" };
	char *extra[] = { names[0], names[1], names[2], names[3], names[4], names[5] };
	enum crx_order order = b->target.order, other = CRX_ORDER_BIG;
	struct forge g;
	char name[64];
	size_t i;

	if (order == CRX_ORDER_BIG)
		other = CRX_ORDER_LITTLE;
	for (i = 0; i < nasty_ncases; i++) {
		nasty_make(&nasty_cases[i], i % 16 != 3 ? order : other, &g);
		snprintf(name, sizeof(name), "nasty-%s", nasty_cases[i].name);
		add_image(b, name, &g, extra, sizeof(extra) / sizeof(extra[0]), true);
		forge_free(&g);
	}
}

static void add_random(struct bank *b, unsigned i)
{
	/* tables, runs, and what is damaged most differ most */
	static const uint8_t turn[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 2, 3, 5, 3, 4, 8, 5, 2, 1 };
	const char *class = differ_classes[turn[i % sizeof(turn)]];
	struct differ_rng r = { (uint64_t)b->seed << 32 | i };
	static struct differ_image image;
	static char absent[] = "absent";
	char *extra[DIFFER_EXTRA];
	size_t n = 0;
	char name[64];

	/* the first numbers of neighbouring seeds are alike */
	differ_random(&r, 2);
	differ_random(&r, 2);
	differ_make(class, &b->target, &r, &image);
	snprintf(name, sizeof(name), "%s-%u", class, i);
	extra[n++] = absent;
	while (n < DIFFER_EXTRA && n <= image.nnames) {
		extra[n] = image.name[n - 1];
		n++;
	}
	add_image(b, name, &image.g, extra, n, !strcmp(class, "version1") || i % 5 == 0);
	forge_free(&image.g);
}

static void add_root(struct bank *b, const char *path)
{
	static char names[][16] = { "bin", "sh", "busybox", "absent", "python3.11" };
	char *extra[] = { names[0], names[1], names[2], names[3], names[4] };
	struct forge g = { .data = NULL };
	FILE *f = fopen(path, "rb");

	if (f && !fseek(f, 0, SEEK_END)) {
		g.len = (size_t)ftell(f);
		g.data = malloc(g.len + 1);
	}
	if (!g.data || fseek(f, 0, SEEK_SET) || fread(g.data, 1, g.len, f) != g.len) {
		perror(path);
		exit(1);
	}
	add_image(b, "root", &g, extra, sizeof(extra) / sizeof(extra[0]), false);
	free(g.data);
	fclose(f);
}

static struct crx_kernel which_kernel(void)
{
	const char *version = getenv("CRX_KERNEL_VERSION"), *is = getenv("CRX_KERNEL_SIGNED_CHAR");
	struct crx_err err = CRX_ERR_INIT;
	struct crx_kernel k = { 0 };

	if (version && *version && crx_kernel_parse(version, &k, &err) < 0) {
		fprintf(stderr, "differ: CRX_KERNEL_VERSION: %s\n", err.text);
		exit(2);
	}
	k.signed_char = is && *is;
	return k;
}

static void usage(void)
{
	fprintf(stderr, "usage: differ [-b PAGE-SIZE] [-B] [-M] OUT SEED COUNT | OUT ROOT\n");
	exit(2);
}

int main(int argc, char **argv)
{
	struct bank b = { .target = { 4096, CRX_ORDER_LITTLE, which_kernel(), false } };
	unsigned i, count;
	int opt;

	while ((opt = getopt(argc, argv, "b:BM")) != -1) {
		if (opt == 'b')
			b.target.page_size = (uint32_t)strtoul(optarg, NULL, 0);
		else if (opt == 'B')
			b.target.order = CRX_ORDER_BIG;
		else if (opt == 'M')
			b.target.no_mmu = true;
		else
			usage();
	}
	argc -= optind;
	argv += optind;
	if (argc != 2 && argc != 3)
		usage();
	b.bank = create(argv[0], "bank");
	b.jobs = create(argv[0], "jobs");
	b.expect = create(argv[0], "expect");
	b.left_out = create(argv[0], "left-out");
	if (argc == 2) {
		add_root(&b, argv[1]);
	} else {
		b.seed = (unsigned)strtoul(argv[1], NULL, 0);
		count = (unsigned)strtoul(argv[2], NULL, 0);
		add_nasty(&b);
		for (i = 0; i < count; i++)
			add_random(&b, i);
	}
	if (fclose(b.bank) || fclose(b.jobs) || fclose(b.expect) || fclose(b.left_out)) {
		perror(argv[0]);
		return 1;
	}
	return 0;
}
