/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The setters of the options, as struct crx_cli_option describes them. ctx is a struct options.
 */
#ifndef MKCRAMFS_XIP_SETTERS_H
#define MKCRAMFS_XIP_SETTERS_H

#include "options.h"

int set_order(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int set_page_size(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int set_edition(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int count_xip(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int set_all_root(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int set_owner(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int append_policy_check(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int set_pad_to(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int set_erase_size(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int set_reserve(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int set_max_waste(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int set_fill(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int set_lock(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int append_exclude(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int append_exclude_from(void *ctx, const struct crx_cli_use *use, struct crx_err *err);
int append_fail_if(void *ctx, const struct crx_cli_use *use, struct crx_err *err);

/* The byte order of this machine. */
enum crx_order host_order(void);

/* The lock mode of -l or $LOCK_BLOCK_DEVICE; origin says which in the message. */
int parse_lock(const char *text, const char *origin, enum crx_lock *out, struct crx_err *err)
	CRX_MUST_CHECK;

#endif
