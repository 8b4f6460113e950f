/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "contents.h"

#include <stdlib.h>

#include "comp/comp.h"
#include "read/kcore.h"

_Noreturn void corpus_die(const char *what)
{
	fprintf(stderr, "mkcorpus: %s\n", what);
	exit(1);
}

void *corpus_checked(void *p)
{
	if (!p)
		corpus_die("out of memory");
	return p;
}

void corpus_put_hex(struct crx_cli_json *j, const char *key, uint32_t v)
{
	char text[9];

	snprintf(text, sizeof(text), "%08lx", (unsigned long)v);
	crx_cli_json_string(j, key, text);
}

/* Consecutive pages that can be read, or cannot for one reason. */
struct stretch {
	uint32_t first, pages, crc;
	enum crx_k_why why;
};

static void put_stretches(struct crx_cli_json *j, const struct stretch *s, uint32_t n)
{
	uint32_t i;

	crx_cli_json_open(j, "pages", '[', true);
	for (i = 0; i < n; i++) {
		crx_cli_json_open(j, NULL, '{', true);
		crx_cli_json_uint(j, "first", s[i].first);
		crx_cli_json_uint(j, "count", s[i].pages);
		if (s[i].why)
			crx_cli_json_string(j, "error", crx_k_why_text(s[i].why));
		else
			corpus_put_hex(j, "crc32", s[i].crc);
		crx_cli_json_close(j);
	}
	crx_cli_json_close(j);
}

void corpus_put_contents(const struct corpus_file *d, const struct crx_inode *in)
{
	const struct crx_image *img = d->img;
	uint32_t size = crx_k_i_size(in), pages = crx_k_max_pages(img, in), all = 0, n = 0, i;
	struct stretch *s = corpus_checked(calloc((size_t)pages + 1, sizeof(*s)));
	bool bad = false;

	for (i = 0; i < pages; i++) {
		enum crx_k_why why = crx_k_read_folio(img, in, i, d->z, d->page);
		uint32_t left = size - i * img->page_size;
		uint32_t len = left < img->page_size ? left : img->page_size;

		if (!n || s[n - 1].why != why)
			s[n++] = (struct stretch){ .first = i, .why = why };
		s[n - 1].pages++;
		bad = bad || why;
		if (why)
			continue;
		s[n - 1].crc = crx_crc32(s[n - 1].crc, d->page, len);
		all = crx_crc32(all, d->page, len);
	}
	crx_cli_json_open(d->j, "contents", '{', true);
	crx_cli_json_uint(d->j, "length", size);
	if (bad)
		crx_cli_json_string(d->j, "crc32", NULL);
	else
		corpus_put_hex(d->j, "crc32", all);
	if (bad)
		put_stretches(d->j, s, n);
	crx_cli_json_close(d->j);
	free(s);
}

/* Of a mapping of the whole file that is private and not writable. */
void corpus_put_in_place(const struct corpus_file *d, const struct crx_inode *in)
{
	uint32_t pages = crx_k_max_pages(d->img, in);
	struct crx_k_map map;
	enum crx_k_why why;
	uint64_t off;

	if (!pages)
		return;
	map = crx_k_physmem_mmap(d->img, in, 0, pages, false);
	why = crx_k_physmem_get_unmapped_area(d->img, in, 0, pages, &off);
	crx_cli_json_open(d->j, "in_place", '{', true);
	crx_cli_json_bool(d->j, "undefined", map.why == CRX_K_OUT_OF_BOUNDS);
	crx_cli_json_uint(d->j, "pages", map.pages);
	crx_cli_json_known(d->j, "offset", map.pages, map.off);
	crx_cli_json_string(d->j, "reason", crx_k_why_text(map.why));
	crx_cli_json_bool(d->j, "undefined_without_mmu", why == CRX_K_OUT_OF_BOUNDS);
	crx_cli_json_bool(d->j, "all_without_mmu", !why);
	crx_cli_json_close(d->j);
}

/* page_get_link(): page 0, cut at the size and at PAGE_SIZE - 1 */
void corpus_put_target(const struct corpus_file *d, const struct crx_inode *in)
{
	uint32_t size = crx_k_i_size(in), most = d->img->page_size - 1;
	enum crx_k_why why = crx_k_read_folio(d->img, in, 0, d->z, d->page);

	d->page[size < most ? size : most] = '\0';
	crx_cli_json_string(d->j, "target", why ? NULL : (char *)d->page);
	if (why)
		crx_cli_json_string(d->j, "error", crx_k_why_text(why));
}
