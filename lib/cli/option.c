/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cli/option.h"

#include <string.h>

#include "base/number.h"
#include "base/strings.h"
#include "cli/number.h"
#include "cli/similar.h"
#include "cli/text.h"

enum { JOBS_MAX = 1024 };

struct parser {
	const struct crx_cli_table *table;
	char *const *argv;
	int argc;
	int next; /* the first argument not yet parsed */
	void *ctx;
};

int crx_cli_set_true(void *ctx, const struct crx_cli_use *use, struct crx_err *err CRX_UNUSED)
{
	*(bool *)((char *)ctx + use->option->field) = true;
	return 0;
}

int crx_cli_set_true_and_stop(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	int ret = crx_cli_set_true(ctx, use, err);

	return ret ? ret : CRX_CLI_STOP;
}

int crx_cli_set_false(void *ctx, const struct crx_cli_use *use, struct crx_err *err CRX_UNUSED)
{
	*(bool *)((char *)ctx + use->option->field) = false;
	return 0;
}

int crx_cli_set_string(void *ctx, const struct crx_cli_use *use, struct crx_err *err CRX_UNUSED)
{
	*(const char **)((char *)ctx + use->option->field) = use->arg;
	return 0;
}

int crx_cli_count(void *ctx, const struct crx_cli_use *use, struct crx_err *err CRX_UNUSED)
{
	++*(unsigned *)((char *)ctx + use->option->field);
	return 0;
}

int crx_cli_ignore(void *ctx CRX_UNUSED, const struct crx_cli_use *use CRX_UNUSED,
		   struct crx_err *err CRX_UNUSED)
{
	return 0;
}

int crx_cli_set_jobs(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	uint64_t n;

	if (crx_cli_parse_uint(use->arg, 0, JOBS_MAX, "number of jobs", &n, err) < 0)
		return CRX_EARG;
	*(unsigned *)((char *)ctx + use->option->field) = (unsigned)n;
	return 0;
}

int crx_cli_set_size(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	uint64_t *size = (uint64_t *)(void *)((char *)ctx + use->option->field);

	return crx_cli_parse_size(use->arg, 1, UINT64_MAX, use->spelled, size, err);
}

int crx_cli_set_offset(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	uint64_t *off = (uint64_t *)(void *)((char *)ctx + use->option->field);

	if (!strcmp(use->arg, "auto")) {
		*off = CRX_CLI_OFFSET_AUTO;
		return 0;
	}
	return crx_cli_parse_size(use->arg, 0, INT64_MAX, use->spelled, off, err);
}

int crx_cli_set_size_word(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	const char *word = use->option->words;
	uint64_t size;

	if (crx_cli_parse_size(use->arg, 1, UINT32_MAX, use->spelled, &size, err) < 0)
		return CRX_EARG;
	for (; *word; word += strcspn(word, " "), word += *word == ' ') {
		if (crx_number_read_size(word, NULL, UINT32_MAX).value != size)
			continue;
		*(uint32_t *)(void *)((char *)ctx + use->option->field) = (uint32_t)size;
		return 0;
	}
	return crx_cli_not_a_word(use, err);
}

static struct crx_strings *list_of(void *ctx, const struct crx_cli_option *o)
{
	return (struct crx_strings *)(void *)((char *)ctx + o->field);
}

int crx_cli_append(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	if (!*use->arg)
		return crx_err_set(err, CRX_EARG, 0, NULL, "%s needs %s, not an empty string",
				   use->spelled, use->option->arg_name);
	return crx_strings_add(list_of(ctx, use->option), use->arg, err);
}

int crx_cli_not_a_word(const struct crx_cli_use *use, struct crx_err *err)
{
	const char *word = use->option->words, *end;
	char quoted[CRX_CLI_QUOTE_MAX], list[160] = "";
	size_t used = 0;

	for (; *word && used < sizeof(list); word = *end ? end + 1 : end) {
		end = word + strcspn(word, " ");
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%.*s",
					 !used  ? ""
					 : *end ? ", "
						: " or ",
					 (int)(end - word), word);
	}
	return crx_err_set(err, CRX_EARG, 0, NULL, "%s must be %s, not %s", use->spelled, list,
			   crx_cli_quote(use->arg, quoted, sizeof(quoted)));
}

void crx_cli_free_lists(const struct crx_cli_table *t, void *ctx)
{
	size_t i;

	for (i = 0; i < t->noptions; i++)
		if (t->option[i].set == crx_cli_append)
			crx_strings_free(list_of(ctx, &t->option[i]));
}

/* The next argument, for an option that needs one and has none attached. */
static int take_next(struct parser *p, struct crx_cli_use *use, struct crx_err *err)
{
	if (p->next >= p->argc)
		return crx_err_set(err, CRX_EARG, 0, NULL, "option %s needs an argument: %s",
				   use->spelled, use->option->arg_name);
	use->arg = p->argv[p->next++];
	return 0;
}

static bool names_input(const struct crx_cli_option *o)
{
	return o->kind == CRX_CLI_KIND_INPUT || o->kind == CRX_CLI_KIND_SOURCE;
}

static bool takes_no_argument(const struct crx_cli_option *o)
{
	return o->kind == CRX_CLI_KIND_NONE;
}

