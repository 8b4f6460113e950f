/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why an executable is skipped: it is in the image, but not in place.
 */
#ifndef CRX_POLICY_SKIP_H
#define CRX_POLICY_SKIP_H

enum crx_skip {
	CRX_SKIP_NONE,      /* in place, or not an executable */
	CRX_SKIP_DEBUG,     /* a separate debug file */
	CRX_SKIP_MACHINE,   /* for another machine than the programs of the root */
	CRX_SKIP_UNALIGNED, /* cannot be loaded at this page size */
	CRX_SKIP_DAMAGED,   /* damaged headers: treated as data */
	CRX_SKIP_FLAT_RAM,  /* a flat binary that a kernel copies to RAM */
	CRX_SKIP_NOT_FDPIC, /* no MMU: an ELF file that a kernel copies to RAM, or refuses */
	CRX_SKIP_PART,      /* no MMU: a mapping that could be in place only in part */
	CRX_SKIP_RULE,      /* a rule keeps it compressed, or no rule names it */
	CRX_SKIP_KINDS
};

/* "separate debug file"; NULL for CRX_SKIP_NONE. */
const char *crx_skip_text(enum crx_skip s);

#endif
