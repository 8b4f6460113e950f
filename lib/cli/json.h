/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A JSON writer. Strings are bytes: UTF-8 is written unchanged, and each byte 0xNN that is not part
 * of UTF-8 as the lone surrogate \udcNN, from which Python's "surrogateescape" restores the bytes.
 *
 * With in_html, the text is safe inside a <script> element: '<', '>', '&' and line and paragraph
 * separators are escaped, as in \u003c.
 *
 * Write errors stay in the stream: check ferror() at the end.
 */
#ifndef CRX_CLI_JSON_H
#define CRX_CLI_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { CRX_CLI_JSON_DEPTH = 16 };

/* Zero-initialise, and set out. */
struct crx_cli_json {
	FILE *out;
	bool in_html;
	unsigned depth;
	struct {
		char close;
		bool filled, flat;
	} level[CRX_CLI_JSON_DEPTH];
};

/*
 * Opens an object or an array: bracket is '{' or '['. key is NULL in an array and at the top. With
 * flat, all of it is on one line. Callers do not nest deeper than CRX_CLI_JSON_DEPTH.
 */
void crx_cli_json_open(struct crx_cli_json *j, const char *key, char bracket, bool flat);
void crx_cli_json_close(struct crx_cli_json *j);

/* value NULL: null */
void crx_cli_json_string(struct crx_cli_json *j, const char *key, const char *value);
void crx_cli_json_uint(struct crx_cli_json *j, const char *key, uint64_t value);
/* null if the value is not known */
void crx_cli_json_known(struct crx_cli_json *j, const char *key, bool known, uint64_t value);
void crx_cli_json_bool(struct crx_cli_json *j, const char *key, bool value);

#endif
