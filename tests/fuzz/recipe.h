/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the differential target: bytes stand for build options and up to three layers of files.
 *
 * Every sequence of bytes is a valid recipe, and text is readable: white space is ignored, "#"
 * begins a comment, and a digit stands for its number wherever a choice has enough values.
 *
 *   recipe   PAGES ORDER FORMAT FLAGS MORE COMP CHOICE LIMIT, then commands
 *   PAGES    0-2: 4K, 3: 8K, 4: 16K, 5: 64K          ORDER   0: little, 1: big
 *   FORMAT   0: classic, 1: holes, 2: extended, 3: -X
 *   FLAGS    1: no dedupe, 2: boot pad, 4: insert a file, 8: all root; added up
 *   MORE     1: lossy, 2: whiteouts, 4: no MMU, 8: --best
 *   COMP     0: default, 1: store, 2: zlib:1, 3: zlib
 *   CHOICE   1: policy, 2: profile, 4: a limit of 1 + LIMIT/3 pages; added up
 *            LIMIT % 3: 0: size, 1: flash budget, 2: RAM goal
 *   command  0-4 file, 5 directory, 6 link, 7 device or the like, 8 hard link, 9 whiteout,
 *            10 next layer, 11 a line of the policy or profile; then arguments, see recipe.c
 */
#ifndef CRX_TESTS_FUZZ_RECIPE_H
#define CRX_TESTS_FUZZ_RECIPE_H

#include "build/build.h"

enum {
	RECIPE_LAYERS = 3,
	RECIPE_ITEMS = 40, /* of a layer */
	RECIPE_NAME_MAX = 260,
	RECIPE_TEXT_MAX = 2000,
	RECIPE_BYTES_MAX = 1 << 20
};

struct recipe_item {
	int parent; /* index; -1: the root, which is item 0 */
	char name[RECIPE_NAME_MAX];
	uint32_t mode, uid, gid, dev_major, dev_minor;
	const uint8_t *data; /* contents of a file, target of a link: in recipe.data */
	size_t len;
	int link;     /* the item that this is another name of, or -1 */
	bool implied; /* a directory that no entry of the archive names */
	bool gone;    /* not in the tree: removed, or an implied directory without entries */
};

struct recipe_tree {
	struct recipe_item item[RECIPE_LAYERS * RECIPE_ITEMS]; /* parents first */
	int n;
};

struct recipe {
	struct crx_build_opts o; /* without paths */
	bool policy, profile, limit, insert;
	unsigned how_large; /* the limit, 0 to 47 */
	char policy_text[RECIPE_TEXT_MAX], profile_text[RECIPE_TEXT_MAX];
	struct recipe_tree layer[RECIPE_LAYERS];
	int nlayers;
	uint8_t data[RECIPE_BYTES_MAX];
	size_t used; /* of data */
};

void recipe_read(struct recipe *r, const uint8_t *bytes, size_t len);

/* The layer as a cpio archive. The caller frees the result. */
uint8_t *recipe_archive(const struct recipe_tree *t, size_t *len);

/*
 * recipe_tree.c: what the image must contain, from the rules in the man page and the headers. *fits
 * is false if the build must fail, because cramfs cannot hold the tree.
 */
void recipe_expect(const struct recipe *r, struct recipe_tree *out, bool *fits);

/* The item of that name in the directory, or -1. */
int recipe_find(const struct recipe_tree *t, int dir, const char *name, size_t len);

#endif
