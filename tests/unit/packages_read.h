/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a parser of lib/packages makes of a text. Include after cmocka.h.
 */
#ifndef CRX_TESTS_PACKAGES_READ_H
#define CRX_TESTS_PACKAGES_READ_H

#include <stdio.h>
#include <string.h>

#include "guard.h"
#include "packages/packages.h"

static struct guard guard;

/* A text that ends where memory does. */
static inline struct crx_package_text text_of(const void *text, size_t len)
{
	return (struct crx_package_text){ "f", (const char *)guard_copy(&guard, text, len), len };
}

/* "name version: path path; ..." */
static inline const char *show(const struct crx_packages *p)
{
	static char out[2000];
	size_t i, k, n = 0;

	out[0] = '\0';
	for (i = 0; i < p->n; i++) {
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s %s:", p->package[i].name,
				      p->package[i].version);
		for (k = 0; k < p->npaths; k++)
			if (p->path[k].package == i)
				n += (size_t)snprintf(out + n, sizeof(out) - n, " %s",
						      p->path[k].path);
		n += (size_t)snprintf(out + n, sizeof(out) - n, ";");
	}
	return out;
}

typedef int read_fn(struct crx_packages *p, const struct crx_package_text *t, struct crx_err *err);

static inline void len_is(read_fn *read, const void *text, size_t len, const char *wanted)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_packages p = { 0 };
	struct crx_package_text t = text_of(text, len);

	if (read(&p, &t, &err))
		fail_msg("%s: %s", err.path, err.text);
	assert_string_equal(show(&p), wanted);
	crx_packages_free(&p);
}

static inline void text_is(read_fn *read, const char *text, const char *wanted)
{
	len_is(read, text, strlen(text), wanted);
}

static inline void len_fails(read_fn *read, const void *text, size_t len, const char *words)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_packages p = { 0 };
	struct crx_package_text t = text_of(text, len);

	assert_int_equal(read(&p, &t, &err), CRX_EFORMAT);
	if (!strstr(err.text, words))
		fail_msg("%s, not %s", err.text, words);
	crx_packages_free(&p);
}

static inline int packages_set_up(void **state)
{
	(void)state;
	guard = guard_new(65536);
	return 0;
}

static inline int packages_tear_down(void **state)
{
	(void)state;
	guard_free(&guard);
	return 0;
}

#endif
