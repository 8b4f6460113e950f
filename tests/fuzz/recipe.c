/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "recipe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "tests/unit/elf_make.h"

struct reader {
	struct recipe *r;
	const uint8_t *p, *end;
	struct recipe_tree *t; /* the layer that is being filled */
};

static void skip_blanks(struct reader *in)
{
	while (in->p < in->end) {
		if (*in->p == '#')
			while (in->p < in->end && *in->p != '\n')
				in->p++;
		else if (*in->p == ' ' || *in->p == '\n' || *in->p == '\t')
			in->p++;
		else
			return;
	}
}

/* Below n, which divides 48, so that '0' is 0. */
static unsigned take(struct reader *in, unsigned n)
{
	skip_blanks(in);
	return in->p < in->end ? *in->p++ % n : 0;
}

static void add_text(char *text, const char *fmt, ...) CRX_PRINTF(2, 3);
static void add_text(char *text, const char *fmt, ...)
{
	size_t used = strlen(text);
	va_list ap;

	if (used > RECIPE_TEXT_MAX - 600)
		return;
	va_start(ap, fmt);
	vsnprintf(text + used, RECIPE_TEXT_MAX - used, fmt, ap);
	va_end(ap);
}

/* ---- entries ---- */

/* Links have names of their own: an overlay is not merged through them. */
static void take_name(struct reader *in, bool link, char *name)
{
	static const char *const names[] = { "a", "b",  "c",  "d",   "e.so",     "bin", "lib", "ab",
					     "B", "a1", "-n", "abc", "\xc3\xa9", "~",   "x y" };
	unsigned pick = take(in, 16), len;

	if (link) {
		snprintf(name, RECIPE_NAME_MAX, "l%u", pick % 4);
		return;
	}
	if (pick < 15) {
		strcpy(name, names[pick]);
		return;
	}
	pick = take(in, 8); /* at the limit of a name, and over it */
	len = 250 + pick % 4;
	memset(name, 'x', len);
	strcpy(name + len, pick < 4 ? "y" : "\xc3\xa9");
}

static int take_dir(struct reader *in)
{
	int pick = (int)take(in, 8), i, last = 0;

	for (i = 0; i < in->t->n; i++) {
		if (!S_ISDIR(in->t->item[i].mode))
			continue;
		last = i;
		if (!pick--)
			break;
	}
	return last;
}

static void take_owner(struct reader *in, struct recipe_item *e)
{
	static const uint32_t owner[][2] = { { 0, 0 },         { 0, 0 },       { 1, 1 },
					     { 1000, 100 },    { 65535, 255 }, { 65536, 0 },
					     { 70000, 70000 }, { 5, 256 } };
	unsigned pick = take(in, 8);

	e->uid = owner[pick][0];
	e->gid = owner[pick][1];
}

/* A new entry, or NULL if there is no room or the name is taken. */
static struct recipe_item *add(struct reader *in, uint32_t type)
{
	static const uint16_t modes[] = { 0644, 0755, 04755, 0600, 01777, 0, 0444, 02711 };
	struct recipe_item e = { .link = -1 };

	e.parent = take_dir(in);
	take_name(in, S_ISLNK(type), e.name);
	e.mode = type | (S_ISLNK(type) ? 0777u : modes[take(in, 8)]);
	take_owner(in, &e);
	if (in->t->n == RECIPE_ITEMS || recipe_find(in->t, e.parent, e.name, strlen(e.name)) >= 0)
		return NULL;
	in->t->item[in->t->n] = e;
	return &in->t->item[in->t->n++];
}

/* ---- contents ---- */

static uint8_t *room(struct reader *in, size_t len)
{
	uint8_t *p = in->r->data + in->r->used;

	if (len > RECIPE_BYTES_MAX - in->r->used)
		return NULL;
	in->r->used += len;
	return p;
}

/* 0: zeros, 1-5: text that shrinks, 6-10: bytes that do not, 11: zeros but for the last. */
static void fill(uint8_t *p, size_t len, unsigned class)
{
	uint32_t x = class * 2654435761u + 1;
	size_t i;

	memset(p, 0, len);
	if (class == 11)
		p[len - 1] = 1;
	if (!class || class == 11)
		return;
	for (i = 0; i < len; i++) {
		x = x * 1664525u + 1013904223u;
		p[i] = class <= 5 ? (uint8_t)('a' + (x >> 29)) : (uint8_t)(x >> 24);
	}
}

