/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RAM that a kernel without an MMU allocates when it starts a program of an image: what it asks
 * for (exec/memory.h), without what is mapped in place (proof/explain/explain.h).
 *
 * Not counted: what the kernel needs for any process, such as its kernel stack, and what the
 * program allocates when it runs.
 */
#ifndef CRX_MEMORY_MEMORY_H
#define CRX_MEMORY_MEMORY_H

#include "exec/memory.h"
#include "proof/explain/explain.h"
#include "proof/memory/buddy.h"

/* One mapping, or piece of memory. */
struct crx_memory_block {
	const struct crx_explain_file *file; /* the program, or its interpreter */
	struct crx_exec_block b;
	struct crx_buddy_request take; /* npg is 0 if no RAM is allocated, because it is */
	bool in_place;                 /* in flash, or */
	bool inside;                   /* a part of an earlier mapping of the same file */
	bool loaded; /* for crx_memory_take, set by the caller: shared, and another program has it
		      */
};

struct crx_memory {
	struct crx_memory_block *block; /* in the kernel's order */
	size_t n;
	uint64_t pages;   /* that the first instance takes */
	uint64_t another; /* that each further one takes: not what is shared */
	unsigned order;   /* the largest that is asked for */
};

/* Of a file that was explained with no_mmu; n is 0 if the kernel does not load it. A library has no
 * stack and no interpreter. Fails only if memory is short. The caller frees out. */
int crx_memory_of(const struct crx_explain_file *f, uint32_t page_size,
		  const struct crx_exec_start *start, struct crx_memory *out, struct crx_err *err)
	CRX_MUST_CHECK;
void crx_memory_free(struct crx_memory *m);

/* Where an instance did not fit. */
struct crx_memory_failure {
	enum crx_buddy_answer answer;
	size_t block; /* index in crx_memory.block */
	int largest;  /* the largest free order at that time, or -1 */
};

/* Takes the memory of an instance from b; first: also what is shared and not loaded. False if it
 * does not fit; then b is what it was. out may be NULL. */
bool crx_memory_take(const struct crx_memory *m, bool first, struct crx_buddy *b,
		     struct crx_memory_failure *out);

/* How many instances fit, at most `most`. If it is fewer, out has why the next one does not; it may
 * be NULL. */
uint64_t crx_memory_instances(const struct crx_memory *m, const struct crx_buddy *b, uint64_t most,
			      struct crx_memory_failure *out);

#endif
