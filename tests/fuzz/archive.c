/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target: an archive (or whatever else a source may be). It is unpacked, alone and as an overlay
 * with whiteouts.
 */
#include "config.h"

#include "fuzz.h"
#include "source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	source_read("archive", data, len);
	return 0;
}
