/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target: a recipe (recipe.h). An image is built of it, once with one worker and once with three,
 * and read back: it contains what a simple model of the rules says, and no more. So does an image
 * that is built of that image.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "fuzz.h"
#include "read/check.h"
#include "readback.h"
#include "recipe.h"

enum { IMAGE_MAX = 16 << 20 };

static struct recipe recipe; /* large */
static struct recipe_tree want;

static void name_inputs(struct crx_build_opts *o)
{
	static const char *const name[] = { "base", "over1", "over2" };
	struct crx_err err = CRX_ERR_INIT;
	const char *path;
	size_t len;
	int i;

	for (i = 0; i < recipe.nlayers; i++) {
		uint8_t *archive = recipe_archive(&recipe.layer[i], &len);

		path = fuzz_file(name[i], archive, len);
		if (i)
			FUZZ_CHECK(!crx_strings_add(&o->overlay, path, &err));
		free(archive);
	}
	if (recipe.policy && *recipe.policy_text) {
		path = fuzz_file("policy", recipe.policy_text, strlen(recipe.policy_text));
		FUZZ_CHECK(!crx_strings_add(&o->policy, path, &err));
	}
	if (recipe.profile && (o->xip || o->policy.n)) {
		path = fuzz_file("profile", recipe.profile_text, strlen(recipe.profile_text));
		FUZZ_CHECK(!crx_strings_add(&o->profile, path, &err));
	}
	if (recipe.insert)
		o->insert_path = fuzz_file("insert", "boot code", 9);
}

static void set_limits(struct crx_build_opts *o)
{
	uint64_t large = (recipe.how_large / 3 + 1) * (uint64_t)o->page_size;

	if (!recipe.limit)
		return;
	if (recipe.how_large % 3 == 0 || (!o->xip && !o->policy.n))
		o->max_size = large;
	else if (recipe.how_large % 3 == 1)
		o->flash_budget = large;
	else
		o->ram_goal = large;
}

/* 0, or the code of an error that there may be. */
static int build(const struct crx_build_opts *o, struct crx_result *result, bool fits)
{
	size_t errors = 0;
	struct crx_log log = fuzz_log(&errors);
	struct crx_build_hooks h = { .log = &log };
	struct crx_err err = CRX_ERR_INIT;
	int ret = crx_build(o, &h, result, &err);

	fuzz_check_err(ret, &err);
	if (fits && ret && (ret != CRX_EBIG || !recipe.limit))
		FUZZ_FAIL("not built: %s: %s", err.path, err.text);
	if (!fits && ret != CRX_ELIMIT && ret != CRX_EFORMAT)
		FUZZ_FAIL("built, although something does not fit: %d %s", ret, err.text);
	return ret;
}

static void report(void *ctx CRX_UNUSED, const struct crx_finding *f)
{
	FUZZ_CHECK(crx_finding_info(f->kind)->severity == CRX_SEV_NOTE ||
		   fprintf(stderr, "%s: %s\n", f->path, f->text) < 0);
}

static void read_back(const char *path, const struct crx_result *result)
{
	struct readback b = { .r = &recipe, .want = &want, .result = result };
	struct crx_check_opts o = { .workers = 1, .max_findings = SIZE_MAX, .emit = report };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct crx_check_result found;
	struct crx_err err = CRX_ERR_INIT;

	FUZZ_CHECK(fd >= 0);
	FUZZ_CHECK(!crx_image_map(&b.img, fd, path, recipe.o.page_size, &err));
	close(fd);
	FUZZ_CHECK(!crx_check(&b.img, &o, &found, &err));
	FUZZ_CHECK(!crx_listing_read(&b.img, &b.l, &err));
	b.z = crx_inflate_new();
	b.page = malloc(recipe.o.page_size);
	FUZZ_CHECK(b.z && b.page);
	readback_compare(&b);
	readback_check_promises(&b);
	readback_account(&b);
	free(b.page);
	crx_inflate_free(b.z);
	crx_listing_free(&b.l);
	crx_image_close(&b.img);
}

static void compare_files(const char *a, const char *b)
{
	struct crx_err err = CRX_ERR_INIT;
	size_t a_len, b_len;
	char *x, *y;

	FUZZ_CHECK(!crx_io_read_file(a, IMAGE_MAX, &x, &a_len, &err));
	FUZZ_CHECK(!crx_io_read_file(b, IMAGE_MAX, &y, &b_len, &err));
	FUZZ_CHECK(a_len == b_len && !memcmp(x, y, a_len));
	free(x);
	free(y);
}

/* The image is the source of another. */
static void build_again(const char *image, const char *to)
{
	struct crx_build_opts o = recipe.o;
	struct crx_result result;

	o.source = image;
	o.overlay = (struct crx_strings){ 0 };
	o.image = to;
	o.want_files = true;
	if (!build(&o, &result, true))
		read_back(to, &result);
	crx_result_free(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char source[4096], one[4096], three[4096];
	struct crx_build_opts *o = &recipe.o;
	struct crx_result result, again;
	bool fits;
	int ret;

#if !HAVE_LIBARCHIVE
	return 0;
#endif
	recipe_read(&recipe, data, len);
	recipe_expect(&recipe, &want, &fits);
	snprintf(source, sizeof(source), "%s", fuzz_path("base"));
	snprintf(one, sizeof(one), "%s", fuzz_path("one"));
	snprintf(three, sizeof(three), "%s", fuzz_path("three"));
	name_inputs(o);
	set_limits(o);
	o->source = source;
	o->image = one;
	o->workers = 1;
	o->want_files = true;
	ret = build(o, &result, fits);
	o->image = three;
	o->workers = 3;
	o->verify = true;
	o->want_files = false;
	FUZZ_CHECK(build(o, &again, fits) == ret);
	if (!ret) {
		compare_files(one, three);
		FUZZ_CHECK(result.crc == again.crc);
		read_back(one, &result);
		build_again(one, three);
	}
	crx_result_free(&result);
	crx_result_free(&again);
	crx_strings_free(&o->overlay);
	crx_strings_free(&o->policy);
	crx_strings_free(&o->profile);
	return 0;
}
