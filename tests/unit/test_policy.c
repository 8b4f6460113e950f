/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/policy on facts made by hand: which pages are wished for, and why others
 * are not. No file is read.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <stdio.h>

#include "policy/policy.h"
#include "tree_make.h"

enum { P = 4096, R = PF_R, RX = PF_R | PF_X, RW = PF_R | PF_W };

static const struct crx_exec_abi ARM = { 32, 0, EM_ARM }, ARMEB = { 32, 1, EM_ARM }, ARM64 = { 64, 0, EM_AARCH64 }, X86 = { 64, 0, EM_X86_64 }, MIPS = { 32, 1, EM_MIPS };

/* --- facts --- */

struct world {
	struct crx_tree t;
	struct crx_facts f;
	struct crx_wishes w;
	struct crx_err err;
	struct crx_log log;
	char said[2000]; /* "path: text\n" of each warning */
	struct {
		struct crx_node *n;
		struct crx_exec exec;
	} file[40];
	size_t nfiles;
};

static void say(void *ctx, enum crx_level level, const char *path, const char *text)
{
	struct world *x = ctx;
	size_t used = strlen(x->said);

	snprintf(x->said + used, sizeof(x->said) - used, "%s%s: %s\n", level == CRX_LEVEL_WARNING ? "" : "?", path ? path : "", text);
}

static struct world *new_world(void)
{
	struct world *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	tree_make_init(&x->t);
	x->log = (struct crx_log){ say, x, 0 };
	return x;
}

/* The directory at path ("usr/lib"), made where it is missing. */
static struct crx_node *dir_at(struct world *x, const char *path, size_t len)
{
	struct crx_node *d = x->t.root, *next;
	size_t i, n;
	char name[64];

	while (len) {
		n = strcspn(path, "/");
		n = n < len ? n : len;
		snprintf(name, sizeof(name), "%.*s", (int)n, path);
		next = NULL;
		for (i = 0; i < d->nchildren; i++)
			if (!strcmp(d->child[i]->name, name))
				next = d->child[i];
		d = next ? next : tree_make_dir(d, name);
		path += n + 1;
		len -= n < len ? n + 1 : n;
	}
	return d;
}

static struct crx_exec *add_file(struct world *x, const char *path, uint64_t size)
{
	const char *slash = strrchr(path, '/');
	struct crx_node *d = dir_at(x, path, slash ? (size_t)(slash - path) : 0);

	x->file[x->nfiles].n = tree_make_file(d, slash ? slash + 1 : path, "never read", (size_t)size);
	return &x->file[x->nfiles++].exec;
}

/* An ELF file of 10 pages with code in the first 4. */
static struct crx_exec *add_elf(struct world *x, const char *path, struct crx_exec_abi abi, uint16_t type)
{
	struct crx_exec *e = add_file(x, path, 10 * P);

	e->kind = CRX_EXEC_ELF;
	e->abi = abi;
	e->type = type;
	e->seg = calloc(1, sizeof(*e->seg));
	assert_non_null(e->seg);
	e->seg[0] = (struct crx_exec_segment){ .flags = RX, .filesz = 4 * P, .memsz = 4 * P };
	e->nseg = 1;
	return e;
}

static struct crx_exec *add_program(struct world *x, const char *path, struct crx_exec_abi abi, const char *interp)
{
	struct crx_exec *e = add_elf(x, path, abi, ET_DYN);

	e->program = true;
	x->file[x->nfiles - 1].n->mode = S_IFREG | 0755;
	if (interp) {
		e->interp = strdup(interp);
		assert_non_null(e->interp);
	}
	return e;
}

static void add_segment(struct crx_exec *e, uint32_t flags, uint64_t off, uint64_t filesz)
{
	e->seg = realloc(e->seg, (e->nseg + 1) * sizeof(*e->seg));
	assert_non_null(e->seg);
	e->seg[e->nseg] = (struct crx_exec_segment){ .index = (uint32_t)e->nseg, .flags = flags, .off = off, .vaddr = 0x10000 + off, .filesz = filesz, .memsz = filesz };
	e->nseg++;
}

