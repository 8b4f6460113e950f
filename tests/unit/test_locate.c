/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Magic numbers, and images inside larger files: which are found, that time is
 * bounded, and that nothing after the end is read.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../nasty/forge.h"
#include "comp/comp.h"
#include "kept_log.h"
#include "base/offenders.h"
#include "read/locate.h"
#include "read/magic.h"

enum { ROOM = 1 << 20, PAD = 512 };

static struct kept_log kept;

/* --- what a file is --- */

static void test_each_format(void **state)
{
	static const struct {
		const char *bytes, *what;
		size_t off, len;
	} format[] = {
		{ "hsqs", "a squashfs image", 0, 4 },
		{ "sqsh", "a big-endian squashfs image", 0, 4 },
		{ "-rom1fs-", "a romfs image", 0, 8 },
		{ "\x85\x19\x03\x20", "a JFFS2 image", 0, 4 },
		{ "\x85\x19\x02\xe0", "a JFFS2 image", 0, 4 },
		{ "\x19\x85\xe0\x01", "a big-endian JFFS2 image", 0, 4 },
		{ "UBI#", "a UBI image", 0, 4 },
		{ "\x31\x18\x10\x06", "a UBIFS image", 0, 4 },
		{ "\x1f\x8b\x08", "gzip data", 0, 3 },
		{ "\xfd\x37zXZ\0", "xz data", 0, 6 },
		{ "\x28\xb5\x2f\xfd", "zstd data", 0, 4 },
		{ "\x27\x05\x19\x56", "a U-Boot legacy image", 0, 4 },
		{ "\xd0\x0d\xfe\xed", "a U-Boot FIT image or a device tree", 0, 4 },
		{ "\x7f"
		  "ELF",
		  "an ELF file", 0, 4 },
		{ "\xe2\xe1\xf5\xe0", "an EROFS image", 1024, 4 },
		{ "\x53\xef", "an ext2, ext3 or ext4 image", 0x438, 2 },
	};
	uint8_t *data = calloc(1, 2048);
	struct crx_err err = CRX_ERR_INIT;
	const struct crx_magic *m;
	struct crx_image img;
	char want[128];
	size_t i;

	(void)state;
	assert_non_null(data);
	assert_null(crx_magic_identify(data, 2048));
	for (i = 0; i < sizeof(format) / sizeof(format[0]); i++) {
		memset(data, 0, 2048);
		memcpy(data + format[i].off, format[i].bytes, format[i].len);
		m = crx_magic_identify(data, 2048);
		assert_non_null(m);
		assert_string_equal(m->what, format[i].what);
		assert_null(crx_magic_identify(data, format[i].off + format[i].len - 1));
		assert_ptr_equal(crx_magic_identify(data, format[i].off + format[i].len), m);
		err.code = 0;
		assert_int_equal(crx_image_view(&img, data, 2048, 4096, &err), CRX_EFORMAT);
		snprintf(want, sizeof(want), "not a cramfs image, but %s%s", m->what,
			 m->advice ? " (decompress it first)" : "");
		assert_string_equal(err.text, want);
		/* not at other places */
		memmove(data + 1, data, 2047);
		data[0] = 0;
		assert_null(crx_magic_identify(data, 2048));
	}
	free(data);
}

/* The scan finds what a simple one finds, in random bytes full of magic numbers. */
static void test_scan_is_complete(void **state)
{
	const char *rounds = getenv("LOCATE_ROUNDS");
	unsigned long n = rounds ? strtoul(rounds, NULL, 10) : 300;
	struct crx_magic_scan s;
	uint32_t x = 20261129, k;
	size_t len, at, row, r;
	uint8_t *data;
	uint64_t off;
	bool more;

	(void)state;
	while (n--) {
		x = x * 1664525u + 1013904223u;
		len = x >> 20;
		data = malloc(len ? len : 1);
		assert_non_null(data);
		for (at = 0; at < len; at++) {
			x = x * 1664525u + 1013904223u;
			data[at] = (uint8_t)(x >> 24);
		}
		for (k = 0; len > 8 && k < len / 16; k++) {
			const struct crx_magic *m;

			x = x * 1664525u + 1013904223u;
			m = crx_magic_row((x >> 8) % CRX_MAGIC_ROWS);
			memcpy(data + (x >> 13) % (len - 8), m->bytes, m->len);
		}
		crx_magic_scan_begin(&s, data, len);
		more = crx_magic_scan_next(&s, &row, &off);
		for (at = 0; at < len; at++) {
			for (r = 0; r < CRX_MAGIC_ROWS; r++) {
				const struct crx_magic *m = crx_magic_row(r);

				if (m->len >= 4 && at >= m->off && m->len <= len - at &&
				    !memcmp(data + at, m->bytes, m->len))
					break;
			}
			if (r == CRX_MAGIC_ROWS)
				continue;
			assert_true(more);
			assert_int_equal(row, r);
			assert_int_equal(off, at - crx_magic_row(r)->off);
			more = crx_magic_scan_next(&s, &row, &off);
		}
		assert_false(more);
		free(data);
	}
}

