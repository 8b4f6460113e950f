/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mknasty DIR: write every hostile image into DIR, as NAME.le.img and
 * NAME.be.img, for page size 4096. For whatever reads images.
 */
#include "config.h"

#include <stdio.h>

#include "cases.h"

static int write_image(const char *dir, const struct nasty_case *c, enum crx_order order)
{
	char path[4096];
	struct forge g;
	FILE *f;
	int bad;

	nasty_make(c, order, &g);
	snprintf(path, sizeof(path), "%s/%s.%s.img", dir, c->name, order == CRX_ORDER_BIG ? "be" : "le");
	f = fopen(path, "wb");
	bad = !f || fwrite(g.data, 1, g.len, f) != g.len;
	if (f && fclose(f))
		bad = 1;
	if (bad)
		perror(path);
	forge_free(&g);
	return bad;
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc != 2) {
		fprintf(stderr, "usage: mknasty DIR\n");
		return 2;
	}
	for (i = 0; i < nasty_ncases; i++)
		if (write_image(argv[1], &nasty_cases[i], CRX_ORDER_LITTLE) || write_image(argv[1], &nasty_cases[i], CRX_ORDER_BIG))
			return 1;
	return 0;
}
