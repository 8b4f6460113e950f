/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/edit/devtable_line.h"

#include <string.h>

#include "base/number.h"

static struct crx_place place_of(const struct crx_devtable_line *p, const char *at)
{
	return (struct crx_place){ p->at.file, p->at.line, (unsigned)(at - p->begin) + 1 };
}

void crx_devtable_bad(struct crx_devtable_line *p, const char *at, const char *fmt, ...)
{
	struct crx_place place = place_of(p, at);
	va_list ap;

	va_start(ap, fmt);
	crx_place_vadd(&p->faults.error, &place, fmt, ap);
	va_end(ap);
}

const char *crx_devtable_copy_text(struct crx_devtable_line *p, const char *text, size_t len)
{
	char *copy = crx_arena_strndup(&p->dt->text, text, len);

	if (!copy)
		p->ret = crx_err_nomem(p->err, "reading a device table");
	return copy;
}

static bool is_word(struct crx_devtable_word w, const char *text)
{
	return w.len == strlen(text) && !memcmp(w.begin, text, w.len);
}

static struct crx_number read_number(struct crx_devtable_word w, enum crx_number_base base,
				     uint64_t max)
{
	return crx_number_read(w.begin, w.begin + w.len, base, max);
}

static void parse_type(struct crx_devtable_line *p, struct crx_devtable_entry *e,
		       struct crx_devtable_word w)
{
	char shown[CRX_EXCERPT_MAX];

	if (w.len == 1 && strchr("fFdrcbp", *w.begin))
		e->type = *w.begin;
	else
		crx_devtable_bad(p, w.begin,
				 "%s is not a type: expected f or F (file), d (directory), r "
				 "(directory with all below it), c or b (device), or p (FIFO)",
				 crx_place_excerpt(w.begin, w.len, shown));
}

static void parse_mode(struct crx_devtable_line *p, struct crx_devtable_entry *e,
		       struct crx_devtable_word w)
{
	struct crx_number n = read_number(w, CRX_NUMBER_OCTAL, 07777);
	char shown[CRX_EXCERPT_MAX];

	if (is_word(w, "-1"))
		e->mode = CRX_DEVTABLE_KEEP;
	else if (n.whole && !n.over)
		e->mode = (uint32_t)n.value;
	else
		crx_devtable_bad(p, w.begin,
				 "%s is not a mode: expected an octal number up to 7777, or -1 to "
				 "keep it",
				 crx_place_excerpt(w.begin, w.len, shown));
	if (e->mode == CRX_DEVTABLE_KEEP && e->type && strchr("cbp", e->type))
		crx_devtable_bad(p, w.begin,
				 "-1 cannot keep the mode of what type %c creates: expected an "
				 "octal number",
				 e->type);
}

static void parse_owner(struct crx_devtable_line *p, struct crx_devtable_entry *e,
			enum crx_users_kind kind, struct crx_devtable_word w)
{
	struct crx_number n = read_number(w, CRX_NUMBER_DECIMAL, UINT32_MAX - 1);

	if (is_word(w, "-1")) {
		e->id[kind] = CRX_DEVTABLE_KEEP;
	} else if (is_word(w, "-")) {
		crx_devtable_bad(p, w.begin,
				 "expected a %s (number, name, or -1 to keep it): '-' is allowed "
				 "only from the major number on",
				 crx_users_word(kind));
	} else if (!n.whole) {
		e->name[kind] = crx_devtable_copy_text(p, w.begin, w.len);
		e->name_column[kind] = (unsigned)(w.begin - p->begin) + 1;
	} else if (!n.over) {
		e->id[kind] = (uint32_t)n.value;
	} else {
		crx_devtable_bad(p, w.begin, "expected a %s up to 4294967294",
				 crx_users_word(kind));
	}
}

