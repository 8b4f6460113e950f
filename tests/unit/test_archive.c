/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lib/input/archive and lib/export: what is in an archive, byte by byte. It is read
 * back here by hand, so that libarchive is not its own judge.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "../nasty/forge.h"
#include "input/archive/writer.h"
#include "proof/export/export.h"
#include "scratch.h"

enum { BLOCK = 512 };

static void test_names(void **state)
{
	static const char *const yes[] = {
		"a.tar",     "dir/a.tar.gz", "a.tgz",      "a.tar.xz",   "a.txz",  "a.tar.zst",
		"a.tzst",    "a.tar.bz2",    "a.tbz",      "a.tbz2",     "a.cpio", "a.cpio.gz",
		"a.cpio.xz", "a.cpio.zst",   "a.cpio.bz2", "x.tar/a.tar"
	};
	static const char *const no[] = { "",       "tar",     ".tar", "dir/.tar",
					  "a.tar/", "a.tar/b", "a.gz", "a.tar.lz4",
					  "a.TAR",  "a.tar.",  "atar", "-" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!crx_archive_is_name(yes[i]))
			fail_msg("%s", yes[i]);
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (crx_archive_is_name(no[i]))
			fail_msg("%s", no[i]);
}

#if HAVE_LIBARCHIVE

static struct crx_archive_writer *create(struct scratch *s, const char *name)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_archive_writer *w = NULL;

	assert_int_equal(crx_archive_create(&w, scratch_at(s, name), NULL, &err), 0);
	assert_non_null(w);
	return w;
}

static void put(struct crx_archive_writer *w, struct crx_archive_entry e, const char *contents)
{
	struct crx_err err = CRX_ERR_INIT;

	e.size = contents ? strlen(contents) : 0;
	assert_int_equal(crx_archive_put(w, &e, contents, &err), 0);
	assert_int_equal(err.code, 0);
}

static void close_archive(struct crx_archive_writer *w)
{
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_archive_close(w, &err), 0);
}

/* --- ustar and pax, as POSIX has them --- */

struct member {
	char path[CRX_ARCHIVE_PATH_MAX + 300], link[CRX_ARCHIVE_PATH_MAX + 300];
	unsigned long mode, uid, gid, size, mtime, major, minor;
	char type;
	bool binary; /* hdrcharset */
	const char *data;
};

static unsigned long octal(const char *field, size_t len)
{
	char text[16] = { 0 };

	memcpy(text, field, len);
	return strtoul(text, NULL, 8);
}

/* "LEN KEY=VALUE\n" ... */
static void take_records(const char *p, size_t len, struct member *m)
{
	const char *end = p + len, *key, *value;
	size_t record;
	char *rest;

	while (p < end) {
		record = strtoul(p, &rest, 10);
		assert_true(record && record <= (size_t)(end - p) && p[record - 1] == '\n');
		key = rest + 1;
		value = strchr(key, '=') + 1;
		if (!strncmp(key, "path=", 5))
			snprintf(m->path, sizeof(m->path), "%.*s", (int)(p + record - 1 - value),
				 value);
		else if (!strncmp(key, "linkpath=", 9))
			snprintf(m->link, sizeof(m->link), "%.*s", (int)(p + record - 1 - value),
				 value);
		else if (!strncmp(key, "hdrcharset=BINARY\n", 18))
			m->binary = true;
		else
			fail_msg("a record that was not expected: %s", key);
		p += record;
	}
}