/* path becomes another name of the file added last. */
static void add_name(struct world *x, const char *path)
{
	struct crx_node *n = x->file[x->nfiles - 1].n;
	const char *slash = strrchr(path, '/');
	struct crx_node *d = dir_at(x, path, slash ? (size_t)(slash - path) : 0);
	struct crx_node *other = tree_make_file(d, slash ? slash + 1 : path, "never read", (size_t)n->size);

	other->mode = n->mode;
	n->link_dev = other->link_dev = 1;
	n->link_ino = other->link_ino = x->nfiles;
}

/* As scan does: what is in a file stands with its first name. */
static void make_facts(struct world *x, uint32_t page_size)
{
	size_t i, j;

	tree_make_finish(&x->t);
	x->f = (struct crx_facts){ .page_size = page_size, .nfiles = x->t.nfiles, .file = calloc(x->t.nfiles + 1, sizeof(*x->f.file)) };
	assert_non_null(x->f.file);
	for (i = 0; i < x->t.nfiles; i++) {
		struct crx_file_fact *file = &x->f.file[i];

		file->node = x->t.file[i];
		file->nblks = (uint32_t)((file->node->size + page_size - 1) / page_size);
		file->same = file->link = (uint32_t)i;
		for (j = 0; j < i && file->node->link_ino; j++)
			if (x->f.file[j].node->link_ino == file->node->link_ino) {
				file->same = file->link = (uint32_t)j;
				break;
			}
		for (j = 0; j < x->nfiles; j++)
			if (x->file[j].n == file->node || (file->node->link_ino && x->file[j].n->link_ino == file->node->link_ino && file->link == i))
				file->exec = x->file[j].exec;
		if (file->link != i)
			file->exec = (struct crx_exec){ 0 };
	}
}

static void decide_for(struct world *x, bool xip, enum crx_order order, uint32_t page_size)
{
	struct crx_policy_opts o = { .xip = xip, .order = order };

	make_facts(x, page_size);
	assert_int_equal(crx_policy(&x->t, &x->f, &o, &x->log, &x->w, &x->err), 0);
	assert_int_equal(x->w.nfiles, x->t.nfiles);
}

static void decide(struct world *x)
{
	decide_for(x, true, CRX_ORDER_LITTLE, P);
}

static void end(struct world *x)
{
	size_t i;

	for (i = 0; i < x->nfiles; i++) {
		free(x->file[i].exec.interp);
		free(x->file[i].exec.seg);
	}
	free(x->f.file);
	crx_wishes_free(&x->w);
	crx_wishes_free(&x->w);
	crx_tree_free(&x->t);
	free(x);
}

static const struct crx_file_wish *wish(struct world *x, const char *path)
{
	struct crx_node *n = crx_tree_find(&x->t, path);

	assert_non_null(n);
	assert_true(n->file != CRX_NO_FILE);
	return &x->w.file[n->file];
}

/* "0-3 5-7" or "", then the reason if there is one: "!2". */
static void wish_is(struct world *x, const char *path, const char *want)
{
	const struct crx_file_wish *w = wish(x, path);
	char got[200] = "";
	size_t i, used = 0;

	for (i = 0; i < w->nranges; i++)
		used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%u-%u", i ? " " : "", w->range[i].first_pg, w->range[i].first_pg + w->range[i].npg - 1);
	if (w->skip)
		snprintf(got + used, sizeof(got) - used, "!%s", crx_skip_text(w->skip));
	if (strcmp(got, want))
		fail_msg("%s: '%s', not '%s'", path, got, want);
}

#define DEBUGGED "!separate debug file"
#define FOREIGN "!for another processor"
#define UNALIGNED "!cannot be loaded at this page size"
#define DAMAGED "!damaged ELF headers"

/* --- pages --- */

static void without_xip_no_wishes(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "prog", ARM, NULL);
	add_file(x, "damaged", P)->kind = CRX_EXEC_DAMAGED;
	decide_for(x, false, CRX_ORDER_BIG, P);
	wish_is(x, "/prog", "");
	wish_is(x, "/damaged", "");
	assert_int_equal(x->w.nabis, 0);
	assert_int_equal(x->log.warnings, 0);
	end(x);
}

