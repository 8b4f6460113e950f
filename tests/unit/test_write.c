/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is written is what was laid out, of the contents that scan saw, or
 * nothing. Whole images: tests/roundtrip.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "plan_oracle.h"
#include "write/stream.h"
#include "write/write.h"

enum { PAGE = 4096, LEN = 5 * PAGE + 10 };

struct image {
	struct scene s;
	uint8_t bytes[LEN]; /* of the first file */
	struct crx_write_opts o;
	int fd;
	uint32_t crc;
	struct crx_update update;
};

/* One file: a page in place, one that does not shrink after it, a stream, one
 * that is stored, a hole, a tail. */
static void image_begin(struct image *x)
{
	struct crx_node *n;
	uint64_t r = 88172645463325252u;
	size_t i;

	memset(x, 0, sizeof(*x));
	scene_init(&x->s, PAGE);
	for (i = 0; i < LEN; i++) {
		r ^= r << 13;
		r ^= r >> 7;
		r ^= r << 17;
		x->bytes[i] = i / PAGE == 4   ? 0
			      : i / PAGE == 2 ? (uint8_t)(i % 7)
					      : (uint8_t)(r >> 20);
	}
	n = scene_file(&x->s, "AB-C-D", "#.....", 10);
	n->content.key = x->bytes;
}

static void image_plan(struct image *x)
{
	struct crx_scan_opts so = { .page_size = PAGE, .workers = 1, .find_equal = true };
	struct crx_pack_opts po = { .workers = 1, .ext = true, .holes = true };
	struct crx_plan_opts lo = { .ext = true, .holes = true, .dedupe = true };
	struct crx_err err = CRX_ERR_INIT;

	assert_int_equal(crx_tree_finish(&x->s.tree, &err), 0);
	assert_int_equal(crx_scan(&x->s.tree, &so, &x->s.facts, &err), 0);
	scene_wishes(&x->s);
	assert_int_equal(crx_comp_parse(NULL, false, &po.comp, &err), 0);
	assert_int_equal(crx_pack(&x->s.facts, &x->s.wishes, &po, NULL, &x->s.packed, &err), 0);
	assert_int_equal(crx_plan(&x->s.facts, &x->s.wishes, &x->s.packed, &lo, &x->s.plan, &err),
			 0);
	scene_layout(&x->s);
	assert_kinds(&x->s, 0, "RBdsu-u");
	x->o = (struct crx_write_opts){ .name = "test", .ext = true, .holes = true, .edition = 7 };
	x->fd = -1;
}

static void image_init(struct image *x)
{
	image_begin(x);
	image_plan(x);
}

static void image_free(struct image *x)
{
	if (x->fd >= 0)
		close(x->fd);
	crx_packed_free(&x->s.packed);
	x->s.packed = (struct crx_packed){ 0 };
	scene_free(&x->s);
}

static int image_write(struct image *x, struct crx_err *err)
{
	struct crx_write_from from = { &x->s.tree, &x->s.packed, &x->s.plan, &x->s.layout };
	char name[] = "/tmp/crxwrite.XXXXXX";

	if (x->fd >= 0)
		close(x->fd);
	x->fd = mkstemp(name);
	assert_true(x->fd >= 0);
	unlink(name);
	x->o.path = "image";
	return crx_write(x->fd, &from, &x->o, &x->crc, &x->update, err);
}

static void read_all(const struct image *x, uint8_t *out, size_t len)
{
	assert_int_equal(pread(x->fd, out, len + 1, 0), len);
}

