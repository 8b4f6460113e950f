/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers and sizes in arguments and in output. They do not depend on the locale.
 */
#ifndef CRX_CLI_NUMBER_H
#define CRX_CLI_NUMBER_H

#include <stdio.h>

#include "base/err.h"
#include "base/number.h"

/*
 * A whole number from min to max, decimal or 0x hexadecimal. `what` is its name in the message
 * ("edition"). CRX_EARG if it is anything else.
 */
int crx_cli_parse_uint(const char *text, uint64_t min, uint64_t max, const char *what,
		       uint64_t *out, struct crx_err *err) CRX_MUST_CHECK;

/* The same for a size (base/number.h), in bytes. */
int crx_cli_parse_size(const char *text, uint64_t min, uint64_t max, const char *what,
		       uint64_t *out, struct crx_err *err) CRX_MUST_CHECK;

/* The same for the size of a flash's erase blocks: a power of two from 4 KiB to 16 MiB. */
int crx_cli_parse_erase_size(const char *text, const char *what, uint32_t *out, struct crx_err *err)
	CRX_MUST_CHECK;

enum { CRX_CLI_NUMBER_MAX = 32 };

/* "512 bytes", "1 byte", "12.3 KiB", "4.0 MiB". Returns buf. */
const char *crx_cli_size_text(uint64_t n, char buf[CRX_CLI_NUMBER_MAX]);

/* "1,234,567" */
const char *crx_cli_count_text(uint64_t n, char buf[CRX_CLI_NUMBER_MAX]);

struct crx_cli_counted {
	uint64_t n;
	const char *one, *many; /* the noun: "directory", "directories" */
};

/* Writes "2,706 files, 1 directory", without the kinds that are 0. If all are, writes nothing and
 * returns false. */
bool crx_cli_put_counts(FILE *out, const struct crx_cli_counted *kind, size_t nkinds);

/* part as a percentage of whole, "60.7 %"; "-" if whole is 0. */
const char *crx_cli_percent_text(uint64_t part, uint64_t whole, char buf[CRX_CLI_NUMBER_MAX]);

#endif