static void segments_become_ranges(void **state)
{
	static const struct {
		const char *want;
		struct { uint32_t flags; uint64_t off, filesz; } seg[4];
	} cases[] = {
		{ "0-4", { { RX, 0, 5 * P } } },
		{ "0-4", { { RX, 0, 4 * P + 1 } } },
		{ "0-0", { { R, 0, 1 } } },
		{ "1-1", { { R, P + 100, P - 100 } } },
		{ "1-2", { { R, P + 100, P - 99 } } },
		{ "", { { RW, 0, 5 * P } } },
		{ "", { { RW | PF_X, 0, 5 * P } } },
		{ "0-9", { { 0, 0, 10 * P } } }, /* PROT_NONE is not writable */
		{ "0-2", { { R, 0, P }, { RX, P, 2 * P } } },            /* they touch */
		{ "0-2", { { R, 0, P + 100 }, { RX, P + 100, P + P / 2 } } }, /* they share a page */
		{ "0-0 2-3", { { R, 0, P }, { RX, 2 * P, 2 * P } } },
		{ "0-0 2-3", { { RX, 2 * P, 2 * P }, { R, 0, P } } },    /* not in order of address */
		{ "0-8", { { RX, 0, 9 * P }, { R, 2 * P, P }, { R, 5 * P, P } } },
		{ "0-5", { { R, 2 * P, P }, { R, 0, 2 * P }, { R, 3 * P, 3 * P } } },
		{ "0-0 2-2 4-4", { { R, 4 * P, P }, { R, 0, P }, { R, 2 * P, P } } },
		{ "0-1 3-3", { { RX, 0, 2 * P }, { RW, 2 * P, P }, { R, 3 * P, P } } },
		{ "0-1", { { R, 0, P }, { R, 0, 2 * P }, { R, 0, P } } },
		{ "8-9", { { RX, 8 * P, 5 * P } } }, /* no page behind the file's last */
		{ "0-0", { { R, 0, P }, { RX, 10 * P, P } } },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *x = new_world();
		struct crx_exec *e = add_program(x, "prog", ARM, NULL);

		e->nseg = 0;
		for (j = 0; j < 4 && cases[i].seg[j].filesz; j++)
			add_segment(e, cases[i].seg[j].flags, cases[i].seg[j].off, cases[i].seg[j].filesz);
		decide(x);
		wish_is(x, "/prog", cases[i].want);
		end(x);
	}
}

static void pages_of_wishes(void **state)
{
	struct crx_wish r[] = { { 0, 1 }, { 3, 2 }, { 0xfffffff0u, 4 } };
	const struct crx_file_wish w = { .range = r, .nranges = 3 }, none = { 0 };
	static const uint32_t in[] = { 0, 3, 4, 0xfffffff0u, 0xfffffff3u }, out[] = { 1, 2, 5, 0xffffffefu, 0xfffffff4u, 0xffffffffu };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(in) / sizeof(in[0]); i++)
		assert_true(crx_wish_has(&w, in[i]));
	for (i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		assert_false(crx_wish_has(&w, out[i]));
	assert_false(crx_wish_has(&none, 0));
}

/* --- reasons --- */

static void reasons_have_names(void **state)
{
	int i, j;

	(void)state;
	assert_string_equal(crx_skip_text(CRX_SKIP_NONE), "");
	for (i = CRX_SKIP_NONE + 1; i < CRX_SKIP_KINDS; i++) {
		assert_true(*crx_skip_text((enum crx_skip)i) != '\0');
		for (j = 0; j < i; j++)
			assert_string_not_equal(crx_skip_text((enum crx_skip)i), crx_skip_text((enum crx_skip)j));
	}
}

static void debug_files(void **state)
{
	static const char *const debug[] = { "usr/lib/debug/prog", "usr/lib/debug/usr/bin/prog", "usr/lib/debug/.build-id/ab/cd.debug" };
	static const char *const plain[] = { "usr/lib/debugger/prog", "usr/lib/x/debug/prog", "opt/usr/lib/debug/prog", "usr/debug/lib/prog", "usr/share/debug/prog", "opt/lib/debug/prog", "lib/debug/prog", "usr/lib/prog.debug" };
	struct world *x = new_world();
	char path[64];
	size_t i;

	(void)state;
	add_elf(x, "flagged", ARM, ET_DYN)->debug = true;
	for (i = 0; i < sizeof(debug) / sizeof(debug[0]); i++)
		add_elf(x, debug[i], ARM, ET_DYN);
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		add_elf(x, plain[i], ARM, ET_DYN);
	decide(x);
	wish_is(x, "/flagged", DEBUGGED);
	for (i = 0; i < sizeof(debug) / sizeof(debug[0]); i++) {
		snprintf(path, sizeof(path), "/%s", debug[i]);
		wish_is(x, path, DEBUGGED);
	}
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		snprintf(path, sizeof(path), "/%s", plain[i]);
		wish_is(x, path, "0-3");
	}
	assert_int_equal(x->w.skipped[CRX_SKIP_DEBUG], 4);
	end(x);
	/* a file of the directory's name is none */
	x = new_world();
	add_elf(x, "usr/lib/debug", ARM, ET_DYN);
	decide(x);
	wish_is(x, "/usr/lib/debug", "0-3");
	end(x);
}

