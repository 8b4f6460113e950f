/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "world.h"

#include "fuzz.h"
#include "tests/unit/elf_make.h"
#include "tests/unit/tree_make.h"

enum { PROGRAM_LEN = 5 * 4096, LIBRARY_LEN = 3 * 4096, DATA_LEN = 2 * 4096 + 5 };

static const char PASSWD[] = "root:x:0:0::/:\nann:x:1000:1000::/:\n";
static const char GROUP[] = "root:x:0:\ndisk:x:6:\n";

static uint64_t program[PROGRAM_LEN / 8], library[LIBRARY_LEN / 8], data[DATA_LEN / 8 + 1];
static struct crx_tree tree;
static struct crx_facts facts;

static void make_elf(uint64_t *to, uint64_t len, bool dynamic)
{
	struct elf_make m;

	if (dynamic)
		elf_make_dynamic(&m, 0, 0);
	else
		elf_make_sample(&m, 0, 0);
	elf_set(&m, P_FILESZ, 2, len - 4096);
	elf_set(&m, P_MEMSZ, 2, len - 4096);
	memset(to, 0x5a, len);
	memcpy(to, m.bytes, m.len);
}

static struct crx_node *add_program(struct crx_node *dir, const char *name, const void *bytes,
				    size_t len)
{
	struct crx_node *n = tree_make_file(dir, name, bytes, len);

	n->mode = S_IFREG | 0755;
	return n;
}

void world_make_tree(struct crx_tree *t)
{
	struct crx_node *bin, *lib, *etc, *usr, *n;

	if (!program[0]) {
		make_elf(program, PROGRAM_LEN, true);
		make_elf(library, LIBRARY_LEN, false);
		memset(data, 'd', DATA_LEN);
	}
	tree_make_init(t);
	bin = tree_make_dir(t->root, "bin");
	add_program(bin, "prog", program, PROGRAM_LEN);
	n = add_program(bin, "one", library, LIBRARY_LEN);
	n->link_dev = 1;
	n->link_ino = 1;
	n = add_program(bin, "two", library, LIBRARY_LEN);
	n->link_dev = 1;
	n->link_ino = 1;
	tree_make_link(bin, "sh", "prog");
	lib = tree_make_dir(t->root, "lib");
	add_program(lib, "libm.so.6", library, LIBRARY_LEN);
	add_program(lib, "libc.so.6", library, LIBRARY_LEN);
	add_program(lib, "ld-test.so.1", library, LIBRARY_LEN);
	etc = tree_make_dir(t->root, "etc");
	tree_make_file(etc, "passwd", PASSWD, sizeof(PASSWD) - 1);
	tree_make_file(etc, "group", GROUP, sizeof(GROUP) - 1);
	tree_make_file(etc, "data", data, DATA_LEN);
	tree_make_file(etc, "empty", NULL, 0);
	n = tree_make_node(tree_make_dir(t->root, "dev"), "console", S_IFCHR | 0600);
	n->dev_major = 5;
	n->dev_minor = 1;
	usr = tree_make_dir(t->root, "usr");
	tree_make_link(usr, "bin", "../bin");
	tree_make_link(usr, "loop", "loop");
	tree_make_finish(t);
}

static void make_once(void)
{
	struct crx_scan_opts o = {
		.page_size = 4096, .workers = 1, .find_equal = true, .executables = true
	};
	struct crx_err err = CRX_ERR_INIT;

	if (tree.root)
		return;
	world_make_tree(&tree);
	FUZZ_CHECK(!crx_scan(&tree, &o, &facts, &err));
}

const struct crx_tree *world_tree(void)
{
	make_once();
	return &tree;
}

const struct crx_facts *world_facts(void)
{
	make_once();
	return &facts;
}