/* The member at *p; moves *p after it. False at the end. */
static bool next_member(const char **p, struct member *m)
{
	const char *h;
	unsigned long sum;
	bool pax;
	int i;

	*m = (struct member){ 0 };
	do {
		h = *p;
		if (!h[0])
			return false;
		assert_memory_equal(h + 257, "ustar\00000", 8);
		for (sum = 0, i = 0; i < BLOCK; i++)
			sum += i >= 148 && i < 156 ? ' ' : (unsigned char)h[i];
		assert_int_equal(sum, octal(h + 148, 8));
		pax = h[156] == 'x';
		m->size = octal(h + 124, 12);
		if (pax)
			take_records(h + BLOCK, m->size, m);
		*p += BLOCK + (m->size + BLOCK - 1) / BLOCK * BLOCK;
	} while (pax);
	if (!*m->path)
		snprintf(m->path, sizeof(m->path), "%.155s%s%.100s", h + 345, h[345] ? "/" : "", h);
	if (!*m->link)
		snprintf(m->link, sizeof(m->link), "%.100s", h + 157);
	m->mode = octal(h + 100, 8);
	m->uid = octal(h + 108, 8);
	m->gid = octal(h + 116, 8);
	m->mtime = octal(h + 136, 12);
	m->type = h[156];
	m->major = octal(h + 329, 8);
	m->minor = octal(h + 337, 8);
	m->data = h + BLOCK;
	assert_int_equal(h[265], 0); /* no user or group names */
	assert_int_equal(h[297], 0);
	return true;
}

static void is_member(const char **p, const char *path, char type, unsigned long mode, bool binary)
{
	struct member m;

	assert_true(next_member(p, &m));
	assert_string_equal(m.path, path);
	assert_int_equal(m.type, type);
	assert_int_equal(m.mode, mode);
	assert_int_equal(m.mtime, 0);
	assert_int_equal(m.binary, binary);
}

static void put_sample(struct crx_archive_writer *w, const char *latin, const char *longer)
{
	put(w, (struct crx_archive_entry){ .path = "", .mode = S_IFDIR | 0755 }, NULL);
	put(w,
	    (struct crx_archive_entry){
		    .path = "su", .mode = S_IFREG | 04755, .uid = 65535, .gid = 255 },
	    "#!");
	put(w, (struct crx_archive_entry){ .path = latin, .mode = S_IFREG | 0644 }, "latin");
	put(w,
	    (struct crx_archive_entry){
		    .path = "dev", .mode = S_IFCHR | 0620, .dev_major = 254, .dev_minor = 255 },
	    NULL);
	put(w,
	    (struct crx_archive_entry){ .path = "link", .mode = S_IFLNK | 0777, .target = latin },
	    NULL);
	put(w, (struct crx_archive_entry){ .path = "fifo", .mode = S_IFIFO | 0600 }, NULL);
	put(w, (struct crx_archive_entry){ .path = longer, .mode = S_IFREG | 0600 }, "long");
	put(w, (struct crx_archive_entry){ .path = "TRAILER!!!", .mode = S_IFREG | 0600 }, "more");
}

static void make_names(char latin[CRX_DIRENT_NAME_MAX + 1], char longer[CRX_ARCHIVE_PATH_MAX + 1])
{
	memset(latin, 0xe4, CRX_DIRENT_NAME_MAX);
	latin[CRX_DIRENT_NAME_MAX] = '\0';
	memset(longer, 'l', CRX_ARCHIVE_PATH_MAX);
	longer[200] = '/';
	longer[CRX_ARCHIVE_PATH_MAX] = '\0';
}

