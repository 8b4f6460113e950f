/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the targets whose input is a source: it is read on its own, and merged over another.
 */
#ifndef CRX_TESTS_FUZZ_SOURCE_H
#define CRX_TESTS_FUZZ_SOURCE_H

#include <stddef.h>
#include <stdint.h>

/* The input becomes the file `name` in the scratch directory. */
void source_read(const char *name, const uint8_t *data, size_t len);

#endif
