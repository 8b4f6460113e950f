/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/archive/reader: formats, compression, names that are bytes, archives
 * after archives, and what counts as an archive.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "input/archive/reader.h"
#include "input/archive/writer.h"
#include "input/source/source.h"
#include "kept_log.h"
#include "scratch.h"
#include "tar_make.h"
#include "tree_show.h"

/* It can be said of every file. */
static bool is_file(const char *path)
{
	struct crx_err err = CRX_ERR_INIT;
	bool is = false;

	assert_int_equal(crx_source_is_file(path, &is, &err), 0);
	return is;
}

#if HAVE_LIBARCHIVE

/* "path=data|" of every entry ("path>target|" of a link), and how it ended. */
static int list_fd(int fd, char *out, size_t cap, struct kept_log *k, struct crx_err *err)
{
	struct crx_archive_reader *r;
	struct crx_archive_member m;
	char data[4096];
	size_t got, used = 0;
	int ret;

	*out = '\0';
	*err = (struct crx_err)CRX_ERR_INIT;
	ret = crx_archive_open(&r, &(struct crx_io_rest){ fd, "NAME", NULL, 0 }, &k->log, err);
	if (ret < 0)
		return ret;
	while ((ret = crx_archive_next(r, &m, err)) > 0) {
		used += (size_t)snprintf(out + used, cap - used, "%s%s%s", m.path,
					 m.target ? ">" : "=", m.target ? m.target : "");
		while (!(ret = crx_archive_read(r, data, sizeof(data), &got, err)) && got)
			used += (size_t)snprintf(out + used, cap - used, "%.*s", (int)got, data);
		used += (size_t)snprintf(out + used, cap - used, "|");
		assert_true(used < cap);
		if (ret < 0)
			break;
	}
	if (!ret)
		assert_int_equal(crx_archive_next(r, &m, err), 0); /* and stays so */
	crx_archive_close_reader(r);
	return ret;
}

static int list(struct scratch *s, const char *name, char *out, size_t cap, struct kept_log *k,
		struct crx_err *err)
{
	int fd = open(scratch_at(s, name), O_RDONLY | O_CLOEXEC), ret;

	assert_true(fd >= 0);
	ret = list_fd(fd, out, cap, k, err);
	close(fd);
	return ret;
}

static void lists(struct scratch *s, const char *name, const char *want, const char *said)
{
	struct crx_err err;
	struct kept_log k;
	char got[1024];

	kept_begin(&k);
	if (list(s, name, got, sizeof(got), &k, &err))
		fail_msg("%s: %s", name, err.text);
	assert_string_equal(got, want);
	assert_string_equal(k.text, said);
}

static void write_archive(struct scratch *s, const char *name)
{
	struct crx_archive_entry a = { .path = "d", .mode = S_IFDIR | 0755 },
				 b = { .path = "d/n\xe4\xff", .mode = S_IFREG | 0644, .size = 4 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_archive_writer *w;

	assert_int_equal(crx_archive_create(&w, scratch_at(s, name), NULL, &err), 0);
	assert_int_equal(crx_archive_put(w, &a, NULL, &err), 0);
	assert_int_equal(crx_archive_put(w, &b, "text", &err), 0);
	assert_int_equal(crx_archive_close(w, &err), 0);
}

/* What the writer writes; the name says nothing to the reader. */
static void every_compression(void **state)
{
	static const char *const names[] = { "a.tar", "a.tar.gz", "a.tar.bz2", "a.tar.xz",
					     "a.tar.zst" };
	struct scratch *s = *state;
	char cpio[32];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		write_archive(s, names[i]);
		assert_int_equal(rename(scratch_at(s, names[i]), scratch_at(s, "x.img")), 0);
		lists(s, "x.img", "d/=|d/n\xe4\xff=text|", "");
		assert_true(is_file(scratch_at(s, "x.img")));
		snprintf(cpio, sizeof(cpio), "a.cpio%s", names[i] + 5);
		write_archive(s, cpio);
		assert_int_equal(rename(scratch_at(s, cpio), scratch_at(s, "x.img")), 0);
		lists(s, "x.img", "d=|d/n\xe4\xff=text|", "");
		assert_true(is_file(scratch_at(s, "x.img")));
	}
}