/* The value of the field, 0 if it is missing. Fields end at the first '-'. */
static uint32_t parse_number(struct crx_devtable_line *p, size_t field, const char *what)
{
	struct crx_devtable_word w = p->word[field];
	char shown[CRX_EXCERPT_MAX];
	struct crx_number n;

	if (field >= p->nwords)
		return 0;
	if (is_word(w, "-")) {
		p->nwords = field;
		return 0;
	}
	n = read_number(w, CRX_NUMBER_DECIMAL, CRX_DEVTABLE_NUMBER_MAX);
	if (n.whole && !n.over)
		return (uint32_t)n.value;
	crx_devtable_bad(p, w.begin, "%s is not a %s: expected a number up to %d, or '-'",
			 crx_place_excerpt(w.begin, w.len, shown), what, CRX_DEVTABLE_NUMBER_MAX);
	return 0;
}

static void warn_ignored(struct crx_devtable_line *p, struct crx_devtable_word w, const char *why)
{
	struct crx_place at = place_of(p, w.begin);
	char shown[CRX_EXCERPT_MAX];

	crx_fault_warn(&p->faults, &at, "%s is ignored, since it is after %s",
		       crx_place_excerpt(w.begin, w.len, shown), why);
}

static void parse_numbers(struct crx_devtable_line *p, struct crx_devtable_entry *e)
{
	size_t given = p->nwords, i;

	e->major = parse_number(p, CRX_DEVTABLE_MAJOR, "major number");
	e->minor = parse_number(p, CRX_DEVTABLE_MINOR, "minor number");
	e->start = parse_number(p, CRX_DEVTABLE_START, "number to start with");
	e->inc = parse_number(p, CRX_DEVTABLE_INC, "step");
	e->count = parse_number(p, CRX_DEVTABLE_COUNT, "count");
	for (i = p->nwords; i < given && i < CRX_DEVTABLE_FIELDS; i++) {
		if (!is_word(p->word[i], "-")) {
			warn_ignored(p, p->word[i], "a '-'");
			return;
		}
	}
	if (given == CRX_DEVTABLE_WORDS)
		warn_ignored(p, p->word[CRX_DEVTABLE_FIELDS], "the count, which is the last field");
}

/* Checks which nodes e creates. Sets e->count to 0 for a single one without a number. */
static void check_range(struct crx_devtable_line *p, struct crx_devtable_entry *e)
{
	struct crx_place at = place_of(p, p->word[0].begin);
	size_t nfields = p->nwords, last = e->count ? e->count - 1 : 0;
	bool makedevs = p->dt->style == CRX_DEVTABLE_MAKEDEVS;

	if (e->type != 'p' && nfields <= CRX_DEVTABLE_MINOR)
		crx_fault_warn(&p->faults, &at, "a device without %s: it gets %u, %u",
			       nfields <= CRX_DEVTABLE_MAJOR ? "major and minor number"
							     : "minor number",
			       e->major, e->minor);
	if (e->type != 'p' && e->minor + (uint64_t)last * e->inc > CRX_DEVTABLE_NUMBER_MAX)
		crx_devtable_bad(p, p->word[CRX_DEVTABLE_COUNT].begin,
				 "the last minor number would be %llu: expected at most %d",
				 (unsigned long long)(e->minor + (uint64_t)last * e->inc),
				 CRX_DEVTABLE_NUMBER_MAX);
	if (makedevs ? e->count == 1 : e->type == 'p')
		e->count = 0;
	p->dt->nodes += e->count ? e->count : 1;
	if (p->dt->nodes > CRX_DEVTABLE_NODES_MAX) {
		crx_devtable_bad(p, p->word[p->nwords - 1].begin,
				 "with these, the lines create more than %d nodes",
				 CRX_DEVTABLE_NODES_MAX);
		p->dt->nodes -= e->count ? e->count : 1;
	}
}

static void parse_path(struct crx_devtable_line *p, struct crx_devtable_entry *e,
		       struct crx_devtable_word w)
{
	e->at = place_of(p, w.begin);
	if (w.len > CRX_DEVTABLE_PATH_MAX)
		crx_devtable_bad(p, w.begin + CRX_DEVTABLE_PATH_MAX,
				 "the path is too long: expected at most %d bytes",
				 CRX_DEVTABLE_PATH_MAX);
	else
		e->path = crx_devtable_copy_text(p, w.begin, w.len);
}