static void test_pax(void **state)
{
	struct scratch *s = *state;
	struct crx_archive_writer *w = create(s, "a.tar");
	struct crx_err err = CRX_ERR_INIT;
	char latin[CRX_DIRENT_NAME_MAX + 1], longer[CRX_ARCHIVE_PATH_MAX + 2];
	struct crx_archive_entry sock = { .path = "sock", .mode = S_IFSOCK | 0600 },
				 too_long = { .path = longer, .mode = S_IFDIR | 0700 };
	struct member m;
	const char *p;
	char *tar;
	size_t len;

	make_names(latin, longer);
	put_sample(w, latin, longer);
	assert_int_equal(crx_archive_put(w, &sock, NULL, &err), CRX_ELIMIT);
	memset(longer, 'l', CRX_ARCHIVE_PATH_MAX + 1);
	longer[CRX_ARCHIVE_PATH_MAX + 1] = '\0';
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_archive_put(w, &too_long, NULL, &err), CRX_ELIMIT);
	put(w, (struct crx_archive_entry){ .path = "last", .mode = S_IFDIR | 01777 }, NULL);
	close_archive(w);
	make_names(latin, longer);
	tar = scratch_get(s, "a.tar", &len);
	p = tar;
	is_member(&p, "./", '5', 0755, false);
	assert_true(next_member(&p, &m));
	assert_int_equal(m.mode, 04755);
	assert_int_equal(m.uid, 65535);
	assert_int_equal(m.gid, 255);
	assert_memory_equal(m.data, "#!", 3);
	is_member(&p, latin, '0', 0644, true);
	assert_true(next_member(&p, &m));
	assert_int_equal(m.type, '3');
	assert_int_equal(m.major, 254);
	assert_int_equal(m.minor, 255);
	assert_true(next_member(&p, &m));
	assert_string_equal(m.link, latin);
	assert_true(m.binary);
	is_member(&p, "fifo", '6', 0600, false);
	is_member(&p, longer, '0', 0600, false);
	is_member(&p, "TRAILER!!!", '0', 0600, false);
	is_member(&p, "last/", '5', 01777, false);
	assert_false(next_member(&p, &m));
	assert_true((size_t)(p - tar) + 2 * BLOCK <= len);
	free(tar);
}

/* Names in UTF-8, composed or not, are stored as they are, and are not marked. */
static void test_utf8(void **state)
{
	static const char *const name[] = { "\303\244", "a\314\210", "\360\237\220\247" };
	struct scratch *s = *state;
	struct crx_archive_writer *w = create(s, "a.tar");
	struct member m;
	const char *p;
	char *tar;
	size_t len, i;

	for (i = 0; i < 3; i++) {
		put(w, (struct crx_archive_entry){ .path = name[i], .mode = S_IFREG | 0644 }, "");
		put(w,
		    (struct crx_archive_entry){
			    .path = "link", .mode = S_IFLNK | 0777, .target = name[i] },
		    NULL);
	}
	put(w,
	    (struct crx_archive_entry){ .path = name[0], .mode = S_IFLNK | 0777, .target = "\344" },
	    NULL);
	close_archive(w);
	tar = scratch_get(s, "a.tar", &len);
	for (p = tar, i = 0; i < 3; i++) {
		is_member(&p, name[i], '0', 0644, false);
		assert_true(next_member(&p, &m));
		assert_string_equal(m.link, name[i]);
		assert_false(m.binary);
	}
	assert_true(next_member(&p, &m));
	assert_string_equal(m.path, name[0]);
	assert_string_equal(m.link, "\344");
	assert_true(m.binary);
	free(tar);
}

static unsigned long hex(const char *p)
{
	char text[9] = { 0 };

	memcpy(text, p, 8);
	return strtoul(text, NULL, 16);
}

static void test_cpio(void **state)
{
	static const char *const names[] = { ".",    "su", NULL,           "dev",  "link",
					     "fifo", NULL, "./TRAILER!!!", "sock", "TRAILER!!!" };
	struct scratch *s = *state;
	struct crx_archive_writer *w = create(s, "a.cpio");
	char latin[CRX_DIRENT_NAME_MAX + 1], longer[CRX_ARCHIVE_PATH_MAX + 2];
	unsigned long name_len, size, i;
	const char *p;
	char *cpio;
	size_t len;

	make_names(latin, longer);
	put_sample(w, latin, longer);
	put(w, (struct crx_archive_entry){ .path = "sock", .mode = S_IFSOCK | 0600 }, NULL);
	close_archive(w);
	cpio = scratch_get(s, "a.cpio", &len);
	for (p = cpio, i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_memory_equal(p, "070701", 6);
		assert_int_equal(hex(p + 46), 0); /* mtime */
		if (i < 9) {
			assert_int_equal(hex(p + 6), i + 1); /* inode: none twice */
			assert_int_equal(hex(p + 38), 1);    /* links */
		}
		if (i == 1) {
			assert_int_equal(hex(p + 14), S_IFREG | 04755);
			assert_int_equal(hex(p + 22), 65535);
			assert_int_equal(hex(p + 30), 255);
		}
		if (i == 3) {
			assert_int_equal(hex(p + 78), 254);
			assert_int_equal(hex(p + 86), 255);
		}
		name_len = hex(p + 94);
		size = hex(p + 54);
		assert_string_equal(p + 110, names[i] ? names[i] : i == 2 ? latin : longer);
		assert_int_equal(strlen(p + 110) + 1, name_len);
		p += (110 + name_len + 3) / 4 * 4 + (size + 3) / 4 * 4;
	}
	assert_true((size_t)(p - cpio) <= len);
	free(cpio);
}