/* UTF-8, and what is none, in pax headers that say nothing of a character set. */
static void names_are_bytes(void **state)
{
	struct tar_make m = { 0 };

	/* an a with its dots apart stays so; Latin-1 */
	tar_pax(&m, "path", "a\xcc\x88", 3);
	tar_file(&m, "x", "1");
	tar_pax(&m, "path", "\xe4\xff", 2);
	tar_file(&m, "x", "2");
	tar_file(&m, "\xc3\xa4", "3");
	tar_end(&m);
	scratch_put(*state, "a", m.bytes, m.len);
	lists(*state, "a", "a\xcc\x88=1|\xe4\xff=2|\xc3\xa4=3|", "");
	free(m.bytes);
}

/* A zip of one stored file with the name n, marked as UTF-8. */
static void zip_names(void **state)
{
	static const uint8_t zip[] = {
		'P',  'K',  3,    4,   20,   0,    0,    8,    0, 0,  0, 0, 0, 0,    0xb7,
		0xef, 0xdc, 0x83, 1,   0,    0,    0,    1,    0, 0,  0, 2, 0, 0,    0,
		0xc3, 0xa4, '1',  'P', 'K',  1,    2,    20,   3, 20, 0, 0, 8, 0,    0,
		0,    0,    0,    0,   0xb7, 0xef, 0xdc, 0x83, 1, 0,  0, 0, 1, 0,    0,
		0,    2,    0,    0,   0,    0,    0,    0,    0, 0,  0, 0, 0, 0xa4, 0x81,
		0,    0,    0,    0,   0xc3, 0xa4, 'P',  'K',  5, 6,  0, 0, 0, 0,    1,
		0,    1,    0,    48,  0,    0,    0,    33,   0, 0,  0, 0, 0,
	};
	uint8_t bad[sizeof(zip)];
	struct crx_err err;
	struct kept_log k;
	char got[64];
	int fd[2];

	scratch_put(*state, "a", zip, sizeof(zip));
	lists(*state, "a", "\xc3\xa4=1|", "");
	assert_true(is_file(scratch_at(*state, "a")));
	/* from a pipe, in which nothing can be sought */
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], zip, sizeof(zip)), sizeof(zip));
	close(fd[1]);
	kept_begin(&k);
	assert_int_equal(list_fd(fd[0], got, sizeof(got), &k, &err), 0);
	assert_string_equal(got, "\xc3\xa4=1|");
	close(fd[0]);
	/* a wrong checksum is an error, and names the entry */
	memcpy(bad, zip, sizeof(zip));
	bad[32] = '2';
	scratch_put(*state, "b", bad, sizeof(bad));
	assert_int_equal(list(*state, "b", got, sizeof(got), &k, &err), CRX_EFORMAT);
	assert_non_null(strstr(err.text, "\xc3\xa4: "));
	assert_string_equal(err.path, "NAME");
}

/* Only the directory at its end knows what is a link, and what there is at
 * all. Out of a pipe it is read all the same, and so where it is compressed
 * once more; cut anywhere it is an error. */