static void page_size_of_the_target(void **state)
{
	struct world *x;
	struct crx_exec *e;
	uint32_t page;

	(void)state;
	for (page = 4096; page <= 65536; page *= 2) {
		x = new_world();
		e = add_program(x, "prog", ARM, NULL);
		e->nseg = 0;
		add_segment(e, RX, 0, 4 * P);
		/* one that no wish is for, but that must be loaded: p_vaddr 16 KiB on */
		add_segment(e, RW, 4 * P, P);
		e->seg[1].vaddr += 0x4000;
		decide_for(x, true, CRX_ORDER_LITTLE, page);
		if (page <= 16384) {
			wish_is(x, "/prog", page == 4096 ? "0-3" : page == 8192 ? "0-1" : "0-0");
			assert_int_equal(x->w.skipped[CRX_SKIP_UNALIGNED], 0);
		} else {
			wish_is(x, "/prog", UNALIGNED);
			assert_int_equal(x->w.skipped[CRX_SKIP_UNALIGNED], 1);
		}
		end(x);
	}
}

static void damaged_files(void **state)
{
	struct world *x = new_world();
	struct crx_exec *e = add_file(x, "d/broken", P);

	(void)state;
	e->kind = CRX_EXEC_DAMAGED;
	strcpy(e->why, "it is cut off");
	add_name(x, "d/e/again");
	add_program(x, "prog", ARM, NULL);
	decide(x);
	wish_is(x, "/d/broken", DAMAGED);
	wish_is(x, "/d/e/again", DAMAGED);
	wish_is(x, "/prog", "0-3");
	/* told and counted once, under the first name */
	assert_int_equal(x->log.warnings, 1);
	assert_ptr_equal(strstr(x->said, "/d/broken: "), x->said);
	assert_non_null(strstr(x->said, "it is cut off"));
	assert_int_equal(x->w.skipped[CRX_SKIP_DAMAGED], 1);
	end(x);
}

static void what_nobody_maps(void **state)
{
	static const uint16_t type[] = { ET_NONE, ET_REL, ET_CORE, 0xfe00 };
	struct world *x = new_world();
	char name[16];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(type) / sizeof(type[0]); i++) {
		snprintf(name, sizeof(name), "f%u", (unsigned)i);
		add_elf(x, name, X86, type[i]);
	}
	add_file(x, "data", P);
	add_program(x, "prog", ARM, NULL);
	decide(x);
	for (i = 0; i < sizeof(type) / sizeof(type[0]); i++) {
		snprintf(name, sizeof(name), "/f%u", (unsigned)i);
		/* no executable, so nothing that was left out */
		wish_is(x, name, "");
	}
	wish_is(x, "/data", "");
	wish_is(x, "/prog", "0-3");
	for (i = 0; i < CRX_SKIP_KINDS; i++)
		assert_int_equal(x->w.skipped[i], 0);
	end(x);
}

static void hard_links(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "a", ARM, NULL);
	add_name(x, "d/b");
	add_name(x, "usr/lib/debug/c");
	add_program(x, "x86", X86, NULL);
	x->file[1].n->mode = S_IFREG | 0644;
	add_name(x, "d/x86");
	decide(x);
	wish_is(x, "/a", "0-3");
	wish_is(x, "/d/b", "0-3");
	/* where it lies decides, for each name */
	wish_is(x, "/usr/lib/debug/c", DEBUGGED);
	wish_is(x, "/x86", FOREIGN);
	wish_is(x, "/d/x86", FOREIGN);
	assert_int_equal(x->w.skipped[CRX_SKIP_MACHINE], 1);
	assert_int_equal(x->w.skipped[CRX_SKIP_DEBUG], 0);
	end(x);
}

/* --- processors --- */

static bool same_abi(const struct crx_exec_abi *a, const struct crx_exec_abi *b)
{
	return a->elf_class == b->elf_class && a->big == b->big && a->machine == b->machine;
}

