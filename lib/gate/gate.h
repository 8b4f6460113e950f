/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image compared with an older one, in what costs flash and RAM; and the conditions that fail a
 * build.
 *
 * Sizes are in bytes. All values are at most CRX_GATE_MAX; larger ones of hostile input count as
 * that.
 */
#ifndef CRX_GATE_GATE_H
#define CRX_GATE_GATE_H

#include "base/err.h"
#include "base/mem.h"

#define CRX_GATE_MAX (INT64_C(1) << 40)

/* --- what is compared --- */

struct crx_gate_file {
	const char *path;
	int64_t size;  /* bytes of contents */
	int64_t pages; /* in place */
};

/* n, or CRX_GATE_MAX if that is less. */
int64_t crx_gate_limited(uint64_t n);

/* An image. Zero-initialise it. */
struct crx_gate_image {
	int64_t size;
	int64_t pages; /* in place; those of a table that files share count once */
	uint32_t page_size;
	struct crx_gate_file *file; /* regular files; after crx_gate_sort(), by path */
	size_t n, cap;
	bool is_json;    /* by crx_gate_read() */
	bool incomplete; /* the image is damaged: not all files, or pages in place, were counted */
	struct crx_arena paths;
};

/* Adds a regular file; path is copied. shared: another file has the same table, and was added with
 * its pages. */
int crx_gate_add(struct crx_gate_image *g, const char *path, uint64_t size, uint64_t pages,
		 bool shared, struct crx_err *err) CRX_MUST_CHECK;
/* When all are added. */
void crx_gate_sort(struct crx_gate_image *g);
void crx_gate_free(struct crx_gate_image *g);

/* Fills *out from an image made by any tool. Fails only if memory is short. The caller frees out,
 * even after an error. */
struct crx_image;
struct crx_listing;
int crx_gate_image(const struct crx_image *img, const struct crx_listing *l,
		   struct crx_gate_image *out, struct crx_err *err) CRX_MUST_CHECK;

/* From the JSON that mkcramfs-xip --json wrote of an image. name is for messages. CRX_EFORMAT if it
 * is anything else. The caller frees out, even after an error. */
int crx_gate_summary(const char *json, size_t len, const char *name, struct crx_gate_image *out,
		     struct crx_err *err) CRX_MUST_CHECK;

/* From the file at path, which is one or the other. page_size is that of an image, if its tables
 * allow it. CRX_EFORMAT also if the image is damaged. The caller frees out, even after an error. */
int crx_gate_read(const char *path, uint32_t page_size, struct crx_gate_image *out,
		  struct crx_err *err) CRX_MUST_CHECK;

/* --- conditions --- */

enum crx_gate_measure {
	CRX_GATE_SIZE,
	CRX_GATE_PAGES,
	CRX_GATE_RAM_SAVED,
	CRX_GATE_FILE,
	CRX_GATE_FILE_PAGES,
	CRX_GATE_MEASURES
};

enum crx_gate_kind {
	CRX_GATE_VALUE,  /* the new value, in bytes or pages */
	CRX_GATE_CHANGE, /* what it is more than the old one; less, if negative */
	CRX_GATE_PERCENT /* the same, in hundredths of a percent of the old one */
};

enum { CRX_GATE_TEXT_MAX = 64 };

struct crx_gate_condition {
	char text[CRX_GATE_TEXT_MAX]; /* as it was written, without blanks */
	enum crx_gate_measure measure;
	enum crx_gate_kind kind;
	bool above; /* holds above the limit, otherwise below */
	int64_t limit;
};

/* Zero-initialise. */
struct crx_gate_conditions {
	struct crx_gate_condition *at;
	size_t n, cap;
};

/*
 * Appends the conditions of an expression, such as "size>+64K, pages<-1.5%, file>2M":
 *
 *   EXPRESSION = CONDITION ["," CONDITION]...
 *   CONDITION  = MEASURE (">" | "<") LIMIT
 *   MEASURE    = "size" | "pages" | "ram-saved" | "file" | "file-pages"
 *   LIMIT      = [SIGN] SIZE | [SIGN] NUMBER (of pages) | SIGN NUMBER ["." DIGITS] "%"
 *   SIGN       = "+" | "-"
 *
 * Blanks between these do not count. what is the name of the text in messages ("--fail-if").
 * CRX_EARG, with the wrong part and what is expected, if it is anything else.
 */
int crx_gate_parse(struct crx_gate_conditions *c, const char *text, const char *what,
		   struct crx_err *err) CRX_MUST_CHECK;
void crx_gate_conditions_free(struct crx_gate_conditions *c);

/* --- the comparison --- */

struct crx_gate_pair {
	const struct crx_gate_image *old, *now;
	const struct crx_gate_conditions *conditions; /* none: n is 0 */
	const char *now_path;                         /* of the new image, for messages */
};

/* A value of both images, or of one path in both. */
struct crx_gate_change {
	const char *path; /* NULL: of the image */
	int64_t old, now;
	bool added, removed; /* only one image has the path: the other value is 0 */
};

/* Calls fn, unless NULL, wherever the condition holds, in the order of paths. A percentage applies
 * to files that both images have, an absolute limit to those of the new one. Returns how often it
 * holds. */
typedef void crx_gate_fn(void *ctx, const struct crx_gate_change *c);
size_t crx_gate_check(const struct crx_gate_pair *p, const struct crx_gate_condition *c,
		      crx_gate_fn *fn, void *ctx);

/* How files differ. */
enum { CRX_GATE_GROWN_MAX = 5 };
struct crx_gate_files {
	size_t added, removed, larger, smaller;
	struct crx_gate_change grown[CRX_GATE_GROWN_MAX]; /* most, the first one most of all */
	size_t ngrown;
};
void crx_gate_compare_files(const struct crx_gate_pair *p, struct crx_gate_files *out);

/* The value that a condition on an image is about. */
int64_t crx_gate_value(const struct crx_gate_image *g, enum crx_gate_measure m);

/* --- for people and programs --- */

/* The comparison as rows of text: "size", "1,000 -> 1,024 bytes (+24, +2.40 %)". Those after
 * "files" have the label "" and a path. */
typedef void crx_gate_row_fn(void *ctx, const char *label, const char *text, const char *path);
void crx_gate_rows(const struct crx_gate_pair *p, crx_gate_row_fn *fn, void *ctx);

/* The members of an object that is open; the man pages describe them. */
struct crx_cli_json;
void crx_gate_put_json(struct crx_cli_json *j, const struct crx_gate_pair *p);

/* Logs an error for each condition and path where it holds. Returns how many conditions hold. */
size_t crx_gate_report(const struct crx_gate_pair *p, struct crx_log *log);

#endif
