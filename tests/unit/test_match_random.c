/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules to files: random trees and rules against a slow oracle that knows patterns
 * by components only.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy_world.h"

/* --- the oracle: components, one after the other --- */

/* One component against one name, both without '/'. */
static bool name_fits(const char *p, const char *s)
{
	size_t n;

	switch (*p) {
	case '\0':
		return !*s;
	case '*':
		return name_fits(p + 1, s) || (*s && name_fits(p, s + 1));
	case '?':
		return *s && name_fits(p + 1, s + 1);
	case '[': /* plain sets only: the random patterns have no others */
		n = strcspn(p, "]");
		return *s && memchr(p + 1, *s, n - 1) && name_fits(p + n + 1, s + 1);
	case '\\':
		p++;
		/* fall through */
	default:
		return *p == *s && name_fits(p + 1, s + 1);
	}
}

enum { DEEP = 12 };

struct parts {
	char part[DEEP][16];
	size_t n;
};

static void split(const char *path, struct parts *p)
{
	size_t len;

	for (p->n = 0; *path; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		assert_true(len < sizeof(p->part[0]) && p->n < DEEP);
		snprintf(p->part[p->n++], sizeof(p->part[0]), "%.*s", (int)len, path);
	}
}

static bool parts_fit(const struct parts *p, size_t i, const struct parts *s, size_t k, size_t n)
{
	if (i == p->n)
		return k == n;
	if (!strcmp(p->part[i], "**")) {
		if (i + 1 == p->n)
			return k < n;
		return parts_fit(p, i + 1, s, k, n) || (k < n && parts_fit(p, i, s, k + 1, n));
	}
	return k < n && name_fits(p->part[i], s->part[k]) && parts_fit(p, i + 1, s, k + 1, n);
}

static bool is_wild(const char *s)
{
	for (; *s; s++) {
		if (strchr("*?[", *s))
			return true;
		s += *s == '\\';
	}
	return false;
}

static void plain(const char *s, char *out)
{
	for (; *s; s++)
		if (*s != '\\')
			*out++ = *s;
	*out = '\0';
}

/* Is the file at s (components) below a directory that p fits, or is it one? */
static bool relative_fits(const struct parts *p, bool dir, const struct parts *s)
{
	size_t n;

	if (!dir)
		return parts_fit(p, 0, s, 0, s->n);
	for (n = 1; n < s->n; n++)
		if (parts_fit(p, 0, s, 0, n))
			return true;
	return false;
}

/* pattern as written. Walks the literal front, then compares what is below. */
static bool oracle_fits(struct world *x, const char *pattern, const struct crx_node *n)
{
	char path[200], front[200] = "", base[200], name[16];
	size_t len = strlen(pattern), lit, i;
	bool dir = pattern[len - 1] == '/', anchored;
	const struct crx_node *at;
	struct parts p, s, rest = { .n = 0 };

	snprintf(base, sizeof(base), "%.*s", (int)(len - dir), pattern);
	anchored = strchr(base, '/') != NULL;
	split(base + (*base == '/'), &p);
	crx_tree_path(n, path, sizeof(path));
	split(path + 1, &s);
	if (!anchored) {
		for (i = 0; dir && i + 1 < s.n; i++)
			if (name_fits(p.part[0], s.part[i]) || !strcmp(p.part[0], "**"))
				return true;
		return !dir && (name_fits(p.part[0], s.part[s.n - 1]));
	}
	for (lit = 0; lit < p.n && !is_wild(p.part[lit]); lit++)
		;
	/* the last of a pattern that is not all literal is not a directory */
	for (i = 0; i < lit; i++) {
		plain(p.part[i], name);
		len = strlen(front);
		snprintf(front + len, sizeof(front) - len, "/%s", name);
	}
	at = crx_tree_find(&x->t, front);
	if (lit == p.n && !dir)
		return at == n;
	if (!at || !S_ISDIR(at->mode))
		return false;
	crx_tree_path(at, base, sizeof(base));
	len = at->parent ? strlen(base) : 0;
	if (strncmp(path, base, len) != 0 || path[len] != '/')
		return false;
	split(path + len + 1, &s);
	if (lit == p.n)
		return true;
	for (i = lit; i < p.n; i++)
		memcpy(rest.part[rest.n++], p.part[i], sizeof(rest.part[0]));
	return relative_fits(&rest, dir, &s);
}

/* --- random trees and rules --- */

static uint64_t seed;

