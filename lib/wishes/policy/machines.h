/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which machines the programs of a root are for. Private to policy.
 */
#ifndef CRX_POLICY_MACHINES_H
#define CRX_POLICY_MACHINES_H

#include "wishes/policy/policy.h"

/* Is the file a separate debug file: by its sections, or because it is below usr/lib/debug? */
bool crx_policy_is_debug(const struct crx_facts *f, size_t file);

/* The file that x names as its interpreter, after links, by its first name; CRX_NO_FILE if it names
 * none or the file does not exist. */
size_t crx_policy_interpreter(const struct crx_tree *t, const struct crx_facts *f,
			      const struct crx_exec *x);

/*
 * Fill in w->abi: the machines whose programs the kernel and ld.so of this root would map.
 *  1. Each machine for which the root has a program and its interpreter.
 *  2. Otherwise (a tree of applications only, or of static programs) the one that most executable
 *     programs are for;
 *  3. otherwise the one of most programs, or else of most shared objects.
 */
int crx_policy_find_machines(const struct crx_tree *t, const struct crx_facts *f,
			     struct crx_wishes *w, struct crx_err *err) CRX_MUST_CHECK;

#endif
