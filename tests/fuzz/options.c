/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target: a command line of mkcramfs-xip, one argument on each line. The first is the name that it
 * is called by. It is parsed and checked as main() does.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "mkcramfs-xip/options.h"

enum { ARGS_MAX = 40, TEXT_MAX = 4000 };

static const char *const NAMES[] = { PROGRAM, "mkcramfs", "mkfs.cramfs", NULL };

/* --exclude-from reads a file: only those in the scratch directory, not devices or pipes. */
static bool may_read(char *const *argv, int argc)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strncmp(argv[i], "--ex", 4) && (strchr(argv[i], '/') || !strchr(argv[i], '=')))
			return false;
	return true;
}

static void check_options(const struct options *o)
{
	const struct crx_build_opts *b = &o->build;
	size_t i;

	FUZZ_CHECK(crx_page_size_ok(b->page_size));
	FUZZ_CHECK(b->order == CRX_ORDER_LITTLE || b->order == CRX_ORDER_BIG);
	FUZZ_CHECK(strlen(b->name) <= CRX_NAME_LEN);
	FUZZ_CHECK(b->workers <= 1024);
	FUZZ_CHECK(b->pad_to <= INT64_MAX);
	FUZZ_CHECK(!(b->all_root && b->owner));
	for (i = 0; i < b->exclude.n; i++)
		FUZZ_CHECK(*b->exclude.at[i]);
	for (i = 0; i < b->policy.n; i++)
		FUZZ_CHECK(*b->policy.at[i]);
}

static void check_accepted(const struct options *o)
{
	const struct crx_build_opts *b = &o->build;

	FUZZ_CHECK(o->cli.noperands <= 2);
	FUZZ_CHECK(o->check_only || (*b->source && *b->image));
	FUZZ_CHECK(!(b->all_root && b->keep_owner));
	FUZZ_CHECK(!b->max_size || (b->pad_to <= b->max_size && b->flash_budget <= b->max_size));
	FUZZ_CHECK(b->xip || b->policy.n ||
		   (!b->flash_budget && !b->ram_goal && !b->profile.n && !o->curve));
	FUZZ_CHECK(b->ext || (!b->xip && !b->policy.n));
}

static void run(int argc, char *const *argv)
{
	struct crx_err err = CRX_ERR_INIT;
	struct options o = { .cli = { .program = argv[0] } };
	FILE *null;
	int ret;

	o.cli.as = crx_cli_called(argv[0], NAMES);
	ret = options_parse(&o, argc, argv, &err);
	fuzz_check_err(ret, &err);
	if (!ret && (o.cli.help || o.cli.version)) {
		null = fopen("/dev/null", "w");
		FUZZ_CHECK(null);
		options_put_help(null, &o);
		options_put_version(null);
		fclose(null);
	} else if (!ret) {
		check_options(&o);
		ret = options_check(&o, &err);
		fuzz_check_err(ret, &err);
		FUZZ_CHECK(!ret || ret == CRX_EARG);
		if (!ret)
			check_accepted(&o);
	}
	names_is_usage(&o, &err);
	options_free(&o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static bool ready;
	char text[TEXT_MAX + 1], *argv[ARGS_MAX + 1], *at, *end;
	int argc = 0;

	if (!ready) {
		fuzz_file("patterns", "*.o\n", 4);
		FUZZ_CHECK(!chdir(fuzz_path(".")));
		ready = true;
	}
	if (!len || len > TEXT_MAX)
		return 0;
	memcpy(text, data, len);
	text[len] = '\0';
	for (at = text; at && argc < ARGS_MAX; at = end ? end + 1 : NULL) {
		end = strchr(at, '\n');
		if (end)
			*end = '\0';
		argv[argc++] = at;
	}
	argv[argc] = NULL;
	if (argc > 1 && !*argv[argc - 1])
		argv[--argc] = NULL;
	if (may_read(argv, argc))
		run(argc, argv);
	return 0;
}