static void zip_by_its_directory(void **state)
{
	static const uint8_t zip[] = {
		'P',  'K',  3,    4,   20,   0,    0,    8,    0, 0,  0, 0, 0, 0,    0xb7,
		0xef, 0xdc, 0x83, 1,   0,    0,    0,    1,    0, 0,  0, 2, 0, 0,    0,
		'l',  'n',  '1',  'P', 'K',  1,    2,    20,   3, 20, 0, 0, 8, 0,    0,
		0,    0,    0,    0,   0xb7, 0xef, 0xdc, 0x83, 1, 0,  0, 0, 1, 0,    0,
		0,    2,    0,    0,   0,    0,    0,    0,    0, 0,  0, 0, 0, 0xff, 0xa1,
		0,    0,    0,    0,   'l',  'n',  'P',  'K',  5, 6,  0, 0, 0, 0,    1,
		0,    1,    0,    48,  0,    0,    0,    33,   0, 0,  0, 0, 0,
	};
	struct crx_archive_reader *r;
	struct crx_archive_member m;
	struct crx_err err = CRX_ERR_INIT;
	uint8_t device[sizeof(zip)];
	struct kept_log k;
	char got[64];
	size_t n;
	int fd[2], fds = scratch_open_fds();

	scratch_put(*state, "a", zip, sizeof(zip));
	lists(*state, "a", "ln>1|", "");
	kept_begin(&k);
	for (n = 0; n < sizeof(zip); n++) {
		scratch_put(*state, "cut", zip, n);
		if (list(*state, "cut", got, sizeof(got), &k, &err) != CRX_EFORMAT)
			fail_msg("cut to %zu bytes is %s", n, got);
	}
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], zip, sizeof(zip)), sizeof(zip));
	close(fd[1]);
	assert_int_equal(list_fd(fd[0], got, sizeof(got), &k, &err), 0);
	assert_string_equal(got, "ln>1|");
	close(fd[0]);
	/* the first bytes have been read by someone else */
	fd[0] = open(scratch_at(*state, "a"), O_RDONLY | O_CLOEXEC);
	assert_int_equal(lseek(fd[0], 40, SEEK_SET), 40);
	assert_int_equal(crx_archive_open(&r, &(struct crx_io_rest){ fd[0], "NAME", zip, 40 }, NULL,
					  &err),
			 0);
	assert_int_equal(crx_archive_next(r, &m, &err), 1);
	assert_string_equal(m.target, "1");
	crx_archive_close_reader(r);
	close(fd[0]);
	/* none of the directory's entries */
	scratch_put(*state, "b", zip + sizeof(zip) - 22, 22);
	assert_int_equal(list(*state, "b", got, sizeof(got), &k, &err), CRX_EFORMAT);
	/* a device without its numbers */
	memcpy(device, zip, sizeof(zip));
	device[33 + 41] = 0x21;
	scratch_put(*state, "b", device, sizeof(device));
	assert_int_equal(list(*state, "b", got, sizeof(got), &k, &err), CRX_EFORMAT);
	assert_non_null(strstr(err.text, "ln: the archive does not store its device numbers"));
	assert_int_equal(scratch_open_fds(), fds);
}

/* --- archives after archives --- */

static void cpio_named(struct tar_make *m, const char *name, const char *data)
{
	cpio_put(m, name, S_IFREG | 0644, 1, 1, data);
	cpio_end(m);
}

/* The bytes of an archive of the writer's own, for its compression. */
static void compressed(struct scratch *s, struct tar_make *m, const char *file)
{
	size_t len;
	char *p;

	write_archive(s, file);
	p = scratch_get(s, file, &len);
	tar_raw(m, p, len, 1);
	free(p);
}

static void cpio_behind_cpio(void **state)
{
	static const char zeros[512];
	struct scratch *s = *state;
	struct tar_make m = { 0 };
	size_t len;

	cpio_named(&m, "early", "1");
	tar_raw(&m, zeros, 512, 4);
	cpio_named(&m, "second", "2");
	scratch_put(s, "a", m.bytes, m.len);
	lists(s, "a", "early=1|second=2|", "");
	compressed(s, &m, "x.cpio.gz");
	scratch_put(s, "a", m.bytes, m.len);
	lists(s, "a", "early=1|second=2|d=|d/n\xe4\xff=text|", "");
	compressed(s, &m, "y.cpio.gz");
	compressed(s, &m, "z.cpio.bz2");
	cpio_named(&m, "last", "3");
	scratch_put(s, "a", m.bytes, m.len);
	lists(s, "a",
	      "early=1|second=2|d=|d/n\xe4\xff=text|d=|d/n\xe4\xff=text|d=|d/"
	      "n\xe4\xff=text|last=3|",
	      "");
	len = m.len;
	tar_raw(&m, "rubbish", 7, 1);
	scratch_put(s, "a", m.bytes, m.len);
	lists(s, "a",
	      "early=1|second=2|d=|d/n\xe4\xff=text|d=|d/n\xe4\xff=text|d=|d/"
	      "n\xe4\xff=text|last=3|",
	      "warning: data after the end of the cpio archive is not read\n");
	m.len = len;
	compressed(s, &m, "x.cpio.xz");
	scratch_put(s, "a", m.bytes, m.len);
	lists(s, "a",
	      "early=1|second=2|d=|d/n\xe4\xff=text|d=|d/n\xe4\xff=text|d=|d/"
	      "n\xe4\xff=text|last=3|d=|d/n\xe4\xff=text|",
	      "");
	free(m.bytes);
}

