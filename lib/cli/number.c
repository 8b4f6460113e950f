/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cli/number.h"

#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "cli/text.h"

static int out_of_range(const char *text, uint64_t min, uint64_t max, const char *what,
			struct crx_err *err)
{
	char quoted[CRX_CLI_QUOTE_MAX];

	crx_cli_quote(text, quoted, sizeof(quoted));
	if (max == UINT64_MAX)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "%s %s is out of range (at least %" PRIu64
				   ", and less than 2^64)",
				   what, quoted, min);
	return crx_err_set(err, CRX_EARG, 0, NULL,
			   "%s %s is out of range (%" PRIu64 " to %" PRIu64 ")", what, quoted, min,
			   max);
}

int crx_cli_parse_uint(const char *text, uint64_t min, uint64_t max, const char *what,
		       uint64_t *out, struct crx_err *err)
{
	struct crx_number n = crx_number_read(text, NULL, CRX_NUMBER_PREFIXED, max);
	char quoted[CRX_CLI_QUOTE_MAX];

	if (!n.whole)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "%s %s is not a whole number (decimal, or hexadecimal after 0x)",
				   what, crx_cli_quote(text, quoted, sizeof(quoted)));
	if (n.over || n.value < min)
		return out_of_range(text, min, max, what, err);
	*out = n.value;
	return 0;
}

int crx_cli_parse_size(const char *text, uint64_t min, uint64_t max, const char *what,
		       uint64_t *out, struct crx_err *err)
{
	struct crx_number n = crx_number_read_size(text, NULL, max);
	char quoted[CRX_CLI_QUOTE_MAX];

	if (n.end > text && strchr("KkMmGg", n.end[-1]) && !strcmp(n.end, "B"))
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "%s %s is ambiguous: %cB can mean powers of 1000 or of 1024 "
				   "(write %c or %ciB for 1024)",
				   what, crx_cli_quote(text, quoted, sizeof(quoted)), n.end[-1],
				   n.end[-1], n.end[-1]);
	if (!n.whole)
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "%s %s is not a size (examples: 4096, 0x1000, 64K, 16M)", what,
				   crx_cli_quote(text, quoted, sizeof(quoted)));
	if (n.over || n.value < min)
		return out_of_range(text, min, max, what, err);
	*out = n.value;
	return 0;
}

int crx_cli_parse_erase_size(const char *text, const char *what, uint32_t *out, struct crx_err *err)
{
	uint64_t v;
	int ret = crx_cli_parse_size(text, 4096, 1 << 24, what, &v, err);

	if (ret)
		return ret;
	if (v & (v - 1))
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "%s %s: no flash has such erase blocks (4K, 8K, ... 16M)", what,
				   text);
	*out = (uint32_t)v;
	return 0;
}

const char *crx_cli_size_text(uint64_t n, char buf[CRX_CLI_NUMBER_MAX])
{
	static const char *const unit[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned i = 0, shift = 10;
	uint64_t tenths;

	if (n < 1024) {
		snprintf(buf, CRX_CLI_NUMBER_MAX, "%" PRIu64 " byte%s", n, crx_plural(n));
		return buf;
	}
	for (;;) {
		uint64_t rest = n & ((UINT64_C(1) << shift) - 1);

		/* The rest is reduced to 10 bits first: for EiB, rest * 10 would overflow. */
		tenths = (n >> shift) * 10 + (((rest >> (shift - 10)) * 10 + 512) >> 10);
		if (tenths < 10240 || i == 5)
			break;
		shift += 10;
		i++;
	}
	snprintf(buf, CRX_CLI_NUMBER_MAX, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10, tenths % 10,
		 unit[i]);
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

bool crx_cli_put_counts(FILE *out, const struct crx_cli_counted *kind, size_t nkinds)
{
	char text[CRX_CLI_NUMBER_MAX];
	bool any = false;
	size_t i;

	for (i = 0; i < nkinds; i++) {
		if (!kind[i].n)
			continue;
		fprintf(out, "%s%s %s", any ? ", " : "", crx_cli_count_text(kind[i].n, text),
			kind[i].n == 1 ? kind[i].one : kind[i].many);
		any = true;
	}
	return any;
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
	snprintf(buf, CRX_CLI_NUMBER_MAX, "%" PRIu64 ".%" PRIu64 " %%", permille / 10,
		 permille % 10);
	return buf;
}
