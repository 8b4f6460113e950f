/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libdeflate-floor LEVEL BLOCKS: the CPU seconds that bare libdeflate takes
 * for the blocks of a file as image.py writes it, on one thread. A builder
 * that compresses these blocks cannot take less.
 */
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum { BLOCK_MAX = 65536 };

static unsigned char *read_all(const char *path, size_t *len)
{
	struct stat st;
	unsigned char *data;
	FILE *f = fopen(path, "rb");

	if (!f || fstat(fileno(f), &st))
		return NULL;
	*len = (size_t)st.st_size;
	data = malloc(*len + 1);
	if (data && fread(data, 1, *len, f) != *len) {
		free(data);
		data = NULL;
	}
	fclose(f);
	return data;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
	static unsigned char out[2 * BLOCK_MAX];
	struct libdeflate_compressor *c;
	unsigned char *data;
	size_t len, at, n, blocks = 0, bytes = 0;
	double begin;

	if (argc != 3) {
		fputs("usage: libdeflate-floor LEVEL BLOCKS\n", stderr);
		return 2;
	}
	data = read_all(argv[2], &len);
	c = libdeflate_alloc_compressor(atoi(argv[1]));
	if (!data || !c) {
		perror(argv[2]);
		return 1;
	}
	begin = seconds();
	for (at = 0; at + 2 <= len; at += 2 + n) {
		n = data[at] | (size_t)data[at + 1] << 8;
		if (n > len - at - 2)
			break;
		bytes += libdeflate_zlib_compress(c, data + at + 2, n, out, sizeof(out));
		blocks++;
	}
	printf("%.3f %zu %zu\n", seconds() - begin, blocks, bytes);
	libdeflate_free_compressor(c);
	free(data);
	return 0;
}