static unsigned random_below(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static const char *const NAMES[] = { "a", "b", "ab", "ba", "lib", "x.so", "?a", "a" };

static void random_path(char *buf, size_t cap, unsigned depth)
{
	size_t used = 0;
	unsigned i;

	*buf = '\0';
	for (i = 0; i <= depth; i++)
		used += (size_t)snprintf(buf + used, cap - used, "%s%s", i ? "/" : "",
					 NAMES[random_below(8)]);
}

/* The type of what is at path: 0 nothing, 2 where it cannot be for a file is on the way. */
static int path_exists(struct world *x, const char *path)
{
	const struct crx_node *d = x->t.root, *next;
	size_t i, len;

	for (; *path; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		if (!S_ISDIR(d->mode))
			return 2;
		next = NULL;
		for (i = 0; i < d->nchildren; i++)
			if (strlen(d->child[i]->name) == len &&
			    !memcmp(d->child[i]->name, path, len))
				next = d->child[i];
		if (!next)
			return 0;
		d = next;
	}
	return 1;
}

static void random_tree(struct world *x)
{
	static const char *const targets[] = { "a",    "b",        "../a", "/lib",
					       "/a/b", "/ab/x.so", "..",   "." };
	unsigned i, n = 10 + random_below(30);
	char path[100];

	for (i = 0; i < n; i++) {
		random_path(path, sizeof(path), random_below(4));
		if (path_exists(x, path))
			continue;
		switch (random_below(6)) {
		case 0:
			add_link(x, path, targets[random_below(8)]);
			break;
		case 1:
			if (x->nfiles && random_below(2) && !x->file[x->nfiles - 1].n->link_ino &&
			    x->file[x->nfiles - 1].n->size) {
				add_name(x, path);
				break;
			}
			/* fall through */
		case 2:
			add_elf(x, path, ARM, random_below(2) ? ET_DYN : ET_EXEC)->program =
				random_below(2);
			break;
		default:
			add_file(x, path, random_below(4) * 10);
			x->file[x->nfiles - 1].n->mode |= random_below(2) ? 0100 : 0;
		}
	}
}

static void random_pattern(char *buf, size_t cap)
{
	static const char *const part[] = { "a", "b",  "ab", "lib",  "x.so",  "*",    "a*",  "*b",
					    "?", "**", "**", "[ab]", "[xl]*", "\\?a", "*.so" };
	unsigned i, n = 1 + random_below(4);
	size_t used;

	used = (size_t)snprintf(buf, cap, "%s", random_below(3) ? "/" : "");
	for (i = 0; i < n; i++)
		used += (size_t)snprintf(buf + used, cap - used, "%s%s", i ? "/" : "",
					 part[random_below(15)]);
	if (!random_below(3))
		snprintf(buf + used, cap - used, "/");
}

struct random_rule {
	char pattern[80];
	int exec_bit;
	bool elf, large;
};

static bool oracle_matches(struct world *x, const struct random_rule *r, size_t file)
{
	const struct crx_file_fact *first = &x->f.file[x->f.file[file].link];

	if (!S_ISREG(first->node->mode) ||
	    (r->elf && !(first->exec.kind == CRX_EXEC_ELF &&
			 (first->exec.program || first->exec.type == ET_DYN))))
		return false;
	if ((r->large && first->node->size <= 10) ||
	    (r->exec_bit && (first->node->mode & 0111 ? 1 : -1) != r->exec_bit))
		return false;
	return oracle_fits(x, r->pattern, x->f.file[file].node);
}

static void check_random(struct world *x, const struct random_rule *rule, size_t nrules,
			 const struct crx_policy_verdict *v)
{
	size_t i, k, r, hits;
	uint32_t want;
	bool any;

	for (r = 0; r < nrules; r++) {
		for (i = hits = 0; i < x->f.nfiles; i++) {
			for (k = 0, any = false; k < x->f.nfiles && x->f.file[i].link == i; k++)
				any |= x->f.file[k].link == i && oracle_matches(x, &rule[r], k);
			hits += any;
		}
		if (hits != v->hits[r])
			fail_msg("%s: %zu, not %zu", rule[r].pattern, v->hits[r], hits);
	}
	for (i = 0; i < x->f.nfiles; i++) {
		want = CRX_NO_RULE;
		for (r = 0; r < nrules; r++)
			for (k = 0; k < x->f.nfiles; k++)
				if (x->f.file[k].link == x->f.file[i].link &&
				    oracle_matches(x, &rule[r], k))
					want = (uint32_t)r;
		assert_int_equal(v->rule_of[i], want);
	}
}

static void random_rules(void **state)
{
	enum { ROUNDS = 1500, RULES = 12 };
	struct random_rule rule[RULES];
	size_t round, r, matches = 0;
	char text[128];
	struct crx_policy_verdict v;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		struct world *x = new_world();

		seed = round;
		random_tree(x);
		for (r = 0; r < RULES; r++) {
			rule[r] = (struct random_rule){
				.exec_bit = random_below(4)   ? 0
					    : random_below(2) ? 1
							      : -1,
				.elf = !random_below(4),
				.large = !random_below(4),
			};
			random_pattern(rule[r].pattern, sizeof(rule[r].pattern));
			snprintf(text, sizeof(text), "%.79s%s%s%s compress\n", rule[r].pattern,
				 rule[r].elf ? " elf" : "", rule[r].large ? " size>10" : "",
				 rule[r].exec_bit ? (rule[r].exec_bit > 0 ? " mode=+x" : " mode=-x")
						  : "");
			add_rules(x, text);
		}
		match(x, &v);
		check_random(x, rule, RULES, &v);
		for (r = 0; r < RULES; r++)
			matches += v.hits[r];
		verdict_free(&v);
		end(x);
	}
	/* the dice are worth something */
	if (matches < ROUNDS * RULES / 2)
		fail_msg("%zu matches", matches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_rules),
	};

	return cmocka_run_group_tests_name("match_random", tests, NULL, NULL);
}
