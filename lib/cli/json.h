/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON, written as it comes. Strings are bytes: what is UTF-8 stays, and each
 * byte 0xNN that is not is written as the lone surrogate \udcNN, from which
 * the bytes can be had back (Python's "surrogateescape").
 *
 * With in_html the text may stand inside a <script> element: '<', '>' and '&'
 * are written as \u003c and so on, line and paragraph separators as well.
 *
 * Write errors stay in the stream: look at ferror() at the end.
 */
#ifndef CRX_CLI_JSON_H
#define CRX_CLI_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { CRX_CLI_JSON_DEPTH = 16 };

/* Zero-initialise, but for out. */
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
 * bracket is '{' or '['; key is NULL inside an array and at the top. With
 * flat, all inside stands on one line. Deeper than CRX_CLI_JSON_DEPTH nothing
 * can be opened: the caller's nesting is fixed.
 */
void crx_cli_json_open(struct crx_cli_json *j, const char *key, char bracket, bool flat);
void crx_cli_json_close(struct crx_cli_json *j);

void crx_cli_json_string(struct crx_cli_json *j, const char *key,
			 const char *value); /* NULL: null */
void crx_cli_json_uint(struct crx_cli_json *j, const char *key, uint64_t value);
void crx_cli_json_bool(struct crx_cli_json *j, const char *key, bool value);

#endif
