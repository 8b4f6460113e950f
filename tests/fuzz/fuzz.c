/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "fuzz.h"

#include <stdarg.h>

#include "tests/unit/scratch.h"

static struct scratch *dir;

void fuzz_fail(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

void fuzz_check_err(int ret, const struct crx_err *err)
{
	FUZZ_CHECK(ret <= 0);
	FUZZ_CHECK(ret == err->code);
	FUZZ_CHECK(!ret == !*err->text);
	FUZZ_CHECK(memchr(err->text, '\0', sizeof(err->text)));
	FUZZ_CHECK(memchr(err->path, '\0', sizeof(err->path)));
	if (ret == CRX_EINTERNAL || ret == CRX_EVERIFY || ret == CRX_ENOMEM)
		FUZZ_FAIL("code %d: %s: %s", ret, err->path, err->text);
}

static void emit(void *ctx, enum crx_level level, const char *path, const char *text)
{
	FUZZ_CHECK(*text);
	FUZZ_CHECK(!path || memchr(path, '\0', CRX_ERR_PATH_MAX));
	if (ctx && level == CRX_LEVEL_ERROR)
		++*(size_t *)ctx;
}

struct crx_log fuzz_log(size_t *errors)
{
	return (struct crx_log){ emit, errors, 0 };
}

static void remove_dir(void)
{
	void *state = dir;

	if (dir && scratch_teardown(&state))
		fputs("fuzz: the scratch directory is left\n", stderr);
	dir = NULL;
}

const char *fuzz_path(const char *name)
{
	void *state = NULL;

	if (!dir) {
		FUZZ_CHECK(!scratch_setup(&state));
		dir = state;
		FUZZ_CHECK(!atexit(remove_dir));
	}
	return scratch_at(dir, name);
}

const char *fuzz_file(const char *name, const void *data, size_t len)
{
	const char *path = fuzz_path(name);

	scratch_put(dir, name, data, len);
	return path;
}

void fuzz_empty_dir(const char *name)
{
	int fd = open(fuzz_path(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	scratch_empty(fd);
	close(fd);
}