/* iso9660 is recognised by five bytes in the middle, which any file may contain. */
static void not_an_iso(void **state)
{
	struct scratch *s = *state;
	char text[33000], want[34000], got[34000];
	struct tar_make m = { 0 };
	struct crx_err err;
	struct kept_log k;
	int i;

	for (i = 0; i < 2; i++) {
		size_t head = i ? TAR_BLOCK : 112;

		memset(text, 'x', sizeof(text) - 1);
		text[sizeof(text) - 1] = '\0';
		memcpy(text + 32769 - head, "CD001", 5);
		m.len = 0;
		if (i)
			tar_file(&m, "a", text);
		else
			cpio_named(&m, "a", text);
		if (i)
			tar_file(&m, "b", "2");
		else
			cpio_named(&m, "b", "2");
		if (i)
			tar_end(&m);
		assert_memory_equal(m.bytes + 32769, "CD001", 5);
		scratch_put(s, "a", m.bytes, m.len);
		snprintf(want, sizeof(want), "a=%s|b=2|", text);
		kept_begin(&k);
		if (list(s, "a", got, sizeof(got), &k, &err))
			fail_msg("%s", err.text);
		assert_string_equal(got, want);
	}
	free(m.bytes);
}

/* Thousands of them: neither memory nor depth grows. */
static void cpio_by_the_thousand(void **state)
{
	struct scratch *s = *state;
	struct crx_archive_reader *r;
	struct crx_archive_member e;
	struct crx_err err = CRX_ERR_INIT;
	struct tar_make m = { 0 };
	size_t i, n = 0;
	int fd;

	for (i = 0; i < 2000; i++)
		cpio_named(&m, "x", "1");
	scratch_put(s, "a", m.bytes, m.len);
	fd = open(scratch_at(s, "a"), O_RDONLY | O_CLOEXEC);
	assert_int_equal(crx_archive_open(&r, &(struct crx_io_rest){ .fd = fd, .path = "a" }, NULL,
					  &err),
			 0);
	while (crx_archive_next(r, &e, &err) > 0)
		n++;
	assert_int_equal(err.code, 0);
	assert_int_equal(n, 2000);
	crx_archive_close_reader(r);
	close(fd);
	free(m.bytes);
}

/* Directories and files with many links, each thousands of entries from the
 * other: all are found, in a time that does not grow with their square. */
static void cpio_links_far_apart(void **state)
{
	enum { N = 20000 };
	struct scratch *s = *state;
	struct crx_archive_reader *r;
	struct crx_archive_member e;
	struct crx_err err = CRX_ERR_INIT;
	struct tar_make m = { 0 };
	clock_t begin = clock();
	FILE *out = fopen(scratch_at(s, "a"), "w");
	char name[16], first[16];
	int fd, i;

	assert_non_null(out);
	for (i = 0; i < 3 * N; i++) {
		snprintf(name, sizeof(name), "%c%d", 'a' + i / N, i % N);
		/* b1 and c1 have one inode, and a1 too, but is a directory; a third name of b7
		 * never comes */
		m.len = 0;
		cpio_put(&m, name, i < N ? S_IFDIR | 0755 : S_IFREG | 0644,
			 (unsigned)(i % N) + (i < N && i > 9 ? 1000000 : 1), i % N == 7 ? 3 : 2,
			 NULL);
		assert_int_equal(fwrite(m.bytes, m.len, 1, out), 1);
	}
	m.len = 0;
	cpio_end(&m);
	assert_int_equal(fwrite(m.bytes, m.len, 1, out), 1);
	assert_int_equal(fclose(out), 0);
	fd = open(scratch_at(s, "a"), O_RDONLY | O_CLOEXEC);
	assert_int_equal(crx_archive_open(&r, &(struct crx_io_rest){ .fd = fd, .path = "a" }, NULL,
					  &err),
			 0);
	for (i = 0; i < 3 * N; i++) {
		assert_int_equal(crx_archive_next(r, &e, &err), 1);
		snprintf(first, sizeof(first), "b%d", i % N);
		if (i < 2 * N)
			assert_null(e.hardlink);
		else
			assert_string_equal(e.hardlink, first);
	}
	assert_int_equal(crx_archive_next(r, &e, &err), 0);
	crx_archive_close_reader(r);
	close(fd);
	free(m.bytes);
	assert_true((clock() - begin) / CLOCKS_PER_SEC < (getenv("CRX_VALGRIND") ? 300 : 5));
}

