/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "source.h"

#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "input/source/source.h"
#include "tree/limits.h"
#include "world.h"

/* A file that claims to be large is not read to its end; nor is an archive whose files are. */
enum { BYTES_READ = 65536, IMAGE_MAX = 4096 };

static void read_contents(const struct crx_node *n)
{
	static uint8_t buf[BYTES_READ];
	struct crx_err err = CRX_ERR_INIT;
	size_t len = n->content.size < sizeof(buf) ? (size_t)n->content.size : sizeof(buf);
	void *handle;
	int ret = n->content.ops->open(&n->content, &handle, &err);

	fuzz_check_err(ret, &err);
	if (ret)
		return;
	ret = n->content.ops->pread(&n->content, handle, buf, len, 0, &err);
	fuzz_check_err(ret, &err);
	ret = n->content.ops->close(&n->content, handle, &err);
	fuzz_check_err(ret, &err);
}

static void check_node(const struct crx_tree *t, const struct crx_node *n)
{
	size_t i;

	FUZZ_CHECK(t->node[n->index] == n);
	FUZZ_CHECK(n->parent ? *n->name && !strchr(n->name, '/') && strcmp(n->name, ".") &&
				       strcmp(n->name, "..")
			     : n == t->root && S_ISDIR(n->mode));
	FUZZ_CHECK(!n->nchildren || S_ISDIR(n->mode));
	for (i = 0; i < n->nchildren; i++) {
		FUZZ_CHECK(n->child[i]->parent == n);
		FUZZ_CHECK(!i || strcmp(n->child[i - 1]->name, n->child[i]->name) < 0);
	}
	FUZZ_CHECK(S_ISLNK(n->mode) == (n->target != NULL));
	FUZZ_CHECK(!n->target || strlen(n->target) == n->size);
	FUZZ_CHECK(S_ISREG(n->mode) || S_ISLNK(n->mode) || !n->size);
	if (S_ISREG(n->mode) && n->content.ops)
		read_contents(n);
}

static void check_tree(struct crx_tree *t)
{
	struct crx_offences offences = { 0 };
	struct crx_err err = CRX_ERR_INIT;
	size_t i;

	for (i = 0; i < t->nnodes; i++)
		check_node(t, t->node[i]);
	FUZZ_CHECK(!crx_tree_check(t, 4096, &offences, &err));
	crx_offences_free(&offences);
}

static void check_refused(int ret, const struct crx_err *err)
{
	fuzz_check_err(ret, err);
	if (ret != CRX_EFORMAT && ret != CRX_EIO && ret != CRX_EBIG && ret != CRX_ELIMIT)
		FUZZ_FAIL("code %d: %s: %s", ret, err->path, err->text);
}

void source_read(const char *name, const uint8_t *data, size_t len)
{
	const char *path = fuzz_file(name, data, len);
	struct crx_log log = fuzz_log(NULL);
	struct crx_source_opts o = {
		.log = &log,
		.max_size = IMAGE_MAX,
		.workers = 1,
		.whiteouts = true,
		.lossy = len % 2,
	};
	struct crx_err err = CRX_ERR_INIT;
	struct crx_source s = { 0 };
	struct crx_tree t = { 0 };
	bool is;
	int ret = crx_source_is_file(path, &is, &err);

	if (ret)
		check_refused(ret, &err);
	err = (struct crx_err)CRX_ERR_INIT;
	ret = crx_source_open(path, &o, &t, &s, &err);
	if (ret)
		check_refused(ret, &err);
	else
		check_tree(&t);
	crx_tree_free(&t);
	crx_source_free(&s);

	err = (struct crx_err)CRX_ERR_INIT;
	world_make_tree(&t);
	ret = crx_source_overlay(path, &o, &t, &s, &err);
	if (ret)
		check_refused(ret, &err);
	else
		check_tree(&t);
	crx_tree_free(&t);
	crx_source_free(&s);
}
