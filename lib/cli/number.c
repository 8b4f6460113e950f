/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cli/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/text.h"

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/*
 * The digits at the beginning of text; *end is behind them. False if there
 * are none. A value that does not fit is UINT64_MAX with *too_big set.
 * (strtoull takes blanks, signs and octal, none of which is meant here.)
 */
static bool read_digits(const char *text, uint64_t *out, bool *too_big, const char **end)
{
	unsigned base = 10;
	const char *p = text;
	uint64_t v = 0;

	*too_big = false;
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
		base = 16;
		p += 2;
	}
	if ((unsigned)digit_value(*p) >= base)
		return false;
	for (; (unsigned)digit_value(*p) < base; p++) {
		unsigned d = (unsigned)digit_value(*p);

		if (v > (UINT64_MAX - d) / base)
			*too_big = true;
		else
			v = v * base + d;
	}
	*out = *too_big ? UINT64_MAX : v;
	*end = p;
	return true;
}

static int out_of_range(const char *text, uint64_t min, uint64_t max, const char *what, struct crx_err *err)
{
	char quoted[CRX_CLI_QUOTE_MAX];

	crx_cli_quote(text, quoted, sizeof(quoted));
	if (max == UINT64_MAX)
		return crx_err_set(err, CRX_EARG, 0, NULL, "%s %s is out of range: at least %" PRIu64 " and less than 2^64 is expected", what, quoted, min);
	return crx_err_set(err, CRX_EARG, 0, NULL, "%s %s is out of range: %" PRIu64 " to %" PRIu64 " is expected", what, quoted, min, max);
}

int crx_cli_parse_uint(const char *text, uint64_t min, uint64_t max, const char *what, uint64_t *out, struct crx_err *err)
{
	char quoted[CRX_CLI_QUOTE_MAX];
	const char *end;
	bool too_big;
	uint64_t v;

	if (!read_digits(text, &v, &too_big, &end) || *end)
		return crx_err_set(err, CRX_EARG, 0, NULL, "%s %s is not a number: expected is a whole number, decimal or 0x hexadecimal", what, crx_cli_quote(text, quoted, sizeof(quoted)));
	if (too_big || v < min || v > max)
		return out_of_range(text, min, max, what, err);
	*out = v;
	return 0;
}

/* Bits to shift by for what stands behind the digits, or -1. */
static int suffix_shift(const char *s)
{
	static const char letters[] = "kmg";
	const char *found;
	char c = s[0];

	if (!c)
		return 0;
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	found = strchr(letters, c);
	if (!found || (s[1] && strcmp(s + 1, "iB") != 0))
		return -1;
	return 10 * (int)(found - letters + 1);
}

int crx_cli_parse_size(const char *text, uint64_t min, uint64_t max, const char *what, uint64_t *out, struct crx_err *err)
{
	char quoted[CRX_CLI_QUOTE_MAX];
	const char *end = "";
	bool too_big;
	uint64_t v;
	int shift;

	if (!read_digits(text, &v, &too_big, &end) || (shift = suffix_shift(end)) < 0)
		return crx_err_set(err, CRX_EARG, 0, NULL, "%s %s is not a size: expected is a number of bytes, decimal or 0x hexadecimal, and K, M or G (KiB, MiB, GiB) if wanted, as in 4096, 4K or 16M", what, crx_cli_quote(text, quoted, sizeof(quoted)));
	if (too_big || v > UINT64_MAX >> shift || v << shift < min || v << shift > max)
		return out_of_range(text, min, max, what, err);
	*out = v << shift;
	return 0;
}

const char *crx_cli_size_text(uint64_t n, char buf[CRX_CLI_NUMBER_MAX])
{
	static const char *const unit[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned i = 0, shift = 10;
	uint64_t tenths;

	if (n < 1024) {
		snprintf(buf, CRX_CLI_NUMBER_MAX, "%" PRIu64 " byte%s", n, n == 1 ? "" : "s");
		return buf;
	}
	for (;;) {
		uint64_t rest = n & ((UINT64_C(1) << shift) - 1);

		/* The rest is reduced to 10 bits first: times 10 it would not fit for EiB. */
		tenths = (n >> shift) * 10 + (((rest >> (shift - 10)) * 10 + 512) >> 10);
		if (tenths < 10240 || i == 5)
			break;
		shift += 10;
		i++;
	}
	snprintf(buf, CRX_CLI_NUMBER_MAX, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10, tenths % 10, unit[i]);
	return buf;
}

const char *crx_cli_count_text(uint64_t n, char buf[CRX_CLI_NUMBER_MAX])
{
	char plain[CRX_CLI_NUMBER_MAX];
	int len = snprintf(plain, sizeof(plain), "%" PRIu64, n), i;
	char *p = buf;

	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*p++ = ',';
		*p++ = plain[i];
	}
	*p = '\0';
	return buf;
}

const char *crx_cli_percent_text(uint64_t part, uint64_t whole, char buf[CRX_CLI_NUMBER_MAX])
{
	uint64_t permille;

	if (!whole) {
		snprintf(buf, CRX_CLI_NUMBER_MAX, "-");
		return buf;
	}
	while (part > UINT64_MAX / 2000) {
		part >>= 1;
		whole >>= 1;
	}
	whole += !whole;
	permille = (part * 1000 + whole / 2) / whole;
	snprintf(buf, CRX_CLI_NUMBER_MAX, "%" PRIu64 ".%" PRIu64 " %%", permille / 10, permille % 10);
	return buf;
}
