/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target: an mtree manifest, alone and over another tree. The files that contents= may name are "f"
 * and "d/g", next to it.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char head[] = "#mtree\n";
	size_t head_len = sizeof(head) - 1;
	uint8_t *text;

	if (access(fuzz_path("f"), F_OK)) {
		fuzz_file("f", "text", 4);
		FUZZ_CHECK(!mkdir(fuzz_path("d"), 0755));
		fuzz_file("d/g", "other text", 10);
		FUZZ_CHECK(!symlink("f", fuzz_path("link")));
	}
	text = malloc(head_len + len);
	FUZZ_CHECK(text);
	memcpy(text, head, head_len);
	memcpy(text + head_len, data, len);
	source_read("manifest", text, head_len + len);
	free(text);
	return 0;
}