/* A header with a text segment of some pages, and data after it. */
static void put_elf(struct reader *in, uint8_t *p, size_t len)
{
	uint32_t page = in->r->o.page_size;
	unsigned how = take(in, 16), pages = 1 + take(in, 4);
	uint64_t text = (uint64_t)pages * page, data;
	struct elf_make m;

	elf_make_sample(&m, how >> 1 & 1, in->r->o.order == CRX_ORDER_BIG);
	if (how & 4)
		elf_make_bytes(&m)[7] = 65; /* FDPIC */
	if (text > len)
		text = len;
	data = text / page * page;
	if (how & 8)
		text -= text > 4096 ? 100 : 0;
	elf_make_phdr(&m, 2, 1, 5, 0, text, text);
	elf_make_phdr(&m, 3, 1, 6, data, len > data ? len - data : 0, len);
	if (how & 1) /* only text */
		elf_make_phdr(&m, 3, 4, 4, 0, 0, 0);
	if (len >= m.len)
		memcpy(p, m.bytes, m.len);
}

static void put_flat(struct reader *in, uint8_t *p, size_t len)
{
	uint32_t text = (1 + take(in, 4)) * in->r->o.page_size, at[3], i;
	uint8_t head[64] = { 'b', 'F', 'L', 'T', 0, 0, 0, 4 };

	if (text > len)
		text = (uint32_t)len;
	at[0] = text;
	at[1] = (uint32_t)len;
	at[2] = (uint32_t)len + 100;
	for (i = 0; i < 3; i++)
		crx_put32(head + 12 + 4 * i, at[i], CRX_ORDER_BIG);
	if (len >= sizeof(head))
		memcpy(p, head, sizeof(head));
}

static void take_file(struct reader *in)
{
	uint32_t page = in->r->o.page_size,
		 last[8] = { page, page - 1, 1, page / 2, 4, page - 4, 100, 3000 };
	struct recipe_item *e = add(in, S_IFREG);
	unsigned kind = take(in, 4), nblks = take(in, 6), i;
	size_t len = nblks ? (nblks - 1) * (size_t)page + last[take(in, 8)] : 0;
	uint8_t *p = e ? room(in, len) : NULL;

	if (!p)
		return; /* an empty file */
	e->data = p;
	e->len = len;
	for (i = 0; i < nblks; i++)
		fill(p + i * page, i + 1 < nblks ? page : len - i * page, take(in, 12));
	if (kind == 1 || kind == 2)
		put_elf(in, p, len);
	else if (kind == 3)
		put_flat(in, p, len);
}

static void take_link(struct reader *in)
{
	static const char *const targets[] = { "a", "../lib", "/bin/a", "l1", ".", "x/y/z" };
	struct recipe_item *e = add(in, S_IFLNK);
	const char *target = targets[take(in, 6)];

	if (!e)
		return;
	e->data = (const uint8_t *)target;
	e->len = strlen(target);
}

static void take_special(struct reader *in)
{
	static const uint32_t types[] = { S_IFCHR, S_IFBLK, S_IFIFO, S_IFCHR };
	static const uint32_t numbers[] = { 0, 1, 5, 255, 256, 4095 };
	struct recipe_item *e = add(in, types[take(in, 4)]);
	uint32_t major = numbers[take(in, 6)], minor = numbers[take(in, 6)];

	if (!e || S_ISFIFO(e->mode))
		return;
	e->dev_major = major;
	e->dev_minor = minor;
}

static void take_hard_link(struct reader *in)
{
	struct recipe_item *e = add(in, S_IFREG), *to;
	int pick = (int)take(in, 8), i, at = (int)(e - in->t->item);

	if (!e)
		return;
	for (i = 0; i < at; i++)
		if (S_ISREG(in->t->item[i].mode) && in->t->item[i].link < 0 && !pick--)
			break;
	if (i == at)
		return; /* an empty file */
	to = &in->t->item[i];
	e->link = i;
	e->mode = to->mode;
	e->uid = to->uid;
	e->gid = to->gid;
	e->data = to->data;
	e->len = to->len;
}

static void take_whiteout(struct reader *in)
{
	static const char *const odd[] = { ".wh..wh..opq", ".wh..wh.plnk" };
	unsigned kind = take(in, 4);
	struct recipe_item *e = add(in, kind == 1 ? S_IFCHR : S_IFREG);
	char name[RECIPE_NAME_MAX];

	if (!e || kind == 1)
		return; /* a device 0:0 */
	snprintf(name, sizeof(name), ".wh.%.200s", e->name);
	if (kind > 1)
		strcpy(name, odd[kind - 2]);
	if (recipe_find(in->t, e->parent, name, strlen(name)) >= 0)
		in->t->n--;
	else
		strcpy(e->name, name);
}

