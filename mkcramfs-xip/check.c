/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options and operands that cannot be used together.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "cli/text.h"
#include "options.h"

static int usage_error(struct crx_err *err, const char *text)
{
	return crx_err_set(err, CRX_EARG, 0, NULL, "%s", text);
}

/* --policy-check: SOURCE or nothing. */
static int check_one_operand(const struct options *o, struct crx_err *err)
{
	char quoted[CRX_CLI_QUOTE_MAX];

	if (o->cli.noperands > 1)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "--policy-check takes SOURCE only, and writes no image: "
				   "remove %s",
				   crx_cli_quote(o->operand[1], quoted, sizeof(quoted)));
	if (o->cli.noperands && !*o->operand[0])
		return usage_error(err, "SOURCE is an empty string");
	if (!o->cli.noperands && (o->json || o->curve))
		return crx_err_set(err, CRX_EARG, 0, NULL, "--policy-check with %s needs SOURCE",
				   o->json ? "--json" : "--budget-curve");
	return 0;
}

static int check_operands(const struct options *o, struct crx_err *err)
{
	char seen[OPERANDS_KEPT * (CRX_CLI_QUOTE_MAX + 2)] = "", quoted[CRX_CLI_QUOTE_MAX];
	size_t i, used = 0;

	if (o->check_only)
		return check_one_operand(o, err);
	if (o->cli.noperands == 0)
		return usage_error(err, "SOURCE and IMAGE are missing");
	if (o->cli.noperands == 1)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "IMAGE is missing (the only operand is %s)",
				   crx_cli_quote(o->operand[0], quoted, sizeof(quoted)));
	for (i = 0; i < o->cli.noperands && i < OPERANDS_KEPT; i++)
		used += (size_t)snprintf(seen + used, sizeof(seen) - used, "%s%s", i ? " " : "",
					 crx_cli_quote(o->operand[i], quoted, sizeof(quoted)));
	if (o->cli.noperands > 2)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "expected SOURCE and IMAGE, but got %zu operands: %s%s",
				   o->cli.noperands, seen,
				   o->cli.noperands > OPERANDS_KEPT ? " ..." : "");
	if (!*o->operand[0] || !*o->operand[1])
		return crx_err_set(err, CRX_EARG, 0, NULL, "an operand is empty: %s", seen);
	return 0;
}

static int check_sizes(const struct crx_build_opts *b, struct crx_err *err)
{
	if (b->max_size && b->pad_to > b->max_size)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "--pad-to %" PRIu64 " is more than --max-size %" PRIu64,
				   b->pad_to, b->max_size);
	if (b->max_size && b->flash_budget > b->max_size)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "--flash-budget %" PRIu64 " is more than --max-size %" PRIu64,
				   b->flash_budget, b->max_size);
	if (b->pad_to && b->flash_budget > b->pad_to)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "--flash-budget %" PRIu64 " is more than --pad-to %" PRIu64,
				   b->flash_budget, b->pad_to);
	return 0;
}

/* Options that choose among pages need -X or -P, which make pages eligible. */
static int check_choice(const struct options *o, struct crx_err *err)
{
	const struct crx_build_opts *b = &o->build;
	const char *option = b->flash_budget ? "--flash-budget"
			     : b->ram_goal   ? "--ram-goal"
			     : o->curve      ? "--budget-curve"
			     : b->profile.n  ? "--profile"
					     : NULL;
	size_t len = o->curve ? strlen(o->curve) : 0;

	if (option && !b->xip && !b->policy.n)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "%s needs -X or -P (without them, nothing goes in place)",
				   option);
	if (o->curve && (!len || o->curve[len - 1] == '/' || !strcmp(o->curve, "-")))
		return usage_error(err, "--budget-curve needs a prefix for two file names "
					"(curve gives curve.csv and curve.svg)");
	return 0;
}

/* Standard input is read once. */
static int check_sources(const struct options *o, struct crx_err *err)
{
	const struct crx_build_opts *b = &o->build;
	size_t i, n = o->stdin_patterns + (b->source && !strcmp(b->source, "-"));

	for (i = 0; i < b->overlay.n; i++)
		n += !strcmp(b->overlay.at[i], "-");
	return n > 1 ? usage_error(err, "standard input (-) can be used once only, as SOURCE, an "
					"overlay or with --exclude-from")
		     : 0;
}

int options_check(void *options, struct crx_err *err)
{
	const struct options *o = options;
	const struct crx_build_opts *b = &o->build;
	int ret;

	ret = check_operands(o, err);
	if (!ret)
		ret = check_sizes(b, err);
	if (!ret)
		ret = check_choice(o, err);
	if (!ret)
		ret = check_sources(o, err);
	if (ret)
		return ret;
	if (o->cli.quiet && o->verbose)
		return usage_error(err, "--quiet and -v cannot be used together");
	if (b->all_root && b->keep_owner)
		return usage_error(err, "-q (--all-root) and --keep-owner cannot be used together");
	if (b->best && b->comp && strchr(b->comp, ':'))
		return usage_error(err, "--best and a level in -c cannot be used together");
	if (o->fill_given && !b->pad_to)
		return usage_error(err, "--fill needs --pad-to");
	if (o->json && !*o->json)
		return usage_error(err, "--json needs a file name, not an empty string");
	if (o->fail_if.n && !o->against)
		return usage_error(err, "--fail-if needs --against, the image to compare with");
	if (o->check_only && o->against)
		return usage_error(err, "--policy-check and --against cannot be used together");
	if (o->check_only)
		return 0;
	if (o->json && !strcmp(o->json, "-") && !strcmp(b->image, "-"))
		return usage_error(err, "the image and --json cannot both go to standard output");
	return 0;
}