/* Twice the same bytes, of whatever compression; and each is compressed. */
static void test_repeatable(void **state)
{
	static const struct {
		const char *end, *magic;
		size_t len;
	} kinds[] = { { "tar", "./", 2 },
		      { "tar.gz", "\x1f\x8b", 2 },
		      { "tar.bz2", "BZh", 3 },
		      { "tar.xz",
			"\xfd"
			"7zXZ",
			5 },
		      { "tar.zst", "\x28\xb5\x2f\xfd", 4 },
		      { "cpio.gz", "\x1f\x8b", 2 } };
	struct scratch *s = *state;
	char latin[CRX_DIRENT_NAME_MAX + 1], longer[CRX_ARCHIVE_PATH_MAX + 2], name[2][32],
		*bytes[2];
	size_t i, k, len[2];

	make_names(latin, longer);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		for (k = 0; k < 2; k++) {
			struct crx_archive_writer *w;

			snprintf(name[k], sizeof(name[k]), "%c.%s", (char)('a' + k), kinds[i].end);
			w = create(s, name[k]);
			put_sample(w, latin, longer);
			close_archive(w);
			bytes[k] = scratch_get(s, name[k], &len[k]);
		}
		assert_memory_equal(bytes[0], kinds[i].magic, kinds[i].len);
		if (kinds[i].magic[0] == '\x1f')
			assert_memory_equal(bytes[0] + 4, "\0\0\0\0", 4); /* gzip's time */
		assert_int_equal(len[0], len[1]);
		assert_memory_equal(bytes[0], bytes[1], len[0]);
		free(bytes[0]);
		free(bytes[1]);
	}
}

static void test_appears_whole(void **state)
{
	struct scratch *s = *state;
	struct crx_archive_writer *w;
	struct crx_err err = CRX_ERR_INIT;
	int fds = scratch_open_fds();

	scratch_text(s, "old.tar", "old");
	w = create(s, "old.tar");
	put(w, (struct crx_archive_entry){ .path = "f", .mode = S_IFREG | 0644 }, "new");
	scratch_is(s, "old.tar", "old");
	crx_archive_abort(w);
	scratch_is(s, "old.tar", "old");
	assert_int_equal(scratch_count(s, "."), 1);
	assert_int_equal(crx_archive_create(&w, scratch_at(s, "a.zip"), NULL, &err), CRX_EARG);
	assert_null(w);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_archive_create(&w, scratch_at(s, "no/a.tar"), NULL, &err), CRX_EIO);
	crx_archive_abort(NULL);
	assert_int_equal(scratch_count(s, "."), 1);
	assert_int_equal(scratch_open_fds(), fds);
}

/* A device that is always full; root's is one of our own, for what a faulty
 * program might put in its place. False if there is none. */