/* The last part of a new node's path must be a name. */
static void check_leaf(struct crx_devtable_line *p, const struct crx_devtable_entry *e)
{
	const char *leaf = strrchr(e->path, '/');

	leaf = leaf ? leaf + 1 : e->path;
	if (!e->count && (!*leaf || !strcmp(leaf, ".") || !strcmp(leaf, "..")))
		crx_devtable_bad(p, p->word[0].begin,
				 "expected the path of a node, which ends in its name");
}

/* In mkcramfs style, fields from the mode on have defaults from the first '-' on. */
static void drop_default_fields(struct crx_devtable_line *p)
{
	size_t i;

	for (i = CRX_DEVTABLE_MODE; i <= CRX_DEVTABLE_GROUP && i < p->nwords; i++)
		if (is_word(p->word[i], "-"))
			p->nwords = i;
}

static const char *const MISSING[] = { "", "a type", "a mode", "a user", "a group" };

void crx_devtable_parse_entry(struct crx_devtable_line *p)
{
	struct crx_devtable_entry e = { .mode = 0755 };
	struct crx_devtable *dt = p->dt;
	size_t before = p->faults.error.count;

	parse_path(p, &e, p->word[0]);
	if (dt->style == CRX_DEVTABLE_MKCRAMFS)
		drop_default_fields(p);
	if (p->nwords > CRX_DEVTABLE_TYPE)
		parse_type(p, &e, p->word[CRX_DEVTABLE_TYPE]);
	if (p->nwords > CRX_DEVTABLE_MODE)
		parse_mode(p, &e, p->word[CRX_DEVTABLE_MODE]);
	if (p->nwords > CRX_DEVTABLE_USER)
		parse_owner(p, &e, CRX_USERS_USER, p->word[CRX_DEVTABLE_USER]);
	if (p->nwords > CRX_DEVTABLE_GROUP)
		parse_owner(p, &e, CRX_USERS_GROUP, p->word[CRX_DEVTABLE_GROUP]);
	if (p->nwords <=
	    (dt->style == CRX_DEVTABLE_MKCRAMFS ? CRX_DEVTABLE_TYPE : CRX_DEVTABLE_GROUP))
		crx_devtable_bad(p, p->words_end,
				 "expected %s here: a line has at least a name, type, mode, user "
				 "and group",
				 MISSING[p->nwords]);
	else
		parse_numbers(p, &e);
	if (p->ret || p->faults.error.count > before)
		return;
	if (strchr("cbp", e.type)) {
		check_range(p, &e);
		check_leaf(p, &e);
	}
	if (!crx_grow(&dt->entry, &dt->cap, dt->nentries + 1, sizeof(e)))
		p->ret = crx_err_nomem(p->err, "reading a device table");
	else
		dt->entry[dt->nentries++] = e;
}

void crx_devtable_parse_xattr(struct crx_devtable_line *p)
{
	struct crx_devtable *dt = p->dt;
	struct crx_devtable_xattr x = {
		.entry = dt->nentries - 1,
		.at = place_of(p, p->word[0].begin),
	};

	if (!is_word(p->word[0], "|xattr")) {
		crx_devtable_bad(p, p->word[0].begin,
				 "expected a path, or |xattr and a capability");
		return;
	}
	if (p->nwords < 2) {
		crx_devtable_bad(p, p->words_end,
				 "expected a capability here, as in |xattr cap_net_raw+ep");
		return;
	}
	if (dt->nentries == p->first) {
		/* else the line that it belongs to may be among those */
		if (!p->faults.error.count)
			crx_devtable_bad(p, p->word[0].begin,
					 "expected |xattr after the line of its file");
		return;
	}
	x.text = crx_devtable_copy_text(p, p->word[1].begin,
					(size_t)(p->words_end - p->word[1].begin));
	if (p->ret)
		return;
	if (!crx_grow(&dt->xattr, &dt->xattr_cap, dt->nxattrs + 1, sizeof(x)))
		p->ret = crx_err_nomem(p->err, "reading a device table");
	else
		dt->xattr[dt->nxattrs++] = x;
}