/* --- images inside a file --- */

/* A file of len bytes; -1: several, -2: none, otherwise the offset. */
static long locate(const void *data, size_t len)
{
	struct crx_err err = CRX_ERR_INIT;
	FILE *f = tmpfile();
	uint64_t off = 0;
	size_t n;
	int ret;

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fflush(f), 0);
	kept_begin(&kept);
	ret = crx_image_locate(fileno(f), "dump", &kept.log, &off, &n, &err);
	fclose(f);
	if (!ret) {
		assert_int_equal(kept.n, 0);
		return (long)off;
	}
	assert_int_equal(ret, CRX_EFORMAT);
	assert_int_equal(n > 1, strstr(err.text, "choose one with --offset N") != NULL);
	return n ? -1 : -2;
}

struct world {
	uint8_t *data; /* ROOM bytes of 0xff, as erased flash has them */
	struct forge g;
	struct forge_base b;
};

static void begin(struct world *w, enum crx_order order)
{
	w->data = malloc(ROOM);
	assert_non_null(w->data);
	memset(w->data, 0xff, ROOM);
	forge_base(&w->g, &w->b, order, 4096);
	forge_seal(&w->g);
}

static void end(struct world *w)
{
	free(w->data);
	forge_free(&w->g);
}

static void put_image(struct world *w, size_t at)
{
	memcpy(w->data + at, w->g.data, w->g.len);
}

static void change_super(struct world *w, uint32_t flags, uint32_t size)
{
	struct crx_super s;

	crx_super_decode(w->g.data, w->g.order, &s);
	s.flags = flags;
	s.size = size;
	crx_super_encode(&s, w->g.order, w->g.data);
}

static void test_one_image(void **state)
{
	static const size_t place[] = { 0, 1, 512, 1003, 65536, ROOM - 16 * 4096 };
	struct world w;
	size_t i;
	int order;

	(void)state;
	for (order = CRX_ORDER_LITTLE; order <= CRX_ORDER_BIG; order++) {
		for (i = 0; i < sizeof(place) / sizeof(place[0]); i++) {
			begin(&w, (enum crx_order)order);
			assert_int_equal(locate(w.data, ROOM), -2);
			assert_int_equal(kept.n, 0);
			put_image(&w, place[i]);
			assert_int_equal(locate(w.data, ROOM), place[i]);
			/* damaged, or cut, it is still one */
			w.data[place[i] + 30000] ^= 1;
			assert_int_equal(locate(w.data, ROOM), place[i]);
			assert_int_equal(locate(w.data, place[i] + 30000), place[i]);
			/* without the signature it is none, but its magic number is there */
			w.data[place[i] + 16] ^= 1;
			assert_int_equal(locate(w.data, ROOM), -2);
			kept_has(&kept, "the magic number of a cramfs image at byte ");
			kept_has(&kept, "no superblock");
			end(&w);
		}
	}
}

/* With a boot pad, the image begins before the superblock. */
static void test_boot_pad(void **state)
{
	struct crx_inode root = { .mode = S_IFDIR | 0755, .off = PAD + 76, .size = 16 };
	static const uint8_t zero[4];
	struct world w;
	struct forge g;
	uint32_t crc;

	(void)state;
	begin(&w, CRX_ORDER_BIG);
	forge_init(&g, CRX_ORDER_BIG, 4096, 8192);
	forge_super(&g, PAD, CRX_FLAG_FSID_VERSION_2, &root);
	memcpy(w.data + 3000, g.data, g.len);
	assert_int_equal(locate(w.data, ROOM), 3000);
	/* an empty root does not show it, but the CRC does */
	root.off = root.size = 0;
	forge_super(&g, PAD, CRX_FLAG_FSID_VERSION_2, &root);
	memcpy(w.data + 3000, g.data, g.len);
	assert_int_equal(locate(w.data, ROOM), 3000 + PAD);
	crc = crx_crc32(0, g.data + PAD, CRX_SUPER_OFF_CRC);
	crc = crx_crc32(crc, zero, 4);
	crc = crx_crc32(crc, g.data + PAD + CRX_SUPER_OFF_CRC + 4,
			g.len - PAD - CRX_SUPER_OFF_CRC - 4);
	forge_put32(&g, PAD + CRX_SUPER_OFF_CRC, crc);
	memcpy(w.data + 3000, g.data, g.len);
	assert_int_equal(locate(w.data, ROOM), 3000);
	forge_free(&g);
	end(&w);
}

