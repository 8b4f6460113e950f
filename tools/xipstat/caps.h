/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CAPS_H
#define CAPS_H

#include <stdbool.h>

/* Bits of CapEff, from linux/capability.h. */
enum { CAPS_FOWNER = 3 };

/* Has this process the capability? If the kernel does not say, root has all of them. */
bool caps_have(const char *proc, int bit);

#endif
