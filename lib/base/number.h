/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers and sizes in text: the only parser of digits.
 *
 * The text is the range [text, end), or a string if end is NULL. A number begins at its first byte
 * and consists of digits only: no blanks, signs or separators, whatever the locale. (strtoull()
 * accepts all of these.) Nothing overflows.
 */
#ifndef CRX_BASE_NUMBER_H
#define CRX_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

enum crx_number_base {
	CRX_NUMBER_PREFIXED, /* hexadecimal after 0x or 0X, otherwise decimal */
	CRX_NUMBER_AS_IN_C,  /* also octal after 0 */
	CRX_NUMBER_OCTAL = 8,
	CRX_NUMBER_DECIMAL = 10,
	CRX_NUMBER_HEX = 16
};

struct crx_number {
	uint64_t value;   /* at most max: max itself if the number is larger */
	const char *end;  /* after the number; the beginning of the text if it has none */
	const char *over; /* the digit or unit that makes it larger than max, or NULL */
	bool whole;       /* the text is a number and nothing else */
};

/* The number at the beginning of the text. */
struct crx_number crx_number_read(const char *text, const char *end, enum crx_number_base base,
				  uint64_t max);

/*
 * The size at the beginning of the text, in bytes: a number (CRX_NUMBER_PREFIXED), and after it K,
 * M or G, in units of 1024, 1024^2 and 1024^3. Small letters, and KiB, MiB and GiB, mean the same.
 */
struct crx_number crx_number_read_size(const char *text, const char *end, uint64_t max);

/* Sets *out if the text is one number of at most max; false if it is anything else. */
bool crx_number_parse(const char *text, const char *end, enum crx_number_base base, uint64_t max,
		      uint64_t *out);

/* The ending of an English noun: "" for 1, otherwise "s". */
const char *crx_plural(uint64_t n);

/* 0 to 15; a larger value if c is not a hexadecimal digit. */
unsigned crx_number_digit(char c);

#endif