/* ---- policy and profile ---- */

static void take_line(struct reader *in)
{
	/* by name, or of all files */
	static const char *const named[] = { "xip",      "xip file", "store",
					     "xip must", "compress", "xip pages=..2" };
	static const char *const all[] = { "elf xip",       "xip file",  "bflt xip",
					   "size<3K store", "elf store", "elf xip segments=r-x" };
	const struct recipe_item *e = &in->t->item[take(in, 48) % (unsigned)in->t->n];
	unsigned pick = take(in, 12), page = take(in, 8), count = take(in, 16);

	if (!e->name[0])
		return;
	if (pick < 6)
		add_text(in->r->policy_text, "\"%s\" %s\n", e->name, named[pick]);
	else
		add_text(in->r->policy_text, "** %s\n", all[pick - 6]);
	add_text(in->r->profile_text, "%s/%s,%lu,%u\n", in->t->item[e->parent].name, e->name,
		 (unsigned long)page * in->r->o.page_size, count);
}

static void begin_layer(struct reader *in)
{
	struct recipe_item *root;

	in->t = &in->r->layer[in->r->nlayers++];
	root = &in->t->item[in->t->n++];
	*root = (struct recipe_item){ .parent = -1, .link = -1, .mode = S_IFDIR | 0755 };
	take_owner(in, root);
}

static void take_command(struct reader *in)
{
	struct recipe_item *e;

	switch (take(in, 12)) {
	case 5:
		e = add(in, S_IFDIR);
		if (e && take(in, 4) == 3) {
			e->implied = true;
			e->mode = S_IFDIR | 0755;
			e->uid = e->gid = 0;
		}
		break;
	case 6:
		take_link(in);
		break;
	case 7:
		take_special(in);
		break;
	case 8:
		take_hard_link(in);
		break;
	case 9:
		take_whiteout(in);
		break;
	case 10:
		if (in->r->nlayers < RECIPE_LAYERS)
			begin_layer(in);
		break;
	case 11:
		take_line(in);
		break;
	default:
		take_file(in);
		break;
	}
}

static void take_options(struct reader *in)
{
	static const uint32_t page[] = { 4096, 4096, 4096, 8192, 16384, 65536 };
	static const char *const comp[] = { NULL, "store", "zlib:1", "zlib" };
	struct recipe *r = in->r;
	unsigned format, flags, more;

	r->o = (struct crx_build_opts){ .name = "fuzz", .edition = 7, .keep_owner = true };
	r->o.page_size = page[take(in, 6)];
	r->o.order = take(in, 2) ? CRX_ORDER_BIG : CRX_ORDER_LITTLE;
	format = take(in, 4);
	flags = take(in, 16);
	more = take(in, 16);
	r->o.holes = format == 1;
	r->o.ext = format == 2;
	r->o.xip = format == 3;
	r->o.dedupe = !(flags & 1);
	r->o.boot_pad = flags & 2;
	r->insert = flags & 4;
	r->o.all_root = flags & 8;
	r->o.keep_owner = !r->o.all_root;
	r->o.lossy = more & 1;
	r->o.whiteouts = more & 2;
	r->o.no_mmu = more & 4;
	r->o.comp = comp[take(in, 4)];
	r->o.best = (more & 8) && (!r->o.comp || !strchr(r->o.comp, ':'));
	more = take(in, 8);
	r->policy = more & 1;
	r->profile = more & 2;
	r->limit = more & 4;
	r->how_large = take(in, 48);
}

/* Implied directories are in the archive only by what is in them. */
static void drop_implied(struct recipe_tree *t)
{
	int i, j;

	for (i = t->n - 1; i > 0; i--) {
		for (j = i + 1; j < t->n; j++)
			if (t->item[j].parent == i && !t->item[j].gone)
				break;
		if (t->item[i].implied && j == t->n)
			t->item[i].gone = true;
	}
}

void recipe_read(struct recipe *r, const uint8_t *bytes, size_t len)
{
	struct reader in = { .r = r, .p = bytes, .end = bytes + len };
	int i;

	memset(r, 0, offsetof(struct recipe, data));
	r->used = 0;
	take_options(&in);
	begin_layer(&in);
	for (skip_blanks(&in); in.p < in.end; skip_blanks(&in))
		take_command(&in);
	for (i = 0; i < r->nlayers; i++)
		drop_implied(&r->layer[i]);
}
