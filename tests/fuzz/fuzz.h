/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput(). It is linked
 * with libFuzzer (configure --enable-fuzzing), or with replay.c, which runs it on files.
 *
 * A target ends the program if something is wrong. It keeps nothing from one input to the next but
 * what it would make again, so that each input can be replayed alone.
 */
#ifndef CRX_TESTS_FUZZ_H
#define CRX_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* libFuzzer's own mutation; replay.c has a simple one. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t cap);

/* Prints what does not hold, and ends the program. */
_Noreturn void fuzz_fail(const char *file, int line, const char *fmt, ...) CRX_PRINTF(3, 4);

#define FUZZ_FAIL(...) fuzz_fail(__FILE__, __LINE__, __VA_ARGS__)
#define FUZZ_CHECK(what) ((what) ? (void)0 : FUZZ_FAIL("%s", #what))

/* For the headers of tests/unit that make inputs. */
#define assert_true(what) FUZZ_CHECK(what)
#define assert_false(what) FUZZ_CHECK(!(what))
#define assert_null(what) FUZZ_CHECK(!(what))
#define assert_non_null(what) FUZZ_CHECK((what) != NULL)
#define assert_int_equal(a, b) FUZZ_CHECK((uint64_t)(a) == (uint64_t)(b))
#define assert_string_equal(a, b) FUZZ_CHECK(!strcmp(a, b))
#define fail_msg(...) FUZZ_FAIL(__VA_ARGS__)
#define fail() FUZZ_FAIL("fail()")

/* The function returned ret and filled err in, or neither. */
void fuzz_check_err(int ret, const struct crx_err *err);

/* A log that formats every message and checks it. ctx: a size_t that counts errors, or NULL. */
struct crx_log fuzz_log(size_t *errors);

/* "<scratch>/name", in a directory that is removed at the end; valid until the next 8 calls. */
const char *fuzz_path(const char *name);

/* The file of that name in the scratch directory gets these bytes. Returns its path. */
const char *fuzz_file(const char *name, const void *data, size_t len);

/* Removes everything in the directory of that name in the scratch directory. */
void fuzz_empty_dir(const char *name);

#endif