static void test_image(void **state)
{
	static uint8_t whole[64 * PAGE];
	struct crx_err err = CRX_ERR_INIT;
	struct crx_super super;
	struct image x;
	const struct crx_layout *l = &x.s.layout;
	uint8_t zero[4] = { 0 };
	uint32_t crc;

	(void)state;
	image_init(&x);
	assert_int_equal(image_write(&x, &err), 0);
	read_all(&x, whole, (size_t)l->image_size);
	crx_super_decode(whole, CRX_ORDER_LITTLE, &super);
	assert_int_equal(super.magic, CRX_MAGIC);
	assert_int_equal(super.size, l->image_size);
	assert_int_equal(super.edition, 7);
	assert_int_equal(super.blocks, 6);
	assert_int_equal(super.files, 2);
	assert_int_equal(super.flags, CRX_FLAG_FSID_VERSION_2 | CRX_FLAG_SORTED_DIRS |
					      CRX_FLAG_HOLES | CRX_FLAG_EXT_BLOCK_POINTERS);
	assert_memory_equal(super.name, "test\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_int_equal(super.crc, x.crc);
	crc = crx_crc32(0, whole, CRX_SUPER_OFF_CRC);
	crc = crx_crc32(crc, zero, 4);
	crc = crx_crc32(crc, whole + CRX_SUPER_OFF_CRC + 4,
			(size_t)l->image_size - CRX_SUPER_OFF_CRC - 4);
	assert_int_equal(crc, x.crc);
	/* in place and after it */
	assert_memory_equal(whole + l->run_off[0], x.bytes, 2 * PAGE);
	/* direct: its length before it */
	assert_int_equal(crx_get16(whole + l->record_off[0], CRX_ORDER_LITTLE),
			 x.s.plan.record[0].len);
	assert_memory_equal(whole + l->record_off[1], x.bytes + 3 * PAGE, PAGE);
	assert_memory_equal(whole + l->record_off[2], x.bytes + 5 * PAGE, 10);
	image_free(&x);
}

static void test_big_endian_behind_a_pad(void **state)
{
	static uint8_t whole[64 * PAGE];
	struct crx_err err = CRX_ERR_INIT;
	struct crx_super super;
	struct image x;
	size_t i;

	(void)state;
	image_init(&x);
	crx_layout_free(&x.s.layout);
	x.s.lo.boot_pad = true;
	scene_layout(&x.s);
	x.o.order = CRX_ORDER_BIG;
	assert_int_equal(image_write(&x, &err), 0);
	read_all(&x, whole, (size_t)x.s.layout.image_size);
	for (i = 0; i < 512; i++)
		assert_int_equal(whole[i], 0);
	crx_super_decode(whole + 512, CRX_ORDER_BIG, &super);
	assert_int_equal(super.magic, CRX_MAGIC);
	assert_int_equal(super.size, x.s.layout.image_size);
	assert_int_equal(super.root.off, 588);
	assert_int_equal(super.crc, x.crc);
	assert_int_equal(crx_get16(whole + x.s.layout.record_off[0], CRX_ORDER_BIG),
			 x.s.plan.record[0].len);
	image_free(&x);
}

/* Contents that are not those that scan saw end the writing. */
static void test_changed_contents(void **state)
{
	static const size_t at[] = { 0, PAGE - 1, PAGE, 3 * PAGE + 5, 5 * PAGE + 9 };
	struct image x;
	size_t i;

	(void)state;
	image_init(&x);
	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		struct crx_err err = CRX_ERR_INIT;

		x.bytes[at[i]] ^= 0x10;
		assert_int_equal(image_write(&x, &err), CRX_ECHANGED);
		assert_string_equal(err.path, "/f000");
		x.bytes[at[i]] ^= 0x10;
	}
	image_free(&x);
}

/* What does not end where the next thing begins is a bug, never an image. */
static void test_other_places(void **state)
{
	struct image x;
	uint64_t *off[4], was;
	size_t i;
	int way;

	(void)state;
	image_init(&x);
	off[0] = &x.s.layout.entry_off[1];
	off[1] = &x.s.layout.piece[0].len;
	off[2] = &x.s.layout.record_off[1];
	off[3] = &x.s.layout.record_off[2];
	for (i = 0; i < 4; i++) {
		for (way = -4; way <= 4; way += 8) {
			struct crx_err err = CRX_ERR_INIT;

			*off[i] += (uint64_t)(int64_t)way;
			assert_int_equal(image_write(&x, &err), CRX_EINTERNAL);
			*off[i] -= (uint64_t)(int64_t)way;
		}
	}
	/* where something else has been written */
	off[0] = &x.s.layout.table_off[0];
	off[1] = &x.s.layout.record_off[0];
	off[2] = &x.s.layout.run_off[0];
	off[3] = &x.s.layout.image_size;
	for (i = 0; i < 4; i++) {
		struct crx_err err = CRX_ERR_INIT;

		was = *off[i];
		*off[i] = i < 2 ? 60 : i == 2 ? x.s.layout.data_end - 1 : x.s.layout.image_size - 1;
		assert_int_equal(image_write(&x, &err), CRX_EINTERNAL);
		*off[i] = was;
	}
	image_free(&x);
}