/* Wherever a cpio archive is cut off between two entries, or something else
 * stands there, the same is said: also where reading starts anew. */
static void cpio_cut_between_entries(void **state)
{
	struct scratch *s = *state;
	struct tar_make m = { 0 };
	char name[16], want[64], got[8192];
	struct crx_err err;
	struct kept_log k;
	size_t whole;
	int i;

	for (i = 1; i <= 502; i++) {
		snprintf(name, sizeof(name), "d%d", i);
		cpio_put(&m, name, S_IFDIR | 0755, (unsigned)i, 2, NULL);
		if (i < 498)
			continue;
		whole = m.len;
		snprintf(want, sizeof(want), "it is truncated or damaged (after %s)", name);
		for (;;) {
			scratch_put(s, "a", m.bytes, m.len);
			kept_begin(&k);
			assert_int_equal(list(s, "a", got, sizeof(got), &k, &err), CRX_EFORMAT);
			assert_string_equal(err.text, want);
			if (m.len > whole)
				break;
			tar_raw(&m, "no header", 9, 4);
		}
		m.len = whole;
	}
	free(m.bytes);
}

static void without_the_end(void **state)
{
	/* of one file and no more */
	static const uint8_t unfinished_gz[] = {
		0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0x64, 0xa0, 0x3d,
		0x30, 0x00, 0x02, 0x33, 0x13, 0x13, 0x30, 0x0d, 0x04, 0xe8, 0x34, 0x10, 0x18, 0x22,
		0xb1, 0x41, 0xe2, 0x66, 0x06, 0xe6, 0xe6, 0x0c, 0x0a, 0x06, 0x74, 0x70, 0x1b, 0x43,
		0x69, 0x71, 0x49, 0x62, 0x11, 0xd0, 0x4a, 0x86, 0x91, 0x09, 0x0c, 0x19, 0x46, 0xc1,
		0x48, 0x06, 0x00, 0xa1, 0x73, 0xeb, 0x52, 0x00, 0x04, 0x00, 0x00,
	};
	struct scratch *s = *state;
	struct tar_make m = { 0 };
	struct crx_err err;
	struct kept_log k;
	char got[64];

	cpio_put(&m, "a", S_IFREG | 0644, 1, 1, "1");
	scratch_put(s, "a", m.bytes, m.len);
	kept_begin(&k);
	assert_int_equal(list(s, "a", got, sizeof(got), &k, &err), CRX_EFORMAT);
	assert_non_null(strstr(err.text, "after a"));
	kept_begin(&k);
	m.len = 0;
	tar_file(&m, "a", "1");
	scratch_put(s, "a", m.bytes, m.len);
	assert_int_equal(list(s, "a", got, sizeof(got), &k, &err), CRX_EFORMAT);
	assert_non_null(strstr(err.text, "after a without tar's end mark"));
	tar_raw(&m, "b", 1, 1);
	scratch_put(s, "a", m.bytes, m.len);
	assert_int_equal(list(s, "a", got, sizeof(got), &k, &err), CRX_EFORMAT);
	assert_non_null(strstr(err.text, "truncated in the header after a"));
	assert_int_equal(k.n, 0);
	/* but a compressor says where its end is */
	scratch_put(s, "gz", unfinished_gz, sizeof(unfinished_gz));
	lists(s, "gz", "a=1|", "warning: ends without tar's end mark, so it may be truncated\n");
	m.len = 2 * TAR_BLOCK;
	tar_end(&m);
	tar_end(&m);
	scratch_put(s, "a", m.bytes, m.len);
	lists(s, "a", "a=1|", "");
	tar_file(&m, "b", "2");
	scratch_put(s, "a", m.bytes, m.len);
	lists(s, "a", "a=1|",
	      "warning: data after the end of the tar archive is not read (to use two archives "
	      "that were joined, give the second one with --overlay)\n");
	free(m.bytes);
}

