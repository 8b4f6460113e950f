/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/number.h"

#include <string.h>

unsigned crx_number_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

static bool ended(const char *at, const char *end)
{
	return end ? at == end : !*at;
}

/* The base of the number at *at. Moves *at to the digits. */
static unsigned find_base(const char **at, const char *end, enum crx_number_base base)
{
	const char *s = *at;

	if (base != CRX_NUMBER_PREFIXED && base != CRX_NUMBER_AS_IN_C)
		return base;
	if (ended(s, end) || *s != '0')
		return 10;
	s++;
	if (!ended(s, end) && (*s == 'x' || *s == 'X')) {
		s++;
		/* without a digit, it is the number 0 before an x */
		if (!ended(s, end) && crx_number_digit(*s) < 16) {
			*at = s;
			return 16;
		}
	}
	return base == CRX_NUMBER_AS_IN_C ? 8 : 10;
}

struct crx_number crx_number_read(const char *text, const char *end, enum crx_number_base base,
				  uint64_t max)
{
	struct crx_number n = { .value = 0 };
	const char *at = text;
	unsigned radix = find_base(&at, end, base), d;

	for (; !ended(at, end) && (d = crx_number_digit(*at)) < radix; at++) {
		if (n.over)
			continue;
		if (d <= max && n.value <= (max - d) / radix) {
			n.value = n.value * radix + d;
		} else {
			n.value = max;
			n.over = at;
		}
	}
	n.end = at;
	n.whole = at != text && ended(at, end);
	return n;
}

/* The unit at *at, as a number of bits to shift, or 0. Moves *at to the end of the unit. */
static unsigned read_unit(const char **at, const char *end)
{
	static const char letters[] = "KkMmGg";
	const char *s = *at, *found;

	if (ended(s, end) || !*s || !(found = strchr(letters, *s)))
		return 0;
	s++;
	if (!ended(s, end) && s[0] == 'i' && !ended(s + 1, end) && s[1] == 'B')
		s += 2;
	*at = s;
	return 10 * ((unsigned)(found - letters) / 2 + 1);
}

struct crx_number crx_number_read_size(const char *text, const char *end, uint64_t max)
{
	struct crx_number n = crx_number_read(text, end, CRX_NUMBER_PREFIXED, max);
	const char *unit = n.end;
	unsigned shift;

	if (n.end == text)
		return n;
	shift = read_unit(&n.end, end);
	if (!n.over && n.value > max >> shift)
		n.over = unit;
	n.value = n.over ? max : n.value << shift;
	n.whole = ended(n.end, end);
	return n;
}

bool crx_number_parse(const char *text, const char *end, enum crx_number_base base, uint64_t max,
		      uint64_t *out)
{
	struct crx_number n = crx_number_read(text, end, base, max);

	if (!n.whole || n.over)
		return false;
	*out = n.value;
	return true;
}

const char *crx_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}
