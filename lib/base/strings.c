/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/strings.h"

#include <stdlib.h>

#include "base/mem.h"

int crx_strings_add(struct crx_strings *s, const char *text, struct crx_err *err)
{
	if (!crx_grow(&s->at, &s->cap, s->n + 1, sizeof(*s->at)) ||
	    !(s->at[s->n] = crx_strdup(text)))
		return crx_err_nomem(err, "growing a list");
	s->n++;
	return 0;
}

void crx_strings_free(struct crx_strings *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		free(s->at[i]);
	free(s->at);
	*s = (struct crx_strings){ 0 };
}