/* Cut anywhere, every compression: an error, or a warning. */
static void cut_anywhere(void **state)
{
	static const char *const names[] = { "a.tar.gz", "a.tar.bz2", "a.tar.xz", "a.tar.zst",
					     "a.cpio.gz" };
	struct scratch *s = *state;
	struct crx_err err;
	struct kept_log k;
	char got[1024], *p;
	size_t i, n, len;
	int ret;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		write_archive(s, names[i]);
		p = scratch_get(s, names[i], &len);
		for (n = 0; n < len; n++) {
			scratch_put(s, "cut", p, n);
			kept_begin(&k);
			ret = list(s, "cut", got, sizeof(got), &k, &err);
			/* the last bytes may be the compressor's own */
			if (!ret && !k.n &&
			    strcmp(got, *names[i] == 'a' && names[i][2] == 'c'
						? "d=|d/n\xe4\xff=text|"
						: "d/=|d/n\xe4\xff=text|"))
				fail_msg("%s cut to %zu of %zu bytes is %s", names[i], n, len, got);
		}
		free(p);
	}
}

/* --- what is an archive --- */

static void probed(void **state)
{
	struct scratch *s = *state;
	struct tar_make m = { 0 };
	int fds = scratch_open_fds();

	assert_false(is_file(scratch_at(s, "none")));
	assert_false(is_file(s->dir));
	assert_int_equal(mkfifo(scratch_at(s, "fifo"), 0600), 0);
	assert_false(is_file(scratch_at(s, "fifo"))); /* and comes back */
	scratch_text(s, "empty", "");
	assert_false(is_file(scratch_at(s, "empty")));
	scratch_text(s, "text", "hello\nworld type=file\n");
	assert_false(is_file(scratch_at(s, "text")));
	/* an image after a boot loader's 512 zeros begins like an empty tar archive */
	tar_end(&m);
	tar_raw(&m, "\x45\x3d\xcd\x28", 4, 4096);
	scratch_put(s, "pad", m.bytes, m.len);
	assert_false(is_file(scratch_at(s, "pad")));
	/* an image whose last file is a zip archive is not a zip archive */
	m.len = 0;
	tar_raw(&m, "\x45\x3d\xcd\x28", 4, 4096);
	tar_raw(&m, "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22, 1);
	scratch_put(s, "jar", m.bytes, m.len);
	assert_false(is_file(scratch_at(s, "jar")));
	m.len = 0;
	tar_file(&m, "a", "1");
	scratch_put(s, "tar", m.bytes, m.len);
	assert_true(is_file(scratch_at(s, "tar")));
	assert_int_equal(scratch_open_fds(), fds);
	free(m.bytes);
}

#else

static void without_libarchive(void **state)
{
	struct crx_archive_reader *r;
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_archive_open(&r, &(struct crx_io_rest){ .path = "a" }, NULL, &err),
			 CRX_EFORMAT);
	assert_null(r);
	assert_non_null(strstr(err.text, "unpack it first"));
	assert_false(is_file(scratch_at(*state, "a")));
}

#endif

#define WITH_SCRATCH(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
#if HAVE_LIBARCHIVE
		WITH_SCRATCH(every_compression),
		WITH_SCRATCH(names_are_bytes),
		WITH_SCRATCH(zip_names),
		WITH_SCRATCH(zip_by_its_directory),
		WITH_SCRATCH(cpio_behind_cpio),
		WITH_SCRATCH(not_an_iso),
		WITH_SCRATCH(cpio_by_the_thousand),
		WITH_SCRATCH(cpio_links_far_apart),
		WITH_SCRATCH(cpio_cut_between_entries),
		WITH_SCRATCH(without_the_end),
		WITH_SCRATCH(cut_anywhere),
		WITH_SCRATCH(probed),
#else
		WITH_SCRATCH(without_libarchive),
#endif
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