static bool needs_no_argument(const struct crx_cli_option *o)
{
	return takes_no_argument(o) || o->arg_name[0] == '[';
}

static int apply(struct parser *p, const struct crx_cli_use *use, struct crx_err *err)
{
	int ret = names_input(use->option) ? p->table->input(p->ctx, use, err) : 0;

	return ret ? ret : use->option->set(p->ctx, use, err);
}

static const struct crx_cli_option *find_short(const struct crx_cli_table *t, char c)
{
	size_t i;

	for (i = 0; i < t->noptions; i++)
		if (t->option[i].short_name && t->option[i].short_name == c)
			return &t->option[i];
	return NULL;
}

/* The letters after one '-'. */
static int parse_cluster(struct parser *p, const char *letters, struct crx_err *err)
{
	for (; *letters; letters++) {
		struct crx_cli_use use = { find_short(p->table, *letters), NULL, "" };
		int ret;

		if (!use.option) {
			char quoted[CRX_CLI_QUOTE_MAX], name[3] = { '-', *letters, '\0' };

			return crx_err_set(err, CRX_EARG, 0, NULL, "unknown option %s",
					   crx_cli_quote(name, quoted, sizeof(quoted)));
		}
		snprintf(use.spelled, sizeof(use.spelled), "-%c", *letters);
		if (takes_no_argument(use.option)) {
			ret = apply(p, &use, err);
			if (ret)
				return ret;
			continue;
		}
		if (letters[1])
			use.arg = letters + 1;
		else if (!needs_no_argument(use.option) && take_next(p, &use, err) < 0)
			return CRX_EARG;
		/* mkfs tools also accept "-l=MODE" for an optional argument. */
		if (use.arg && needs_no_argument(use.option) && *use.arg == '=')
			use.arg++;
		return apply(p, &use, err);
	}
	return 0;
}

static int ambiguous(const struct crx_cli_table *t, const char *name, size_t len,
		     struct crx_err *err)
{
	char quoted[CRX_CLI_QUOTE_MAX], list[400] = "";
	size_t i, used = 0;

	for (i = 0; i < t->noptions; i++) {
		const char *l = t->option[i].long_name;

		if (!l || strncmp(l, name, len) != 0 || used + strlen(l) + 5 > sizeof(list))
			continue;
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s--%s",
					 used ? ", " : "", l);
	}
	return crx_err_set(err, CRX_EARG, 0, NULL, "option %s is ambiguous: %s",
			   crx_cli_quote(name - 2, quoted, sizeof(quoted)), list);
}

/* The option with the long name, whole or abbreviated, that has len bytes at name, after "--". */
static int find_long(const struct crx_cli_table *t, const char *name, size_t len,
		     const struct crx_cli_option **out, struct crx_err *err)
{
	struct crx_cli_similar similar = { .typed = name, .len = len };
	char quoted[CRX_CLI_QUOTE_MAX];
	size_t i, hits = 0;

	for (i = 0; i < t->noptions; i++) {
		const char *l = t->option[i].long_name;

		if (l)
			crx_cli_similar_offer(&similar, l);
		if (!l || strncmp(l, name, len) != 0)
			continue;
		*out = &t->option[i];
		if (!l[len])
			return 0;
		hits++;
	}
	if (hits == 1)
		return 0;
	if (hits)
		return ambiguous(t, name, len, err);
	crx_cli_quote(name - 2, quoted, sizeof(quoted));
	if (similar.best)
		return crx_err_set(err, CRX_EARG, 0, NULL, "unknown option %s (did you mean --%s?)",
				   quoted, similar.best);
	return crx_err_set(err, CRX_EARG, 0, NULL, "unknown option %s", quoted);
}

static int parse_long(struct parser *p, const char *arg, struct crx_err *err)
{
	const char *name = arg + 2;
	size_t len = strcspn(name, "=");
	struct crx_cli_use use = { NULL, NULL, "" };
	int ret = find_long(p->table, name, len, &use.option, err);

	if (ret)
		return ret;
	snprintf(use.spelled, sizeof(use.spelled), "--%s", use.option->long_name);
	if (name[len] == '=')
		use.arg = name + len + 1;
	if (use.arg && takes_no_argument(use.option))
		return crx_err_set(err, CRX_EARG, 0, NULL, "option %s takes no argument",
				   use.spelled);
	if (!use.arg && !needs_no_argument(use.option) && take_next(p, &use, err) < 0)
		return CRX_EARG;
	return apply(p, &use, err);
}

int crx_cli_parse(const struct crx_cli_table *t, int argc, char *const *argv, void *ctx,
		  struct crx_err *err)
{
	struct parser p = { t, argv, argc, 1, ctx };
	bool operands_only = false;

	while (p.next < p.argc) {
		const char *arg = p.argv[p.next++];
		int ret;

		if (operands_only || arg[0] != '-' || !arg[1])
			ret = t->operand(ctx, arg, err);
		else if (arg[1] != '-')
			ret = parse_cluster(&p, arg + 1, err);
		else if (arg[2])
			ret = parse_long(&p, arg, err);
		else {
			operands_only = true;
			ret = 0;
		}
		if (ret)
			return ret;
	}
	return 0;
}
