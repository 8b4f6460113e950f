/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "tree/tree.h"

#include <stdlib.h>
#include <string.h>

int crx_content_read(const struct crx_content *c, char **out, struct crx_err *err)
{
	char *text = crx_alloc((size_t)c->size + 1, 1);
	int ret = 0, closed;
	void *handle;

	*out = NULL;
	if (!text)
		return crx_err_nomem(err, "reading a file");
	text[c->size] = '\0';
	if (c->size)
		ret = c->ops->open(c, &handle, err);
	if (c->size && !ret) {
		ret = c->ops->pread(c, handle, text, (size_t)c->size, 0, err);
		closed = c->ops->close(c, handle, err);
		ret = ret < 0 ? ret : closed;
	}
	if (ret < 0)
		free(text);
	else
		*out = text;
	return ret;
}

int crx_content_no_open(const struct crx_content *c CRX_UNUSED, void **handle,
			struct crx_err *err CRX_UNUSED)
{
	*handle = NULL;
	return 0;
}

static int memory_pread(const struct crx_content *c, void *handle CRX_UNUSED, void *buf, size_t len,
			uint64_t off, struct crx_err *err)
{
	if (off > c->size || len > c->size - off)
		return crx_err_set(err, CRX_EINTERNAL, 0, NULL,
				   "read after the end of contents in memory");
	memcpy(buf, (const char *)c->key + off, len);
	return 0;
}

int crx_content_no_close(const struct crx_content *c CRX_UNUSED, void *handle CRX_UNUSED,
			 struct crx_err *err CRX_UNUSED)
{
	return 0;
}

const struct crx_content_ops crx_content_memory = { crx_content_no_open, memory_pread,
						    crx_content_no_close };