static void abis_are(struct world *x, const struct crx_exec_abi *const *want, size_t n)
{
	size_t i;

	assert_int_equal(x->w.nabis, n);
	for (i = 0; i < n; i++)
		assert_true(same_abi(&x->w.abi[i], want[i]));
}

static void abi_is(struct world *x, const struct crx_exec_abi *want)
{
	abis_are(x, &want, 1);
}

static void no_programs_at_all(void **state)
{
	struct world *x = new_world();

	(void)state;
	decide(x);
	abis_are(x, NULL, 0);
	end(x);
	x = new_world();
	add_file(x, "data", 1);
	add_elf(x, "module.ko", ARM, ET_REL);
	decide(x);
	abis_are(x, NULL, 0);
	end(x);
}

/* One program that can run outweighs any number that cannot. */
static void a_program_with_its_interpreter(void **state)
{
	struct world *x = new_world();
	char name[16];
	int i;

	(void)state;
	add_program(x, "bin/sh", ARM, "/lib/ld.so");
	add_elf(x, "lib/ld.so", ARM, ET_DYN);
	for (i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "fw/x%d", i);
		add_program(x, name, X86, i % 2 ? "/lib/ld-x86.so" : NULL);
	}
	add_program(x, "bin/static", ARM, NULL);
	decide(x);
	abi_is(x, &ARM);
	wish_is(x, "/bin/sh", "0-3");
	wish_is(x, "/lib/ld.so", "0-3");
	wish_is(x, "/bin/static", "0-3");
	wish_is(x, "/fw/x0", FOREIGN);
	assert_int_equal(x->w.skipped[CRX_SKIP_MACHINE], 10);
	end(x);
}

static void several_processors(void **state)
{
	static const struct crx_exec_abi *const both[] = { &ARM, &ARM64 };
	struct world *x = new_world();

	(void)state;
	/* by number, though there are more of the other */
	add_program(x, "a64", ARM64, "/lib/ld64.so");
	add_program(x, "another64", ARM64, "/lib/ld64.so");
	add_elf(x, "lib/ld64.so", ARM64, ET_DYN);
	add_program(x, "b32", ARM, "/lib/ld32.so");
	add_elf(x, "lib/ld32.so", ARM, ET_DYN);
	add_elf(x, "lib/libx86.so", X86, ET_DYN);
	/* the same machine in the other byte order, or class, is another one */
	add_elf(x, "lib/libeb.so", ARMEB, ET_DYN);
	decide(x);
	abis_are(x, both, 2);
	wish_is(x, "/a64", "0-3");
	wish_is(x, "/b32", "0-3");
	wish_is(x, "/lib/libx86.so", FOREIGN);
	wish_is(x, "/lib/libeb.so", FOREIGN);
	end(x);
}

/* How the interpreter is found: through links of the tree, never outside. */
static void interpreters_behind_links(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "bin/sh", ARM, "/lib/ld-linux.so");
	tree_make_link(x->t.root, "lib", "usr/lib");
	add_elf(x, "usr/lib/arch/ld-2.so", ARM, ET_DYN);
	tree_make_link(dir_at(x, "usr/lib", 7), "ld-linux.so", "/lib/arch/ld-2.so");
	add_program(x, "bin/x1", X86, "/usr/lib/ld-linux.so"); /* there, but not for it */
	add_program(x, "bin/x2", X86, "/usr/lib/arch");        /* a directory */
	add_program(x, "bin/x3", X86, "/lib/empty");
	add_file(x, "usr/lib/empty", 0);
	add_program(x, "bin/x4", X86, "/lib/data");
	add_file(x, "usr/lib/data", 100);
	add_program(x, "bin/x5", X86, "/lib64/ld-linux-x86-64.so.2"); /* this machine's own, perhaps */
	decide(x);
	abi_is(x, &ARM);
	wish_is(x, "/bin/x1", FOREIGN);
	end(x);
}

/* The interpreter's facts stand with its first name. */
static void interpreter_with_two_names(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_elf(x, "a-first", ARM, ET_DYN);
	add_name(x, "lib/ld.so");
	add_program(x, "sh", ARM, "/lib/ld.so");
	add_program(x, "x1", X86, NULL);
	add_program(x, "x2", X86, NULL);
	decide(x);
	abi_is(x, &ARM);
	end(x);
}

