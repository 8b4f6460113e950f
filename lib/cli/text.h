/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths, arguments and other untrusted bytes on a terminal. Valid UTF-8 is written unchanged;
 * control characters, bytes that are not UTF-8, and characters that reorder or break lines are
 * escaped (\n, \x1b, \u202e), whatever the locale.
 */
#ifndef CRX_CLI_TEXT_H
#define CRX_CLI_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Decodes the UTF-8 sequence at s, which has len bytes. Returns its length, 1 to 4, and sets *c to
 * the character. Returns 0 if there is no valid sequence; overlong forms and surrogates are not.
 */
size_t crx_cli_utf8(const char *s, size_t len, uint32_t *c);

/* Different paths never look the same: '\' becomes "\\". */
void crx_cli_put_path(FILE *out, const char *path);

/* The text of a message: '\' and newlines are not escaped; each line after the first begins with
 * indent. */
void crx_cli_put_text(FILE *out, const char *text, const char *indent);

/* 's', escaped and in quotation marks, for use in a message. If it does not fit, it is cut and ends
 * with "...". cap is at least 8. Returns buf. */
const char *crx_cli_quote(const char *s, char *buf, size_t cap);
enum { CRX_CLI_QUOTE_MAX = 160 };

#endif