static void test_version_1(void **state)
{
	struct world w;

	(void)state;
	begin(&w, CRX_ORDER_LITTLE);
	change_super(&w, 0, 0);
	put_image(&w, 700);
	assert_int_equal(locate(w.data, ROOM), 700);
	memset(w.data + 700 + 76 + 12, 0, 4); /* the first name */
	assert_int_equal(locate(w.data, ROOM), -2);
	end(&w);
	/* a root that no kernel mounts */
	begin(&w, CRX_ORDER_LITTLE);
	change_super(&w, 0, 0);
	forge_put32(&w.g, 72, 80 / 4 << 6);
	put_image(&w, 700);
	assert_int_equal(locate(w.data, ROOM), -2);
	end(&w);
	/* flags that no kernel takes */
	begin(&w, CRX_ORDER_LITTLE);
	change_super(&w, 0x1001, (uint32_t)w.g.len);
	put_image(&w, 700);
	assert_int_equal(locate(w.data, ROOM), -2);
	end(&w);
}

static void test_several_images(void **state)
{
	struct world w;
	size_t i;

	(void)state;
	begin(&w, CRX_ORDER_LITTLE);
	put_image(&w, 4096);
	put_image(&w, 300004);
	memcpy(w.data + 4096 + 40000, w.g.data, 76); /* in the first one: damages it */
	assert_int_equal(locate(w.data, ROOM), -1);
	assert_int_equal(kept.n, 3);
	kept_has(&kept, "error: a cramfs image at byte 4096 (0x1000)\n"
			"error: a cramfs image at byte 44096 (0xac40)\n"
			"error: a cramfs image at byte 300004 (0x493e4)\n");
	for (i = 0; i < ROOM - 76; i += 76)
		memcpy(w.data + i, w.g.data, 76);
	assert_int_equal(locate(w.data, ROOM), -1);
	assert_int_equal(kept.n, CRX_OFFENDERS_MOST + 1);
	kept_has(&kept, "error: and 13777 more of these");
	end(&w);
}

/* What is inside of a sound image is its contents. */
static void test_nested_image(void **state)
{
	struct world w;

	(void)state;
	begin(&w, CRX_ORDER_LITTLE);
	memcpy(w.g.data + w.b.end + 8, w.g.data, 76);
	forge_seal(&w.g);
	put_image(&w, 4096);
	assert_int_equal(locate(w.data, ROOM), 4096);
	end(&w);
}

static void test_other_formats(void **state)
{
	struct world w;

	(void)state;
	begin(&w, CRX_ORDER_LITTLE);
	memcpy(w.data + 262144, "hsqs", 4);
	memcpy(w.data + 10, "UBI#", 4);
	memcpy(w.data + 131082, "UBI#", 4);
	memcpy(w.data + 200000 + 1024, "\xe2\xe1\xf5\xe0", 4);
	memcpy(w.data + ROOM - 4, "UBI#", 4);
	assert_int_equal(locate(w.data, ROOM), -2);
	assert_string_equal(kept.text,
			    "error: the magic number of a squashfs image at byte 262144 (0x40000)\n"
			    "error: the magic number of a UBI image at byte 10 (0xa), and at 2 "
			    "other places\n"
			    "error: the magic number of an EROFS image at byte 200000 (0x30d40)\n");
	end(&w);
	assert_int_equal(locate("", 0), -2);
	assert_int_equal(locate("hsq", 3), -2);
	assert_int_equal(kept.n, 0);
}

/* Superblocks everywhere, each of an image whose CRC would have to be computed. */
static void test_hostile_dump(void **state)
{
	enum { BIG = 16 << 20 };
	uint8_t *data = calloc(1, BIG);
	struct world w;
	size_t i;

	(void)state;
	assert_non_null(data);
	begin(&w, CRX_ORDER_LITTLE);
	change_super(&w, CRX_FLAG_FSID_VERSION_2, BIG / 2);
	for (i = 0; i + 76 <= BIG; i += 76)
		memcpy(data + i, w.g.data, 76);
	assert_int_equal(locate(data, BIG), -1);
	memset(data, 0x28, BIG);
	assert_int_equal(locate(data, BIG), -2);
	end(&w);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_format),  cmocka_unit_test(test_scan_is_complete),
		cmocka_unit_test(test_one_image),    cmocka_unit_test(test_boot_pad),
		cmocka_unit_test(test_version_1),    cmocka_unit_test(test_several_images),
		cmocka_unit_test(test_nested_image), cmocka_unit_test(test_other_formats),
		cmocka_unit_test(test_hostile_dump),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
