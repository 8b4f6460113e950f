/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mknasty DIR: write every hostile image into DIR, as NAME.le.img and
 * NAME.be.img, for page size 4096. For whatever reads images. On standard
 * output a line for each: its name and the findings that there must be, or
 * "clean".
 *
 * mknasty DIR huge_NAME.ORDER: one of the huge ones; on standard output its page size and findings.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cases.h"
#include "huge.h"

static const char *const order_name[] = { [CRX_ORDER_LITTLE] = "le", [CRX_ORDER_BIG] = "be" };

/* Takes g with it. */
static int write_image(const char *dir, const char *name, struct forge *g)
{
	char path[4096];
	FILE *f;
	int bad;

	snprintf(path, sizeof(path), "%s/%s.%s.img", dir, name, order_name[g->order]);
	f = fopen(path, "wb");
	bad = !f || fwrite(g->data, 1, g->len, f) != g->len;
	if (f && fclose(f))
		bad = 1;
	if (bad)
		perror(path);
	forge_free(g);
	return bad;
}

static int write_case(const char *dir, const struct nasty_case *c, enum crx_order order)
{
	struct forge g;

	nasty_make(c, order, &g);
	printf("%s.%s %s\n", c->name, order_name[order], *c->finds ? c->finds : "clean");
	return write_image(dir, c->name, &g);
}

static int write_huge(const char *dir, const char *name)
{
	char full[64];
	struct forge g;
	size_t i;

	for (i = 0; i < 2 * huge_ncases; i++) {
		const struct huge_case *c = &huge_cases[i / 2];
		enum crx_order order = i & 1 ? CRX_ORDER_BIG : CRX_ORDER_LITTLE;

		snprintf(full, sizeof(full), "%s.%s", c->name, order_name[order]);
		if (strcmp(name, full) != 0)
			continue;
		huge_make(c, order, &g);
		printf("%u %s\n", (unsigned)c->page, *c->finds ? c->finds : "clean");
		return write_image(dir, c->name, &g);
	}
	fprintf(stderr, "mknasty: no image is named %s\n", name);
	return 2;
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc == 3)
		return write_huge(argv[1], argv[2]);
	if (argc != 2) {
		fprintf(stderr, "usage: mknasty DIR [huge_NAME.ORDER]\n");
		return 2;
	}
	for (i = 0; i < nasty_ncases; i++)
		if (write_case(argv[1], &nasty_cases[i], CRX_ORDER_LITTLE) ||
		    write_case(argv[1], &nasty_cases[i], CRX_ORDER_BIG))
			return 1;
	return 0;
}
