/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "scan/scan.h"

#include <xxhash.h>

struct crx_hash crx_scan_hash(const void *data, size_t len)
{
	XXH128_hash_t h = XXH3_128bits(data, len);

	return (struct crx_hash){ .lo = h.low64, .hi = h.high64 };
}

bool crx_hash_equal(struct crx_hash a, struct crx_hash b)
{
	return a.lo == b.lo && a.hi == b.hi;
}