static bool make_full(struct scratch *s)
{
	struct stat st;
	int fd;

	if (geteuid() == 0) {
		if (mknod(scratch_at(s, "full.tar"), S_IFCHR | 0600, makedev(1, 7)) < 0)
			return false;
		fd = open(scratch_at(s, "full.tar"), O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			return false;
		close(fd);
		return true;
	}
	if (stat("/dev/full", &st) || !S_ISCHR(st.st_mode))
		return false;
	scratch_symlink(s, "/dev/full", "full.tar");
	return true;
}

static void test_full(void **state)
{
	struct scratch *s = *state;
	struct crx_archive_entry e = { .path = "f", .mode = S_IFREG | 0644, .size = 1 << 20 };
	struct crx_archive_writer *w;
	struct crx_err err = CRX_ERR_INIT;
	char *zeros;

	if (!make_full(s))
		skip();
	zeros = calloc(1, e.size);
	assert_non_null(zeros);
	w = create(s, "full.tar");
	assert_int_equal(crx_archive_put(w, &e, zeros, &err), CRX_EIO);
	assert_int_equal(err.sys_errno, ENOSPC);
	crx_archive_abort(w);
	/* what is written only at the end */
	w = create(s, "full.tar");
	put(w, (struct crx_archive_entry){ .path = "d", .mode = S_IFDIR | 0755 }, NULL);
	err = (struct crx_err)CRX_ERR_INIT;
	assert_int_equal(crx_archive_close(w, &err), CRX_EIO);
	assert_int_equal(err.sys_errno, ENOSPC);
	free(zeros);
}

/* What has gone out when an archive is given up stays without an end. */
static void test_given_up(void **state)
{
	struct scratch *s = *state;
	struct crx_archive_writer *w;
	char buf[65536];
	int fd;

	assert_int_equal(mkfifo(scratch_at(s, "fifo.tar"), 0600), 0);
	fd = open(scratch_at(s, "fifo.tar"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	w = create(s, "fifo.tar");
	put(w, (struct crx_archive_entry){ .path = "f", .mode = S_IFREG | 0644 }, "text");
	crx_archive_abort(w);
	assert_int_equal(read(fd, buf, sizeof(buf)), 0);
	w = create(s, "fifo.tar");
	put(w, (struct crx_archive_entry){ .path = "f", .mode = S_IFREG | 0644 }, "text");
	close_archive(w);
	assert_int_equal(read(fd, buf, sizeof(buf)), 4 * BLOCK);
	close(fd);
}

/* --- export --- */

static void emit(void *ctx, enum crx_level level, const char *path, const char *text)
{
	(void)text;
	(void)path;
	assert_int_equal(level, CRX_LEVEL_ERROR);
	++*(size_t *)ctx;
}

static char *export_image(struct scratch *s, struct forge *g, struct crx_extract_result *r,
			  size_t *said)
{
	struct crx_archive_writer *w = create(s, "x.tar");
	struct crx_log log = { emit, said, 0 };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_listing l;
	struct crx_image img;
	size_t len;

	*said = 0;
	assert_int_equal(forge_view(g, &img, &err), 0);
	assert_int_equal(crx_listing_read(&img, &l, &err), 0);
	assert_int_equal(crx_export_archive(&img, &l, w, &log, r, &err), 0);
	close_archive(w);
	crx_listing_free(&l);
	crx_image_close(&img);
	return scratch_get(s, "x.tar", &len);
}

static void test_export(void **state)
{
	struct forge g;
	struct forge_base b;
	struct crx_extract_result r;
	struct member m;
	uint8_t want[2 * 4096 + 100];
	const char *p;
	size_t said;
	char *tar;

	forge_base(&g, &b, CRX_ORDER_BIG, 4096);
	tar = export_image(*state, &g, &r, &said);
	p = tar;
	assert_int_equal(r.made, FORGE_ENTRIES);
	assert_int_equal(r.failed, 0);
	assert_int_equal(said, 0);
	is_member(&p, "./", '5', 0755, false);
	is_member(&p, "dir/", '5', 0755, false);
	is_member(&p, "dir/direct", '0', 0644, false);
	is_member(&p, "hole", '0', 0644, false);
	assert_true(next_member(&p, &m));
	assert_int_equal(m.type, '2');
	is_member(&p, "plain", '0', 0644, false);
	assert_true(next_member(&p, &m));
	assert_string_equal(m.path, "run");
	assert_int_equal(m.uid, 1000);
	assert_int_equal(m.gid, 100);
	assert_int_equal(m.size, sizeof(want));
	forge_pattern(want, sizeof(want), 7);
	assert_memory_equal(m.data, want, sizeof(want));
	assert_false(next_member(&p, &m));
	free(tar);
	forge_free(&g);
}

/* "link" to elsewhere, and a directory "link" that an extractor would fill
 * through it; names that lead away; a file that cannot be read; what tar cannot hold. */
static void test_export_hostile(void **state)
{
	struct crx_inode file = { .mode = S_IFREG | 0644, .off = 3000, .size = 4 },
			 dir = { .mode = S_IFDIR | 0755, .off = 2048, .size = 16 };
	struct crx_inode link = { .mode = S_IFLNK | 0777, .off = 3000, .size = 4 },
			 bad = { .mode = S_IFREG | 0644, .off = 3100, .size = 4 };
	struct crx_inode sock = { .mode = S_IFSOCK | 0644 };
	struct forge g;
	struct crx_extract_result r;
	struct member m;
	const char *p;
	uint64_t off;
	size_t said;
	char *tar;

	forge_init(&g, CRX_ORDER_LITTLE, 4096, 8192);
	forge_put32(&g, 3000, forge_ptr_stored(3008));
	forge_bytes(&g, 3004, "/etc", 4);
	forge_put32(&g, 3100, 3110);
	forge_entry(&g, 2048, "in", file);
	off = forge_entry(&g, FORGE_ROOT, "link", link);
	off = forge_entry(&g, off, "a", dir);
	off = forge_entry(&g, off, "link", dir);
	off = forge_entry(&g, off, "..", dir);
	off = forge_entry(&g, off, "../x", file);
	off = forge_entry(&g, off, "bad", bad);
	off = forge_entry(&g, off, "sock", sock);
	dir.off = FORGE_ROOT;
	dir.size = (uint32_t)(off - FORGE_ROOT);
	forge_super(&g, 0, CRX_FLAG_FSID_VERSION_2 | CRX_FLAG_EXT_BLOCK_POINTERS, &dir);
	tar = export_image(*state, &g, &r, &said);
	p = tar;
	is_member(&p, "./", '5', 0755, false);
	is_member(&p, "link", '2', 0777, false);
	is_member(&p, "a/", '5', 0755, false);
	is_member(&p, "a/in", '0', 0644, false);
	assert_true(next_member(&p, &m));
	assert_string_equal(m.path, "bad");
	assert_memory_equal(m.data, "\0\0\0\0", 4);
	assert_false(next_member(&p, &m));
	assert_int_equal(r.made, 5);
	assert_int_equal(r.failed, 5);
	assert_int_equal(said, 5);
	free(tar);
	forge_free(&g);
}

#else

static void test_without(void **state)
{
	struct scratch *s = *state;
	struct crx_archive_writer *w;
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_archive_create(&w, scratch_at(s, "a.tar"), NULL, &err), CRX_EARG);
	assert_null(w);
	assert_non_null(strstr(err.text, "libarchive"));
	assert_int_equal(scratch_count(s, "."), 0);
}

#endif

int main(void)
{
#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
#if HAVE_LIBARCHIVE
		WITH_SCRATCH(test_pax),
		WITH_SCRATCH(test_utf8),
		WITH_SCRATCH(test_cpio),
		WITH_SCRATCH(test_repeatable),
		WITH_SCRATCH(test_appears_whole),
		WITH_SCRATCH(test_full),
		WITH_SCRATCH(test_given_up),
		WITH_SCRATCH(test_export),
		WITH_SCRATCH(test_export_hostile),
#else
		WITH_SCRATCH(test_without),
#endif
	};

	return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
