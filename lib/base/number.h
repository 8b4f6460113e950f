/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers and sizes in text: the only parser of digits.
 *
 * Text is the range [text, end), or a string where end is NULL. A number begins with its first
 * byte and is made of digits only: no blanks, no sign, no separators, whatever the locale.
 * (strtoull takes all of these.) Nothing overflows.
 */
#ifndef CRX_BASE_NUMBER_H
#define CRX_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

enum crx_number_base {
	CRX_NUMBER_PREFIXED, /* hexadecimal after 0x or 0X, else decimal */
	CRX_NUMBER_AS_IN_C,  /* the same, but octal after 0 */
	CRX_NUMBER_OCTAL = 8,
	CRX_NUMBER_DECIMAL = 10,
	CRX_NUMBER_HEX = 16
};

struct crx_number {
	uint64_t value;   /* at most max: max itself if the text says more */
	const char *end;  /* after the number; the beginning of the text if there is none */
	const char *over; /* what made the value larger than max (a digit or the unit), or NULL */
	bool whole;       /* there is a number, and nothing after it */
};

/* The number that text begins with. */
struct crx_number crx_number_read(const char *text, const char *end, enum crx_number_base base,
				  uint64_t max);

/*
 * The size that text begins with, in bytes: CRX_NUMBER_PREFIXED, and K, M or G after it for units
 * of 1024, 1024^2 and 1024^3 (small letters too; KiB, MiB and GiB mean the same).
 */
struct crx_number crx_number_read_size(const char *text, const char *end, uint64_t max);

/* All of text as one number of at most max, into *out; false if it is anything else. */
bool crx_number_parse(const char *text, const char *end, enum crx_number_base base, uint64_t max,
		      uint64_t *out);

/* 0 to 15; a larger value if c is not a hexadecimal digit. */
unsigned crx_number_digit(char c);

#endif
