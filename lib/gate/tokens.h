/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON (RFC 8259) in memory, read from its beginning to its end: the caller asks for what must come
 * next. Paths keep every byte: a lone surrogate \udcNN is the byte 0xNN, as cli/json.h writes it.
 *
 * All functions return a negative code with the file and the line if the text is anything else.
 */
#ifndef CRX_GATE_TOKENS_H
#define CRX_GATE_TOKENS_H

#include "base/err.h"

/* Set name, begin, at, end and err; free text at the end. */
struct crx_gate_tokens {
	const char *name;             /* of the file */
	const char *begin, *at, *end; /* at begin == at: the beginning */
	char *text;                   /* the last string, with a NUL */
	size_t cap;
	bool first; /* nothing of the innermost object or array was read yet */
	struct crx_err *err;
};

/* An error at this place. */
int crx_gate_tokens_wrong(const struct crx_gate_tokens *t, const char *what);

/* The beginning of an object or array: bracket is '{' or '['. */
int crx_gate_tokens_open(struct crx_gate_tokens *t, char bracket) CRX_MUST_CHECK;

/* Goes to the next element of an array: 1; or after its end: 0. */
int crx_gate_tokens_element(struct crx_gate_tokens *t) CRX_MUST_CHECK;

/* Goes to the next value of an object, whose key is in text: 1; or after its end: 0. */
int crx_gate_tokens_member(struct crx_gate_tokens *t) CRX_MUST_CHECK;

/* A string into text; a string with a NUL is an error. */
int crx_gate_tokens_string(struct crx_gate_tokens *t) CRX_MUST_CHECK;

/* A whole number that is not negative. */
int crx_gate_tokens_number(struct crx_gate_tokens *t, uint64_t *out) CRX_MUST_CHECK;

/* Skips any value. */
int crx_gate_tokens_skip(struct crx_gate_tokens *t) CRX_MUST_CHECK;

/* Is null next? It is then skipped. */
bool crx_gate_tokens_is_null(struct crx_gate_tokens *t);

/* Only blanks may follow. */
int crx_gate_tokens_end(struct crx_gate_tokens *t) CRX_MUST_CHECK;

#endif
