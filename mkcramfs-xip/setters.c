/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "setters.h"

#include <string.h>

#include "cli/number.h"
#include "cli/text.h"

enum crx_order host_order(void)
{
	const uint16_t one = 1;
	uint8_t first;

	memcpy(&first, &one, 1);
	return first ? CRX_ORDER_LITTLE : CRX_ORDER_BIG;
}

int set_order(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct options *o = ctx;
	/* -B and -L take no argument */
	const char *order = use->arg ? use->arg : use->option->short_name == 'B' ? "big" : "little";

	if (!strcmp(order, "big"))
		o->build.order = CRX_ORDER_BIG;
	else if (!strcmp(order, "little"))
		o->build.order = CRX_ORDER_LITTLE;
	else if (!strcmp(order, "host"))
		o->build.order = host_order();
	else
		return crx_cli_not_a_word(use, err);
	return 0;
}

/* In other programs of this name -b means big-endian. Then the argument is an
 * operand, and the message says which options set the byte order. */
int set_page_size(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct options *o = ctx;
	struct crx_err ignored = CRX_ERR_INIT;
	char quoted[CRX_CLI_QUOTE_MAX];
	uint64_t v = 0;

	crx_cli_quote(use->arg, quoted, sizeof(quoted));
	if (crx_cli_parse_size(use->arg, 0, UINT64_MAX, "block size", &v, &ignored) < 0)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "%s needs the page size of the target (4K, 8K, 16K, 32K or "
				   "64K), not %s (for the byte order, use -B, -L or -N)",
				   use->spelled, quoted);
	if (!crx_page_size_ok(v))
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "block size %s is not supported (use the page size of the "
				   "target: 4K, 8K, 16K, 32K or 64K)",
				   quoted);
	o->build.page_size = (uint32_t)v;
	return 0;
}

int set_edition(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct options *o = ctx;
	uint64_t v;

	if (crx_cli_parse_uint(use->arg, 0, UINT32_MAX, "edition", &v, err) < 0)
		return CRX_EARG;
	o->build.edition = (uint32_t)v;
	return 0;
}

int count_xip(void *ctx, const struct crx_cli_use *use, struct crx_err *err CRX_UNUSED)
{
	struct options *o = ctx;

	o->build.xip = true;
	/* other programs have no --xip: it is for targets with an MMU */
	o->xips += use->spelled[1] == 'X' ? 1 : 2;
	return 0;
}

int set_pad_to(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	return crx_cli_parse_size(use->arg, 1, INT64_MAX, use->spelled,
				  &((struct options *)ctx)->build.pad_to, err);
}

int set_erase_size(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	return crx_cli_parse_erase_size(use->arg, use->spelled,
					&((struct options *)ctx)->build.update.erase_len, err);
}

static bool is_percent(const char *text)
{
	size_t len = strlen(text);

	return len && text[len - 1] == '%';
}

/* A number, with or without the sign. */
static int parse_percent(const struct crx_cli_use *use, uint32_t *out, struct crx_err *err)
{
	size_t len = strlen(use->arg) - is_percent(use->arg);
	char digits[CRX_CLI_NUMBER_MAX];
	uint64_t v;
	int ret;

	if (len >= sizeof(digits))
		return crx_err_set(err, CRX_EARG, 0, NULL, "%s is not a percentage", use->spelled);
	memcpy(digits, use->arg, len);
	digits[len] = '\0';
	ret = crx_cli_parse_uint(digits, 0, 1000, use->spelled, &v, err);
	if (!ret)
		*out = (uint32_t)v;
	return ret;
}

int set_reserve(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct crx_build_update *u = &((struct options *)ctx)->build.update;

	u->reserve_len = 0;
	u->reserve_percent = 0;
	if (is_percent(use->arg))
		return parse_percent(use, &u->reserve_percent, err);
	return crx_cli_parse_size(use->arg, 0, UINT32_MAX, use->spelled, &u->reserve_len, err);
}

int set_max_waste(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	return parse_percent(use, &((struct options *)ctx)->build.update.max_waste, err);
}

int set_fill(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct options *o = ctx;
	uint64_t v;

	if (crx_cli_parse_uint(use->arg, 0, 0xff, "fill byte", &v, err) < 0)
		return CRX_EARG;
	o->build.fill = (uint8_t)v;
	o->fill_given = true;
	return 0;
}

int parse_lock(const char *text, const char *origin, enum crx_lock *out, struct crx_err *err)
{
	char quoted[CRX_CLI_QUOTE_MAX];

	if (!strcmp(text, "yes") || !strcmp(text, "1"))
		*out = CRX_LOCK_YES;
	else if (!strcmp(text, "no") || !strcmp(text, "0"))
		*out = CRX_LOCK_NO;
	else if (!strcmp(text, "nonblock"))
		*out = CRX_LOCK_NONBLOCK;
	else
		return crx_err_set(err, CRX_EARG, 0, NULL, "%s must be yes, no or nonblock, not %s",
				   origin, crx_cli_quote(text, quoted, sizeof(quoted)));
	return 0;
}

int set_lock(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct options *o = ctx;

	o->lock_given = true;
	return parse_lock(use->arg ? use->arg : "yes", use->spelled, &o->build.lock, err);
}

/* Of -q and --owner, the last one holds. */
int set_all_root(void *ctx, const struct crx_cli_use *use CRX_UNUSED,
		 struct crx_err *err CRX_UNUSED)
{
	struct options *o = ctx;

	o->build.all_root = true;
	o->build.owner = NULL;
	return 0;
}

int set_owner(void *ctx, const struct crx_cli_use *use, struct crx_err *err CRX_UNUSED)
{
	struct options *o = ctx;

	o->build.all_root = false;
	o->build.owner = use->arg;
	return 0;
}

int append_exclude(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	return crx_build_add_pattern(use->arg, &((struct options *)ctx)->build.exclude, err);
}

int append_exclude_from(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	struct options *o = ctx;

	o->stdin_patterns += !strcmp(use->arg, "-");
	return crx_build_read_patterns(use->arg, &o->build.exclude, err);
}

int append_fail_if(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	return crx_gate_parse(&((struct options *)ctx)->fail_if, use->arg, use->spelled, err);
}

int append_policy_check(void *ctx, const struct crx_cli_use *use, struct crx_err *err)
{
	((struct options *)ctx)->check_only = true;
	return crx_cli_append(ctx, use, err);
}