static void the_most_runnable(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "a1", ARM, "/lib/not-there.so");
	add_program(x, "a2", ARM, NULL);
	add_program(x, "m1", MIPS, NULL);
	x->file[2].n->size = x->file[2].n->content.size = 100 * P;
	/* five names, one program, though a large one */
	add_name(x, "m2");
	add_name(x, "m3");
	add_name(x, "m4");
	add_name(x, "m5");
	/* these do not count: not executable, debug, for the linker only, damaged */
	add_program(x, "m6", MIPS, NULL);
	x->file[x->nfiles - 1].n->mode = S_IFREG | 0644;
	add_program(x, "m7", MIPS, NULL)->debug = true;
	add_program(x, "usr/lib/debug/m8", MIPS, NULL);
	add_elf(x, "m9", MIPS, ET_REL)->program = true;
	add_elf(x, "libm1.so", MIPS, ET_DYN);
	add_elf(x, "libm2.so", MIPS, ET_DYN);
	add_program(x, "m10", MIPS, NULL)->kind = CRX_EXEC_DAMAGED;
	decide(x);
	abi_is(x, &ARM);
	end(x);
}

static void as_many_of_each(void **state)
{
	struct world *x = new_world();

	(void)state;
	/* then the larger ones, then the lower number */
	add_program(x, "a", X86, NULL);
	add_program(x, "b", MIPS, NULL);
	x->file[0].n->size++;
	x->file[0].n->content.size++;
	decide(x);
	abi_is(x, &X86);
	end(x);
	x = new_world();
	add_program(x, "a", X86, NULL);
	add_program(x, "b", MIPS, NULL);
	decide(x);
	abi_is(x, &MIPS);
	end(x);
}

static void programs_without_the_right_to_run(void **state)
{
	struct world *x = new_world();

	(void)state;
	/* an unpacked archive that lost its modes */
	add_program(x, "a1", ARM, NULL);
	x->file[0].n->mode = S_IFREG | 0644;
	add_elf(x, "libx1.so", X86, ET_DYN);
	add_elf(x, "libx2.so", X86, ET_DYN);
	decide(x);
	abi_is(x, &ARM);
	end(x);
	/* and a tree of libraries only */
	x = new_world();
	add_elf(x, "liba.so", ARM, ET_DYN);
	add_elf(x, "libx1.so", X86, ET_DYN);
	add_elf(x, "libx2.so", X86, ET_DYN);
	decide(x);
	abi_is(x, &X86);
	end(x);
}

/* --- byte order --- */

static void programs_of_the_other_order(void **state)
{
	struct world *x = new_world();

	(void)state;
	add_program(x, "prog", MIPS, NULL);
	decide_for(x, true, CRX_ORDER_LITTLE, P);
	assert_int_equal(x->log.warnings, 1);
	assert_non_null(strstr(x->said, "-N big"));
	assert_non_null(strstr(x->said, "mips"));
	/* warned, and done as asked */
	wish_is(x, "/prog", "0-3");
	end(x);
	x = new_world();
	add_program(x, "prog", ARM, NULL);
	decide_for(x, true, CRX_ORDER_BIG, P);
	assert_int_equal(x->log.warnings, 1);
	assert_non_null(strstr(x->said, "-N little"));
	end(x);
	x = new_world();
	add_program(x, "prog", MIPS, NULL);
	decide_for(x, true, CRX_ORDER_BIG, P);
	assert_int_equal(x->log.warnings, 0);
	end(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_xip_no_wishes),
		cmocka_unit_test(segments_become_ranges),
		cmocka_unit_test(pages_of_wishes),
		cmocka_unit_test(reasons_have_names),
		cmocka_unit_test(debug_files),
		cmocka_unit_test(page_size_of_the_target),
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(what_nobody_maps),
		cmocka_unit_test(hard_links),
		cmocka_unit_test(no_programs_at_all),
		cmocka_unit_test(a_program_with_its_interpreter),
		cmocka_unit_test(several_processors),
		cmocka_unit_test(interpreters_behind_links),
		cmocka_unit_test(interpreter_with_two_names),
		cmocka_unit_test(the_most_runnable),
		cmocka_unit_test(as_many_of_each),
		cmocka_unit_test(programs_without_the_right_to_run),
		cmocka_unit_test(programs_of_the_other_order),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