static void test_insert(void **state)
{
	static uint8_t whole[64 * PAGE];
	char name[] = "/tmp/crxwrite.XXXXXX";
	struct crx_err err = CRX_ERR_INIT, gone = CRX_ERR_INIT, less = CRX_ERR_INIT;
	struct image x;
	int fd = mkstemp(name);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "inserted!", 9), 9);
	image_init(&x);
	crx_layout_free(&x.s.layout);
	x.s.lo.insert_len = 9;
	scene_layout(&x.s);
	x.o.insert_path = name;
	assert_int_equal(image_write(&x, &err), 0);
	read_all(&x, whole, (size_t)x.s.layout.image_size);
	assert_memory_equal(whole + 76, "inserted!\0\0\0", 12);
	assert_int_equal(crx_get32(whole + 8, CRX_ORDER_LITTLE) & CRX_FLAG_SHIFTED_ROOT_OFFSET,
			 CRX_FLAG_SHIFTED_ROOT_OFFSET);
	assert_int_equal(ftruncate(fd, 8), 0);
	assert_int_equal(image_write(&x, &less), CRX_ECHANGED);
	assert_string_equal(less.path, name);
	unlink(name);
	assert_int_equal(image_write(&x, &gone), CRX_EIO);
	assert_int_equal(gone.sys_errno, ENOENT);
	close(fd);
	image_free(&x);
}

/* --- a step that fails --- */

/* Calls of crx_stream_*() and crx_io_*(), and opening and closing contents: all that can fail in
 * lib/write, except for memory. */
static struct {
	unsigned n, fail_at; /* 0: none fails */
} steps;

static int step(struct crx_err *err)
{
	if (++steps.n != steps.fail_at)
		return 0;
	return crx_err_set(err, CRX_EIO, 0, "step", "fails");
}

int __real_crx_stream_write(struct crx_stream *s, const void *data, size_t len,
			    struct crx_err *err);
int __wrap_crx_stream_write(struct crx_stream *s, const void *data, size_t len,
			    struct crx_err *err);
int __real_crx_stream_fill_to(struct crx_stream *s, uint64_t off, uint8_t value,
			      struct crx_err *err);
int __wrap_crx_stream_fill_to(struct crx_stream *s, uint64_t off, uint8_t value,
			      struct crx_err *err);
int __real_crx_stream_flush(struct crx_stream *s, struct crx_err *err);
int __wrap_crx_stream_flush(struct crx_stream *s, struct crx_err *err);
int __real_crx_stream_expect(const struct crx_stream *s, uint64_t off, const char *what,
			     struct crx_err *err);
int __wrap_crx_stream_expect(const struct crx_stream *s, uint64_t off, const char *what,
			     struct crx_err *err);
int __real_crx_io_pread(int fd, void *buf, size_t len, uint64_t off, const char *path,
			struct crx_err *err);
int __wrap_crx_io_pread(int fd, void *buf, size_t len, uint64_t off, const char *path,
			struct crx_err *err);

int __wrap_crx_stream_write(struct crx_stream *s, const void *data, size_t len, struct crx_err *err)
{
	int ret = step(err);

	return ret ? ret : __real_crx_stream_write(s, data, len, err);
}

int __wrap_crx_stream_fill_to(struct crx_stream *s, uint64_t off, uint8_t value,
			      struct crx_err *err)
{
	int ret = step(err);

	return ret ? ret : __real_crx_stream_fill_to(s, off, value, err);
}

int __wrap_crx_stream_flush(struct crx_stream *s, struct crx_err *err)
{
	int ret = step(err);

	return ret ? ret : __real_crx_stream_flush(s, err);
}

int __wrap_crx_stream_expect(const struct crx_stream *s, uint64_t off, const char *what,
			     struct crx_err *err)
{
	int ret = step(err);

	return ret ? ret : __real_crx_stream_expect(s, off, what, err);
}

int __wrap_crx_io_pread(int fd, void *buf, size_t len, uint64_t off, const char *path,
			struct crx_err *err)
{
	int ret = step(err);

	return ret ? ret : __real_crx_io_pread(fd, buf, len, off, path, err);
}

