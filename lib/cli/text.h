/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of unknown origin (paths, arguments) on a terminal. Valid UTF-8 is
 * shown as it is; control characters, bytes that are not UTF-8, and the
 * characters that reorder or break a line are escaped (\n, \x1b, \u202e),
 * whatever the locale.
 */
#ifndef CRX_CLI_TEXT_H
#define CRX_CLI_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * The UTF-8 sequence at the beginning of the len bytes at s: its length 1..4
 * and its character in *c, or 0 if there is none (overlong forms and
 * surrogates are none).
 */
size_t crx_cli_utf8(const char *s, size_t len, uint32_t *c);

/* A path, escaped so that two paths never look the same: '\' becomes "\\". */
void crx_cli_put_path(FILE *out, const char *path);

/* The text of a message: '\' and newlines stay; each line but the first
 * begins with indent. */
void crx_cli_put_text(FILE *out, const char *text, const char *indent);

/* 'path', escaped and in quotation marks, for use inside a message. Cut with
 * "..." where it does not fit; cap is at least 8. Returns buf. */
const char *crx_cli_quote(const char *s, char *buf, size_t cap);
enum { CRX_CLI_QUOTE_MAX = 160 };

#endif
