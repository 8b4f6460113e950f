/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/process.h"
#include "curve.h"

/* One file of those that a run reads or writes. */
struct place {
	const char *path;  /* NULL or "-": none */
	const char *what;  /* for messages */
	bool written;
};

/* The directory that path lies in, or will. The caller's to free; NULL where
 * it is not there. */
static char *real_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash ? crx_strndup(path, (size_t)(slash - path) + 1) : crx_strdup(".");
	char *real = parent ? realpath(parent, NULL) : NULL;

	free(parent);
	return real;
}

/* Is the file at path, there or not yet, somewhere below dir? Then it would
 * become part of what is being read. */
static bool lies_inside(const char *path, const char *dir)
{
	char *parent = real_parent(path), *real_dir = realpath(dir, NULL);
	bool inside = false;
	size_t len;

	if (parent && real_dir) {
		len = strlen(real_dir);
		inside = !strncmp(parent, real_dir, len) &&
			 (real_dir[len - 1] == '/' || parent[len] == '/' || !parent[len]);
	}
	free(parent);
	free(real_dir);
	return inside;
}

/* One regular file, or one that is not there yet under the same name. */
static bool same_place(const char *a, const char *b)
{
	const char *base_a = strrchr(a, '/'), *base_b = strrchr(b, '/');
	char *parent_a, *parent_b;
	bool same;

	if (crx_cli_same_file(a, b))
		return true;
	if (strcmp(base_a ? base_a + 1 : a, base_b ? base_b + 1 : b) != 0)
		return false;
	parent_a = real_parent(a);
	parent_b = real_parent(b);
	same = parent_a && parent_b && !strcmp(parent_a, parent_b);
	free(parent_a);
	free(parent_b);
	return same;
}

static bool is_file(const struct place *p)
{
	return p->path && strcmp(p->path, "-") != 0;
}

/* p against all that stand behind it. */
static int check_place(const struct place *p, const struct place *other, size_t n, struct crx_err *err)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!is_file(&other[i]) || !same_place(p->path, other[i].path))
			continue;
		if (!other[i].written)
			return crx_err_set(err, CRX_EARG, 0, p->path, "%s would replace what %s reads: give it another name", p->what, other[i].what);
		return crx_err_set(err, CRX_EARG, 0, p->path, "%s and %s cannot both be the same file", other[i].what, p->what);
	}
	return 0;
}

static int check_places(const struct report *f, const struct options *o, struct crx_err *err)
{
	enum { WRITTEN = 4 };
	size_t n = WRITTEN + 1 + o->lists.n + o->policies.n + o->profiles.n, i, used = 0;
	struct place *p = crx_zalloc(n, sizeof(*p));
	int ret = 0;

	if (!p)
		return crx_err_nomem(err, "looking at the names of files");
	p[used++] = (struct place){ f->svg_path, "--budget-curve", true };
	p[used++] = (struct place){ f->csv_path, "--budget-curve", true };
	p[used++] = (struct place){ o->json, "--json", true };
	p[used++] = (struct place){ o->build.image, "the image", true };
	p[used++] = (struct place){ o->build.insert_path, "-i", false };
	for (i = 0; i < o->lists.n; i++)
		p[used++] = (struct place){ o->lists.at[i], "--exclude-from", false };
	for (i = 0; i < o->policies.n; i++)
		p[used++] = (struct place){ o->policies.at[i], "-P", false };
	for (i = 0; i < o->profiles.n; i++)
		p[used++] = (struct place){ o->profiles.at[i], "--profile", false };
	for (i = 0; i < WRITTEN && !ret; i++) {
		if (!is_file(&p[i]))
			continue;
		ret = check_place(&p[i], p + i + 1, used - i - 1, err);
		if (!ret && p[i].path != o->build.image && lies_inside(p[i].path, o->build.source))
			ret = crx_err_set(err, CRX_EARG, 0, p[i].path, "%s would write into SOURCE while it is read: give it a place outside", p[i].what);
	}
	free(p);
	return ret;
}

static char *with_suffix(const char *prefix, const char *suffix)
{
	size_t len = strlen(prefix), all;
	char *s = NULL;

	if (crx_add_size(len, strlen(suffix) + 1, &all))
		s = crx_alloc(all, 1);
	if (s) {
		memcpy(s, prefix, len);
		memcpy(s + len, suffix, strlen(suffix) + 1);
	}
	return s;
}

int report_open(struct report *f, const struct options *o, struct crx_err *err)
{
	static const struct crx_cli_outfile none = { .temp = { .fd = -1 } };
	int ret;

	*f = (struct report){ none, none, none, NULL, NULL };
	if (o->curve) {
		f->csv_path = with_suffix(o->curve, ".csv");
		f->svg_path = with_suffix(o->curve, ".svg");
		if (!f->csv_path || !f->svg_path)
			return crx_err_nomem(err, "opening the budget curve");
	}
	ret = check_places(f, o, err);
	if (!ret)
		ret = crx_cli_outfile_open(&f->json, o->json, "--json", crx_cli_process_hooks(SLOT_JSON), err);
	if (!ret)
		ret = crx_cli_outfile_open(&f->csv, f->csv_path, "--budget-curve", crx_cli_process_hooks(SLOT_CSV), err);
	if (!ret)
		ret = crx_cli_outfile_open(&f->svg, f->svg_path, "--budget-curve", crx_cli_process_hooks(SLOT_SVG), err);
	return ret;
}

/* Has all that was printed found room? Then only a rename is left to do. */
static int arrive(struct crx_cli_outfile *f, const char *what, struct crx_err *err)
{
	errno = 0;
	if (!f->out || (fflush(f->out) == 0 && !ferror(f->out)))
		return 0;
	return crx_err_set(err, CRX_EIO, errno, f->path, "cannot write %s", what);
}

/* Both or neither. */
static int write_curve(struct report *f, const struct options *o, const struct crx_build_result *result, struct crx_err *err)
{
	static const char what[] = "the budget curve";
	int ret;

	if (!f->csv.out || !f->svg.out)
		return 0;
	curve_put_csv(f->csv.out, result);
	curve_put_svg(f->svg.out, o, result);
	ret = arrive(&f->csv, what, err);
	if (!ret)
		ret = arrive(&f->svg, what, err);
	if (!ret)
		ret = crx_cli_outfile_close(&f->svg, what, o->build.sync, err);
	return ret ? ret : crx_cli_outfile_close(&f->csv, what, o->build.sync, err);
}

int report_write(struct report *f, const struct options *o, const struct crx_build_result *result, struct crx_err *err)
{
	int ret = write_curve(f, o, result, err);

	if (ret || !f->json.out)
		return ret;
	json_put(f->json.out, o, result);
	return crx_cli_outfile_close(&f->json, "the JSON", o->build.sync, err);
}

void report_free(struct report *f)
{
	crx_cli_outfile_abort(&f->json);
	crx_cli_outfile_abort(&f->csv);
	crx_cli_outfile_abort(&f->svg);
	free(f->csv_path);
	free(f->svg_path);
}
