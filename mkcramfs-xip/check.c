/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options and operands that do not go together.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "cli/text.h"
#include "options.h"

static int contradiction(struct crx_err *err, const char *text)
{
	return crx_err_set(err, CRX_EARG, 0, NULL, "%s", text);
}

static int check_operands(const struct options *o, struct crx_err *err)
{
	char seen[OPERANDS_KEPT * (CRX_CLI_QUOTE_MAX + 2)] = "", quoted[CRX_CLI_QUOTE_MAX];
	size_t i, used = 0;

	if (o->noperands == 0)
		return contradiction(err, "SOURCE and IMAGE are missing");
	if (o->noperands == 1)
		return crx_err_set(err, CRX_EARG, 0, NULL, "IMAGE is missing: all there is besides options is %s", crx_cli_quote(o->operand[0], quoted, sizeof(quoted)));
	for (i = 0; i < o->noperands && i < OPERANDS_KEPT; i++)
		used += (size_t)snprintf(seen + used, sizeof(seen) - used, "%s%s", i ? " " : "", crx_cli_quote(o->operand[i], quoted, sizeof(quoted)));
	if (o->noperands > 2)
		return crx_err_set(err, CRX_EARG, 0, NULL, "wanted are SOURCE and IMAGE, but %zu names were given: %s%s", o->noperands, seen, o->noperands > OPERANDS_KEPT ? " ..." : "");
	if (!*o->operand[0] || !*o->operand[1])
		return crx_err_set(err, CRX_EARG, 0, NULL, "a name is empty: %s", seen);
	return 0;
}

static int check_sizes(const struct crx_build_opts *b, struct crx_err *err)
{
	if (b->max_size && b->pad_to > b->max_size)
		return crx_err_set(err, CRX_EARG, 0, NULL, "--pad-to %" PRIu64 " would be more than --max-size %" PRIu64 " allows", b->pad_to, b->max_size);
	return 0;
}

int options_check(const struct options *o, struct crx_err *err)
{
	const struct crx_build_opts *b = &o->build;
	int ret;

	ret = check_operands(o, err);
	if (!ret)
		ret = check_sizes(b, err);
	if (ret)
		return ret;
	if (o->quiet && o->verbose)
		return contradiction(err, "--quiet and -v contradict each other");
	if (b->all_root && b->keep_owner)
		return contradiction(err, "-q (--all-root) and --keep-owner contradict each other");
	if (b->best && b->comp && strchr(b->comp, ':'))
		return contradiction(err, "--best and a level in -c contradict each other");
	if (o->fill_given && !b->pad_to)
		return contradiction(err, "--fill says nothing without --pad-to");
	if (o->json && !*o->json)
		return contradiction(err, "--json wants the name of a file, not an empty string");
	if (b->insert_path && !*b->insert_path)
		return contradiction(err, "-i wants the name of a file, not an empty string");
	if (o->json && !strcmp(o->json, "-") && !strcmp(b->image, "-"))
		return contradiction(err, "the image and --json cannot both go to standard output");
	if (o->json && strcmp(o->json, "-") != 0 && !strcmp(o->json, b->image))
		return contradiction(err, "the image and --json cannot both be the same file");
	return 0;
}
