/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which processors the programs of a root are for. Internal to policy.
 */
#ifndef CRX_POLICY_ABI_H
#define CRX_POLICY_ABI_H

#include "wishes/policy/policy.h"

/* Is the file a separate debug file, by its sections or because this name of
 * it is below usr/lib/debug? */
bool crx_policy_is_debug(const struct crx_facts *f, size_t file);

/* The file that x names as its interpreter, links followed, by its first name;
 * CRX_NO_FILE if it names none or it is not there. */
size_t crx_policy_interpreter(const struct crx_tree *t, const struct crx_facts *f,
			      const struct crx_exec *x);

/*
 * Fill w->abi: what a kernel or ld.so of this root would map.
 *  1. Every processor for which a program and its interpreter are there.
 *  2. If there is none (a tree of applications only, or of static programs):
 *     the one that most executable programs are for;
 *  3. failing that, most programs; failing that, most shared objects.
 */
int crx_policy_find_abis(const struct crx_tree *t, const struct crx_facts *f, struct crx_wishes *w,
			 struct crx_err *err) CRX_MUST_CHECK;

#endif
