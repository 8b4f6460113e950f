/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/kernel.h"

#include <stdio.h>

#include "base/number.h"

#define V CRX_KERNEL_VERSION

static bool parse(const char *at, uint64_t part[3])
{
	struct crx_number n;
	size_t i;

	for (i = 0; i < 3; i++) {
		n = crx_number_read(at, NULL, CRX_NUMBER_DECIMAL, i < 2 ? UINT8_MAX : UINT16_MAX);
		if (n.end == at || n.over)
			return false;
		part[i] = n.value;
		if (!*n.end)
			return i;
		if (*n.end != '.')
			return false;
		at = n.end + 1;
	}
	return false;
}

int crx_kernel_parse(const char *text, struct crx_kernel *out, struct crx_err *err)
{
	uint64_t part[3] = { 0 };

	if (!parse(text, part))
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "'%.40s' is not a kernel version (expected two or three "
				   "numbers, "
				   "such as 6.1 or 6.1.38)",
				   text);
	*out = (struct crx_kernel){ .version = V(part[0], part[1], part[2]) };
	if (out->version < V(4, 15, 0))
		return crx_err_set(err, CRX_EARG, 0, NULL,
				   "kernels before 4.15 are not supported (they refuse images with "
				   "extended block pointers)");
	return 0;
}

const char *crx_kernel_name(const struct crx_kernel *k, char buf[CRX_KERNEL_NAME_MAX])
{
	unsigned major = k->version >> 24, minor = k->version >> 16 & 0xff;
	unsigned patch = k->version & 0xffff;

	if (!k->version)
		*buf = '\0';
	else if (!patch)
		snprintf(buf, CRX_KERNEL_NAME_MAX, "%u.%u", major, minor);
	else
		snprintf(buf, CRX_KERNEL_NAME_MAX, "%u.%u.%u", major, minor, patch);
	return buf;
}

/* "cramfs: Verify inode mode when loading from disk", in 6.18 and these releases of older series */
bool crx_kernel_refuses_types(const struct crx_kernel *k)
{
	static const uint32_t since[] = {
		V(5, 4, 301), V(5, 10, 246), V(5, 15, 195), V(6, 1, 157),
		V(6, 6, 113), V(6, 12, 54),  V(6, 17, 4),
	};
	size_t i;

	if (!k->version || k->version >= V(6, 18, 0))
		return true;
	for (i = 0; i < sizeof(since) / sizeof(since[0]); i++)
		if (since[i] >> 16 == k->version >> 16)
			return k->version >= since[i];
	return false;
}

/* "kbuild: treat char as always unsigned", in 6.2 */
bool crx_kernel_char_varies(const struct crx_kernel *k)
{
	return k->version && k->version < V(6, 2, 0);
}

bool crx_kernel_compares_signed(const struct crx_kernel *k)
{
	return k->signed_char && crx_kernel_char_varies(k);
}

/* From "mm: remove callers of pfn_t functionality" in 6.17 to "cramfs: fix incorrect physical page
 * address calculation" in 6.17.3 */
bool crx_kernel_maps_wrong_memory(const struct crx_kernel *k)
{
	return k->version >= V(6, 17, 0) && k->version < V(6, 17, 3);
}
