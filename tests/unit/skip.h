/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Skipping a test, with a reason. cmocka's own skip() prints "not ok" up to
 * 1.1.5, which a TAP harness counts as a failure; what follows a '#' in
 * the name of a test that passed does count as skipped. Include after cmocka.h.
 * main() names its list of tests, which is not const, with skip_in(tests).
 */
#ifndef CRX_TESTS_SKIP_H
#define CRX_TESTS_SKIP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
	struct CMUnitTest *test;
	size_t n;
} skip_tests;

#define skip_in(tests) \
	(skip_tests.test = (tests), skip_tests.n = sizeof(tests) / sizeof((tests)[0]))

/* In the body of a test function; it ends there. */
#define SKIP(reason)                         \
	do {                                 \
		skip_name(__func__, reason); \
		return;                      \
	} while (0)

static inline void skip_name(const char *function, const char *reason)
{
	static char name[16][160];
	static unsigned used;
	size_t i;

	for (i = 0; i < skip_tests.n && used < 16; i++) {
		if (strcmp(skip_tests.test[i].name, function))
			continue;
		snprintf(name[used], sizeof(name[0]), "%s # SKIP %s", function, reason);
		skip_tests.test[i].name = name[used++];
		return;
	}
	fail_msg("%s is not in the list", function);
}

#endif