static int open_step(const struct crx_content *c, void **handle, struct crx_err *err)
{
	(void)c;
	*handle = NULL;
	return step(err);
}

static int close_step(const struct crx_content *c, void *handle, struct crx_err *err)
{
	(void)c;
	(void)handle;
	return step(err);
}

/* Directories, a device and an inserted file of two buffers; and a run with a hole in what is after
 * it. */
static void image_of_all(struct image *x, struct crx_content_ops *ops, const char *insert_path)
{
	static uint8_t more[3 * PAGE];
	struct crx_err err = CRX_ERR_INIT;
	struct crx_node *n;

	image_begin(x);
	*ops = (struct crx_content_ops){ open_step, crx_content_memory.pread, close_step };
	memcpy(more, x->bytes + 3 * PAGE, 2 * PAGE);
	memcpy(more + 2 * PAGE, x->bytes + PAGE, PAGE);
	more[0] ^= 1;
	more[2 * PAGE] ^= 1;
	scene_file(&x->s, "A.B", "#..", 0)->content.key = more;
	x->s.node[0]->content.ops = x->s.node[1]->content.ops = ops;
	assert_int_equal(crx_tree_add(x->s.tree.root, "disk", &n, &err), 0);
	n->mode = S_IFBLK | 0600;
	n->dev_major = 8;
	n->dev_minor = 17;
	assert_int_equal(crx_tree_add(x->s.tree.root, "tty", &n, &err), 0);
	n->mode = S_IFCHR | 0600;
	x->s.lo.insert_len = 20000;
	image_plan(x);
	assert_kinds(&x->s, 1, "R-B");
	x->o.insert_path = insert_path;
}

/* The first error ends the writing, and is what is reported. Contents that were opened are closed,
 * and nothing else is done. */
static void fail_each_step(struct image *x, uint8_t *whole)
{
	unsigned all, i;
	int ret;

	for (all = i = 0; i <= all; i++) {
		struct crx_err err = CRX_ERR_INIT;

		steps.n = 0;
		steps.fail_at = i;
		ret = image_write(x, &err);
		steps.fail_at = 0;
		if (!i) {
			assert_int_equal(ret, 0);
			all = steps.n;
			read_all(x, whole, (size_t)x->s.layout.image_size);
			continue;
		}
		if (ret != CRX_EIO || strcmp(err.text, "fails") || steps.n > i + 1)
			fail_msg("step %u of %u: %d, %s, %u steps", i, all, ret, err.text, steps.n);
	}
	assert_true(all > 50);
}

/* A first image, then updates of a shorter one with a byte that differs. */
static void test_a_step_fails(void **state)
{
	static uint8_t whole[64 * PAGE], before[64 * PAGE];
	char name[] = "/tmp/crxwrite.XXXXXX";
	int fd = mkstemp(name), wipe;
	struct crx_content_ops ops;
	struct crx_old old = { .data = before };
	struct crx_err err = CRX_ERR_INIT;
	struct crx_inode disk;
	struct image x;
	uint64_t run;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 20000), 0);
	image_of_all(&x, &ops, name);
	fail_each_step(&x, before);
	crx_inode_decode(before + x.s.layout.entry_off[1], CRX_ORDER_LITTLE, &disk);
	assert_int_equal(disk.size, 8 << 8 | 17);
	old.size = x.s.layout.image_size - 5;
	x.o.old = &old;
	x.o.erase_len = PAGE;
	run = x.s.layout.run_off[0];
	before[run] ^= 1;
	for (wipe = 0; wipe < 2; wipe++) {
		x.o.wipe = wipe;
		fail_each_step(&x, whole);
		assert_int_equal(image_write(&x, &err), 0);
		assert_int_equal(x.update.blocks, x.s.layout.image_size / PAGE);
		assert_int_equal(whole[run], before[run] ^ 1);
		/* the first, that of the run, and the last */
		assert_true(wipe || x.update.changed_blocks == 3);
	}
	unlink(name);
	close(fd);
	image_free(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_image),
		cmocka_unit_test(test_big_endian_behind_a_pad),
		cmocka_unit_test(test_changed_contents),
		cmocka_unit_test(test_other_places),
		cmocka_unit_test(test_insert),
		cmocka_unit_test(test_a_step_fails),
	};

	return cmocka_run_group_tests_name("write", tests, NULL, NULL);
}
