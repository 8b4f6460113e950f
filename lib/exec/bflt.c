/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flat binaries. The header is struct flat_hdr of the kernel's include/linux/flat.h: a magic number
 * and 32-bit words, all big-endian. The checks are those of load_flat_file() in fs/binfmt_flat.c.
 */
#include "config.h"
#include "exec/elf.h"

#include <string.h>

#include "base/mem.h"

enum { HEADER_LEN = 64 };
enum { REV_AT = 4, DATA_START_AT = 12, DATA_END_AT = 16, BSS_END_AT = 20 };
enum { STACK_SIZE_AT = 24, RELOC_COUNT_AT = 32, FLAGS_AT = 36 };
enum { REV_NOW = 4, REV_OLD = 2 }; /* FLAT_VERSION, OLD_FLAT_VERSION */
enum { FLAG_RAM = 1, FLAG_GZIP = 4 };

bool crx_bflt_probe(const void *head, size_t len)
{
	return len >= 4 && !memcmp(head, "bFLT", 4);
}

static uint32_t word(const void *bytes, unsigned at)
{
	const uint8_t *p = (const uint8_t *)bytes + at;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* A file that the kernel refuses is data. */
int crx_bflt_parse(const void *bytes, size_t len, struct crx_exec *out, struct crx_err *err)
{
	uint32_t rev, text_len, data_end, bss_end, flags;
	struct crx_exec_flat flat;

	if (len < HEADER_LEN)
		return 0;
	rev = word(bytes, REV_AT);
	text_len = word(bytes, DATA_START_AT);
	data_end = word(bytes, DATA_END_AT);
	bss_end = word(bytes, BSS_END_AT);
	flags = word(bytes, FLAGS_AT);
	if ((rev != REV_NOW && rev != REV_OLD) || text_len < HEADER_LEN || data_end < text_len ||
	    bss_end < data_end)
		return 0;
	/* "28 bits (256 MB) is way more than reasonable" */
	flat = (struct crx_exec_flat){ data_end - text_len, bss_end - data_end,
				       word(bytes, STACK_SIZE_AT), word(bytes, RELOC_COUNT_AT) };
	if ((text_len | flat.data_len | flat.bss_len | flat.stack_len | flat.nrelocs) >> 28 ||
	    (flat.data_len + (uint64_t)flat.nrelocs * 4) >> 28)
		return 0;
	/* a compressed file may be shorter than the lengths in its header */
	if (!(flags & FLAG_GZIP) && text_len > len)
		return 0;
	out->seg = crx_zalloc(1, sizeof(*out->seg));
	if (!out->seg)
		return crx_err_nomem(err, "reading executable headers");
	out->seg[0] = (struct crx_exec_segment){
		.flags = CRX_EXEC_R | CRX_EXEC_X,
		.filesz = text_len,
		.memsz = text_len,
	};
	out->nseg = 1;
	out->kind = CRX_EXEC_BFLT;
	out->program = true;
	out->flat = flat;
	/* in the old version, any flag means RAM */
	out->constdisp = rev == REV_OLD ? flags : flags & (FLAG_RAM | FLAG_GZIP);
	return 0;
}
