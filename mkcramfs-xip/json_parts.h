/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members of the JSON object. Internal to json*.c.
 */
#ifndef MKCRAMFS_XIP_JSON_PARTS_H
#define MKCRAMFS_XIP_JSON_PARTS_H

#include "cli/json.h"
#include "options.h"
#include "text.h"

void json_put_budget(struct crx_cli_json *j, const struct options *o, const struct crx_result *r);
void json_put_rules(struct crx_cli_json *j, const struct crx_result *r);
void json_put_files(struct crx_cli_json *j, const struct options *o, const struct crx_result *r);

#endif
