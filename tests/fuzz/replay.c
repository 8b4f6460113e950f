/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TARGET [FILE|DIR]...: runs the target once on each file, and on each file of each directory, in
 * the order of their names. It is linked instead of libFuzzer, so that any compiler will do. Prints
 * the number of files. A target that fails ends the program; the file is named before it is run if
 * FUZZ_VERBOSE is set.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "fuzz.h"

enum { FILE_MAX = 16 << 20 };

static unsigned long runs;

/* Changes one byte. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t cap CRX_UNUSED)
{
	if (len)
		data[len / 2]++;
	return len;
}

static int run_file(const char *path)
{
	struct crx_err err = CRX_ERR_INIT;
	uint8_t *exact;
	size_t len;
	char *data;

	if (getenv("FUZZ_VERBOSE"))
		fprintf(stderr, "%s\n", path);
	if (crx_io_read_file(path, FILE_MAX, &data, &len, &err) < 0) {
		fprintf(stderr, "%s: %s\n", path, err.text);
		return 1;
	}
	/* without the NUL after it: reading it must be noticed */
	exact = malloc(len ? len : 1);
	FUZZ_CHECK(exact);
	memcpy(exact, data, len);
	free(data);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	runs++;
	return 0;
}

static int visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int run_path(const char *path)
{
	struct dirent **e;
	char file[4096];
	int i, n, bad = 0;
	struct stat st;

	if (stat(path, &st) < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return 1;
	}
	if (!S_ISDIR(st.st_mode))
		return run_file(path);
	n = scandir(path, &e, visible, alphasort);
	if (n < 0)
		return 1;
	for (i = 0; i < n; i++) {
		snprintf(file, sizeof(file), "%s/%s", path, e[i]->d_name);
		bad |= run_path(file);
		free(e[i]);
	}
	free(e);
	return bad;
}

int main(int argc, char **argv)
{
	int i, bad = 0;

	for (i = 1; i < argc; i++)
		bad |= run_path(argv[i]);
	printf("%lu\n", runs);
	return bad;
}
