/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "wishes/profile/parse.h"

#if HAVE_JSON_C

#include <json-c/json.h>
#include <limits.h>
#include <string.h>

/* json-c takes about 100 bytes for each "[]," in an object, so the length of a line needs a limit.
 */
enum { LINE_MAX_LEN = 1 << 20, DEPTH_MAX = 32 };

struct jsonl {
	struct crx_profile *p;
	struct crx_profile_lines *l;
	size_t line;
	json_tokener *tok;
	struct crx_err *err;
};

/* If a number does not fit into 64 bits, json-c (0.16) returns the nearest one that does. So that
 * one counts as out of range, too. */
static int parse_number(const struct jsonl *j, const char *key, json_object *v, uint64_t *out)
{
	if (!json_object_is_type(v, json_type_int))
		return crx_profile_error(j->l, j->line, j->err, "\"%s\" is not a whole number",
					 key);
	if (json_object_get_int64(v) < 0)
		return crx_profile_error(j->l, j->line, j->err, "\"%s\" is negative", key);
	*out = json_object_get_uint64(v);
	if (*out == UINT64_MAX)
		return crx_profile_error(j->l, j->line, j->err,
					 "\"%s\" is out of range: expected less than 2^64 - 1",
					 key);
	return 0;
}

static int parse_entry(const struct jsonl *j, json_object *o)
{
	json_object *path, *off, *count;
	struct crx_profile_use use = { .count = 1 };
	const char *s;
	int ret;

	if (!json_object_object_get_ex(o, "path", &path))
		return crx_profile_error(j->l, j->line, j->err, "the object has no \"path\"");
	if (!json_object_is_type(path, json_type_string))
		return crx_profile_error(j->l, j->line, j->err, "\"path\" is not a string");
	if (!json_object_object_get_ex(o, "offset", &off))
		return crx_profile_error(j->l, j->line, j->err, "the object has no \"offset\"");
	ret = parse_number(j, "offset", off, &use.off);
	if (!ret && json_object_object_get_ex(o, "count", &count))
		ret = parse_number(j, "count", count, &use.count);
	if (ret)
		return ret;
	s = json_object_get_string(path);
	use.path = (struct crx_profile_range){ s, s + json_object_get_string_len(path) };
	return crx_profile_add(j->p, j->l, j->line, &use, j->err);
}

/* The object, or NULL with err filled in. */
static json_object *parse_json(const struct jsonl *j, struct crx_profile_range s)
{
	enum json_tokener_error why;
	json_object *o;
	size_t end;

	json_tokener_reset(j->tok);
	o = json_tokener_parse_ex(j->tok, s.begin, (int)(s.end - s.begin));
	why = json_tokener_get_error(j->tok);
	end = json_tokener_get_parse_end(j->tok);
	if (why == json_tokener_success && !o) {
		crx_err_nomem(j->err, "reading a profile");
	} else if (why == json_tokener_continue) {
		crx_profile_error(j->l, j->line, j->err,
				  "the JSON object does not end on its line");
	} else if (why != json_tokener_success) {
		crx_profile_error(j->l, j->line, j->err, "invalid JSON at column %zu: %s", end + 1,
				  json_tokener_error_desc(why));
	} else if (end != (size_t)(s.end - s.begin)) {
		crx_profile_error(j->l, j->line, j->err,
				  "unexpected text after the JSON object, at column %zu", end + 1);
	} else {
		return o;
	}
	json_object_put(o);
	return NULL;
}

static int parse_object(struct jsonl *j)
{
	struct crx_profile_range s;
	json_object *o;
	int ret;

	j->line = j->l->number;
	s = crx_profile_next_line(j->l);
	if (crx_profile_is_blank(s))
		return 0;
	while (s.end[-1] == ' ' || s.end[-1] == '\t')
		s.end--;
	if (s.end - s.begin > LINE_MAX_LEN)
		return crx_profile_error(j->l, j->line, j->err, "the line is longer than %d bytes",
					 LINE_MAX_LEN);
	/* json-c would stop there */
	if (memchr(s.begin, 0, (size_t)(s.end - s.begin)))
		return crx_profile_error(j->l, j->line, j->err, "the line contains a NUL byte");
	if (s.begin[strspn(s.begin, " \t")] != '{')
		return crx_profile_error(j->l, j->line, j->err,
					 "expected a JSON object, as in {\"path\": \"bin/sh\", "
					 "\"offset\": 4096, \"count\": 1}");
	o = parse_json(j, s);
	if (!o)
		return j->err->code;
	ret = parse_entry(j, o);
	json_object_put(o);
	return ret;
}

int crx_profile_jsonl(struct crx_profile *p, struct crx_profile_lines *l, struct crx_err *err)
{
	struct jsonl j = { .p = p, .l = l, .err = err };
	int ret = 0;

	j.tok = json_tokener_new_ex(DEPTH_MAX);
	if (!j.tok)
		return crx_err_nomem(err, "reading a profile");
	json_tokener_set_flags(j.tok, JSON_TOKENER_STRICT);
	while (l->at < l->end && !ret)
		ret = parse_object(&j);
	json_tokener_free(j.tok);
	return ret;
}

#else

int crx_profile_jsonl(struct crx_profile *p CRX_UNUSED, struct crx_profile_lines *l,
		      struct crx_err *err)
{
	return crx_err_set(err, CRX_EARG, 0, l->name,
			   "is a profile in JSON lines, which this build cannot read, because it "
			   "was configured without json-c (rebuild it with json-c, or use CSV: "
			   "path,offset,count)");
}

#endif
